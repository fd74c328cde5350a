// Shares through GraphQL: what is answered, what is written as ShareRequest and ShareApproval, who is refused.

import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { shareApprovalKind } from '../../../operator/resources/share-approval.ts';
import { shareRequestKind } from '../../../operator/resources/share-request.ts';
import { forbidden, operatorStandIn } from '../../operator-actions/testing/operator-stand-in.ts';
import type { Database } from '../../read-model/database.ts';
import { databaseServer } from '../../../test/support/database.ts';
import { peopleOf } from '../../../test/support/gateway-scene.ts';
import { rbacKubeApi } from '../../../test/support/rbac-kube-api.ts';
import { ask, asked, create, done, input, orders, raw, SHARE, shareScene, type Item, type Share } from './testing/share-scene.ts'; // prettier-ignore

const postgres = databaseServer();
const scene = (parts: Parameters<typeof shareScene>[1] = {}) => shareScene(postgres, parts);

/** Newer shares beside the one that there is. */
async function copies(database: Database, count: number, state: string): Promise<void> {
  const { rows } = await sql<{ name: string }>`
    select column_name as name from information_schema.columns
    where table_name = 'share_request' and column_name not in ('uid', 'uri', 'name', 'created', 'state')`.execute(
    database,
  );
  const others = sql.join(rows.map(({ name }) => sql.ref(name)));
  await sql`
    insert into share_request (uid, uri, name, created, state, ${others})
    select 'u' || n, 'u' || n, 'n' || n, created + n * interval '1 second', ${state}, ${others}
    from share_request, generate_series(1, ${count}::int) as n`.execute(database);
}

describe('A share', () => {
  it('is asked for once: a draft that nobody else sees, the same for who asks again', async () => {
    const { mary, sally, zoe, stored, requestOf } = await scene();
    const first = await ask<Share & { alreadyExisted: boolean }>(mary, create, { input });
    const again = await ask<Share & { alreadyExisted: boolean }>(mary, create, { input, item: orders });
    expect([first.alreadyExisted, again.alreadyExisted, again.shareUri]).toEqual([false, true, first.shareUri]);
    expect(again).toMatchObject({
      status: 'Draft',
      userRoleForShareObject: 'Requesters',
      items: { nodes: [{ itemName: 'orders', status: 'PendingApproval' }] },
    });
    expect((await stored(shareRequestKind, await requestOf()))?.spec).toMatchObject({
      datasetRef: { namespace: 'sales-prod', name: 'orders' },
      requester: 'marketing',
      principal: { kind: 'ConsumptionRole', name: 'analysts' },
      draft: true,
      purpose: 'to see what sells',
      items: [{ kind: 'Table', name: 'orders' }],
      expiresAt: expect.stringMatching(/T23:59:59Z$/),
    });
    const see = `query ($share: String!) { getShareObject(shareUri: $share) { status } }`;
    for (const person of [sally, zoe])
      expect(await person.refused(see, { share: first.shareUri })).toMatchObject({ code: 'ResourceNotFound' });
  });

  it.each([
    ['no permission', { permissions: [] }, 'RequiredParameter'],
    ['a principal that is nobody', { principalId: 'nobodyyy' }, 'ResourceNotFound'],
    ['a principal of no kind', { principalType: 'Person' }, 'InvalidInput'],
    ['an environment that is not there', { environmentUri: 'nowherrr' }, 'ResourceNotFound'],
    ['an end outside of what the dataset allows', { shareExpirationPeriod: 9 }, 'InvalidInput'],
  ])('is refused with %s, and nothing is written', async (_, wrong, code) => {
    const { mary, api } = await scene();
    expect(await mary.refused(create, { input: { ...input, ...wrong } })).toMatchObject({ code });
    expect((await api.list(shareRequestKind)).items).toEqual([]);
  });

  it('may be asked for by who may ask from that environment, and by nobody else', async () => {
    const { zoe, stu, ann } = await scene();
    for (const person of [zoe, stu])
      expect(await person.refused(create, { input })).toMatchObject({ code: 'ResourceNotFound' });
    const own = { ...input, groupUri: 'analysts', principalType: 'Group', principalId: 'analysts' };
    expect(await ask(ann, create, { input: own })).toMatchObject({ status: 'Draft' });
  });

  it('is decided by the owner or a steward, in the name of their group, and by nobody else', async () => {
    const { mary, zoe, stu, submitted, stored, requestOf } = await scene();
    const share = await submitted();
    const approve = asked('approveShareObject');
    expect(await mary.refused(approve, { share })).toMatchObject({ code: 'UnauthorizedOperation' });
    expect(await zoe.refused(approve, { share })).toMatchObject({ code: 'ResourceNotFound' });
    expect(await ask(stu, approve, { share })).toMatchObject({
      status: 'Approved',
      userRoleForShareObject: 'Approvers',
    });
    const { namespace, name } = await requestOf();
    expect(
      (await stored(shareApprovalKind, { namespace: 'sales-prod', name: `${namespace}.${name}` }))?.spec,
    ).toMatchObject({
      approver: 'stewards',
      requester: 'marketing',
      decision: 'Approved',
      items: [{ kind: 'Table', name: 'orders' }],
      requestRef: { namespace, name },
    });
    expect(await stu.refused(approve, { share })).toMatchObject({ code: 'ShareItemsFound' });
  });

  it('is refused with a reason, which can be corrected, and asked for again', async () => {
    const { mary, sally, zoe, submitted } = await scene();
    const share = await submitted();
    expect(await zoe.refused(asked('rejectShareObject'), { share })).toMatchObject({ code: 'ResourceNotFound' });
    expect(await ask(sally, asked('rejectShareObject', ', rejectPurpose: "no"'), { share })).toMatchObject({
      status: 'Rejected',
      rejectPurpose: 'no',
      items: { nodes: [{ status: 'Share_Rejected' }] },
    });
    expect(await mary.refused(done('updateShareRejectReason', ', rejectPurpose: "x"'), { share })).toMatchObject({
      code: 'UnauthorizedOperation',
    });
    expect(await ask(sally, done('updateShareRejectReason', ', rejectPurpose: "not yet"'), { share })).toBe(true);
    expect(await ask(mary, done('updateShareRequestReason', ', requestPurpose: "please"'), { share })).toBe(true);
    expect(await zoe.refused(done('updateShareRequestReason', ', requestPurpose: "mine"'), { share })).toMatchObject({
      code: 'ResourceNotFound',
    });
    expect(await ask(mary, asked('submitShareObject'), { share })).toMatchObject({
      requestPurpose: 'please',
      rejectPurpose: 'not yet',
    });
  });

  it('takes items in and out while they are not shared, and filters before they are', async () => {
    const { mary, sally, submitted } = await scene();
    const share = await submitted();
    const add = `mutation ($share: String!, $item: String!, $type: ShareableType!) {
      addSharedItem(shareUri: $share, input: {itemUri: $item, itemType: $type}) { shareItemUri itemName status } }`;
    const folder = await ask<Item>(mary, add, { share, item: raw, type: 'StorageLocation' });
    expect(folder).toMatchObject({ itemName: 'raw', status: 'PendingApproval' });
    expect(await mary.refused(add, { share, item: raw, type: 'Table' })).toMatchObject({ code: 'ResourceNotFound' });
    expect(await sally.refused(add, { share, item: raw, type: 'StorageLocation' })).toMatchObject({
      code: 'UnauthorizedOperation',
    });
    const remove = `mutation ($item: String!) { removeSharedItem(shareItemUri: $item) }`;
    expect(await sally.refused(remove, { item: folder.shareItemUri })).toMatchObject({ code: 'UnauthorizedOperation' });
    expect(await ask(mary, remove, { item: folder.shareItemUri })).toBe(true);

    const { items } = await ask<Share>(
      mary,
      `query ($share: String!) { getShareObject(shareUri: $share) { ${SHARE} } }`,
      { share },
    );
    const [table] = items.nodes;
    const filter = `mutation ($input: ModifyFiltersTableShareItemInput!) { updateShareItemFilters(input: $input) }`;
    const filters = { input: { shareItemUri: table?.shareItemUri, label: 'eu', filterNames: ['eu_only'] } };
    expect(await mary.refused(filter, filters)).toMatchObject({ code: 'UnauthorizedOperation' });
    expect(await ask(sally, filter, filters)).toBe(true);
    const attached = `query ($uri: String!) { getShareItemDataFilters(attachedDataFilterUri: $uri) { label dataFilterNames } }`;
    const uri = `filters-${table?.shareItemUri}`;
    expect(await ask(mary, attached, { uri })).toEqual({ label: 'eu_only', dataFilterNames: ['eu_only'] });
    const unfilter = `mutation ($uri: String!) { removeShareItemFilter(attachedDataFilterUri: $uri) }`;
    expect(await mary.refused(unfilter, { uri })).toMatchObject({ code: 'UnauthorizedOperation' });
    expect(await ask(sally, unfilter, { uri })).toBe(true);
    expect(await ask(mary, attached, { uri })).toBeNull();
  });

  it('is ended by either side, item by item, and deleted once nothing of it is shared', async () => {
    const { mary, sally, zoe, submitted, granted, stored, requestOf } = await scene();
    const share = await submitted();
    await ask(sally, asked('approveShareObject'), { share });
    await granted();
    const { items } = await ask<Share>(
      mary,
      `query ($share: String!) { getShareObject(shareUri: $share) { ${SHARE} } }`,
      { share },
    );
    expect(items.nodes).toMatchObject([{ itemName: 'orders', status: 'Share_Succeeded' }]);
    const revoke = `mutation ($input: ShareItemSelectorInput) { revokeItemsShareObject(input: $input) { ${SHARE} } }`;
    const selected = { input: { shareUri: share, itemUris: items.nodes.map(({ shareItemUri }) => shareItemUri) } };
    expect(await zoe.refused(revoke, selected)).toMatchObject({ code: 'ResourceNotFound' });
    expect(await mary.refused(done('deleteShareObject'), { share })).toMatchObject({ code: 'ShareItemsFound' });
    expect(await ask(sally, revoke, selected)).toMatchObject({
      status: 'Revoked',
      items: { nodes: [{ status: 'Revoke_Approved' }] },
    });
    await granted('Revoked');
    expect(await zoe.refused(done('deleteShareObject'), { share })).toMatchObject({ code: 'ResourceNotFound' });
    expect(await ask(mary, done('deleteShareObject'), { share })).toBe(true);
    expect(await stored(shareRequestKind, await requestOf())).toBeUndefined();
  });

  it('that nothing of is shared is deleted by its requester, and by who decides put away: it asks nobody, and stays the requester’s', async () => {
    const { mary, sally, submitted, granted, stored, requestOf } = await scene();
    const share = await submitted();
    await ask(sally, asked('approveShareObject'), { share });
    await granted();
    expect(await sally.refused(done('deleteShareObject'), { share })).toMatchObject({ code: 'ShareItemsFound' });
    const { namespace, name } = await requestOf();
    const decision = { namespace: 'sales-prod', name: `${namespace}.${name}` };
    expect(await ask(sally, done('deleteShareObject', ', forceDelete: true'), { share })).toBe(true);
    expect((await stored(shareApprovalKind, decision))?.spec).toMatchObject({ decision: 'Rejected' });
    await granted('Rejected');
    const look = `query ($share: String!) { getShareObject(shareUri: $share) { status rejectPurpose } }`;
    expect(await ask(mary, look, { share })).toEqual({
      status: 'Rejected',
      rejectPurpose: 'deleted by who decides about the dataset',
    });
    await ask(sally, done('updateShareRejectReason', ', rejectPurpose: "of no use"'), { share });
    expect(await ask(sally, done('deleteShareObject'), { share })).toBe(true);
    expect((await stored(shareApprovalKind, decision))?.spec).toMatchObject({ reason: 'of no use' });
    expect(await ask(mary, done('deleteShareObject'), { share })).toBe(true);
    expect(await stored(shareRequestKind, { namespace, name })).toBeUndefined();
  });

  it('is given back by its requester', async () => {
    const { mary, sally, submitted, granted, stored, requestOf } = await scene();
    const share = await submitted();
    const { items } = await ask<Share>(sally, asked('approveShareObject'), { share });
    await granted();
    const revoke = `mutation ($input: ShareItemSelectorInput) { revokeItemsShareObject(input: $input) { status } }`;
    const itemUris = items.nodes.map(({ shareItemUri }) => shareItemUri);
    expect(await ask(mary, revoke, { input: { shareUri: share, itemUris } })).toEqual({ status: 'Revoked' });
    expect((await stored(shareRequestKind, await requestOf()))?.spec.withdrawn).toEqual([
      { kind: 'Table', name: 'orders' },
    ]);
  });

  it('is asked to last longer, with a reason, and that is answered', async () => {
    const { mary, sally, zoe, submitted } = await scene();
    const share = await submitted();
    await ask(sally, asked('approveShareObject'), { share });
    const extend = asked('submitShareExtension', ', expiration: 6, extensionReason: "more"');
    expect(await sally.refused(extend, { share })).toMatchObject({ code: 'UnauthorizedOperation' });
    expect(await mary.refused(asked('submitShareExtension', ', expiration: 7'), { share })).toMatchObject({
      code: 'InvalidInput',
    });
    await ask(mary, extend, { share });
    expect(await ask(mary, done('updateShareExtensionReason', ', extensionPurpose: "much more"'), { share })).toBe(
      true,
    );
    expect(await zoe.refused(done('updateShareExtensionReason', ', extensionPurpose: "x"'), { share })).toMatchObject({
      code: 'ResourceNotFound',
    });
    expect(await mary.refused(asked('approveShareExtension'), { share })).toMatchObject({
      code: 'UnauthorizedOperation',
    });
    await ask(sally, asked('approveShareExtension'), { share });
    const ends = `query ($share: String!) { getShareObject(shareUri: $share) { extensionReason requestedExpiryDate lastExtensionDate } }`;
    expect(await ask(mary, ends, { share })).toMatchObject({
      extensionReason: 'much more',
      lastExtensionDate: expect.stringMatching(/Z$/),
    });
    expect(await sally.refused(done('cancelShareExtension'), { share })).toMatchObject({
      code: 'UnauthorizedOperation',
    });
    expect(await ask(mary, done('cancelShareExtension'), { share })).toBe(true);
    expect(await sally.refused(done('updateShareExpirationPeriod', ', expiration: 3'), { share })).toMatchObject({
      code: 'UnauthorizedOperation',
    });
    expect(await ask(mary, done('updateShareExpirationPeriod', ', expiration: 3'), { share })).toBe(true);
  });

  it('is looked at, or put right, by the operator, which is asked by each side for its own', async () => {
    const { client, heard } = await operatorStandIn(({ user }) =>
      user === 'lea' ? forbidden : { json: { requestedAt: '2026-01-01T00:00:00Z', asked: 1 } },
    );
    const { mary, sally, zoe, as, submitted, granted, requestOf } = await scene({ operator: client });
    const share = await submitted();
    await ask(sally, asked('approveShareObject'), { share });
    await granted();
    const { namespace, name } = await requestOf();
    const requests = [{ namespace, name }];
    const variables = { input: { shareUri: share, itemUris: [] } };
    for (const [operation, route] of [
      ['verifyItemsShareObject', 'verify'],
      ['reApplyItemsShareObject', 'reapply'],
    ] as const) {
      const document = `mutation ($input: ShareItemSelectorInput) { ${operation}(input: $input) { shareUri } }`;
      const dry = document.replace(') {', ') @dryRun {');
      heard.length = 0;
      for (const person of [mary, sally, as('bo', 'marketing', 'sales')])
        expect(await ask(person, document, variables)).toEqual({ shareUri: share });
      await ask(sally, dry, variables);
      const request = `sharerequests/${namespace}/${name}/${route}`;
      const dataset = `datasets/sales-prod/orders/${route}`;
      expect(heard.map(({ user, path, body }) => [user, path, body])).toEqual([
        ['mary', request, {}],
        ['sally', dataset, { requests }],
        ['bo', request, {}],
        ['bo', dataset, { requests }],
        ['sally', `${dataset}?dryRun=All`, { requests }],
      ]);
      expect(await as('lea', 'sales').refused(document, variables)).toMatchObject({ code: 'UnauthorizedOperation' });
      expect(await zoe.refused(document, variables)).toMatchObject({ code: 'ResourceNotFound' });
    }
  });
});

describe('Shares', () => {
  it('are listed for who asks and for who decides, each theirs', async () => {
    const { mary, sally, stu, zoe, ann, submitted } = await scene();
    await submitted();
    const list = (direction: string, filter = '') =>
      `{ getShareRequests${direction}Me${filter} { count nodes { status group } } }`;
    const one = { count: 1, nodes: [{ status: 'Submitted', group: 'marketing' }] };
    const none = { count: 0, nodes: [] };
    expect(await ask(mary, list('From'))).toEqual(one);
    for (const person of [sally, stu]) expect(await ask(person, list('To'))).toEqual(one);
    for (const person of [zoe, ann, sally]) expect(await ask(person, list('From'))).toEqual(none);
    for (const person of [zoe, mary]) expect(await ask(person, list('To'))).toEqual(none);
    expect(await ask(mary, list('From', '(filter: {status: ["Processed"]})'))).toEqual(none);
    expect(
      await ask(
        mary,
        list(
          'From',
          '(filter: {status: ["Submitted"], term: "ord", datasets_uris: ["ordersds"], dataset_owners: ["sales"]})',
        ),
      ),
    ).toEqual(one);
    expect(await ask(mary, list('From', `(filter: {term: "%' or 1=1 --"})`))).toEqual(none);
  });

  it('are found by their state, however many newer ones there are in another', async () => {
    const { mary, database, submitted } = await scene();
    const share = await submitted();
    await copies(database, 5_001, 'Processed');
    const list = `{ getShareRequestsFromMe(filter: {status: ["Submitted"]}) { count nodes { shareUri } } }`;
    expect(await ask(mary, list)).toEqual({ count: 1, nodes: [{ shareUri: share }] });
  });

  it('take three statements each, and a list of them none for each of its shares', async () => {
    const { api, database, submitted, indexed, requestOf } = await scene();
    const share = await submitted();
    const items = Array.from({ length: 100 }, (_, at) => ({ kind: 'Table', name: `t${at}` }));
    await api.patch(shareRequestKind, await requestOf(), { type: 'merge', body: { spec: { items } } });
    await indexed();
    let statements = 0;
    const counted = database.withPlugin({
      transformQuery: ({ node }) => node,
      transformResult: async ({ result }) => {
        statements += 1;
        return result;
      },
    });
    const mary = peopleOf({ api: rbacKubeApi(api), database: counted })('mary', 'marketing');
    /** The least of three: now and then the gateway asks besides whether the read model is up to date. */
    const took = async (document: string, variables = {}) => {
      const counts: number[] = [];
      for (let time = 0; time < 3; time++) {
        statements = 0;
        await ask(mary, document, variables);
        counts.push(statements);
      }
      return Math.min(...counts);
    };
    const fields = `status existingSharedItems canViewLogs policyManagement principal { principalName }
      statistics { pendingItems } items(filter: {pageSize: 100}) { count nodes { status healthStatus } }`;
    const one = `query ($share: String!) { getShareObject(shareUri: $share) { ${fields} } }`;
    expect(await took(one, { share })).toBe(3);
    const list = `{ getShareRequestsFromMe(filter: {pageSize: 21}) { count nodes { ${fields} } } }`;
    const before = await took(list);
    await copies(database, 20, 'Submitted');
    // Who asks, the page and how many there are, what the datasets have.
    expect([before, await took(list)]).toEqual([4, 4]);
  });

  it('tell by which names the data is read, to who may see them', async () => {
    const { mary, sally, zoe, submitted, granted } = await scene();
    const share = await submitted();
    await ask(sally, asked('approveShareObject'), { share });
    await granted();
    const names = `query ($share: String) { getS3ConsumptionData(shareUri: $share) { sharedGlueDatabase s3bucketName } }`;
    expect(await ask(mary, names, { share })).toEqual({ sharedGlueDatabase: 'sales_shared', s3bucketName: null });
    const logs = `query ($share: String!) { getShareLogs(shareUri: $share) { message } }`;
    expect(await ask(mary, logs, { share })).toEqual([]);
    const items = `{ searchEnvironmentDataItems(environmentUri: "markprod", filter: {itemTypes: ["DatasetTable"]}) { count nodes { itemName datasetName environmentName } } }`;
    expect(await ask(mary, items)).toEqual({
      count: 1,
      nodes: [{ itemName: 'orders', datasetName: 'Orders', environmentName: 'Sales' }],
    });
    const tables = `{ getSharedDatasetTables(datasetUri: "ordersds", envUri: "markprod") { tableUri GlueTableName } }`;
    expect(await ask(mary, tables)).toEqual([{ tableUri: orders, GlueTableName: 'orders' }]);
    const databases = `{ listS3DatasetsSharedWithEnvGroup(groupUri: "marketing", environmentUri: "markprod") { datasetUri sharedGlueDatabaseName } }`;
    expect(await ask(mary, databases)).toEqual([{ datasetUri: 'ordersds', sharedGlueDatabaseName: 'sales_shared' }]);
    for (const document of [items, tables, databases])
      expect(await zoe.refused(document)).toMatchObject({ code: 'ResourceNotFound' });
    for (const document of [names, logs])
      expect(await zoe.refused(document, { share })).toMatchObject({ code: 'ResourceNotFound' });
  });
});

describe('Notifications', () => {
  it('tell who decides what waits, and who asks what was decided, and each marks them as read alone', async () => {
    const { mary, sally, stu, zoe, submitted, granted } = await scene();
    const share = await submitted();
    await granted('PendingApproval');
    const list = '{ listNotifications { count nodes { notificationUri type username is_read target_uri } } }';
    const told = await ask<{ nodes: { notificationUri: string }[] }>(sally, list);
    expect(told).toMatchObject({
      count: 1,
      nodes: [{ type: 'SHARE_OBJECT_SUBMITTED', username: 'sales', is_read: false, target_uri: `${share}|ordersds` }],
    });
    await ask(sally, asked('approveShareObject'), { share });
    expect(await ask(mary, list)).toMatchObject({
      count: 1,
      nodes: [{ type: 'SHARE_OBJECT_APPROVED', username: 'marketing' }],
    });
    const unread = '{ countUnreadNotifications }';
    const mark = 'mutation ($uri: String) { markNotificationAsRead(notificationUri: $uri) }';
    const uri = told.nodes[0]?.notificationUri;
    for (const person of [zoe, mary])
      expect(await person.refused(mark, { uri })).toMatchObject({ code: 'ResourceNotFound' });
    expect(await ask(sally, mark, { uri })).toBe(true);
    expect([await ask(sally, unread), await ask(stu, unread), await ask(zoe, unread)]).toEqual([0, 1, 0]);
    expect(await ask(stu, 'mutation { markAllNotificationsAsRead }')).toBe(1);
    expect(await ask(stu, '{ listNotifications(filter: {unread: true}) { count } }')).toEqual({ count: 0 });
  });
});
