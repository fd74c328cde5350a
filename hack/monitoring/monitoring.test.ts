// Alerts and dashboards ask for metrics that there are, by labels that they have.
import { describe, expect, it } from 'vitest';
import { alerts } from './alerts.ts';
import { dashboards } from './dashboards.ts';
import { metricsOf, shownAtFirst } from './metrics.ts';
import { selectorsOf } from './promql.ts';

/** What Prometheus itself adds to each series of a PodMonitor, and its own metric of a target. */
const OF_TARGETS = ['job', 'namespace', 'pod', 'instance'];
const known = new Map<string, readonly string[]>([['up', OF_TARGETS]]);
for (const program of ['operator', 'gateway', 'indexer', 'node'] as const)
  for (const { name, type, labels } of metricsOf(program)) {
    const shown = type === 'histogram' ? [`${name}_bucket`, `${name}_sum`, `${name}_count`] : [name];
    for (const one of shown) known.set(one, [...labels, ...OF_TARGETS, ...(one.endsWith('_bucket') ? ['le'] : [])]);
  }

const unknownTo = (expr: string): readonly string[] =>
  selectorsOf(expr).flatMap(({ metric, labels }) => {
    const has = known.get(metric);
    return has === undefined
      ? [metric]
      : labels.filter((label) => !has.includes(label)).map((label) => `${metric}{${label}}`);
  });

const all = Object.values(alerts).flat();

describe('alerts', () => {
  it.each(all.map(({ name, expr }) => [name, expr]))('%s asks for what is shown', (_, expr) => {
    expect(selectorsOf(expr)).not.toEqual([]);
    expect(unknownTo(expr)).toEqual([]);
  });

  it('have a name of their own each, and say what to do', () => {
    expect(new Set(all.map(({ name }) => name)).size).toBe(all.length);
    for (const { name, remedy } of all) expect(remedy, name).not.toEqual([]);
  });
});

/** Alerts of what happens once. What is first shown with 1 never increased, for Prometheus: the first time would alert nobody. */
const ofTheFirstTime = (['operator', 'gateway', 'indexer'] as const).flatMap((program) =>
  (alerts[program] ?? [])
    .filter(({ for: since, expr }) => since === '0m' && expr.endsWith('> 0'))
    .flatMap(({ name, expr }) =>
      [...expr.matchAll(/(\w+)\{(\w+)=~?"([^"]+)"\}/g)].map(
        ([, metric = '', label = '', values = '']) => [name, program, metric, label, values.split('|')] as const,
      ),
    ),
);

it.each(ofTheFirstTime)('%s counts from zero', async (_, program, metric, label, values) => {
  const shown = await shownAtFirst(program, metric);
  for (const value of values) expect(shown.split('\n')).toContain(`${metric}{${label}="${value}"} 0`);
});

describe('dashboards', () => {
  const queries = Object.entries(dashboards).flatMap(([file, { panels }]) =>
    panels.flatMap(({ title, queries: of }) => Object.values(of).map((expr) => [`${file}: ${title}`, expr] as const)),
  );

  it.each(queries)('%s asks for what is shown', (_, expr) => {
    // A variable of Grafana's.
    const asked = expr.replaceAll('$__rate_interval', '5m');
    expect(selectorsOf(asked)).not.toEqual([]);
    expect(unknownTo(asked)).toEqual([]);
  });
});

it('a metric that is none, a label that it has not, and what is no PromQL are found', () => {
  expect(unknownTo('sum(rate(dataall_nothing_total[5m]))')).toEqual(['dataall_nothing_total']);
  expect(unknownTo('max(dataall_objects{account="1"})')).toEqual(['dataall_objects{account}']);
  expect(() => selectorsOf('sum(rate(up[5m])')).toThrow('no PromQL');
});
