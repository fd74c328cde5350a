// Every metric that our programs show, from the places that make them: no program has to run for it.
import { fastify } from 'fastify';
import { pino } from 'pino';
import { collectDefaultMetrics, Registry, type MetricObject } from 'prom-client';
import { ChangeListener } from '../../api/live/change-listener.ts';
import { Changes } from '../../api/live/changes.ts';
import { LiveMetrics } from '../../api/live/live-metrics.ts';
import { CatalogueSync } from '../../api/read-model/catalogue/catalogue-sync.ts';
import { openDatabase } from '../../api/read-model/database.ts';
import { IndexerMetrics } from '../../api/read-model/indexer/indexer-metrics.ts';
import { countErrors, measureRequests } from '../../api/server/request-metrics.ts';
import { systemClock } from '../../operator/kernel/clock.ts';
import { KernelMetrics } from '../../operator/kernel/runtime/metrics.ts';
import {
  observeActions,
  observeCalls,
  observeEvents,
  observeObjects,
  observeThrottles,
} from '../../operator/metrics.ts';

export type Program = 'operator' | 'gateway' | 'indexer';

export interface Metric {
  readonly name: string;
  readonly type: 'counter' | 'gauge' | 'histogram' | 'summary';
  readonly help: string;
  readonly labels: readonly string[];
}

const clock = systemClock;
const log = pino({ level: 'silent' });

/** They collect when they are asked for values, which nobody does here. */
const registers: Readonly<Record<Program | 'node', (registry: Registry) => void>> = {
  operator: (registry) => {
    void new KernelMetrics(registry, clock);
    observeCalls(registry);
    observeThrottles(registry, () => []);
    observeObjects(registry, { get: () => never('stores') }, Date.now);
    observeEvents(registry, Date.now);
    observeActions(registry);
  },
  gateway: (registry) => {
    measureRequests(fastify(), registry);
    countErrors(registry);
    void new LiveMetrics(registry, { streams: () => 0, subscriptions: () => 0 });
    void new ChangeListener({ url: '', changes: new Changes(), registry, clock, log });
  },
  indexer: (registry) => {
    void new IndexerMetrics(registry, { lagSeconds: () => 0, pending: () => 0 });
    // It connects to nothing before it is run.
    const database = openDatabase({ url: 'postgres://127.0.0.1', connections: 1, statementTimeoutMs: 1 });
    void new CatalogueSync({ database, source: { page: () => never('catalogs') }, registry, clock, log });
  },
  node: (registry) => collectDefaultMetrics({ register: registry }),
};

const never = (what: string): never => {
  throw new Error(`nobody asks for ${what}`);
};

const TYPES = ['counter', 'gauge', 'histogram', 'summary'] as const;

/** `node`: Node's own, which each of them shows. */
export const metricsOf = (program: Program | 'node'): readonly Metric[] => {
  const registry = new Registry();
  registers[program](registry);
  return registry
    .getMetricsAsArray()
    .map(metricOf)
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
};

/** A metric as Prometheus reads it of a program that has done nothing yet. */
export const shownAtFirst = async (program: Program, name: string): Promise<string> => {
  const registry = new Registry();
  registers[program](registry);
  return await registry.getSingleMetricAsString(name);
};

const metricOf = (metric: MetricObject): Metric => {
  const { name, help } = metric;
  // prom-client has the type as a text, whatever its declaration says, and declares no labels.
  const type = TYPES.find((one) => one === String(metric.type)) ?? never(`the type of ${name}`);
  const labels = 'labelNames' in metric && Array.isArray(metric.labelNames) ? metric.labelNames.map(String) : [];
  return { name, type, help, labels };
};
