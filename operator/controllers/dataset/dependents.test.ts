// What ends with its dataset: rights first, then approvals and tables, then the dataset.
import { describe, expect, it } from 'vitest';
import { shareApproval } from '../../access/testing/fixtures.ts';
import type { Kind, KubeObject } from '../../kernel/kind.ts';
import { labels, MANAGED_BY } from '../../resources/annotations.ts';
import { datasetKind } from '../../resources/dataset.ts';
import { datasetTableKind, type DatasetTable } from '../../resources/dataset-table.ts';
import { apiVersion } from '../../resources/kind.ts';
import { shareApprovalKind } from '../../resources/share-approval.ts';
import { defineDatasetTableController } from './dataset-table.ts';
import { defineDatasetController } from './dataset.ts';
import { rbacKinds } from '../../kernel/rbac-kinds.ts';
import { defineApprovalController } from '../share/share-approval.ts';
import { ControllerTestEnv } from '../testing/controller-test-env.ts';

const NAMESPACE = 'sales-prod';
const DATASET = { namespace: NAMESPACE, name: 'orders' };
const spec = { label: 'Orders', owner: 'sales', s3: { origin: 'Create' }, confidentiality: 'Official' };
const BINDING = { namespace: NAMESPACE, name: 'dataall:dataset:orders:approver' };

const create = async <T extends KubeObject>(stage: ControllerTestEnv, kind: Kind<T>, object: object): Promise<void> => {
  await stage.api.create(kind, { apiVersion, kind: kind.kind, ...object } as unknown as T);
};
const makeTable = async (
  stage: ControllerTestEnv,
  name: string,
  dataset: string,
  datasetUid?: string,
): Promise<void> => {
  const metadata = { namespace: NAMESPACE, name };
  await create(stage, datasetTableKind, {
    metadata,
    spec: { datasetRef: { name: dataset }, table: name },
  });
  if (datasetUid === undefined) return;
  await stage.api.patch(
    datasetTableKind,
    metadata,
    { type: 'merge', body: { status: { datasetUid } } },
    { subresource: 'status' },
  );
};
const makeApproval = async (stage: ControllerTestEnv, request: string, dataset: string): Promise<void> => {
  const metadata = { namespace: NAMESPACE, name: `marketing-prod.${request}` };
  await create(stage, shareApprovalKind, {
    metadata,
    spec: {
      ...shareApproval().spec,
      datasetRef: { name: dataset },
      requestRef: { namespace: 'marketing-prod', name: request },
    },
  });
};
const names = async (stage: ControllerTestEnv): Promise<readonly string[]> => {
  const tables = await stage.api.list(datasetTableKind);
  const approvals = await stage.api.list(shareApprovalKind);
  return [...tables.items, ...approvals.items].map(({ metadata }) => metadata.name).toSorted();
};

describe('a dataset that is deleted', () => {
  it('stays until nobody has a right on it, and takes its approvals and tables along, and none of another', async () => {
    await using stage = new ControllerTestEnv(defineDatasetController);
    await stage.make(datasetKind, DATASET, spec);
    const metadata = { ...BINDING, labels: { [labels.managedBy]: MANAGED_BY } };
    await create(stage, rbacKinds.RoleBinding, { metadata });
    for (let number = 0; number < 150; number += 1) await makeTable(stage, `table-${number}`, 'orders');
    await makeTable(stage, 'of-another', 'others');
    await makeApproval(stage, 'one', 'orders');
    await makeApproval(stage, 'other', 'others');
    await stage.api.delete(datasetKind, DATASET);
    await stage.until(datasetKind, DATASET, (dataset) =>
      JSON.stringify(dataset?.status).includes('takes the rights on it from people'),
    );
    await stage.clock.advance(10_000);
    expect(await names(stage)).toHaveLength(153);
    await stage.api.delete(rbacKinds.RoleBinding, BINDING);
    await stage.until(datasetKind, DATASET, (dataset) => dataset === undefined);
    expect(await names(stage)).toEqual(['marketing-prod.other', 'of-another']);
  });
});

it('a second description of one table counts for nothing, and is told so', async () => {
  await using stage = new ControllerTestEnv(defineDatasetTableController);
  await stage.make(datasetKind, DATASET, spec);
  for (const name of ['orders.first', 'orders.second']) {
    await create(stage, datasetTableKind, {
      metadata: { namespace: NAMESPACE, name },
      spec: { datasetRef: { name: 'orders' }, table: 'customers' },
    });
    await stage.clock.advance(1_000);
  }
  const reasonIs = (reason: string) => (table?: DatasetTable) =>
    table?.status.conditions?.some((condition) => condition.type === 'Ready' && condition.reason === reason) === true;
  await stage.until(datasetTableKind, { namespace: NAMESPACE, name: 'orders.second' }, reasonIs('TableTaken'));
});

describe('what was given for a dataset that is no more', () => {
  it('is deleted, and what waits for its dataset is not', async () => {
    await using stage = new ControllerTestEnv(defineDatasetTableController, defineApprovalController);
    await makeTable(stage, 'late', 'orders', 'uid-of-the-former');
    await makeApproval(stage, 'early', 'orders');
    await stage.clock.advance(5_000);
    expect(await names(stage)).toEqual(['marketing-prod.early']);
    await stage.make(datasetKind, DATASET, spec);
    const seen = (object: { status: object } | undefined, uid: string) => JSON.stringify(object?.status).includes(uid);
    const uid = (await stage.api.get(datasetKind, DATASET)).metadata.uid;
    const table = { namespace: NAMESPACE, name: 'table' };
    await makeTable(stage, table.name, 'orders');
    const approval = { namespace: NAMESPACE, name: 'marketing-prod.early' };
    await stage.until(datasetTableKind, table, (one) => seen(one, uid));
    await stage.until(shareApprovalKind, approval, (one) => seen(one, uid));
    await stage.api.patch(datasetKind, DATASET, { type: 'merge', body: { metadata: { finalizers: null } } });
    await stage.api.delete(datasetKind, DATASET);
    await stage.until(datasetTableKind, table, (one) => one === undefined);
    await stage.until(shareApprovalKind, approval, (one) => one === undefined);
  });

  it('and was written where the operator saw no dataset counts for none that comes, before a table of its owner or after', async () => {
    await using stage = new ControllerTestEnv(defineDatasetTableController);
    await makeTable(stage, 'planted', 'orders');
    await stage.clock.advance(5_000);
    await stage.make(datasetKind, DATASET, spec);
    await makeTable(stage, 'own', 'orders');
    const said = (name: string, words: string) =>
      stage.until(datasetTableKind, { namespace: NAMESPACE, name }, (one) => JSON.stringify(one).includes(words));
    await said('planted', 'it is older than Dataset orders, and so was not made for it');
    await said('own', '"datasetUid"');
    const { namespace, name } = DATASET;
    const counting = () => stage.platform.specs.datasetTables(namespace, name).map(({ metadata }) => metadata.name);
    expect(counting()).toEqual(['own']);
    expect(JSON.stringify(await stage.api.get(datasetTableKind, { namespace, name: 'planted' }))).not.toContain('Uid');
    await stage.clock.advance(60_000);
    expect(counting()).toEqual(['own']);
  });
});
