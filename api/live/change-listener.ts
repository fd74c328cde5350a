// The gateway's connection on which PostgreSQL tells of changes. While it is lost nobody knows what changes, so once it is there again
// everything may have.

import { Client } from 'pg';
import type { Logger } from 'pino';
import { Gauge, type Registry } from 'prom-client';
import { type Clock, sleep } from '../../operator/kernel/clock.ts';
import { LoopBackoff } from '../../operator/kernel/runtime/backoff.ts';
import { CHANGES_CHANNEL } from '../read-model/changes-channel.ts';
import type { Changes } from './changes.ts';

export interface ChangeListenerOptions {
  /** Of the database itself: through a pooler that lends connections for a transaction nothing is heard. */
  readonly url: string;
  readonly changes: Changes;
  readonly registry: Registry;
  readonly clock: Clock;
  readonly log: Logger;
}

/** A connection that was cut without a word (a firewall, a machine that went) is noticed after this and {@link ANSWER_MS}. */
const ASK_MS = 15_000;
const ANSWER_MS = 10_000;

export class ChangeListener {
  readonly #options: ChangeListenerOptions;
  readonly #listens: Gauge;

  constructor(options: ChangeListenerOptions) {
    this.#options = options;
    this.#listens = new Gauge({
      name: 'dataall_live_listens',
      help: '1 while PostgreSQL tells this gateway of changes',
      registers: [options.registry],
    });
  }

  /** Until the signal aborts. */
  async run(signal: AbortSignal): Promise<void> {
    const { clock, log } = this.#options;
    const backoff = new LoopBackoff(clock);
    while (!signal.aborted) {
      try {
        await this.#listen(signal);
      } catch (err) {
        log.warn({ err }, 'changes are not heard; the connection is made again');
      }
      this.#listens.set(0);
      if (!signal.aborted) await sleep(clock, backoff.next(), signal);
    }
  }

  /** Rejects when the connection is lost. */
  async #listen(signal: AbortSignal): Promise<void> {
    const { url, changes, clock } = this.#options;
    const client = new Client({
      connectionString: url,
      application_name: 'dataall-gateway-changes',
      keepAlive: true,
      connectionTimeoutMillis: ANSWER_MS,
      query_timeout: ANSWER_MS,
    });
    const lost = new AbortController();
    const lose = (error?: Error): void => lost.abort(error ?? new Error('PostgreSQL closed the connection'));
    client.on('error', lose);
    client.on('end', () => lose());
    client.on('notification', ({ payload }) => changes.heard(payload ?? ''));
    try {
      await client.connect();
      await client.query(`listen ${CHANGES_CHANNEL}`);
      this.#listens.set(1);
      changes.everything();
      const over = AbortSignal.any([signal, lost.signal]);
      while (!over.aborted) {
        await sleep(clock, ASK_MS, over);
        if (!over.aborted) await client.query('select 1');
      }
      if (!signal.aborted) lost.signal.throwIfAborted();
    } finally {
      // Of one that is lost nothing is to be waited for.
      void client.end().catch(() => undefined);
    }
  }
}
