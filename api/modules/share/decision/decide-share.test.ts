// Who decides says all of it in one act: what is given, by which filters, what is not, and why.

import { describe, expect, it } from 'vitest';
import { shareApprovalKind } from '../../../../operator/resources/share-approval.ts';
import { shareRequestKind } from '../../../../operator/resources/share-request.ts';
import { databaseServer } from '../../../../test/support/database.ts';
import { ask, orders, raw, shareScene, type Share } from '../testing/share-scene.ts';

const postgres = databaseServer();

const request = `mutation ($input: AccessRequestInput!) { requestAccess(input: $input) { share { shareUri
  items(filter: {isShared: true}) { nodes { shareItemUri itemName status } } } } }`;
const decide = `mutation ($input: ShareDecisionInput!) { decideShare(input: $input) { shareUri status rejectPurpose
  timeline { step message } items(filter: {isShared: true}) { nodes { itemName status healthMessage dataFilters } } } }`;
const input = {
  datasetUri: 'ordersds',
  environmentUri: 'markprod',
  groupUri: 'marketing',
  principalId: 'analystr',
  principalType: 'ConsumptionRole',
  items: [
    { itemUri: orders, itemType: 'Table' },
    { itemUri: raw, itemType: 'StorageLocation' },
  ],
  permissions: ['Read'],
  shareExpirationPeriod: 2,
};

async function askedFor(items: readonly object[] = input.items) {
  const scene = await shareScene(postgres);
  const { share } = await ask<{ share: Share }>(scene.mary, request, { input: { ...input, items } });
  const uriOf = (name: string): string =>
    share.items.nodes.find(({ itemName }) => itemName === name)?.shareItemUri ?? '';
  const decision = async () => {
    const { namespace, name } = await scene.requestOf();
    return (await scene.stored(shareApprovalKind, { namespace: 'sales-prod', name: `${namespace}.${name}` }))?.spec;
  };
  /** As the operator does once it has seen the decision. */
  const bound = async (): Promise<void> => {
    const name = await scene.requestOf();
    const of = await scene.stored(shareRequestKind, name);
    const { uid: requestUid = '', generation: requestGeneration = 1 } = of?.metadata ?? {};
    const boundTo = { datasetUid: 'd', requestUid, requestGeneration, expiresAt: of?.spec.expiresAt };
    const metadata = { namespace: 'sales-prod', name: `${name.namespace}.${name.name}` };
    const approval = { apiVersion: 'dataall.io/v1alpha1', kind: 'ShareApproval', metadata, status: { boundTo } };
    const settings = { fieldManager: 'operator', force: true, subresource: 'status' } as const;
    await scene.api.apply(shareApprovalKind, approval, settings);
    await scene.indexed();
  };
  return { ...scene, bound, share: share.shareUri, table: uriOf('orders'), folder: uriOf('raw'), decision };
}

describe('A decision', () => {
  it('gives all that waits, with a note that the other side sees', async () => {
    const { mary, sally, share, decision } = await askedFor();
    const answer = await ask(sally, decide, { input: { shareUri: share, verdict: 'Approve', note: 'Europe only' } });
    expect(answer).toMatchObject({ status: 'Approved' });
    expect(await decision()).toMatchObject({
      approver: 'sales',
      decision: 'Approved',
      reason: 'Europe only',
      items: [
        { kind: 'Table', name: 'orders' },
        { kind: 'Folder', name: 'raw' },
      ],
    });
    const seen = `query ($share: String!) { getShareObject(shareUri: $share) { timeline { step message } } }`;
    expect(await ask(mary, seen, { share })).toMatchObject({
      timeline: expect.arrayContaining([{ step: 'Approved', message: 'Europe only' }]) as unknown,
    });
  });

  it('gives some of it, by filters, and refuses the rest with the note', async () => {
    const { sally, share, table, decision } = await askedFor();
    const items = [{ shareItemUri: table, filters: ['eu_only'] }];
    const narrowed = { shareUri: share, verdict: 'Approve', items, note: 'No raw files' };
    expect(await ask(sally, decide, { input: narrowed })).toMatchObject({
      items: {
        nodes: [
          { itemName: 'orders', status: 'Share_Approved' },
          { itemName: 'raw', status: 'Share_Rejected', healthMessage: 'No raw files' },
        ],
      },
    });
    expect(await decision()).toMatchObject({
      items: [{ kind: 'Table', name: 'orders', filters: ['eu_only'] }],
      rejected: [{ kind: 'Folder', name: 'raw', reason: 'No raw files' }],
    });
  });

  it('refuses all of it, with the note', async () => {
    const { sally, share, decision } = await askedFor();
    const answer = await ask(sally, decide, { input: { shareUri: share, verdict: 'Reject', note: 'Ask for less' } });
    expect(answer).toMatchObject({ status: 'Rejected', rejectPurpose: 'Ask for less' });
    expect(await decision()).toMatchObject({ decision: 'Rejected', reason: 'Ask for less' });
    const again = { shareUri: share, verdict: 'Reject' };
    expect(await sally.refused(decide, { input: again })).toMatchObject({ code: 'ShareItemsFound' });
  });

  it('is refused for what does not wait, for nothing, and for filters that nobody asked for', async () => {
    const { sally, share, table, decision } = await askedFor([
      { itemUri: orders, itemType: 'Table', filters: ['eu_only'] },
    ]);
    const approve = (items: readonly object[]) => ({ input: { shareUri: share, verdict: 'Approve', items } });
    expect(await sally.refused(decide, approve([]))).toMatchObject({ code: 'RequiredParameter' });
    expect(await sally.refused(decide, approve([{ shareItemUri: 'nowhere0' }]))).toMatchObject({
      code: 'ResourceNotFound',
    });
    expect(await sally.refused(decide, approve([{ shareItemUri: table, filters: ['us_only'] }]))).toMatchObject({
      code: 'InvalidInput',
    });
    expect(await decision()).toBeUndefined();
  });

  it('is about what was seen, and refused where the requester made another of it meanwhile', async () => {
    const { mary, sally, share, decision, put, requestOf, stored } = await askedFor();
    const look = `query ($share: String!) { getShareObject(shareUri: $share) { asked } }`;
    const askedNow = async () => (await ask<{ asked: string }>(sally, look, { share })).asked;
    const seen = await askedNow();
    const name = await requestOf();
    const { spec } = (await stored(shareRequestKind, name)) ?? {};
    // By kubectl, while the approver reads.
    await put(shareRequestKind, name, { ...spec, permissions: ['Read', 'Write'] });
    const approve = (asked: string) => ({ input: { shareUri: share, verdict: 'Approve', asked } });
    expect(await sally.refused(decide, approve(seen))).toEqual({
      code: 'Conflict',
      message: expect.stringContaining('was edited since you looked at it') as string,
    });
    expect(await decision()).toBeUndefined();

    // What a mutation answers is as it is asked for next.
    const purpose = `mutation ($share: String!) { submitShareExtension(shareUri: $share, expiration: 3) { asked } }`;
    const told = await ask<{ asked: string }>(mary, purpose, { share });
    expect(told).toEqual({ asked: await askedNow() });
    await ask(sally, decide, approve(told.asked));
    expect(await decision()).toMatchObject({ decision: 'Approved', permissions: ['Read', 'Write'] });
  });

  it('answers the wish for a later end as well', async () => {
    const { mary, sally, share, granted, bound, decision } = await askedFor([{ itemUri: orders, itemType: 'Table' }]);
    await ask(sally, decide, { input: { shareUri: share, verdict: 'Approve' } });
    await granted();
    await bound();
    const extend = `mutation ($share: String!) { submitShareExtension(shareUri: $share, expiration: 4, extensionReason: "it goes on") { status } }`;
    expect(await ask(mary, extend, { share })).toEqual({ status: 'Submitted_For_Extension' });
    await ask(sally, decide, { input: { shareUri: share, verdict: 'Reject', note: 'In autumn' } });
    expect(await decision()).toMatchObject({
      decision: 'Approved',
      items: [{ kind: 'Table', name: 'orders' }],
      extension: { decision: 'Rejected', reason: 'In autumn' },
    });
  });

  it('is made by owners and stewards, and by nobody else', async () => {
    const { mary, zoe, stu, share, decision } = await askedFor();
    const approve = { input: { shareUri: share, verdict: 'Approve' } };
    expect(await mary.refused(decide, approve)).toMatchObject({ code: 'UnauthorizedOperation' });
    expect(await zoe.refused(decide, approve)).toMatchObject({ code: 'ResourceNotFound' });
    expect(await decision()).toBeUndefined();
    expect(await ask(stu, decide, approve)).toMatchObject({ status: 'Approved' });
    expect(await decision()).toMatchObject({ approver: 'stewards' });
  });
});
