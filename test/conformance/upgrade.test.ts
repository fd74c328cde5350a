// An upgrade of the CRDs on a real API server: what was stored under the schemas before goes on being served, told about and given.
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readManifests } from '../../hack/control-plane/manifests.ts';
import { kubeConfigCredentials } from '../../operator/kernel/credentials.ts';
import { HttpKubeApi } from '../../operator/kernel/http-kube-api.ts';
import type { KubeObject } from '../../operator/kernel/kind.ts';
import { shareApprovalKind } from '../../operator/resources/share-approval.ts';
import { startHarness, type Harness } from '../harness/harness.ts';

const NAME = { namespace: 'default', name: 'marketing-prod.orders' };
const CRD = join(import.meta.dirname, '..', '..', 'crds', 'dataall.io_shareapprovals.yaml');

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
  JSON.parse(JSON.stringify(readManifests(CRD)), (key, value: unknown) =>
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
  await harness.apply(readManifests(CRD));
  const edit = { type: 'merge', body: { spec: { reason: 'still so' } } } as const;
  await expect
    .poll(async () => await api.patch(shareApprovalKind, NAME, edit).then(() => 'taken', String), { timeout: 30_000 })
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
