// All streams of this gateway: how many there may be, who has which, and their end.

import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import type { Identity } from '../identity/identity.ts';
import type { Credentials } from '../identity/authenticator.ts';
import type { Authentication } from '../identity/authentication.ts';
import type { Clock } from '../../operator/kernel/clock.ts';
import type { Changes } from './changes.ts';
import { EventStream } from './event-stream.ts';
import { LiveMetrics } from './live-metrics.ts';
import type { SubscriptionSettings } from './settings.ts';

export interface EventStreamsOptions {
  readonly authentication: Pick<Authentication, 'identityOf'>;
  readonly changes: Changes;
  readonly settings: SubscriptionSettings;
  readonly clock: Clock;
  readonly log: Logger;
  readonly registry: Registry;
}

/** Why there is no further stream: the gateway, or this person, has as many as there may be. */
export type StreamRefusal = 'gateway-full' | 'person-full' | 'stopping';

export class EventStreams {
  readonly metrics: LiveMetrics;
  readonly #options: EventStreamsOptions;
  readonly #streams = new Set<EventStream>();
  #isStopping = false;

  constructor(options: EventStreamsOptions) {
    this.#options = options;
    this.metrics = new LiveMetrics(options.registry, {
      streams: () => this.#streams.size,
      subscriptions: () => [...this.#streams].reduce((sum, { subscriptions }) => sum + subscriptions, 0),
    });
  }

  /** @param token by which its client will name it; undefined for a stream of one subscription */
  begin(owner: Identity, credentials: Credentials, token?: string): EventStream | StreamRefusal {
    const { settings } = this.#options;
    if (this.#isStopping) return 'stopping';
    const own = [...this.#streams].filter((stream) => stream.owner.user === owner.user);
    if (own.length >= settings.streamsPerPerson) return 'person-full';
    if (this.#streams.size >= settings.streams) return 'gateway-full';
    const stream = new EventStream({ ...this.#options, owner, credentials, token });
    this.#streams.add(stream);
    void stream.ended.then((reason) => {
      this.#streams.delete(stream);
      this.metrics.ended(reason);
    });
    return stream;
  }

  /** The person's own of that token, in the same session; of others' nothing is known. */
  find(token: string, owner: Identity): EventStream | undefined {
    return [...this.#streams].find((stream) => stream.token === token && stream.isOf(owner));
  }

  /** Ends all, and there will be no other. */
  stop(): void {
    this.#isStopping = true;
    for (const stream of this.#streams) stream.end('stop');
  }
}
