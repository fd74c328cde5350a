// Consent must be an act of somebody who may, for this dataset, at that time: people try otherwise, under the real policies and rights.
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { findCondition, type Condition } from '../../operator/kernel/conditions.ts';
import { getIfPresent, isKubeError, type KubeApi } from '../../operator/kernel/client/kube-api.ts';
import type { Kind, ObjectName } from '../../operator/kernel/kind.ts';
import { datasetKind } from '../../operator/resources/dataset.ts';
import { datasetTableKind } from '../../operator/resources/dataset-table.ts';
import { environmentKind } from '../../operator/resources/environment.ts';
import { shareApprovalKind } from '../../operator/resources/share-approval.ts';
import { shareRequestKind } from '../../operator/resources/share-request.ts';
import {
  account,
  approvalOf,
  makeDataset,
  openSharingScene,
  requestOf,
  type SharingScene,
} from '../support/sharing-scene.ts';

const DATASET = { namespace: 'sales-prod', name: 'orders' };
const PATIENTLY = { timeout: 90_000, interval: 50 };
const ITEMS = [{ kind: 'Bucket', name: 'orders-data' }];
const share = (name: string): ObjectName => ({ namespace: 'marketing-prod', name });
const approval = (name: string): ObjectName => ({ namespace: 'sales-prod', name: `marketing-prod.${name}` });

let scene: SharingScene;
beforeAll(async () => {
  scene = await openSharingScene();
  const status = { namespace: { origin: 'Created', uid: 'of-the-namespace' } };
  const name = { name: 'sales-prod' };
  await scene.api.patch(environmentKind, name, { type: 'merge', body: { status } }, { subresource: 'status' });
  await scene.untilCounted(name.name);
});
afterAll(() => scene?.[Symbol.asyncDispose]());

/** Somebody whom the identity provider knows as a member of this group. */
const memberOf = (group: string): KubeApi =>
  scene.api.as({ user: `somebody-of-${group}`, groups: [group, 'system:authenticated'] });

/** What the API server's authorizer says. */
const may = async (group: string, verb: string, resource: string, name?: string): Promise<boolean> => {
  const { namespace } = DATASET;
  const resourceAttributes = { group: 'dataall.io', resource, verb, namespace, ...(name !== undefined && { name }) };
  const { status } = await scene.api.post<{ status: { allowed: boolean } }>(
    '/apis/authorization.k8s.io/v1/subjectaccessreviews',
    {
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SubjectAccessReview',
      spec: { user: 'somebody', groups: [group], resourceAttributes },
    },
  );
  return status.allowed;
};
const mayApprove = async (group: string): Promise<boolean> => await may(group, 'approve', 'datasets', DATASET.name);

const ask = async (name: string): Promise<void> => {
  await scene.api.create(shareRequestKind, requestOf(name, { items: ITEMS }) as never);
};

const approve = async (name: string, approver: string): Promise<void> => {
  const consent = approvalOf(name, scene.roleArn, { items: ITEMS });
  await memberOf(approver).create(shareApprovalKind, { ...consent, spec: { ...consent.spec, approver } } as never);
};

const readyOf = ({ status }: { readonly status: { readonly conditions?: readonly Condition[] | undefined } }) =>
  findCondition(status.conditions, 'Ready');

const untilReadySays = async (name: string, reason: string) =>
  await scene.until(shareRequestKind, share(name), (found) => readyOf(found)?.reason === reason);

/** As the role that every request here is for. */
const read = async (): Promise<string> => {
  const s3 = new S3Client(await scene.assume());
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: 'orders-data', Key: 'raw/a.txt' }));
  return (await Body?.transformToString()) ?? '';
};
const expectNothingRead = async (): Promise<void> => await expect(read()).rejects.toThrow(/not authorized|denied/i);

const edit = async (who: string, spec: object): Promise<void> => {
  await memberOf(who).patch(datasetKind, DATASET, { type: 'merge', body: { spec } });
};

/** Whoever had the dataset before: it is of this group alone now, and its people have their rights. */
const ownedBy = async (owner: string): Promise<void> => {
  await makeDataset(scene.api, account(scene.aws, 'producer'), owner);
  await untilDecides(owner);
  await vi.waitFor(async () => expect(await may(owner, 'update', 'datasets', DATASET.name)).toBe(true), PATIENTLY);
};

const untilDecides = async (group: string): Promise<void> => {
  const rights = async (): Promise<readonly boolean[]> =>
    await Promise.all([
      mayApprove(group),
      may(group, 'create', 'shareapprovals'),
      may(group, 'create', 'datasettables'),
    ]);
  await vi.waitFor(async () => expect(await rights()).toEqual([true, true, true]), PATIENTLY);
};
const untilDecidesNoMore = async (group: string): Promise<void> =>
  await vi.waitFor(async () => expect(await mayApprove(group)).toBe(false), PATIENTLY);

beforeEach(async () => {
  for (const { metadata } of (await scene.api.list(shareRequestKind)).items) {
    await scene.api.delete(shareRequestKind, metadata);
    await scene.gone(shareRequestKind, metadata);
  }
  if ((await getIfPresent(scene.api, datasetKind, DATASET)) !== undefined) {
    await scene.api.delete(datasetKind, DATASET);
    await scene.gone(datasetKind, DATASET);
  }
});

it('an approval that a team planted for a request to come ends with its dataset, and opens nothing of the next team’s dataset of that name', async () => {
  await ownedBy('rivals');
  await approve('planted', 'rivals');
  const { metadata } = await scene.until(
    shareApprovalKind,
    approval('planted'),
    ({ status }) => status.boundTo?.datasetUid !== undefined,
  );
  await memberOf('rivals').delete(datasetKind, DATASET);
  await scene.gone(datasetKind, DATASET);
  await ownedBy('queens');
  await ask('planted');
  await untilReadySays('planted', 'PendingApproval');
  await expectNothingRead();
  const left = await getIfPresent(scene.api, shareApprovalKind, approval('planted'));
  expect(left?.metadata.uid).not.toBe(metadata.uid);
  await expect(approve('planted', 'rivals')).rejects.toThrow(/needs verb approve|cannot create/);
});

it('an approval that waits for a dataset opens one that its approver has no say in to nobody, and says who decides', async () => {
  const planted = approvalOf('early', scene.roleArn, { items: ITEMS });
  // As from Git: by one who may approve for whatever comes to be in the namespace, but acts for one team.
  await scene.api.create(shareApprovalKind, { ...planted, spec: { ...planted.spec, approver: 'rivals' } } as never);
  await ask('early');
  await scene.until(shareApprovalKind, approval('early'), (found) => readyOf(found)?.reason === 'DatasetNotFound');
  await ownedBy('queens');
  const { status } = await untilReadySays('early', 'ApproverNotAllowed');
  expect(findCondition(status.conditions, 'Approved')).toMatchObject({
    status: 'False',
    reason: 'ApproverNotAllowed',
    message: expect.stringMatching(/rivals is neither owner nor steward of Dataset sales-prod\/orders: queens has to/),
  });
  await expectNothingRead();
  await scene.api.delete(shareApprovalKind, approval('early'));
});

it('a steward who was dismissed before a request came has decided nothing; what was bound before stays', async () => {
  await ownedBy('queens');
  await edit('queens', { stewards: ['helpers'] });
  await untilDecides('helpers');
  await approve('now', 'helpers');
  await approve('later', 'helpers');
  await ask('now');
  await untilReadySays('now', 'Granted');
  await expect(read()).resolves.toBe('raw data');
  await scene.until(
    shareApprovalKind,
    approval('later'),
    ({ status }) => status.boundTo?.datasetUid !== undefined && status.boundTo.requestUid === undefined,
  );
  await edit('queens', { stewards: ['queens'] });
  await untilDecidesNoMore('helpers');
  await ask('later');
  const { status } = await untilReadySays('later', 'ApproverNotAllowed');
  expect(findCondition(status.conditions, 'Ready')?.message).toContain('queens has to decide');
  expect(status).toMatchObject({ granted: 0 });
  expect((await scene.api.get(shareRequestKind, share('now'))).status).toMatchObject({ granted: 1 });
  await expect(read()).resolves.toBe('raw data');
  await scene.api.delete(shareRequestKind, share('now'));
  await scene.gone(shareRequestKind, share('now'));
  await expectNothingRead();

  // Whoever decides now takes the decision over.
  const body = { spec: { approver: 'queens', reason: 'We want that too' } };
  const theirs = { spec: { ...body.spec, approver: 'helpers' } };
  const queens = memberOf('queens');
  await expect(queens.patch(shareApprovalKind, approval('later'), { type: 'merge', body: theirs })).rejects.toThrow(
    /you do not act for helpers/,
  );
  await queens.patch(shareApprovalKind, approval('later'), { type: 'merge', body });
  await untilReadySays('later', 'Granted');
  await expect(read()).resolves.toBe('raw data');
  const bound = await scene.api.get(shareApprovalKind, approval('later'));
  expect(bound.status.boundTo).toMatchObject({ approver: 'queens' });
});

it('a team that floods the name of its dataset with tables while it deletes it keeps neither a table nor a right on the next one', async () => {
  await ownedBy('rivals');
  const rivals = memberOf('rivals');
  const plant = async (number: number): Promise<void> => {
    const metadata = { namespace: DATASET.namespace, name: `orders.flood-${number}` };
    const spec = { datasetRef: { name: DATASET.name }, table: `flood_${number}` };
    await rivals.create(datasetTableKind, {
      apiVersion: 'dataall.io/v1alpha1',
      kind: 'DatasetTable',
      metadata,
      spec,
    } as never);
  };
  for (let number = 0; number < 120; number += 1) await plant(number);
  await approve('planted', 'rivals');
  await rivals.delete(datasetKind, DATASET);
  const flood = (async () => {
    for (let number = 120; ; number += 1) await plant(number);
  })();
  const [ended] = await Promise.all([flood.catch((error: unknown) => error), scene.gone(datasetKind, DATASET)]);
  expect(isKubeError(ended, 'Forbidden')).toBe(true);
  // The next owner's dataset is there before anybody could have looked whose rights are left.
  await makeDataset(scene.api, account(scene.aws, 'producer'), 'queens');
  expect(await mayApprove('rivals')).toBe(false);
  await expect(plant(0)).rejects.toThrow();
  for (const kind of [datasetTableKind as Kind, shareApprovalKind as Kind])
    for (const { metadata } of (await scene.api.list(kind, { namespace: DATASET.namespace })).items)
      await scene.gone(kind, metadata);
  await ask('planted');
  await untilReadySays('planted', 'PendingApproval');
  await expectNothingRead();
});
