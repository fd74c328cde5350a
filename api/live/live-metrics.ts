// How many streams there are, what is sent on them, and why they end.

import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

/** Why a stream ends. */
export type StreamEnd =
  /** Its client went. */
  | 'client'
  /** Its one subscription is complete. */
  | 'complete'
  /** It does not read what it is sent. */
  | 'slow'
  /** Whoever opened it is not signed in any more. */
  | 'signed-out'
  /** It has been open long enough: whoever is there opens another. */
  | 'age'
  /** It has no subscription. */
  | 'idle'
  | 'stop'
  | 'failed';

/** What comes of asking again after a change. */
export type Look = 'sent' | 'unchanged' | 'failed';

export class LiveMetrics {
  readonly #looks: Counter;
  readonly #ended: Counter;
  readonly #delay: Histogram;

  /** @param now what is asked when the metrics are read */
  constructor(registry: Registry, now: { streams(): number; subscriptions(): number }) {
    const registers = [registry];
    const gauge = (name: string, help: string, value: () => number) =>
      new Gauge({
        name,
        help,
        registers,
        collect() {
          this.set(value());
        },
      });
    gauge('dataall_live_streams', 'Streams of subscriptions, also those that a client is about to open', () =>
      now.streams(),
    );
    gauge('dataall_live_subscriptions', 'Subscriptions on all streams', () => now.subscriptions());
    this.#looks = new Counter({
      name: 'dataall_live_looks_total',
      help: 'Subscriptions that were looked at after a change, by result: sent, unchanged (what is selected is as before), failed (tried again)',
      labelNames: ['result'],
      registers,
    });
    this.#ended = new Counter({
      name: 'dataall_live_streams_ended_total',
      help: 'Streams that have ended, by reason: client, complete, slow, signed-out, age, idle, stop, failed',
      labelNames: ['reason'],
      registers,
    });
    this.#delay = new Histogram({
      name: 'dataall_live_delay_seconds',
      help: 'From when a change was heard of to when what it makes of an answer is sent',
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
      registers,
    });
  }

  looked(result: Look): void {
    this.#looks.inc({ result });
  }

  delayed(seconds: number): void {
    this.#delay.observe(seconds);
  }

  ended(reason: StreamEnd): void {
    this.#ended.inc({ reason });
  }
}
