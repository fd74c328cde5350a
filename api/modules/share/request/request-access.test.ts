// One act asks for everything, or for nothing; before that it says who would be asked and what stands against it.

import { describe, expect, it } from 'vitest';
import { consumptionRoleKind } from '../../../../operator/resources/consumption-role.ts';
import { datasetKind } from '../../../../operator/resources/dataset.ts';
import { shareApprovalKind } from '../../../../operator/resources/share-approval.ts';
import { shareRequestKind } from '../../../../operator/resources/share-request.ts';
import { databaseServer } from '../../../../test/support/database.ts';
import { dataset } from '../../../../test/support/index-scene.ts';
import { ask, asked, orders, raw, shareScene, type Share } from '../testing/share-scene.ts';

const postgres = databaseServer();

const ANSWER = `alreadyExisted alreadyAsked isAutomatic problems { itemUri reason message }
  share { shareUri status deciders requestPurpose permissions expiryDate items(filter: {isShared: true}) { nodes { shareItemUri itemName status dataFilters } } }`;
const request = `mutation ($input: AccessRequestInput!) { requestAccess(input: $input) { ${ANSWER} } }`;
const preview = request.replace(')', ') @dryRun');

const table = { itemUri: orders, itemType: 'Table' };
const folder = { itemUri: raw, itemType: 'StorageLocation' };
const input = {
  datasetUri: 'ordersds',
  environmentUri: 'markprod',
  groupUri: 'marketing',
  principalId: 'analystr',
  principalType: 'ConsumptionRole',
  items: [table, folder],
  purpose: 'to see what sells',
  permissions: ['Read'],
  shareExpirationPeriod: 2,
};

interface Answer {
  readonly alreadyExisted: boolean;
  readonly alreadyAsked: readonly string[];
  readonly isAutomatic: boolean;
  readonly problems: readonly { readonly itemUri: string | null; readonly reason: string; readonly message: string }[];
  readonly share: Share & { readonly deciders: readonly string[] };
}

describe('Asking for access', () => {
  it('is one request that those who decide see at once, with its items, purpose, end and principal', async () => {
    const { mary, sally, zoe, stored, requestOf } = await shareScene(postgres);
    const { share, alreadyExisted } = await ask<Answer>(mary, request, { input });
    expect([share.status, alreadyExisted, share.deciders]).toEqual(['Submitted', false, ['sales', 'stewards']]);
    expect((await stored(shareRequestKind, await requestOf()))?.spec).toMatchObject({
      requester: 'marketing',
      principal: { kind: 'ConsumptionRole', name: 'analysts' },
      draft: false,
      purpose: 'to see what sells',
      permissions: ['Read'],
      items: [
        { kind: 'Table', name: 'orders' },
        { kind: 'Folder', name: 'raw' },
      ],
      expiresAt: expect.stringMatching(/T23:59:59Z$/),
    });
    const inbox = '{ getShareRequestsToMe { nodes { shareUri } } }';
    expect(await ask(sally, inbox)).toEqual({ nodes: [{ shareUri: share.shareUri }] });
    expect(await ask(zoe, inbox)).toEqual({ nodes: [] });
  });

  it('is done once by who sends it twice, and asks for nothing twice', async () => {
    const { mary, api } = await shareScene(postgres);
    const first = await ask<Answer>(mary, request, { input });
    const again = await ask<Answer>(mary, request, { input });
    expect(again).toMatchObject({ alreadyExisted: true, alreadyAsked: [orders, raw] });
    expect(again.share.shareUri).toBe(first.share.shareUri);
    const { items } = await api.list(shareRequestKind);
    expect(items.map(({ metadata }) => metadata.generation)).toEqual([1]);
  });

  it.each([
    ['nothing', { items: [] }, 'RequiredParameter'],
    ['no permission', { permissions: [] }, 'RequiredParameter'],
    ['an item that is not there', { items: [table, { itemUri: 'nowhere0', itemType: 'Table' }] }, 'ResourceNotFound'],
    ['an item as another kind', { items: [{ ...folder, itemType: 'Table' }] }, 'ResourceNotFound'],
    ['a principal that is nobody', { principalId: 'nobodyyy' }, 'ResourceNotFound'],
    ['an end outside of what the dataset allows', { shareExpirationPeriod: 9 }, 'InvalidInput'],
    ['no end where there has to be one', { shareExpirationPeriod: null }, 'InvalidInput'],
  ])('for %s is refused, and nothing is written', async (_, wrong, code) => {
    const { mary, api } = await shareScene(postgres);
    expect(await mary.refused(request, { input: { ...input, ...wrong } })).toMatchObject({ code });
    expect((await api.list(shareRequestKind)).items).toEqual([]);
  });

  it('is refused to who is in no group of the environment', async () => {
    const { zoe, sally, api } = await shareScene(postgres);
    for (const person of [zoe, sally])
      expect(await person.refused(request, { input })).toMatchObject({ code: 'ResourceNotFound' });
    expect((await api.list(shareRequestKind)).items).toEqual([]);
  });

  it('is shown before it is done: who would be asked, that nothing is against it, and nothing is kept', async () => {
    const { mary, api } = await shareScene(postgres);
    expect(await ask(mary, preview, { input })).toMatchObject({
      alreadyExisted: false,
      isAutomatic: false,
      problems: [],
      share: { status: 'Submitted', deciders: ['sales', 'stewards'] },
    });
    expect((await api.list(shareRequestKind)).items).toEqual([]);
  });

  it('adds to the share that there is for the same dataset, group and principal, and leaves what is given', async () => {
    const { mary, sally, stored, requestOf, granted } = await shareScene(postgres);
    const first = await ask<Answer>(mary, request, { input: { ...input, items: [table] } });
    const share = first.share.shareUri;
    await ask(sally, asked('approveShareObject'), { share });
    await granted();
    const before = await ask<Answer>(mary, preview, { input });
    expect(before).toMatchObject({ alreadyExisted: true, alreadyAsked: [orders], share: { shareUri: share } });
    const { share: after } = await ask<Answer>(mary, request, { input: { ...input, purpose: 'and the raw files' } });
    expect(after).toMatchObject({ shareUri: share, status: 'Submitted', requestPurpose: 'and the raw files' });
    expect(after.items.nodes).toMatchObject([
      { itemName: 'orders', status: 'Share_Succeeded' },
      { itemName: 'raw', status: 'PendingApproval' },
    ]);
    expect((await stored(shareRequestKind, await requestOf()))?.spec.draftItems).toBeUndefined();
  });

  it('asks again for what was rejected, and by that only', async () => {
    const { mary, sally } = await shareScene(postgres);
    const { share } = await ask<Answer>(mary, request, { input });
    await ask(sally, asked('rejectShareObject', ', rejectPurpose: "no"'), { share: share.shareUri });
    const again = await ask<Answer>(mary, request, { input: { ...input, items: [folder], purpose: 'the files only' } });
    expect(again.alreadyAsked).toEqual([]);
    const { nodes } = again.share.items;
    expect(nodes.find(({ itemName }) => itemName === 'raw')).toMatchObject({ status: 'Share_Rejected' });
  });

  it('keeps the filters that somebody names, and says of those that nobody has defined', async () => {
    const { mary } = await shareScene(postgres);
    const filtered = { ...input, items: [{ ...table, filters: ['eu_only'] }] };
    const { share, problems } = await ask<Answer>(mary, request, { input: filtered });
    expect(share.items.nodes).toMatchObject([{ itemName: 'orders', dataFilters: ['eu_only'] }]);
    expect(problems.filter(({ itemUri }) => itemUri !== null)).toMatchObject([
      { itemUri: orders, reason: 'FilterNotFound', message: expect.stringContaining('eu_only') as string },
    ]);
  });

  it('says that its principal is taken by somebody else, as the operator will', async () => {
    const { mary, put } = await shareScene(postgres);
    const conditions = [
      { type: 'Ready', status: 'False', reason: 'PrincipalTaken', message: 'the role is of another' },
    ];
    const role = { label: 'Other', owner: 'marketing', principalArn: 'arn:aws:iam::333333333333:role/other', policyManagement: 'Fully' }; // prettier-ignore
    await put(consumptionRoleKind, { namespace: 'marketing-prod', name: 'other' }, role, {
      id: 'otherrol',
      conditions,
    });
    const { problems } = await ask<Answer>(mary, preview, { input: { ...input, principalId: 'otherrol' } });
    expect(problems).toMatchObject([{ itemUri: null, reason: 'PrincipalTaken', message: 'the role is of another' }]);
  });

  it('says what the owner decides beforehand: reading, and no more', async () => {
    const { mary, put } = await shareScene(postgres);
    const spec = { ...dataset('sales'), sharing: { autoApproval: true }, confidentiality: 'Unclassified' };
    const status = {
      id: 'openlake',
      bucket: 'acme-open',
      account: '222222222222',
      region: 'eu-west-1',
      glueDatabase: 'open',
    };
    await put(datasetKind, { namespace: 'sales-prod', name: 'open' }, spec, status);
    const { itemUri } = (
      await ask<{ shareableItems: { itemUri: string }[] }>(
        mary,
        '{ getDataset(datasetUri: "openlake") { shareableItems { itemUri } } }',
      )
    ).shareableItems[0] ?? { itemUri: '' };
    const open = { ...input, datasetUri: 'openlake', items: [{ itemUri, itemType: 'S3Bucket' }] };
    expect(await ask(mary, preview, { input: open })).toMatchObject({ isAutomatic: true });
    const writing = await ask<Answer>(mary, preview, { input: { ...open, permissions: ['Read', 'Write'] } });
    expect(writing.isAutomatic).toBe(false);
    expect(writing.problems).toMatchObject([{ reason: 'PermissionNotAllowed' }]);
  });

  it('begins with datasets that everybody may find, those that are there, in the order in which they are wanted', async () => {
    const { zoe, put } = await shareScene(postgres);
    await put(datasetKind, { namespace: 'sales-prod', name: 'open' }, dataset('sales'), { id: 'openlake' });
    const list = `query ($uris: [String!]!) { listDatasetsToRequest(datasetUris: $uris) { datasetUri shareableItems { itemUri } } }`;
    const uris = ['openlake', 'nowhere0', 'ordersds', 'openlake'];
    expect(await ask(zoe, list, { uris })).toMatchObject([
      { datasetUri: 'openlake' },
      { datasetUri: 'ordersds', shareableItems: [{}, { itemUri: raw }, { itemUri: orders }] },
    ]);
    const many = Array.from({ length: 20 }, (_, at) => `nowhere${at}`);
    expect(await ask(zoe, list, { uris: [...many, 'ordersds'] })).toEqual([]);
  });

  it('leaves no decision of its own behind', async () => {
    const { mary, api } = await shareScene(postgres);
    await ask<Answer>(mary, request, { input });
    expect((await api.list(shareApprovalKind)).items).toEqual([]);
  });
});
