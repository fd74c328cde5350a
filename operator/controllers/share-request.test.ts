// The end of a share: its finalizer and its status wait until reads have proved that nothing is left, also over a restart.
import { describe, expect, it } from 'vitest';
import type { InstallationPause } from '../access/consent.ts';
import { parseDocumentKey } from '../access/document-key.ts';
import type { DocumentOutcome } from '../access/reconcile-document.ts';
import type { Specs } from '../access/specs.ts';
import { consumptionRole, dataset, environment, NOW, shareApproval, shareRequest } from '../access/sharing-cast.ts';
import type { EnqueueOptions, ReconcileContext } from '../kernel/reconciler.ts';
import { Priority } from '../kernel/reconciler.ts';
import type { Stores } from '../kernel/store.ts';
import type { ShareRequest, ShareRequestStatus } from '../resources/share-request.ts';
import { DocumentOutcomes } from './document-outcomes.ts';
import { defineShareController } from './share-request.ts';

const KEY = 'marketing-prod/orders-for-analysts';
const FINALIZED = { deletionTimestamp: '2026-06-01T11:59:00Z' };

/** A process that has just started, over one request. */
const started = (request: ShareRequest, approved = false) => {
  const outcomes = new DocumentOutcomes();
  const woken = new Map<string, EnqueueOptions | undefined>();
  const world = {
    request,
    status: undefined as ShareRequestStatus | undefined,
    finalizer: true,
    approved,
    role: true,
    pause: undefined as InstallationPause | undefined,
  };
  const specs = {
    environment: (name) => environment(name as 'sales-prod' | 'marketing-prod'),
    teamOfGroup: () => undefined,
    consumptionRole: () => (world.role ? consumptionRole() : undefined),
    dataset: () => dataset(),
    datasetTables: () => [],
    approvalFor: () => (world.approved ? shareApproval() : undefined),
    get installation() {
      return { allowWrite: true, pause: world.pause };
    },
  } as Partial<Specs> as Specs;
  const controller = defineShareController({
    specs,
    outcomes,
    stores: { get: () => ({ get: () => world.request }) } as unknown as Stores,
    enqueue: (_controller, key, how) => woken.set(key, how),
  });
  const context = {
    priority: 0,
    now: () => NOW,
    event: () => undefined,
    write: {
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
    outcomes,
    reconcile: async () => controller.reconcile(KEY, context),
    /** All that was woken has been read and holds nothing unwanted, unless said otherwise. */
    clean: (changes: Partial<DocumentOutcome> = {}) => {
      const outcome: DocumentOutcome = {
        verdicts: new Map(),
        clean: true,
        drift: [],
        reported: false,
        postponed: undefined,
        writes: 0,
        facts: new Map(),
        discovered: [],
        verifiedAt: NOW,
        ...changes,
      };
      for (const text of woken.keys()) outcomes.record({ key: parseDocumentKey(text), outcome, tick: outcomes.tick() });
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

describe('a share that ends', () => {
  it('stays proved where it was, though the document is forgotten before the last one is read', async () => {
    const process = started(shareRequest({ metadata: FINALIZED, status: { items: [] } }));
    await process.reconcile();
    const [last = '', ...others] = [...process.woken.keys()];
    process.woken.delete(last);
    process.clean();
    await process.reconcile();
    for (const text of others) process.outcomes.forget(parseDocumentKey(text));
    expect(process.world.finalizer).toBe(true);
    expect(process.outcomes.takeWaiters(parseDocumentKey(last))).toEqual([KEY]);
    process.woken.clear();
    process.woken.set(last, undefined);
    process.clean();
    await process.reconcile();
    expect(process.world.finalizer).toBe(false);
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
    const first = new Set(process.woken.keys());
    process.woken.clear();
    process.world.role = false;
    await process.reconcile();
    expect(new Set(process.woken.keys())).toEqual(first);
  });
});
