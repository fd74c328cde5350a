// The lease is renewed apart from the work: whatever takes the main thread's time does not take the lease. Whether it is ours is read from
// shared memory, so the check before a write costs nothing and is never late. A main thread that does nothing any more is not kept in
// office: the other thread renews only while it is seen to take turns of its event loop.

import { Worker } from 'node:worker_threads';
import type { Logger } from 'pino';
import { systemClock } from '../clock.ts';
import type { Access, Credentials } from '../client/credentials.ts';
import type { Election, LeaderElectionOptions } from './leader-election.ts';
import { isCurrent, NEVER, SharedTerm } from './leader-term.ts';

const turnEveryMs = 1_000;

export interface ElectionThreadOptions extends Pick<LeaderElectionOptions, 'namespace' | 'name' | 'identity'> {
  credentials: Credentials;
  log: Logger;
}

/** What the thread is begun with. */
export interface ElectionThreadData extends Pick<LeaderElectionOptions, 'namespace' | 'name' | 'identity'> {
  readonly memory: SharedArrayBuffer;
  readonly access: Access;
  readonly logLevel: string;
}

export type ElectionOrder =
  | { readonly type: 'acquire' | 'hold' | 'release' | 'abort' }
  /** Without `tls` it is what it was: connections live as long as it does. */
  | { readonly type: 'access'; readonly access: Omit<Access, 'tls'>; readonly tls?: Access['tls'] };

export type ElectionReport =
  | { readonly type: 'refused' }
  | { readonly type: 'over'; readonly result: 'leads' | 'aborted' | 'lost' | 'stopped' | 'released' };

type Result = Extract<ElectionReport, { type: 'over' }>['result'] | 'ended';

export class ElectionThread implements Election {
  readonly #options: ElectionThreadOptions;
  readonly #term = new SharedTerm();
  #worker: Worker | undefined;
  #turns: NodeJS.Timeout | undefined;
  #access: Access | undefined;
  #waits: ((result: Result) => void) | undefined;
  #ended = false;

  constructor(options: ElectionThreadOptions) {
    this.#options = options;
  }

  isValid(): boolean {
    return isCurrent(this.#term, systemClock.monotonic());
  }

  get epoch(): number {
    return this.#term.epoch;
  }

  async acquire(signal: AbortSignal): Promise<boolean> {
    await this.#begin();
    const result = await this.#order('acquire', signal);
    if (result === 'ended') throw new Error('the thread that holds the lease has ended');
    if (result !== 'leads') await this.#end();
    return result === 'leads';
  }

  async hold(signal: AbortSignal): Promise<'lost' | 'stopped'> {
    if ((await this.#order('hold', signal)) === 'stopped') return 'stopped';
    await this.#end();
    return 'lost';
  }

  async release(): Promise<void> {
    await this.#order('release');
    await this.#end();
  }

  async #begin(): Promise<void> {
    const { credentials, log, namespace, name, identity } = this.#options;
    this.#access = await credentials.current();
    const { memory } = this.#term;
    const data: ElectionThreadData = { namespace, name, identity, memory, access: this.#access, logLevel: log.level };
    // Without what the process was begun with, such as a program that ends it with its parent: this is no process.
    const worker = new Worker(new URL('election-worker.ts', import.meta.url), { workerData: data, execArgv: [] });
    worker.on('message', (report: ElectionReport) => {
      if (report.type === 'over') this.#waits?.(report.result);
      else void credentials.refresh().catch(() => false);
    });
    worker.on('error', (error) => log.error({ err: error }, 'the thread that holds the lease failed'));
    worker.on('exit', () => {
      this.#ended = true;
      this.#term.renewedAt = NEVER;
      this.#waits?.('ended');
    });
    worker.unref();
    this.#worker = worker;
    this.#turn();
    this.#turns = setInterval(() => this.#turn(), turnEveryMs).unref();
  }

  #turn(): void {
    this.#term.turnAt = systemClock.monotonic();
    void this.#passAccessOn();
  }

  /** The thread reads no credentials itself: what reads a kubeconfig takes 50 MB. */
  async #passAccessOn(): Promise<void> {
    try {
      const { tls, ...access } = await this.#options.credentials.current();
      const known = this.#access;
      if (known?.tls === tls && known.authorization === access.authorization && known.server === access.server) return;
      this.#send({ type: 'access', access, ...(known?.tls !== tls && { tls }) });
      this.#access = { ...access, tls };
    } catch (error) {
      this.#options.log.warn({ err: error }, 'credentials cannot be read; the lease is renewed with those before');
    }
  }

  async #order(type: 'acquire' | 'hold' | 'release', signal?: AbortSignal): Promise<Result> {
    if (this.#ended) return 'ended';
    const { promise, resolve } = Promise.withResolvers<Result>();
    this.#waits = resolve;
    const abort = (): void => this.#send({ type: 'abort' });
    this.#send({ type });
    if (signal?.aborted) abort();
    signal?.addEventListener('abort', abort, { once: true });
    try {
      return await promise;
    } finally {
      signal?.removeEventListener('abort', abort);
    }
  }

  #send(order: ElectionOrder): void {
    this.#worker?.postMessage(order);
  }

  async #end(): Promise<void> {
    clearInterval(this.#turns);
    await this.#worker?.terminate();
  }
}
