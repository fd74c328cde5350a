// What a dataset says about decisions, with the operator as its own ServiceAccount: how long shares last, and that it approves by itself.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findCondition } from '../../operator/kernel/conditions.ts';
import { datasetKind, type Dataset } from '../../operator/resources/dataset.ts';
import { shareApprovalKind } from '../../operator/resources/share-approval.ts';
import { shareRequestKind, type ShareRequest } from '../../operator/resources/share-request.ts';
import { approvalOf, openSharingScene, requestOf, type SharingScene } from '../support/sharing-scene.ts';

const DATASET = { namespace: 'sales-prod', name: 'orders' };
const SHARE = { namespace: 'marketing-prod', name: 'orders-for-analysts' };
const APPROVAL = { namespace: 'sales-prod', name: 'marketing-prod.orders-for-analysts' };
const ITEMS = [{ kind: 'Bucket', name: 'orders-data' }];
const DAY_MS = 86_400_000;
const inDays = (days: number): string => new Date(Date.now() + days * DAY_MS).toISOString();

let scene: SharingScene;
beforeAll(async () => {
  scene = await openSharingScene();
});
afterAll(() => scene?.[Symbol.asyncDispose]());

const says = async (sharing: NonNullable<Dataset['spec']['sharing']>): Promise<void> => {
  const operations = [{ op: 'add', path: '/spec/sharing', value: sharing }] as const;
  await scene.api.patch(datasetKind, DATASET, { type: 'json', operations });
};

const ask = async (expiresAt?: string): Promise<string> => {
  const request = requestOf(SHARE.name, { items: ITEMS, expiresAt });
  return (await scene.api.create(shareRequestKind, request as never)).metadata.uid;
};

const approve = async (): Promise<void> => {
  await scene.api.create(shareApprovalKind, approvalOf(SHARE.name, scene.roleArn, { items: ITEMS }) as never);
};

const untilReadySays = async (reason: string) =>
  await scene.until(
    shareRequestKind,
    SHARE,
    ({ status }) => findCondition(status.conditions, 'Ready')?.reason === reason,
  );

const withdraw = async (): Promise<void> => {
  await scene.api.delete(shareRequestKind, SHARE);
  await scene.gone(shareRequestKind, SHARE);
};

describe('a request for what is not there', () => {
  it('tells who asks and who decides, before anybody does', async () => {
    const tables = { count: 1, names: ['orders'], syncedAt: new Date().toISOString() };
    await scene.api.patch(
      datasetKind,
      DATASET,
      { type: 'merge', body: { status: { tables } } },
      { subresource: 'status' },
    );
    const items = [...ITEMS, { kind: 'Table', name: 'no_such_table' }, { kind: 'Folder', name: 'no-such-folder' }];
    const request = requestOf(SHARE.name, { items });
    await scene.api.create(shareRequestKind, request as never);
    const asked = await scene.until(shareRequestKind, SHARE, ({ status }) =>
      ['Table no_such_table', 'Folder no-such-folder'].every((name) =>
        findCondition(status.conditions, 'Ready')?.message.includes(name),
      ),
    );
    expect(findCondition(asked.status.conditions, 'Ready')?.reason).toBe('PendingApproval');
    expect(asked.status.items?.map(({ state, reason }) => [state, reason])).toEqual([
      ['PendingApproval', undefined],
      ['PendingApproval', 'ItemNotFound'],
      ['PendingApproval', 'ItemNotFound'],
    ]);
    await scene.until(datasetKind, DATASET, ({ status }) => {
      const problems = status.requests?.items[0]?.problems ?? [];
      return problems.length === 2 && problems[0]?.startsWith('Table no_such_table') === true;
    });
    await withdraw();
  });
});

describe('a dataset that limits how long shares last', () => {
  it('gives nothing to a share without an end, and all of it to one that ends in time, whatever the limit becomes', async () => {
    await says({ expiration: { setting: 'Monthly', min: 1, max: 3 } });
    await ask();
    await approve();
    const { status } = await untilReadySays('ExpirationNotAllowed');
    expect(status).toMatchObject({ granted: 0 });
    const refused = await scene.until(
      shareApprovalKind,
      APPROVAL,
      (approval) => findCondition(approval.status.conditions, 'Bound')?.reason === 'ExpirationNotAllowed',
    );
    expect(refused.status.boundTo?.requestUid).toBeUndefined();
    expect(findCondition(refused.status.conditions, 'Stalled')?.message).toContain('set spec.expiresAt');

    const expiresAt = inDays(60);
    await scene.api.patch(shareRequestKind, SHARE, { type: 'merge', body: { spec: { expiresAt } } });
    await untilReadySays('Granted');

    // An end that nobody consented to, and a limit that would not allow what is given.
    await scene.api.patch(shareRequestKind, SHARE, { type: 'merge', body: { spec: { expiresAt: inDays(600) } } });
    await says({ expiration: { setting: 'Monthly', min: 1, max: 1 } });
    const kept = await scene.until(shareRequestKind, SHARE, isObserved);
    expect(kept.status).toMatchObject({ phase: 'Granted', expiresAt: expect.stringContaining(expiresAt.slice(0, 19)) });
    const seen = await scene.until(
      datasetKind,
      DATASET,
      ({ status }) => status.requests?.items[0]?.waiting !== undefined,
    );
    expect(seen.status.requests).toMatchObject({
      pending: 1,
      items: [
        {
          state: 'Approved',
          consentedUntil: `${expiresAt.slice(0, 19)}Z`,
          waiting: [expect.stringMatching(/^end 20/)],
        },
      ],
    });
    await withdraw();
    await scene.api.delete(shareApprovalKind, APPROVAL);
    await scene.gone(shareApprovalKind, APPROVAL);
  });
});

describe('a dataset that approves by itself', () => {
  it('approves a request with what is added to it, and again the next one of the same name', async () => {
    await says({ autoApproval: true });
    const more = [...ITEMS, { kind: 'Table', name: 'orders' }];
    for (const _time of ['first', 'second']) {
      const uid = await ask();
      await untilReadySays('Granted');
      await scene.api.patch(shareRequestKind, SHARE, { type: 'merge', body: { spec: { items: more } } });
      await scene.until(shareRequestKind, SHARE, ({ status }) => status.granted === more.length);
      const { spec } = await scene.api.get(shareApprovalKind, APPROVAL);
      expect(spec).toMatchObject({ requestRef: { uid }, items: more });
      await withdraw();
    }
    await scene.gone(shareApprovalKind, APPROVAL);
  });
});

const isObserved = ({ metadata, status }: ShareRequest): boolean => status.observedGeneration === metadata.generation;
