// An upgrade of the CRDs on a real API server: what was stored under the schemas before goes on being served, told about and given.
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readManifests } from '../../hack/control-plane/manifests.ts';
import { kubeConfigCredentials } from '../../operator/kernel/client/credentials.ts';
import { HttpKubeApi } from '../../operator/kernel/client/http-kube-api.ts';
import type { Kind, KubeObject } from '../../operator/kernel/kind.ts';
import { datasetKind } from '../../operator/resources/dataset.ts';
import type { KindDefinition } from '../../operator/resources/kind.ts';
import { datasetTableKind } from '../../operator/resources/dataset-table.ts';
import { shareApprovalKind } from '../../operator/resources/share-approval.ts';
import { shareRequestKind } from '../../operator/resources/share-request.ts';
import { startHarness, type Harness } from '../support/harness.ts';

const NAME = { namespace: 'default', name: 'marketing-prod.orders' };
const crdOf = (plural: string): readonly KubeObject[] =>
  readManifests(join(import.meta.dirname, '..', '..', 'crds', `dataall.io_${plural}.yaml`));

let harness: Harness;
let api: HttpKubeApi;
beforeAll(async () => {
  harness = await startHarness();
  api = new HttpKubeApi({ credentials: kubeConfigCredentials(harness.controlPlane.kubeconfig()) });
});
afterAll(async () => {
  await api?.close();
  await harness?.stop();
});

/** As version 0.1 of the CRD was: nobody had to say which group decides. */
const before = (): readonly KubeObject[] =>
  JSON.parse(JSON.stringify(crdOf('shareapprovals')), (key, value: unknown) =>
    key === 'required' && Array.isArray(value) ? value.filter((field) => field !== 'approver') : value,
  ) as KubeObject[];

const approval = {
  apiVersion: 'dataall.io/v1alpha1',
  kind: 'ShareApproval',
  metadata: NAME,
  spec: {
    datasetRef: { name: 'orders' },
    requestRef: { namespace: 'marketing-prod', name: 'orders' },
    requester: 'marketing',
    principal: { kind: 'Team', name: 'analysts' },
    decision: 'Approved',
    permissions: ['Read'],
    items: [{ kind: 'Table', name: 'orders' }],
  },
} as const;

it('an approval from before approvers were named keeps its status, and is asked for one when it is edited', async () => {
  await harness.apply(before());
  await expect
    .poll(async () => await api.create(shareApprovalKind, approval as never).then(() => 'made', String), {
      timeout: 30_000,
    })
    .toBe('made');
  await harness.apply(crdOf('shareapprovals'));
  // Each time another one: what was taken before the schema was in force changes nothing the second time, and is no edit.
  let times = 0;
  const edit = () => ({ type: 'merge', body: { spec: { reason: `still so, ${(times += 1)}` } } }) as const;
  await expect
    .poll(async () => await api.patch(shareApprovalKind, NAME, edit()).then(() => 'taken', String), { timeout: 30_000 })
    .toMatch(/approver/);
  const status = { type: 'merge', body: { status: { observedGeneration: 1 } } } as const;
  await api.patch(shareApprovalKind, NAME, status, { subresource: 'status' });
  await api.patch(shareApprovalKind, NAME, {
    type: 'merge',
    body: { metadata: { finalizers: ['dataall.io/operator'] } },
  });
  expect(await api.get(shareApprovalKind, NAME)).toMatchObject({ status: { observedGeneration: 1 } });
  const named = { type: 'merge', body: { spec: { reason: 'still so', approver: 'sales' } } } as const;
  await api.patch(shareApprovalKind, NAME, named);
});

const SINCE = /^(Glue folds names|a character changes the order|a character of this is not seen)/;
/** As the CRDs were before names in Glue's catalogue had to be written as Glue does, and text to be read as it is written. */
const beforeNames = (plural: string): readonly KubeObject[] =>
  JSON.parse(JSON.stringify(crdOf(plural)), (key, value: unknown) =>
    key === 'x-kubernetes-validations' && Array.isArray(value)
      ? value.filter((rule) => !SINCE.test((rule as { message?: string }).message ?? ''))
      : value,
  ) as KubeObject[];

const metadata = { namespace: 'default', name: 'with-capitals' };
const items = [{ kind: 'Table', name: 'Orders' }];
/** Shown as `exe.gnp`, or not at all. */
const turned = 'exe.\u202Epng\u2060';
const capitals: readonly (readonly [
  Kind & Pick<KindDefinition, 'spec'>,
  Readonly<Record<string, unknown>>,
  edit: object,
  worse: object,
])[] = [
  [
    datasetKind,
    {
      label: 'Orders',
      description: turned,
      catalogTags: [turned],
      owner: 'sales',
      confidentiality: 'Official',
      s3: {
        origin: 'Import',
        bucket: { name: 'acme-orders' },
        glueDatabase: { name: 'Lake' },
        lakeFormation: 'Enforced',
      },
    },
    { label: 'All orders' },
    { s3: { glueDatabase: { name: 'LAKE' } } },
  ],
  [
    datasetTableKind,
    {
      datasetRef: { name: 'orders' },
      table: 'Orders',
      columns: [{ name: 'id', description: turned }],
      filters: [{ name: 'eu', rows: `region = 'eu' /* ${turned} */` }],
    },
    { description: 'One row an order' },
    { table: 'ORDERS' },
  ],
  [
    shareRequestKind,
    {
      datasetRef: { namespace: 'sales-prod', name: 'orders' },
      requester: 'marketing',
      principal: { kind: 'Team', name: 'analysts' },
      permissions: ['Read'],
      items,
      extension: { reason: turned },
    },
    { purpose: 'Forecast' },
    { items: [...items, { kind: 'Table', name: 'Customers' }] },
  ],
  [
    shareApprovalKind,
    { ...approval.spec, approver: 'sales', requestRef: { namespace: 'marketing-prod', name: 'capitals' }, items },
    { reason: 'looked at' },
    { items: [...items, { kind: 'Table', name: 'Customers' }] },
  ],
];

describe('what was named with capitals before they were refused', () => {
  it.each(capitals.map((one) => [one[0].kind, ...one] as const))(
    'stays editable and removable as a %s, and takes no more of them',
    async (_name, kind, spec, edit, worse) => {
      const name = kind === shareApprovalKind ? { ...metadata, name: 'marketing-prod.capitals' } : metadata;
      const object = { apiVersion: 'dataall.io/v1alpha1', kind: kind.kind, metadata: name, spec } as never;
      const made = async () => await api.create(kind, object).then(() => 'made', String);
      const patched = async (body: object) =>
        await api.patch(kind, name, { type: 'merge', body: { spec: body } }).then(() => 'taken', String);
      await harness.apply(beforeNames(kind.plural));
      await expect.poll(made, { timeout: 30_000 }).toBe('made');
      await harness.apply(crdOf(kind.plural));
      const another = { ...(object as KubeObject), metadata: { ...name, name: `${name.name}2` } } as never;
      const anew = async () => await api.create(kind, another, { dryRun: true }).then(() => 'made', String);
      await expect.poll(anew, { timeout: 30_000 }).toMatch(/Glue folds names/);
      expect(await patched(edit)).toBe('taken');
      expect(await patched(worse)).toMatch(/Glue folds names|immutable|cannot be changed/);
      if ('description' in kind.spec.shape) {
        expect(await anew()).toMatch(/a character changes the order[^]*a character of this is not seen/);
        expect(await patched({ description: `${turned}!` })).toMatch(/spec\.description: .*changes the order/);
      }
      await api.patch(
        kind,
        name,
        { type: 'merge', body: { status: { observedGeneration: 2 } } },
        { subresource: 'status' },
      );
      await api.patch(kind, name, { type: 'merge', body: { metadata: { finalizers: ['dataall.io/operator'] } } });
      await api.patch(kind, name, { type: 'merge', body: { metadata: { finalizers: null } } });
      await api.delete(kind, name);
    },
  );
});
