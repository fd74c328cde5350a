import { describe, expect, it } from 'vitest';
import type { KubeApi } from '../../operator/kernel/client/kube-api.ts';
import type { RequestRecord } from '../aws/core/world.ts';
import { readApiWrites, writesBetween, writesTo } from './api-tally.ts';
import { countCalls } from './aws-tally.ts';
import { queueWaits } from './queue-waits.ts';
import { distributionOf } from './statistics.ts';

const call = (operation: string, access: 'read' | 'write', outcome: RequestRecord['outcome']): RequestRecord =>
  ({ service: 'iam', operation, access, outcome, errorCode: 'Gone' }) as RequestRecord;

describe('calls to AWS', () => {
  it('count as writes when they were accepted, as reads even when nothing was found, apart when throttled', () => {
    const count = countCalls([
      call('CreatePolicy', 'write', 'ok'),
      call('CreatePolicy', 'write', 'throttled'),
      call('CreatePolicy', 'write', 'error'),
      call('GetPolicy', 'read', 'ok'),
      call('GetPolicy', 'read', 'error'),
    ]);
    expect(count).toMatchObject({ writes: 1, reads: 2, throttled: 1, failed: 2 });
    expect(count.failedBy).toEqual({ 'iam:CreatePolicy Gone': 1, 'iam:GetPolicy Gone': 1 });
  });
});

describe('writes to the API server', () => {
  const metrics = (applies: number): string =>
    [
      '# HELP apiserver_request_total Counter',
      `apiserver_request_total{code="200",resource="sharerequests",subresource="status",verb="APPLY"} ${applies}`,
      'apiserver_request_total{code="409",resource="sharerequests",subresource="status",verb="APPLY"} 1',
      'apiserver_request_total{code="200",resource="sharerequests",subresource="",verb="LIST"} 7',
      'apiserver_request_total{code="201",resource="events",subresource="",verb="POST"} 2',
    ].join('\n');
  const api = (applies: number): KubeApi => ({ raw: () => Promise.resolve(metrics(applies)) }) as unknown as KubeApi;

  it('are told by resource, without reads, with those that were refused', async () => {
    const before = await readApiWrites(api(10));
    const writes = writesBetween(before, await readApiWrites(api(15)));
    expect(before).toEqual({ 'sharerequests/status': 11, events: 2 });
    expect(writes).toEqual({ 'sharerequests/status': 5 });
    expect(writesTo(writes, 'sharerequests', 'shareapprovals')).toBe(5);
  });
});

describe('distributions', () => {
  it('take the nearest rank', () => {
    const values = Array.from({ length: 100 }, (_, index) => 100 - index);
    expect(distributionOf(values)).toEqual({ samples: 100, p50: 50, p90: 90, p99: 99, max: 100 });
    expect(distributionOf([3])).toEqual({ samples: 1, p50: 3, p90: 3, p99: 3, max: 3 });
  });

  it('of queue waits end with the bound that holds all', () => {
    const text = (small: number, all: number): string =>
      [
        `workqueue_queue_duration_seconds_bucket{le="0.001",name="sharerequest",controller="sharerequest"} ${small}`,
        `workqueue_queue_duration_seconds_bucket{le="0.05",name="sharerequest",controller="sharerequest"} ${all}`,
        `workqueue_queue_duration_seconds_bucket{le="+Inf",name="sharerequest",controller="sharerequest"} ${all}`,
        `workqueue_queue_duration_seconds_bucket{le="0.001",name="document",controller="document"} 99`,
      ].join('\n');
    expect(queueWaits(text(7, 10), 'sharerequest').since(queueWaits(text(2, 2), 'sharerequest'))).toEqual({
      '<= 1 ms': 5,
      '<= 50 ms': 8,
    });
  });
});
