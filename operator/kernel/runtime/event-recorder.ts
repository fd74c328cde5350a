// Kubernetes Events (events.k8s.io/v1), few of them: what repeats becomes a series, what floods is dropped.

import type { Logger } from 'pino';
import type { Clock } from '../clock.ts';
import { isKubeError, type KubeApi } from '../client/kube-api.ts';
import type { Kind, KubeObject, Stored } from '../kind.ts';

export interface EventInput {
  type: 'Normal' | 'Warning';
  /** UpperCamelCase, for machines; at most 128 characters. */
  reason: string;
  /** For people; cut at 1,024 bytes. Never a secret. */
  note: string;
  /** What was being done; default `Reconcile`. */
  action?: string;
}

interface KubeEvent extends KubeObject {
  eventTime: string;
  series?: { count: number; lastObservedTime: string };
  [field: string]: unknown;
}

export const eventKind: Kind<KubeEvent> = {
  group: 'events.k8s.io',
  version: 'v1',
  plural: 'events',
  kind: 'Event',
  scope: 'Namespaced',
};

/**
 * The same thing within this time, with nothing else about the object in between, is one Event: a series stays at its old place in
 * `kubectl describe`, so what happens again after something else has to be a new one. client-go's series end after 6 min, Flux's events repeat
 * after 10.
 */
const seriesMs = 10 * 60_000;
/** A series is written again at its second sight, then at most this often; `count` is exact whenever it is written. */
const seriesWriteMs = 5 * 60_000;
/** Per object: 25 at once, then one in 5 min (client-go's spam filter). */
const spam = { burst: 25, refillMs: 5 * 60_000 };
/** Writes that wait for the API server; more are dropped, for Events are worth no memory. */
const longestQueue = 500;
/** ObjectReference and note limits of events.k8s.io/v1 validation. */
const longestNote = 1_024;

/** The latest Event of an object. */
interface Series {
  /** What it says, to compare. */
  text: string;
  event: KubeEvent;
  count: number;
  lastSeen: number;
  lastWritten: number;
}

export class EventRecorder {
  readonly #api: KubeApi;
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #reporter: { controller: string; instance: string };
  /** By uid of the object, in order of their last sight. */
  readonly #series = new Map<string, Series>();
  readonly #budgets = new Map<string, { tokens: number; at: number }>();
  readonly #queue: (() => Promise<void>)[] = [];
  #writing: Promise<void> | undefined;
  #made = 0;

  constructor(options: { api: KubeApi; clock: Clock; log: Logger; controller: string; instance: string }) {
    this.#api = options.api;
    this.#clock = options.clock;
    this.#log = options.log;
    this.#reporter = { controller: options.controller, instance: options.instance };
  }

  /** Never throws, never waits: the write happens in the background. */
  record(regarding: Stored, input: EventInput): void {
    const now = this.#clock.now();
    this.#forgetOld(now);
    const { uid } = regarding.metadata;
    const text = JSON.stringify([input.type, input.reason, input.note]);
    const latest = this.#series.get(uid);
    if (latest?.text === text) this.#again(uid, latest, now);
    else if (this.#affords(uid, now)) this.#first(text, regarding, input, now);
  }

  /** Resolves when all that was recorded is written or given up. */
  async flushed(): Promise<void> {
    while (this.#writing) await this.#writing;
  }

  #first(text: string, regarding: Stored, input: EventInput, now: number): void {
    const event = this.#compose(regarding, input, now);
    const { uid } = regarding.metadata;
    this.#series.delete(uid);
    this.#series.set(uid, { text, event, count: 1, lastSeen: now, lastWritten: now });
    this.#enqueue(async () => void (await this.#api.create(eventKind, event)));
  }

  #again(uid: string, series: Series, now: number): void {
    this.#series.delete(uid);
    this.#series.set(uid, series);
    series.count++;
    series.lastSeen = now;
    if (series.count > 2 && now - series.lastWritten < seriesWriteMs) return;
    series.lastWritten = now;
    this.#enqueue(async () => {
      const observed = { count: series.count, lastObservedTime: microTime(series.lastSeen) };
      await this.#api.patch(eventKind, series.event.metadata, { type: 'merge', body: { series: observed } });
    });
  }

  #compose({ apiVersion, kind, metadata }: Stored, input: EventInput, now: number): KubeEvent {
    // Events of cluster-scoped objects live in `default`, by convention of the API.
    const namespace = metadata.namespace ?? 'default';
    this.#made += 1;
    const suffix = `${Math.trunc(now).toString(16)}${this.#made.toString(16)}`;
    return {
      apiVersion: 'events.k8s.io/v1',
      kind: 'Event',
      metadata: { namespace, name: `${metadata.name.slice(0, 200)}.${suffix}` },
      eventTime: microTime(now),
      reportingController: this.#reporter.controller,
      reportingInstance: this.#reporter.instance,
      action: input.action ?? 'Reconcile',
      reason: input.reason,
      type: input.type,
      note: Buffer.from(input.note).subarray(0, longestNote).toString().replace(/�$/, ''),
      regarding: {
        apiVersion,
        kind,
        name: metadata.name,
        uid: metadata.uid,
        ...(metadata.namespace === undefined ? {} : { namespace: metadata.namespace }),
      },
    };
  }

  #affords(uid: string, now: number): boolean {
    const before = this.#budgets.get(uid) ?? { tokens: spam.burst, at: now };
    const tokens = Math.min(spam.burst, before.tokens + (now - before.at) / spam.refillMs);
    this.#budgets.delete(uid);
    this.#budgets.set(uid, { tokens: tokens >= 1 ? tokens - 1 : tokens, at: now });
    return tokens >= 1;
  }

  #forgetOld(now: number): void {
    for (const [uid, { lastSeen }] of this.#series) {
      // In order of their last sight, so the first young one ends the sweep.
      if (now - lastSeen < seriesMs) break;
      this.#series.delete(uid);
    }
    for (const [uid, { at }] of this.#budgets) {
      if (now - at < spam.burst * spam.refillMs) break;
      this.#budgets.delete(uid);
    }
  }

  #enqueue(write: () => Promise<void>): void {
    if (this.#queue.length >= longestQueue) return;
    this.#queue.push(write);
    this.#writing ??= this.#drain();
  }

  /** One at a time: a series' patch must follow its create, and Events shall not crowd out real writes. */
  async #drain(): Promise<void> {
    for (let write = this.#queue.shift(); write; write = this.#queue.shift()) {
      try {
        await write();
      } catch (error) {
        // A namespace that is being deleted takes no Events (Forbidden); an Event may have expired (NotFound).
        if (!isKubeError(error, 'Forbidden', 'NotFound')) this.#log.warn({ err: error }, 'event not written');
      }
    }
    this.#writing = undefined;
  }
}

/** metav1.MicroTime. */
function microTime(now: number): string {
  return new Date(now).toISOString().replace('Z', '000Z');
}
