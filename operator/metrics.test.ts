import { Registry } from 'prom-client';
import { expect, it } from 'vitest';
import { Store } from './kernel/cache/store.ts';
import type { Stored } from './kernel/kind.ts';
import { observeCalls, observeEvents, observeObjects, observeThrottles } from './metrics.ts';
import { kinds } from './resources/kinds.ts';

const samplesOf = async (registry: Registry): Promise<readonly string[]> =>
  (await registry.metrics()).split('\n').filter((line) => line !== '' && !line.startsWith('#'));

it('counts calls to AWS by what came of them, and how long they waited', async () => {
  const registry = new Registry();
  const report = observeCalls(registry);
  const call = {
    service: 'kms',
    operation: 'PutKeyPolicy',
    account: '111111111111',
    region: 'eu-west-1',
    write: true,
  } as const;
  report({ call, work: undefined, outcome: 'ok', attempt: 1, waited: 500, took: 40 });
  report({ call, work: undefined, outcome: 'Throttled', attempt: 2, waited: 1_500, took: 40 });
  observeThrottles(registry, () => [
    { key: '111111111111/eu-west-1/kms', rate: 5, queued: 2, inFlight: 1 },
    { key: '222222222222/eu-west-1/kms', rate: 5, queued: 3, inFlight: 1 },
  ]);
  const samples = await samplesOf(registry);
  expect(samples).toContain('dataall_aws_requests_total{service="kms",operation="PutKeyPolicy",outcome="ok"} 1');
  expect(samples).toContain('dataall_aws_requests_total{service="kms",operation="PutKeyPolicy",outcome="Throttled"} 1');
  expect(samples).toContain('dataall_aws_throttle_wait_seconds_total{service="kms"} 2');
  expect(samples).toContain('dataall_aws_request_duration_seconds_count{service="kms"} 2');
  expect(samples).toContain('dataall_aws_queued_requests{service="kms"} 5');
  // Nor does any sample name an account.
  expect(samples.join()).not.toMatch(/[0-9]{12}/);
});

it('counts messages of accounts, why they made no work, and how long it took from what happened to the reconcile', async () => {
  const now = Date.parse('2026-06-01T12:00:00Z');
  const registry = new Registry();
  const observer = observeEvents(registry, () => now);
  for (let messages = 0; messages < 3; messages += 1) observer.received();
  observer.ignored('Ours');
  observer.caused(now - 7_000);
  // What the sender says of the time may be nonsense.
  observer.caused(now + 60_000);
  observer.caused(Number.NaN);
  const samples = await samplesOf(registry);
  expect(samples).toContain('dataall_events_received_total 3');
  expect(samples).toContain('dataall_events_ignored_total{reason="Ours"} 1');
  expect(samples).toContain('dataall_event_latency_seconds_count 1');
  expect(samples).toContain('dataall_event_latency_seconds_bucket{le="5"} 0');
  expect(samples).toContain('dataall_event_latency_seconds_bucket{le="10"} 1');
});

it('counts objects by why they are not Ready, and tells how long a deletion takes', async () => {
  const now = Date.parse('2026-06-01T12:00:00Z');
  const stores = new Map(kinds.map((kind) => [kind.kind, new Store()]));
  const put = (kind: string, name: string, more: object, ready?: object): void => {
    const metadata = { name, namespace: 'sales', uid: name, resourceVersion: '1', ...more };
    const conditions = ready && [{ type: 'Ready', ...ready }];
    stores.get(kind)?.set({ apiVersion: 'v1', kind, metadata, status: { conditions } } as unknown as Stored);
  };
  put('ShareRequest', 'one', {}, { status: 'True', reason: 'Granted' });
  put('ShareRequest', 'two', {}, { status: 'False', reason: 'PendingApproval' });
  put(
    'ShareRequest',
    'three',
    { deletionTimestamp: '2026-06-01T11:58:00Z' },
    { status: 'False', reason: 'PendingApproval' },
  );
  put('Dataset', 'new', {});
  const registry = new Registry();
  observeObjects(registry, { get: ({ kind }) => stores.get(kind) as never }, () => now);
  const samples = await samplesOf(registry);
  expect(samples).toContain('dataall_objects{kind="ShareRequest",ready="True",reason="Granted"} 1');
  expect(samples).toContain('dataall_objects{kind="ShareRequest",ready="False",reason="PendingApproval"} 2');
  expect(samples).toContain('dataall_objects{kind="Dataset",ready="Unknown",reason=""} 1');
  expect(samples).toContain('dataall_oldest_deletion_seconds{kind="ShareRequest"} 120');
  expect(samples).toContain('dataall_oldest_deletion_seconds{kind="Dataset"} 0');
});
