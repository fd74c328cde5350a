// When a document's work may begin: a moment after what it rests on is complete, at once where access ends, whoever else asks.
import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { formatDocumentKey } from '../access/document-key.ts';
import {
  consumptionRole,
  dataset,
  environment,
  NOW,
  PRODUCER,
  REGION,
  shareApproval,
  shareRequest,
} from '../access/sharing-cast.ts';
import type { Specs } from '../access/specs.ts';
import type { AccountAws } from '../aws/account.ts';
import { Priority, type ReconcileContext } from '../kernel/reconciler.ts';
import type { ShareApproval } from '../resources/share-approval.ts';
import { defineDocumentController } from './document.ts';
import { DocumentOutcomes } from './document-outcomes.ts';

/** A bucket that belongs to no dataset any more, touched by one share: all there is to do is to see that. */
const KEY = formatDocumentKey({ kind: 'bucket-policy', account: PRODUCER, region: REGION, bucket: 'orders-data' });

const work = (approval: ShareApproval | undefined, role = consumptionRole()) => {
  const world = { now: NOW };
  const specs = {
    environment: (name) => environment(name as 'sales-prod' | 'marketing-prod'),
    consumptionRole: () => role,
    dataset: () => dataset(),
    datasetsOfBucket: () => [],
    datasetTables: () => [],
    approvalFor: () => approval,
    installation: { allowWrite: false, pause: undefined },
  } as Partial<Specs> as Specs;
  const controller = defineDocumentController({
    specs,
    outcomes: new DocumentOutcomes(),
    accountFor: () => ({}) as AccountAws,
    enqueue: () => undefined,
    sharesTouching: () => [shareRequest()],
    onRecord: () => undefined,
    audit: pino({ level: 'silent' }),
    verifyEveryMs: 3_600_000,
    random: () => 0.5,
  });
  const run = async (priority: number) =>
    await controller.reconcile(KEY, {
      priority,
      reconcileId: 'test',
      signal: new AbortController().signal,
      now: () => world.now,
    } as unknown as ReconcileContext);
  return { world, run };
};

const unready = consumptionRole({ status: { principalId: undefined } });
const waits = { type: 'RequeueAfter', ms: 500 };
const begins = { type: 'Done' };

describe('work on a document', () => {
  it('begins where every consent is complete', async () => {
    expect(await work(shareApproval()).run(Priority.fresh)).toEqual(begins);
  });

  it('waits for a binding that is about to be made, and for a role that is about to be found', async () => {
    expect(await work(shareApproval({ status: { boundTo: undefined } })).run(Priority.fresh)).toMatchObject(waits);
    expect(await work(shareApproval(), unready).run(Priority.fresh)).toMatchObject(waits);
  });

  it('does not wait for ever', async () => {
    const { world, run } = work(shareApproval(), unready);
    expect(await run(Priority.fresh)).toMatchObject(waits);
    world.now += 31_000;
    expect(await run(Priority.fresh)).toEqual(begins);
  });

  it('does not wait where access ends', async () => {
    expect(await work(shareApproval(), unready).run(Priority.revocation)).toEqual(begins);
  });

  it('does not wait for those without consent', async () => {
    expect(await work(undefined, unready).run(Priority.fresh)).toEqual(begins);
    expect(await work(shareApproval({ spec: { decision: 'Rejected' } }), unready).run(Priority.fresh)).toEqual(begins);
  });
});
