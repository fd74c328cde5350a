// One stream of one person: subscriptions go in, text goes out, as fast as its client reads and for as long as they are signed in.

import type { ServerResponse } from 'node:http';
import { setImmediate as nextTurn } from 'node:timers/promises';
import pLimit from 'p-limit';
import type { Logger } from 'pino';
import { AuthenticationFailure } from '../identity/authentication-failure.ts';
import type { Authentication } from '../identity/authentication.ts';
import type { Credentials } from '../identity/authenticator.ts';
import type { Identity } from '../identity/identity.ts';
import type { Clock } from '../../operator/kernel/clock.ts';
import type { Changes } from './changes.ts';
import type { Following } from './following.ts';
import type { StreamEnd } from './live-metrics.ts';
import type { SubscriptionSettings } from './settings.ts';

export interface EventStreamOptions {
  /** By which its client names it; undefined: it is of one subscription, and nobody has to. */
  readonly token: string | undefined;
  readonly owner: Identity;
  readonly credentials: Credentials;
  readonly authentication: Pick<Authentication, 'identityOf'>;
  readonly changes: Changes;
  readonly settings: SubscriptionSettings;
  readonly clock: Clock;
  readonly log: Logger;
}

/** What was written is read within this time once nothing more comes, or is not waited for: it would be kept, by streams that nobody counts. */
const LAST_WORDS_MS = 5_000;

/** What graphql-sse has to be sent. */
type Body = AsyncGenerator<string, void, undefined>;

export class EventStream {
  readonly token: string | undefined;
  readonly owner: Identity;
  readonly #options: EventStreamOptions;
  readonly #over = new AbortController();
  readonly #subscriptions = new Set<Following>();
  readonly #oneByOne = pLimit(1);
  readonly #cancel = new Map<'age' | 'recheck' | 'idle' | 'stall' | 'session', () => void>();
  #credentials: Credentials;
  #groups: string;
  #response: ServerResponse | undefined;
  #flow: PromiseWithResolvers<void> | undefined = Promise.withResolvers();

  /** Resolves when it has ended. */
  readonly ended: Promise<StreamEnd>;
  readonly #end: (reason: StreamEnd) => void;

  constructor(options: EventStreamOptions) {
    const { token, owner, credentials, changes, settings, clock } = options;
    this.token = token;
    this.owner = owner;
    this.#options = options;
    this.#credentials = credentials;
    this.#groups = owner.groups.join('\n');
    const { promise, resolve } = Promise.withResolvers<StreamEnd>();
    this.ended = promise;
    this.#end = resolve;
    this.#cancel.set(
      'age',
      clock.after(settings.maxAgeMs, () => this.end('age')),
    );
    // A client that does not come has as long as one that does not read.
    this.#limitStall();
    this.#limitIdleness();
    this.#recheckLater();
    if (owner.session !== undefined)
      this.#cancel.set(
        'session',
        changes.on('Session', owner.session, () => void this.#recheck()),
      );
  }

  get subscriptions(): number {
    return this.#subscriptions.size;
  }

  /** Aborted when it has ended. */
  get over(): AbortSignal {
    return this.#over.signal;
  }

  /** Whether it is this person's, in the same session. */
  isOf({ user, session }: Identity): boolean {
    return user === this.owner.user && session === this.owner.session;
  }

  /** Newer ones of its owner, with which it goes on when those from before have run out. */
  renew(credentials: Credentials): void {
    this.#credentials = credentials;
  }

  add(subscription: Following): void {
    this.#subscriptions.add(subscription);
    this.#cancel.get('idle')?.();
  }

  remove(subscription: Following): void {
    this.#subscriptions.delete(subscription);
    this.#limitIdleness();
  }

  /** Sends all of it. Resolves when the stream has ended. */
  async send(body: Body, response: ServerResponse): Promise<void> {
    this.#response = response;
    response.once('close', () => this.end('client'));
    response.on('drain', () => this.#goOn());
    this.over.addEventListener('abort', () => void body.return());
    if (this.over.aborted) void body.return();
    this.#goOn();
    try {
      for await (const text of body) {
        if (this.over.aborted) break;
        if (!response.write(text)) this.#wait();
      }
      this.end('complete');
    } catch (err) {
      this.#options.log.error({ err }, 'a stream of subscriptions failed');
      this.end('failed');
    }
  }

  /** Does the work when everything before it has been read, one after the other: so no more than one answer waits in memory. */
  async whenRead<T>(work: () => Promise<T>): Promise<T | undefined> {
    return this.#oneByOne(async () => {
      // What was just answered is written in this turn of the event loop.
      await nextTurn();
      while (this.#flow !== undefined && !this.over.aborted) await this.#flow.promise;
      return this.over.aborted ? undefined : work();
    });
  }

  /** Who it is now, with the groups that they have now. Undefined: they are not signed in any more, and the stream has ended; or this cannot be told now. */
  async identity(): Promise<Identity | undefined> {
    try {
      const now = await this.#options.authentication.identityOf(this.#credentials);
      if (this.isOf(now)) return now;
      this.end('signed-out');
    } catch (err) {
      if (err instanceof AuthenticationFailure) this.end('signed-out');
      else this.#options.log.warn({ err }, 'it cannot be told whether somebody is still signed in');
    }
    return undefined;
  }

  end(reason: StreamEnd): void {
    if (this.over.aborted) return;
    for (const cancel of this.#cancel.values()) cancel();
    this.#over.abort();
    this.#goOn();
    for (const subscription of this.#subscriptions) void subscription.return();
    if (this.#response !== undefined) this.#close(this.#response, reason === 'slow' ? 0 : LAST_WORDS_MS);
    this.#end(reason);
  }

  /** @param patienceMs for its client to read what it was sent */
  #close(response: ServerResponse, patienceMs: number): void {
    if (patienceMs === 0) {
      response.destroy();
      return;
    }
    response.once(
      'close',
      this.#options.clock.after(patienceMs, () => response.destroy()),
    );
    response.end();
  }

  #wait(): void {
    this.#flow ??= Promise.withResolvers();
    this.#limitStall();
  }

  #goOn(): void {
    this.#cancel.get('stall')?.();
    this.#flow?.resolve();
    this.#flow = undefined;
  }

  #limitStall(): void {
    const { clock, settings } = this.#options;
    this.#cancel.get('stall')?.();
    this.#cancel.set(
      'stall',
      clock.after(settings.stallMs, () => this.end(this.#response === undefined ? 'idle' : 'slow')),
    );
  }

  #limitIdleness(): void {
    const { clock, settings } = this.#options;
    this.#cancel.get('idle')?.();
    if (this.#subscriptions.size > 0 || this.over.aborted) return;
    this.#cancel.set(
      'idle',
      clock.after(settings.idleMs, () => this.end('idle')),
    );
  }

  #recheckLater(): void {
    const { clock, settings } = this.#options;
    this.#cancel.set(
      'recheck',
      clock.after(settings.recheckMs, () => void this.#recheck()),
    );
  }

  /** What they may see follows from their groups. */
  async #recheck(): Promise<void> {
    this.#cancel.get('recheck')?.();
    const groups = (await this.identity())?.groups.join('\n');
    if (this.over.aborted) return;
    this.#recheckLater();
    if (groups === undefined || groups === this.#groups) return;
    this.#groups = groups;
    for (const subscription of this.#subscriptions) subscription.changed();
  }
}
