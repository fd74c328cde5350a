// Who may bind an approval, and its end: it says what it waits for, if that takes long enough for anybody to ask.
import { describe, expect, it } from 'vitest';
import { parseDocumentKey } from '../../access/document-key.ts';
import { documentsOfShare } from '../../access/documents-of-share.ts';
import type { Specs } from '../../access/specs.ts';
import {
  consumptionRole,
  dataset,
  documentOutcome,
  environment,
  NOW,
  shareApproval,
  shareRequest,
} from '../../access/testing/fixtures.ts';
import { checkConditions } from '../../kernel/testing/condition-checks.ts';
import { isKubeError } from '../../kernel/client/kube-api.ts';
import { InterceptedKubeApi } from '../../kernel/testing/intercepted-kube-api.ts';
import { MemoryKubeApi } from '../../kernel/testing/memory-kube-api.ts';
import { StoreAwareWriter } from '../../kernel/runtime/object-writer.ts';
import { LargeWrites } from '../../kernel/runtime/large-writes.ts';
import { OwnWrites } from '../../kernel/runtime/own-writes.ts';
import { Priority, type ReconcileContext } from '../../kernel/runtime/reconciler.ts';
import type { Stores } from '../../kernel/cache/store.ts';
import { datasetKind, type Dataset } from '../../resources/dataset.ts';
import { apiVersion } from '../../resources/kind.ts';
import { shareApprovalKind, type ShareApproval, type ShareApprovalStatus } from '../../resources/share-approval.ts';
import type { ItemState, ShareRequest } from '../../resources/share-request.ts';
import { ObservedDocuments } from '../reconcile/observed-documents.ts';
import { defineApprovalController } from './share-approval.ts';
import { Removals } from '../reconcile/removals.ts';

const request = (state: ItemState): ShareRequest =>
  shareRequest({ status: { items: [{ kind: 'Bucket', name: 'orders-data', state }] } });

/** A process that has just started, over one approval that is being deleted. */
const ending = (state: ItemState) => {
  const observed = new ObservedDocuments();
  const woken = new Set<string>();
  const deleted = { deletionTimestamp: '2026-06-01T11:59:00Z', generation: 2 };
  const world = {
    approval: shareApproval({ metadata: deleted }),
    request: request(state),
    told: [] as ShareApprovalStatus[],
    finalizer: true,
    now: NOW,
  };
  const specs = {
    organization: () => undefined,
    environment: (name) => environment(name as 'sales-prod' | 'marketing-prod'),
    consumptionRole: () => consumptionRole(),
    dataset: () => dataset(),
    shareRequest: () => world.request,
  } as Partial<Specs> as Specs;
  const controller = defineApprovalController({
    api: new MemoryKubeApi(),
    specs,
    observed,
    removals: new Removals(observed),
    stores: { get: () => ({ get: () => world.approval }) } as unknown as Stores,
    enqueue: (_controller, key) => woken.add(key),
  });
  const context = {
    priority: Priority.normal,
    now: () => world.now,
    writer: {
      status: async (_kind: unknown, object: ShareApproval, status: ShareApprovalStatus) => {
        world.told.push(status);
        world.approval = { ...object, status };
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
    /** What its watch tells. */
    see: () =>
      controller.watches
        .find(({ kind }) => kind.kind === 'ShareApproval')
        ?.mapToRequests(world.approval, shareApproval(), 'updated'),
    /** All that its share touches is read, and while it is told, read again. */
    readTwice: () => {
      for (const document of documentsOfShare(specs, world.request)) {
        observed.record({ key: document, outcome: documentOutcome(), revision: observed.begin(document) });
        observed.begin(document);
      }
    },
    reconcile: async (after = 0) => {
      world.now += after;
      return controller.reconcile('sales-prod/marketing-prod.orders-for-analysts', context);
    },
    fail: (message: string) => {
      for (const text of woken)
        observed.recordFailure({ key: parseDocumentKey(text), failure: { reason: 'AccessDenied', message } });
    },
    clean: () => {
      for (const text of woken)
        observed.record({ key: parseDocumentKey(text), outcome: undefined, revision: observed.nextRevision() });
    },
  };
};

describe('an approval that is about to be bound', () => {
  it('is judged by who decides about the dataset now, which no watch may have told yet', async () => {
    const spec = { ...dataset().spec, label: 'Orders', confidentiality: 'Official' };
    const api = new MemoryKubeApi({ hasStatus: () => false });
    const name = { namespace: 'sales-prod', name: 'orders' };
    const current = await api.create(datasetKind, { apiVersion, kind: 'Dataset', metadata: name, spec } as Dataset);
    // Before its owner dismissed the steward.
    const known = dataset({ metadata: { uid: current.metadata.uid }, spec: { stewards: ['helpers'] } });
    const approval = shareApproval({ spec: { approver: 'helpers' }, status: { boundTo: undefined } });
    const specs = {
      organization: () => undefined,
      environment: (environmentName) => environment(environmentName as 'sales-prod' | 'marketing-prod'),
      consumptionRole: () => consumptionRole(),
      dataset: () => known,
      datasetTables: () => [],
      shareRequest: () => shareRequest(),
      installation: { allowWrite: false, allowSelfApproval: false, pause: undefined },
    } as Partial<Specs> as Specs;
    const observed = new ObservedDocuments();
    const told: ShareApprovalStatus[] = [];
    const controller = defineApprovalController({
      api,
      specs,
      observed,
      removals: new Removals(observed),
      stores: { get: () => ({ get: () => approval }) } as unknown as Stores,
      enqueue: () => undefined,
    });
    const writer = {
      status: async (_kind: unknown, object: ShareApproval, status: ShareApprovalStatus) => {
        told.push(status);
        return Promise.resolve(object);
      },
    };
    const context = { priority: Priority.normal, now: () => NOW, writer } as unknown as ReconcileContext;
    await controller.reconcile('sales-prod/marketing-prod.orders-for-analysts', context);
    expect(told).toMatchObject([{ boundTo: { datasetUid: current.metadata.uid } }]);
    expect(told[0]?.boundTo?.requestUid).toBeUndefined();
    expect(told[0]?.conditions).toContainEqual(
      expect.objectContaining({ type: 'Ready', status: 'False', reason: 'ApproverNotAllowed' }),
    );
  });

  it.each([
    ['to a request', shareRequest()],
    ['to the dataset alone, since nobody has asked yet', undefined],
  ])('stays with what it was bound to since its watch told of it: %s', async (_, request) => {
    const api = new MemoryKubeApi({
      defaults: (_kind, stored) => {
        stored['status'] ??= { observedGeneration: -1 };
      },
    });
    const { metadata, spec } = shareApproval();
    const { namespace, name } = metadata;
    const object = { apiVersion, kind: 'ShareApproval', metadata: { namespace, name }, spec };
    const stale = await api.create(shareApprovalKind, object as unknown as ShareApproval);
    const bound = { ...shareApproval().status.boundTo, requestGeneration: 7, datasetUid: 'of another process' };
    const body = { status: { boundTo: bound } };
    await api.patch(shareApprovalKind, { namespace, name }, { type: 'merge', body }, { subresource: 'status' });
    const specs = {
      organization: () => undefined,
      environment: (environmentName) => environment(environmentName as 'sales-prod' | 'marketing-prod'),
      consumptionRole: () => consumptionRole(),
      dataset: () => dataset(),
      datasetTables: () => [],
      shareRequest: () => request,
      installation: { allowWrite: false, allowSelfApproval: false, pause: undefined },
    } as Partial<Specs> as Specs;
    const observed = new ObservedDocuments();
    const controller = defineApprovalController({
      api: new InterceptedKubeApi(api, {
        call: async (call, proceed) => (call.kind === datasetKind ? dataset() : proceed()) as never,
      }),
      specs,
      observed,
      removals: new Removals(observed),
      stores: { get: () => ({ get: () => stale }) } as unknown as Stores,
      enqueue: () => undefined,
    });
    const writer = new StoreAwareWriter({
      api,
      fieldManager: 'test',
      lookUp: () => undefined,
      lastApplied: new Map(),
      ownWrites: new OwnWrites(),
      largeWrites: new LargeWrites(),
      priority: Priority.normal,
      signal: new AbortController().signal,
    });
    let at = NOW;
    const context = { priority: Priority.normal, now: () => at, writer } as unknown as ReconcileContext;
    // What passes within seconds is not told at once.
    const run = async (): Promise<void> => {
      for (let look = 0; look < 3; look++, at += 10_000) await controller.reconcile(`${namespace}/${name}`, context);
    };
    await expect(run()).rejects.toSatisfy((error) => isKubeError(error, 'Conflict'));
    expect((await api.get(shareApprovalKind, { namespace, name })).status.boundTo).toEqual(bound);
  });
});

describe('an approval that is deleted', () => {
  it('writes nothing more where the end is proved at once', async () => {
    const process = ending('Revoked');
    expect(await process.reconcile()).toMatchObject({ type: 'RequeueAfter' });
    process.clean();
    await process.reconcile(1_000);
    expect([process.world.finalizer, process.world.told]).toEqual([false, []]);
  });

  it('asks for nothing that was read since its watch told of the end, though it looks later and another run is under way', async () => {
    for (const isSeen of [true, false]) {
      const process = ending('Revoked');
      if (isSeen) process.see();
      process.readTwice();
      await process.reconcile();
      expect([process.world.finalizer, process.woken.size > 0]).toEqual([!isSeen, !isSeen]);
    }
  });

  it('says what stands in its way, and not at every look', async () => {
    const process = ending('Revoked');
    await process.reconcile();
    process.fail('kms:PutKeyPolicy: AccessDenied. Let the role do it');
    for (let second = 0; second < 20; second += 1) await process.reconcile(1_000);
    expect(process.world.told).toHaveLength(1);
    const { approval } = process.world;
    const { observedGeneration, conditions = [], boundTo } = approval.status;
    expect(conditions).toContainEqual(
      expect.objectContaining({
        type: 'Ready',
        status: 'False',
        reason: 'Deleting',
        message: expect.stringMatching(/ShareRequest marketing-prod\/orders-for-analysts is gone: kms:PutKeyPolicy/),
      }),
    );
    expect(checkConditions({ ...approval, status: { observedGeneration, conditions } })).toEqual([]);
    // What it is bound to is what the end of its access rests on.
    expect(boundTo).toEqual(shareApproval().status.boundTo);
    process.clean();
    await process.reconcile(1_000);
    expect(process.world.finalizer).toBe(false);
  });

  it('says so too while the share still shows its access', async () => {
    const process = ending('Revoking');
    expect(await process.reconcile()).toMatchObject({ type: 'RequeueAfter', ms: 5_000 });
    await process.reconcile(5_000);
    expect(process.world.told).toMatchObject([{ observedGeneration: 2 }]);
    expect(process.world.finalizer).toBe(true);
  });
});
