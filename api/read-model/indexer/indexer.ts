// The indexer: keeps the read model equal to the API server. Of several one leads; nothing that goes wrong is fatal, and nothing is lost:
// what cannot be written waits, and after an outage every kind is compared as a whole.

import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import type { KubeApi } from '../../../operator/kernel/client/kube-api.ts';
import { type Clock, sleep } from '../../../operator/kernel/clock.ts';
import { type Kind, objectKey } from '../../../operator/kernel/kind.ts';
import { LoopBackoff } from '../../../operator/kernel/runtime/backoff.ts';
import type { Election } from '../../../operator/kernel/runtime/leader-election.ts';
import type { Database } from '../database.ts';
import { projections } from '../projections.ts';
import type { Projection } from '../projection.ts';
import { sayFollowed } from '../freshness.ts';
import { ClusterHistory, forgetDeletions, HistoryChanged } from './cluster-history.ts';
import { DecisionTrail } from './decision-trail.ts';
import { markDependents } from './dependents.ts';
import { BATCH, IndexWriter } from './index-writer.ts';
import { type IndexedChange, IndexedStores } from './indexed-stores.ts';
import { IndexerMetrics } from './indexer-metrics.ts';
import { PendingChanges } from './pending-changes.ts';
import { Rebuilds } from './rebuilds.ts';

export interface IndexerOptions {
  readonly api: KubeApi;
  /** Migrated. */
  readonly database: Database;
  readonly clock: Clock;
  readonly log: Logger;
  readonly registry: Registry;
  /** A new one for each term. Without it this process leads from the start. */
  readonly election?: () => Election;
  /** What is made of the rows, by who leads. */
  readonly followers?: readonly RowFollower[];
}

/** Goes on from rows that were written; its failures are its own. */
export interface RowFollower {
  /** Until the signal aborts. */
  run(signal: AbortSignal): Promise<void>;
  /** Rows have been written. */
  wake(): void;
}

/** How often it is asked whether a rebuild is wanted, and how often a lost connection is noticed where nothing changes. */
const LOOK_MS = 2_000;
/** After which a row that was refused is tried again. */
const REFUSED_MS = 60_000;
/** How often it is said that the rows are up to date. */
const SAY_MS = 5_000;
/** How often whole kinds are compared: insurance against changes that we missed. */
const COMPARE_MS = 60 * 60_000;

const namespaceKind: Kind = { group: '', version: 'v1', plural: 'namespaces', kind: 'Namespace', scope: 'Cluster' };

export class Indexer {
  readonly #options: IndexerOptions;
  readonly #metrics: IndexerMetrics;
  #pending: PendingChanges | undefined;

  constructor(options: IndexerOptions) {
    this.#options = options;
    this.#metrics = new IndexerMetrics(options.registry, {
      lagSeconds: () => (this.#pending?.lagMs ?? 0) / 1000,
      pending: () => this.#pending?.size ?? 0,
    });
  }

  /** Until the signal aborts: one term after the other. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const election = this.#options.election?.();
      if (election && !(await election.acquire(signal))) return;
      await this.#term(election, signal);
    }
  }

  async #term(election: Election | undefined, signal: AbortSignal): Promise<void> {
    const lost = new AbortController();
    const done = new AbortController();
    const holding = election?.hold(done.signal).then((how) => {
      if (how === 'lost') lost.abort();
    });
    const term = AbortSignal.any([signal, lost.signal, done.signal]);
    const following = this.#options.followers?.map((follower) => follower.run(term));
    this.#metrics.leads(true);
    try {
      await new Term(this.#options, this.#metrics, (pending) => (this.#pending = pending)).run(term);
    } finally {
      this.#metrics.leads(false);
      this.#pending = undefined;
      done.abort();
      await holding;
      await Promise.all(following ?? []);
      if (!lost.signal.aborted) await election?.release();
    }
  }
}

/** From the time that this process leads to the time that it does not. */
class Term {
  readonly #options: IndexerOptions;
  readonly #metrics: IndexerMetrics;
  readonly #pending: PendingChanges;
  readonly #stores: IndexedStores;
  readonly #writer: IndexWriter;
  readonly #history: ClusterHistory;
  readonly #rebuilds: Rebuilds;
  readonly #decisions: DecisionTrail;
  /** Kinds to be compared as a whole. */
  readonly #toCompare = new Set<Projection>(projections);
  #comparedAt = 0;
  #saidAt = Number.NEGATIVE_INFINITY;

  constructor(options: IndexerOptions, metrics: IndexerMetrics, show: (pending: PendingChanges) => void) {
    const { api, database, clock, log } = options;
    this.#options = options;
    this.#metrics = metrics;
    this.#pending = new PendingChanges(clock);
    show(this.#pending);
    this.#stores = new IndexedStores({
      api,
      clock,
      log,
      changed: (projection, change, resourceVersion) => this.#changed(projection, change, resourceVersion),
      listed: (projection) => {
        this.#toCompare.add(projection);
        this.#pending.wake();
      },
    });
    this.#history = new ClusterHistory(database, log);
    this.#rebuilds = new Rebuilds(database, metrics, log);
    this.#decisions = new DecisionTrail({ api, database, clock, log });
    this.#writer = new IndexWriter({
      database,
      stores: this.#stores,
      history: this.#history,
      metrics,
      log,
      // Perhaps another object is in its way that goes.
      refused: ({ table }, key) => void clock.after(REFUSED_MS, () => this.#pending.mark(table, key)),
    });
  }

  async run(signal: AbortSignal): Promise<void> {
    const following = this.#stores.run(signal);
    await Promise.race([this.#stores.synced(), following]);
    const backoff = new LoopBackoff(this.#options.clock);
    let claimed = false;
    while (!signal.aborted) {
      try {
        if (!claimed) await this.#claim(signal);
        claimed = true;
        await this.#round();
        for (const follower of this.#options.followers ?? []) follower.wake();
        await this.#sayFollowed();
        await this.#pending.some(LOOK_MS, signal);
      } catch (error) {
        if (signal.aborted) break;
        await this.#recover(error, backoff, signal);
      }
    }
    await following;
  }

  #changed(projection: Projection, change: IndexedChange, resourceVersion: string): void {
    const { metadata } = change.object;
    if (projection.table === 'share_approval') this.#decisions.saw(change);
    if (change.type === 'deleted') this.#pending.remove(projection.table, { uid: metadata.uid, resourceVersion });
    else this.#pending.mark(projection.table, objectKey(metadata));
    markDependents(this.#stores, projection, change, (table, key) => this.#pending.mark(table, key));
  }

  async #claim(signal: AbortSignal): Promise<void> {
    const { metadata } = await this.#options.api.get(namespaceKind, { name: 'kube-system' }, { signal });
    await this.#history.claim(metadata.uid);
    await this.#decisions.catchUp(signal);
  }

  /** Everything that waits: kinds as a whole first, since a change of an object cannot be judged before its kind was. */
  async #round(): Promise<void> {
    const { clock } = this.#options;
    if (await this.#rebuilds.isWanted()) this.#compareAll();
    if (clock.monotonic() - this.#comparedAt >= COMPARE_MS) {
      await forgetDeletions(this.#options.database);
      this.#compareAll();
    }
    for (const projection of this.#toCompare) {
      this.#pending.forgetKeys(projection.table);
      await this.#decisions.write();
      await this.#writer.reconcileKind(projection);
      this.#toCompare.delete(projection);
      await this.#rebuilds.progress(this.#toCompare.size);
    }
    for (let batch = this.#pending.take(BATCH); batch !== undefined; batch = this.#pending.take(BATCH)) {
      try {
        await this.#decisions.write();
        await this.#writer.writeBatch(batch);
      } catch (error) {
        this.#pending.giveBack(batch);
        throw error;
      }
      if (this.#toCompare.size > 0) return;
    }
  }

  /** What people read is as the API server has it: so that a gateway can say when it is not. */
  async #sayFollowed(): Promise<void> {
    const now = this.#options.clock.monotonic();
    if (!this.#stores.follows || this.#pending.size > 0 || now - this.#saidAt < SAY_MS) return;
    await sayFollowed(this.#options.database);
    this.#saidAt = now;
  }

  /** After an outage the database may be another one than before, e.g. restored from a backup. */
  async #recover(error: unknown, backoff: LoopBackoff, signal: AbortSignal): Promise<void> {
    this.#compareAll();
    if (error instanceof HistoryChanged) return;
    this.#metrics.failed('database');
    const wait = backoff.next();
    this.#options.log.warn({ err: error, wait }, 'the read model cannot be written; changes wait');
    await sleep(this.#options.clock, wait, signal);
  }

  #compareAll(): void {
    this.#comparedAt = this.#options.clock.monotonic();
    for (const projection of projections) this.#toCompare.add(projection);
  }
}
