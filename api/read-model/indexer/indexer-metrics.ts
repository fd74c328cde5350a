// How far behind the read model is, how large it is, and what goes wrong.

import { Counter, Gauge, type Registry } from 'prom-client';

/** What an indexer fails at: the database is away or slow, or it refuses one row. */
export type IndexerFailure = 'database' | 'refused';

export class IndexerMetrics {
  readonly #leads: Gauge;
  readonly #rows: Gauge;
  readonly #written: Counter;
  readonly #failures: Counter;
  readonly #rebuildSeconds: Gauge;
  readonly #rebuildRemaining: Gauge;

  /** @param now what is asked when the metrics are read */
  constructor(registry: Registry, now: { lagSeconds(): number; pending(): number }) {
    const registers = [registry];
    const gauge = (name: string, help: string, collect?: (this: Gauge) => void) =>
      new Gauge({ name, help, registers, ...(collect && { collect }) });
    gauge('dataall_indexer_lag_seconds', 'For how long the oldest change waits to be written', function () {
      this.set(now.lagSeconds());
    });
    gauge('dataall_indexer_pending', 'Objects whose change is not written yet', function () {
      this.set(now.pending());
    });
    this.#rows = new Gauge({
      name: 'dataall_read_model_rows',
      help: 'Rows of each table, of which an object of the cluster has one',
      labelNames: ['table'],
      registers,
    });
    this.#leads = gauge('dataall_indexer_leads', '1 while this process writes the read model');
    this.#written = new Counter({
      name: 'dataall_indexer_rows_written_total',
      help: 'Rows written, by table',
      labelNames: ['table'],
      registers,
    });
    this.#failures = new Counter({
      name: 'dataall_indexer_failures_total',
      help: 'Writes that failed, by reason: database (tried again), refused (left out, logged)',
      labelNames: ['reason'],
      registers,
    });
    // What is first shown with 1 never increased, for Prometheus: the first row that is not shown would alert nobody.
    this.#failures.inc({ reason: 'refused' }, 0);
    this.#rebuildSeconds = gauge('dataall_indexer_rebuild_seconds', 'How long the last rebuild took');
    this.#rebuildRemaining = gauge('dataall_indexer_rebuild_remaining', 'Kinds that a rebuild has not finished');
  }

  leads(yes: boolean): void {
    this.#leads.set(yes ? 1 : 0);
  }

  holds(table: string, rows: number): void {
    this.#rows.set({ table }, rows);
  }

  wrote(table: string, rows: number): void {
    this.#written.inc({ table }, rows);
  }

  failed(reason: IndexerFailure): void {
    this.#failures.inc({ reason });
  }

  rebuilding(remaining: number): void {
    this.#rebuildRemaining.set(remaining);
  }

  rebuilt(seconds: number): void {
    this.#rebuildSeconds.set(seconds);
  }
}
