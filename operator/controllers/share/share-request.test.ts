// The end of a share: its finalizer and its status wait until reads have proved that nothing is left, also over a restart.
import { describe, expect, it } from 'vitest';
import type { InstallationPause } from '../../access/consent.ts';
import { formatDocumentKey, parseDocumentKey, type DocumentKey } from '../../access/document-key.ts';
import type { DocumentOutcome } from '../../access/reconcile-document.ts';
import type { Specs } from '../../access/specs.ts';
import {
  documentOutcome,
  consumptionRole,
  dataset,
  environment,
  NOW,
  PRODUCER,
  REGION,
  shareApproval,
  shareRequest,
} from '../../access/testing/fixtures.ts';
import type { EventInput } from '../../kernel/runtime/event-recorder.ts';
import type { EnqueueOptions, ReconcileContext } from '../../kernel/runtime/reconciler.ts';
import { Priority } from '../../kernel/runtime/reconciler.ts';
import type { Stores } from '../../kernel/cache/store.ts';
import { FINALIZER } from '../../resources/annotations.ts';
import { shareRequestKind, type ShareRequest, type ShareRequestStatus } from '../../resources/share-request.ts';
import { DocumentSubscriptions } from '../reconcile/document-subscriptions.ts';
import { ObservedDocuments } from '../reconcile/observed-documents.ts';
import { ShareUrgency } from '../reconcile/share-urgency.ts';
import { defineShareController } from './share-request.ts';

const KEY = 'marketing-prod/orders-for-analysts';
const FINALIZED = { deletionTimestamp: '2026-06-01T11:59:00Z', finalizers: [FINALIZER] };

/** A process that has just started, over one request. */
const started = (request: ShareRequest, approved = false) => {
  const observed = new ObservedDocuments();
  const subscriptions = new DocumentSubscriptions();
  const woken = new Map<string, EnqueueOptions | undefined>();
  const world = {
    request,
    status: undefined as ShareRequestStatus | undefined,
    finalizer: true,
    approved,
    role: true,
    pause: undefined as InstallationPause | undefined,
    events: [] as EventInput[],
    now: NOW,
  };
  const specs = {
    organization: () => undefined,
    environment: (name) => environment(name as 'sales-prod' | 'marketing-prod'),
    teamOfGroup: () => undefined,
    consumptionRole: () => (world.role ? consumptionRole() : undefined),
    dataset: () => dataset(),
    datasetTables: () => [],
    datasetTablesOf: () => [],
    approvalFor: () => (world.approved ? shareApproval() : undefined),
    get installation() {
      return { allowWrite: true, allowSelfApproval: false, pause: world.pause };
    },
  } as Partial<Specs> as Specs;
  const controller = defineShareController({
    specs,
    observed,
    subscriptions,
    urgency: new ShareUrgency(),
    stores: { get: () => ({ get: () => world.request }) } as unknown as Stores,
    enqueue: (_controller, key, how) => woken.set(key, how),
  });
  const context = {
    priority: 0,
    now: () => world.now,
    event: (_object: unknown, event: EventInput) => world.events.push(event),
    writer: {
      status: async (_kind: unknown, object: unknown, status: ShareRequestStatus) => {
        world.status = status;
        return Promise.resolve(object);
      },
      removeFinalizer: async () => {
        world.finalizer = false;
        return Promise.resolve();
      },
    },
  } as unknown as ReconcileContext;
  return {
    world,
    woken,
    observed,
    subscriptions,
    reconcile: async () => controller.reconcile(KEY, context),
    /** All that was woken has been read and holds nothing unwanted, unless said otherwise. */
    clean: (changes: Partial<DocumentOutcome> = {}) => {
      const outcome = documentOutcome({ verifiedAt: world.now, ...changes });
      for (const text of woken.keys())
        observed.record({ key: parseDocumentKey(text), outcome, revision: observed.nextRevision() });
    },
  };
};

describe('a pause', () => {
  const item = { kind: 'Bucket', name: 'orders-data' } as const;

  it('wakes nothing when it begins, and what it held back when it ends, without taking anything', async () => {
    const process = started(shareRequest({ spec: { items: [item] } }), true);
    await process.reconcile();
    process.clean({ verdicts: new Map([[`${KEY}/Bucket/orders-data`, { state: 'Satisfied' }]]) });
    await process.reconcile();
    expect(process.world.status?.items).toMatchObject([{ state: 'Granted' }]);
    process.woken.clear();
    process.world.pause = 'Maintenance';
    await process.reconcile();
    expect([...process.woken.keys()]).toEqual([]);
    process.world.pause = undefined;
    await process.reconcile();
    expect([...process.woken.keys()].map((text) => parseDocumentKey(text).kind).toSorted()).toEqual([
      'bucket-policy',
      'key-policy',
      'share-policies',
    ]);
    expect([...process.woken.values()].map((how) => how?.priority)).toEqual([0, 0, 0]);
    // Nothing was taken, so nothing has to be proved gone, and what was read before still holds.
    expect(process.world.status?.items).toMatchObject([{ state: 'Granted' }]);
    process.woken.clear();
    await process.reconcile();
    expect([...process.woken.keys()]).toEqual([]);
  });

  it('does not hide that consent became less', async () => {
    const process = started(shareRequest({ spec: { items: [item] } }), true);
    await process.reconcile();
    process.woken.clear();
    process.world.pause = 'Maintenance';
    process.world.approved = false;
    await process.reconcile();
    expect(process.woken.size).toBeGreaterThan(0);
    expect([...process.woken.values()].every((how) => how?.priority === Priority.revocation)).toBe(true);
  });
});

describe('when AWS was last found as granted', () => {
  const items = [{ kind: 'Bucket', name: 'orders-data' }] as const;
  const satisfied = { verdicts: new Map([[`${KEY}/Bucket/orders-data`, { state: 'Satisfied' as const }]]) };
  const at = (ms: number) => new Date(ms).toISOString().replace('.000Z', 'Z');

  it('is never before the share was granted, and is new with whatever else is', async () => {
    const process = started(shareRequest({ spec: { items: [...items] }, status: { observedGeneration: -1 } }), true);
    await process.reconcile();
    // What the documents were read for before, e.g. for other shares.
    process.world.now = NOW - 60_000;
    process.clean({
      verdicts: new Map([[`${KEY}/Bucket/orders-data`, { state: 'Waiting', reason: 'GrantPending', message: '' }]]),
    });
    process.world.now = NOW;
    await process.reconcile();
    expect(process.world.status).toMatchObject({ granted: 0 });
    expect(process.world.status?.verifiedAt).toBeUndefined();
    process.world.now = NOW + 10_000;
    process.clean(satisfied);
    await process.reconcile();
    expect(process.world.status).toMatchObject({ granted: 1, verifiedAt: at(NOW + 10_000) });
    const granted = process.world.status;
    process.world.request = shareRequest({ spec: { items: [...items] }, ...(granted && { status: granted }) });
    process.world.now = NOW + 20_000;
    process.clean(satisfied);
    await process.reconcile();
    expect(process.world.status?.verifiedAt).toBe(at(NOW + 10_000));
    process.world.request = shareRequest({
      spec: { items: [...items] },
      ...(granted && { status: granted }),
      metadata: { annotations: { 'dataall.io/requested-at': 'now' } },
    });
    await process.reconcile();
    expect(process.world.status).toMatchObject({ lastHandledAt: 'now', verifiedAt: at(NOW + 20_000) });
  });

  it.each([
    ['of any length', '\u{1F600}'.repeat(4096)],
    ['of none', ''],
  ])('is told whatever the annotation says that asks for a reconcile: %s', async (_what, value) => {
    const process = started(
      shareRequest({ spec: { items: [...items] }, metadata: { annotations: { 'dataall.io/requested-at': value } } }),
      true,
    );
    await process.reconcile();
    expect(process.world.status?.conditions).not.toEqual([]);
    expect(shareRequestKind.status.safeParse(process.world.status).error).toBeUndefined();
  });

  it('stays while AWS cannot be read, and goes with the access', async () => {
    const then = '2026-06-01T08:50:52Z';
    const status = {
      items: [{ ...items[0], state: 'Granted', health: 'Healthy' }] as const,
      permissions: ['Read'] as const,
      principalArn: consumptionRole().spec.principalArn,
      principalId: consumptionRole().status.principalId,
      approval: { name: 'marketing-prod.orders-for-analysts', generation: 1 },
      verifiedAt: then,
    };
    const process = started(
      shareRequest({
        spec: { items: [...items] },
        status: { ...status, items: [...status.items], permissions: [...status.permissions] },
      }),
      true,
    );
    await process.reconcile();
    for (const text of process.woken.keys())
      process.observed.recordFailure({
        key: parseDocumentKey(text),
        failure: { reason: 'PivotRoleUnreachable', message: 'no trust' },
      });
    await process.reconcile();
    expect(process.world.status).toMatchObject({ phase: 'Granted', granted: 1, verifiedAt: then });
    process.world.approved = false;
    await process.reconcile();
    expect(process.world.status).toMatchObject({ phase: 'Revoking', granted: 0 });
    expect(process.world.status?.verifiedAt).toBeUndefined();
  });

  it('is not remembered for another role than the status tells of', async () => {
    const request = shareRequest({
      spec: { items: [...items] },
      status: {
        items: [{ ...items[0], state: 'Granted', health: 'Healthy' }],
        permissions: ['Read'],
        principalArn: consumptionRole().spec.principalArn,
        principalId: 'AROABEFORE',
        approval: { name: 'marketing-prod.orders-for-analysts', generation: 1 },
      },
    });
    const process = started(request, true);
    await process.reconcile();
    expect(process.world.status?.items).toMatchObject([{ state: 'Granting' }]);
  });
});

describe('what a share tells of as a Warning', () => {
  it('is what failed or was lost, and not what has to be waited for', async () => {
    const missing = started(shareRequest(), true);
    missing.world.role = false;
    await missing.reconcile();
    // It could have been applied a moment later.
    missing.world.now += 60_000;
    missing.clean();
    await missing.reconcile();
    expect(missing.world.events.at(-1)).toMatchObject({ type: 'Warning', reason: 'PrincipalNotFound' });
    const pending = started(shareRequest());
    await pending.reconcile();
    pending.clean();
    await pending.reconcile();
    expect(pending.world.events.at(-1)).toMatchObject({ type: 'Normal', reason: 'PendingApproval' });
  });
});

describe('a share that is given up', () => {
  const given = (uid: string) =>
    started(
      shareRequest({
        metadata: { ...FINALIZED, annotations: { 'dataall.io/abandon': uid } },
        status: { items: [{ kind: 'Bucket', name: 'orders-data', state: 'Granted' }] },
      }),
    );

  it('goes, and an Event names what may stay', async () => {
    const process = given(shareRequest().metadata.uid);
    await process.reconcile();
    expect(process.world.finalizer).toBe(false);
    expect(process.world.events).toMatchObject([
      { type: 'Warning', reason: 'Abandoned', note: expect.stringContaining('bucket-policy') },
    ]);
  });

  it('stays where the annotation names another object, and says so', async () => {
    const process = given('another');
    await process.reconcile();
    expect(process.world.finalizer).toBe(true);
    const ready = process.world.status?.conditions?.find(({ type }) => type === 'Ready');
    expect(ready?.message).toMatch(/dataall\.io\/abandon is not the uid of this object, uid-orders-for-analysts/);
  });
});

describe('a share that ends', () => {
  it('stays proved where it was, though the document is forgotten before the last one is read', async () => {
    const process = started(shareRequest({ metadata: FINALIZED, status: { items: [] } }));
    await process.reconcile();
    const [last = '', ...others] = [...process.woken.keys()];
    process.woken.delete(last);
    process.clean();
    await process.reconcile();
    for (const text of others) process.observed.forget(parseDocumentKey(text));
    expect(process.world.finalizer).toBe(true);
    expect(process.subscriptions.takeWaiters(parseDocumentKey(last))).toEqual([KEY]);
    process.woken.clear();
    process.woken.set(last, undefined);
    process.clean();
    await process.reconcile();
    expect(process.world.finalizer).toBe(false);
  });

  it('is left in peace where somebody else’s finalizer holds it, as the garbage collector’s does', async () => {
    const process = started(shareRequest({ metadata: FINALIZED, status: { items: [] } }));
    await process.reconcile();
    process.clean();
    await process.reconcile();
    expect(process.world.finalizer).toBe(false);
    process.world.request = shareRequest({ metadata: { ...FINALIZED, finalizers: ['foregroundDeletion'] } });
    process.woken.clear();
    await process.reconcile();
    await process.reconcile();
    expect([...process.woken.keys()]).toEqual([]);
  });

  it('says what AWS refuses to take', async () => {
    const status = { items: [{ kind: 'Bucket', name: 'orders-data', state: 'Granted' }] } as const;
    const process = started(shareRequest({ metadata: FINALIZED, status: { items: [...status.items] } }));
    await process.reconcile();
    process.clean({
      clean: false,
      problem: { reason: 'AwsError', message: 'Lake Formation refused to revoke SELECT' },
    });
    await process.reconcile();
    expect(process.world.finalizer).toBe(true);
    const ready = process.world.status?.conditions?.find(({ type }) => type === 'Ready');
    expect(ready).toMatchObject({ status: 'False', message: expect.stringContaining('refused to revoke SELECT') });
  });

  it('keeps its finalizer in a new process until every document was read, though its status knows of no access', async () => {
    const items = [{ kind: 'Bucket', name: 'orders-data', state: 'PendingApproval' }] as const;
    const process = started(shareRequest({ metadata: FINALIZED, status: { items: [...items] } }));
    await process.reconcile();
    expect(process.world.finalizer).toBe(true);
    expect([...process.woken.keys()].map((text) => parseDocumentKey(text).kind)).toContain('shared-database');
    expect([...process.woken.values()].every((how) => how?.priority === Priority.revocation)).toBe(true);
    process.clean();
    await process.reconcile();
    expect(process.world.finalizer).toBe(false);
  });

  it('lets go at once where this process saw that nothing was ever given', async () => {
    const process = started(shareRequest({ status: { observedGeneration: -1 } }));
    await process.reconcile();
    process.world.request = shareRequest({ metadata: FINALIZED });
    await process.reconcile();
    expect([process.woken.size, process.world.finalizer]).toEqual([0, false]);
  });

  it('is proved gone from the documents that it was given something in, by whatever run, and from no others', async () => {
    const process = started(shareRequest({ status: { observedGeneration: -1 } }));
    await process.reconcile();
    const at = { account: PRODUCER, region: REGION };
    const bucket: DocumentKey = { kind: 'bucket-policy', ...at, bucket: 'orders-data' };
    const catalog: DocumentKey = { kind: 'catalog-grants', ...at, database: 'orders' };
    const { observed } = process;
    // A run for others saw the approval before this controller did.
    const verdicts = new Map([[`${KEY}/Bucket/orders-data`, { state: 'Satisfied' as const }]]);
    observed.record({ key: bucket, outcome: documentOutcome({ verdicts }), revision: observed.begin(bucket) });
    observed.record({ key: catalog, outcome: documentOutcome(), revision: observed.begin(catalog) });
    process.world.request = shareRequest({ metadata: FINALIZED });
    await process.reconcile();
    expect([[...process.woken.keys()], process.world.finalizer]).toEqual([[formatDocumentKey(bucket)], true]);
    process.clean();
    await process.reconcile();
    expect(process.world.finalizer).toBe(false);
  });

  it('shows an item that failed as Revoking, for it may be half open', async () => {
    const process = started(shareRequest({ spec: { items: [{ kind: 'Bucket', name: 'orders-data' }] } }), true);
    await process.reconcile();
    process.world.request = shareRequest({
      spec: { items: [{ kind: 'Bucket', name: 'orders-data' }] },
      status: { items: [{ kind: 'Bucket', name: 'orders-data', state: 'Failed' }] },
    });
    process.world.approved = false;
    await process.reconcile();
    expect(process.world.status?.items?.map(({ state }) => state)).toEqual(['Revoking']);
    process.clean();
    await process.reconcile();
    expect(process.world.status?.items?.map(({ state }) => state)).toEqual(['PendingApproval']);
  });

  it('waits for what was taken earlier too when its principal goes', async () => {
    const process = started(shareRequest(), true);
    await process.reconcile();
    process.world.request = shareRequest({ spec: { items: [{ kind: 'Bucket', name: 'orders-data' }] } });
    await process.reconcile();
    // An invitation holds nothing that would have to be taken.
    const first = new Set([...process.woken.keys()].filter((text) => parseDocumentKey(text).kind !== 'invitations'));
    process.woken.clear();
    process.world.role = false;
    await process.reconcile();
    expect(new Set(process.woken.keys())).toEqual(first);
  });
});
