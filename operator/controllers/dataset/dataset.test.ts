// A dataset that is paused, and one that is given away: what its status says and which documents it asks for.
import { describe, expect, it } from 'vitest';
import { parseDocumentKey, type DocumentKey } from '../../access/document-key.ts';
import { dataset, environment, NOW, PRODUCER, REGION } from '../../access/testing/fixtures.ts';
import type { Drift } from '../../access/document.ts';
import type { Specs } from '../../access/specs.ts';
import type { AccountAws } from '../../aws/account.ts';
import type { LakeGrant } from '../../aws/services/lakeformation.ts';
import { readConfig } from '../../config.ts';
import { findCondition } from '../../kernel/conditions.ts';
import { Priority, type EnqueueOptions, type ReconcileContext } from '../../kernel/runtime/reconciler.ts';
import type { Stores } from '../../kernel/cache/store.ts';
import type { Dataset } from '../../resources/dataset.ts';
import type { DatasetStatus } from '../../resources/dataset-status.ts';
import { documentsOf } from './locations.ts';
import { defineDatasetController } from './dataset.ts';
import { ObservedDocuments } from '../reconcile/observed-documents.ts';
import { PivotRights } from '../reconcile/pivot-rights.ts';
import type { Platform } from '../reconcile/platform.ts';
import { RbacProgress } from '../reconcile/rbac-progress.ts';

const KEY = 'sales-prod/orders';
const outputs = { BucketName: 'orders-data', KeyArn: dataset().status.keyArn };

/** A process with one dataset, whose environment is ready and whose stack is deployed. */
const started = (spec: Partial<Dataset['spec']>) => {
  const world = {
    dataset: dataset({ spec: { label: 'Orders', ...spec } }),
    stacksDeployed: 0,
    /** Grants on LF-Tag policies in its account, and the tags of its database. */
    tagPolicies: [] as readonly LakeGrant[],
    tags: new Map<string, string>(),
    keyState: 'Enabled',
    woken: [] as { document: DocumentKey; priority: number | undefined }[],
  };
  const observed = new ObservedDocuments();
  const pivotRights = new PivotRights();
  const ready = environment('sales-prod', { status: { conditions: [condition('Ready')] } });
  const specs = {
    organization: () => undefined,
    environment: () => ready,
    sharesOfDataset: () => [],
    shareRequest: () => undefined,
    datasetsOfDatabase: () => [],
  } as Partial<Specs> as Specs;
  const controller = defineDatasetController({
    config: readConfig({ installation: 'test', aws: { hub: { accountId: '999999999999', region: REGION } } }),
    specs,
    observed,
    rights: new RbacProgress(),
    pivotRights,
    stores: {
      get: () => ({ get: () => world.dataset, byIndex: () => [world.dataset], list: () => [] }),
    } as unknown as Stores,
    aws: { executionRoleArn: () => '', forBootstrap: () => ({}) },
    accountOf: () =>
      ({
        account: PRODUCER,
        glue: { tables: async () => Promise.resolve([]) },
        lakeFormation: {
          permissions: async () => Promise.resolve(world.tagPolicies),
          tags: async () => Promise.resolve(world.tags),
        },
        kms: { key: async (arn: string) => Promise.resolve({ arn, state: world.keyState }) },
      }) as unknown as AccountAws,
    stacks: {
      synthesizer: { synthesize: async () => Promise.resolve('') },
      deployer: {
        reconcile: async () => {
          world.stacksDeployed += 1;
          return Promise.resolve({ state: 'Deployed', outputs, status: { name: 'orders' }, message: '', news: [] });
        },
      },
    },
    enqueue: (_controller: string, key: string, how?: EnqueueOptions) =>
      world.woken.push({ document: parseDocumentKey(key), priority: how?.priority }),
    random: () => 0,
  } as Partial<Record<keyof Platform, unknown>> as unknown as Platform);
  const context = {
    priority: 0,
    now: () => NOW,
    event: () => undefined,
    writer: {
      status: async (_kind: unknown, object: Dataset, status: DatasetStatus) => {
        world.dataset = { ...object, status };
        return Promise.resolve();
      },
    },
    signal: new AbortController().signal,
  } as unknown as ReconcileContext;
  return {
    world,
    pivotRights,
    /** What Ready says afterwards. */
    reconcile: async () => {
      await controller.reconcile(KEY, context);
      return findCondition(world.dataset.status.conditions, 'Ready');
    },
    /** One of its documents was read, differs, and is left so. */
    report: (key: DocumentKey, drift: readonly Drift[]) => {
      const outcome = { verdicts: new Map(), outputs: new Map(), clean: false, drift, reported: true, writes: 0 };
      const rest = { deferred: undefined, ownReading: undefined, discovered: [], verifiedAt: NOW };
      observed.record({ key, outcome: { ...outcome, ...rest }, revision: observed.nextRevision() });
    },
    /** The documents that were asked for are read, and hold nothing unwanted. */
    read: () => {
      for (const { document } of world.woken.splice(0))
        observed.record({ key: document, outcome: undefined, revision: observed.nextRevision() });
    },
  };
};

const condition = (type: string) => ({
  type,
  status: 'True' as const,
  reason: 'Succeeded',
  message: '',
  observedGeneration: 1,
  lastTransitionTime: '2026-01-01T00:00:00Z',
});

describe('a suspended dataset', () => {
  it('is neither imported nor made nor added to, and says so', async () => {
    const process = started({ suspend: true });
    expect(await process.reconcile()).toMatchObject({ status: 'False', reason: 'Suspended' });
    expect(process.world).toMatchObject({ stacksDeployed: 0, woken: [] });
    process.world.dataset = dataset({ spec: { label: 'Orders', suspend: false } });
    await process.reconcile();
    expect(process.world.stacksDeployed).toBe(1);
    expect(process.world.woken).not.toEqual([]);
  });
});

describe('a dataset whose bucket the pivot role has no room for in its policies', () => {
  it('says so, touches no document, and goes on once there is room', async () => {
    const process = started({});
    const nothing = { buckets: [], namedBuckets: [], keyArns: [], roleArns: [] };
    const leftOut = { ...nothing, namedBuckets: [outputs.BucketName] };
    process.pivotRights.give('sales-prod', nothing, NOW, leftOut);
    expect(await process.reconcile()).toMatchObject({ status: 'False', reason: 'QuotaExceeded' });
    expect(process.world.woken).toEqual([]);
    process.pivotRights.give('sales-prod', leftOut, NOW, nothing);
    await process.reconcile();
    expect(process.world.woken).not.toEqual([]);
  });
});

describe('a dataset that LF-Tags open, too', () => {
  it('is ready, and says to whom and that it leaves that as it is', async () => {
    const process = started({});
    process.world.tags.set('level', 'public');
    process.world.tagPolicies = [
      {
        principal: 'arn:aws:iam::111111111111:role/reader',
        resource: {
          kind: 'Other',
          raw: {
            LFTagPolicy: { ResourceType: 'DATABASE', Expression: [{ TagKey: 'level', TagValues: ['public'] }] },
          },
        },
        permissions: ['DESCRIBE'],
        grantable: [],
      },
    ];
    await process.reconcile();
    await process.reconcile();
    process.read();
    expect(await process.reconcile()).toMatchObject({ status: 'True', reason: 'Succeeded' });
    expect(findCondition(process.world.dataset.status.conditions, 'StorageReady')?.status).toBe('True');
    expect(findCondition(process.world.dataset.status.conditions, 'CatalogReady')).toMatchObject({
      status: 'True',
      reason: 'TagAccess',
      message:
        'LF-Tag policies also give access, which data.all does not manage and leaves as it is: arn:aws:iam::111111111111:role/reader DESCRIBE on the database (level=public)',
    });
  });
});

describe('a dataset whose documents somebody changed, in an environment that reports only', () => {
  it('says what differs and that nothing is being done, and of others of the same key or database nothing', async () => {
    const process = started({});
    await process.reconcile();
    process.read();
    expect(await process.reconcile()).toMatchObject({ status: 'True' });
    const { account = '', region = '', bucket = '' } = process.world.dataset.status;
    process.report({ kind: 'bucket-policy', account, region, bucket }, [
      { kind: 'missing', message: 'statement RequiredSecureTransport is missing', grants: [] },
      { kind: 'missing', message: 'theirs', grants: ['elsewhere/request/Bucket/other'] },
    ]);
    const told = { status: 'False', reason: 'Drifted', message: 'statement RequiredSecureTransport is missing' };
    expect(await process.reconcile()).toMatchObject(told);
    const { conditions } = process.world.dataset.status;
    expect(findCondition(conditions, 'StorageReady')).toMatchObject(told);
    expect(findCondition(conditions, 'CatalogReady')).toMatchObject({ status: 'True' });
    expect(findCondition(conditions, 'Reconciling')).toBeUndefined();
  });
});

describe('a dataset that was ready when the process began', () => {
  it('stays so until its documents are read', async () => {
    const status = { ...dataset().status, conditions: [condition('Ready')] };
    const process = started({});
    process.world.dataset = { ...process.world.dataset, status };
    expect(await process.reconcile()).toMatchObject({ status: 'True' });
    expect(process.world.woken).toHaveLength(4);
    process.read();
    expect(await process.reconcile()).toMatchObject({ status: 'True' });
  });

  it('does not where what was ready was another spec of it', async () => {
    const status = { ...dataset().status, conditions: [{ ...condition('Ready'), observedGeneration: 0 }] };
    const process = started({});
    process.world.dataset = { ...process.world.dataset, status };
    expect(await process.reconcile()).toMatchObject({ status: 'False', reason: 'Progressing' });
  });
});

describe('a dataset that is given away', () => {
  it('is ready again once reads have proved what its new owner has and its old one has not', async () => {
    const process = started({});
    await process.reconcile();
    process.read();
    expect(await process.reconcile()).toMatchObject({ status: 'True' });
    expect(process.world.woken).toEqual([]);
    process.world.dataset = { ...process.world.dataset, spec: { ...process.world.dataset.spec, owner: 'others' } };
    expect(await process.reconcile()).toMatchObject({ status: 'False', reason: 'Progressing' });
    const { account = '', region = '', bucket = '', glueDatabase = '', keyArn } = process.world.dataset.status;
    expect(process.world.woken).toEqual(
      documentsOf({ account, region, bucket, glueDatabase, keyArn }).map((document) => ({
        document,
        priority: Priority.revocation,
      })),
    );
    process.read();
    expect(await process.reconcile()).toMatchObject({ status: 'True' });
  });
});

describe('a dataset that is made again under its name', () => {
  it('is ready once its documents were read for it: what was read for the one before it says nothing', async () => {
    const process = started({});
    await process.reconcile();
    process.read();
    expect(await process.reconcile()).toMatchObject({ status: 'True' });
    const { spec, status } = process.world.dataset;
    process.world.dataset = dataset({
      metadata: { uid: 'uid-again' },
      spec,
      status: { ...status, roleArn: undefined, conditions: [] },
    });
    await process.reconcile();
    expect(await process.reconcile()).toMatchObject({ status: 'False', reason: 'Progressing' });
    expect(process.world.woken).toHaveLength(4);
    process.read();
    expect(await process.reconcile()).toMatchObject({ status: 'True' });
  });
});
