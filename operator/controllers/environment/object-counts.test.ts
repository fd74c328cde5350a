// An environment is Ready when objects can be made in it, which the API server refuses until it has counted those that are there.
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import { FakeClock } from '../../kernel/testing/fake-clock.ts';
import { Manager } from '../../kernel/runtime/manager.ts';
import { MemoryKubeApi } from '../../kernel/testing/memory-kube-api.ts';
import { done } from '../../kernel/runtime/reconciler.ts';
import { environmentKind } from '../../resources/environment.ts';
import { defineNamespaceQuotaController, isCounted, quotaKind } from './namespace-quota.ts';
import { ObjectCounts } from './object-counts.ts';
import type { Platform } from '../reconcile/platform.ts';

const environment = { metadata: { name: 'sales-prod' } };
const NOW = Date.parse('2026-11-01T00:00:00Z');
const ready = { type: 'Ready', reason: 'Succeeded' } as const;

describe('an environment whose objects are limited', () => {
  it('is Ready once the API server counts them, and not again while it does not', () => {
    const counts = new ObjectCounts();
    counts.track();
    expect(counts.adjustOutcome(environment, ready, NOW)).toMatchObject({ type: 'Reconciling', reason: 'Progressing' });
    expect(counts.tell('sales-prod', true)).toBe(true);
    expect(counts.tell('sales-prod', true)).toBe(false);
    expect(counts.adjustOutcome(environment, ready, NOW)).toBe(ready);
    counts.tell('sales-prod', false);
    expect(counts.adjustOutcome(environment, ready, NOW)).toMatchObject({
      message: expect.stringContaining('sales-prod'),
    });
  });

  it('says after a minute that nothing counts, and what to start; Ready as soon as something does', async () => {
    const clock = new FakeClock();
    const api = new MemoryKubeApi({ clock });
    const manager = new Manager({
      api,
      clock,
      log: pino({ level: 'silent' }),
      registry: new Registry(),
      name: 'test',
      identity: 'one',
    });
    const counts = new ObjectCounts();
    const told: unknown[] = [];
    const platform = {
      api,
      stores: manager.stores,
      objectCounts: counts,
      enqueue: (...what: Parameters<Platform['enqueue']>) => manager.enqueue(...what),
    } as Partial<Platform> as Platform;
    manager.add(defineNamespaceQuotaController(platform, manager));
    manager.add({
      name: 'environment',
      watches: [],
      reconcile: async (_key, { now }) => {
        told.push(counts.adjustOutcome(environment, ready, now()));
        return Promise.resolve(done);
      },
    });
    const metadata = { name: 'sales-prod' };
    const [apiVersion, kind] = ['dataall.io/v1alpha1', 'Environment'];
    await api.apply(environmentKind, { apiVersion, kind, metadata, spec: {} }, { fieldManager: 'people' });
    await api.patch(
      environmentKind,
      metadata,
      { type: 'merge', body: { status: { namespace: 'sales-prod' } } },
      { subresource: 'status' },
    );
    const end = new AbortController();
    const running = manager.run(end.signal);
    await clock.advance(59_000);
    expect(told).toEqual([]);
    await clock.advance(10_000);
    expect(told).toMatchObject([
      { reason: 'ObjectsNotCounted', message: expect.stringContaining('resourcequota-controller') as string },
    ]);
    const quota = { namespace: 'sales-prod', name: 'dataall' };
    const hard = (await api.get(quotaKind, quota)).spec?.hard ?? {};
    const used = Object.fromEntries(Object.keys(hard).map((name) => [name, '0']));
    await api.patch(quotaKind, quota, { type: 'merge', body: { status: { hard, used } } }, { subresource: 'status' });
    await clock.advance(1_000);
    expect(told.at(-1)).toBe(ready);
    end.abort();
    await clock.advance(60_000);
    await running;
  });

  it('says what else is wrong all the same', () => {
    const counts = new ObjectCounts();
    counts.track();
    const stalled = { type: 'Stalled', reason: 'StackFailed' } as const;
    expect(counts.adjustOutcome(environment, stalled, NOW)).toBe(stalled);
  });

  it('is counted when all that the quota limits has a number', () => {
    const quota = (status?: object) => ({
      apiVersion: 'v1',
      kind: 'ResourceQuota',
      metadata: { namespace: 'sales-prod', name: 'dataall' },
      spec: { hard: { 'count/datasets.dataall.io': '5', 'count/teams.dataall.io': '5' } },
      ...(status && { status }),
    });
    const both = { 'count/datasets.dataall.io': '0', 'count/teams.dataall.io': '0' };
    expect(isCounted(quota())).toBe(false);
    expect(isCounted(quota({ hard: both, used: { 'count/teams.dataall.io': '0' } }))).toBe(false);
    expect(isCounted(quota({ hard: both, used: both }))).toBe(true);
  });
});
