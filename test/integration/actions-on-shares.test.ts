// What is shared is looked at, or put right, when somebody asks for it through the internal API: by who asked for the share, for their
// side, or by who decides about the dataset, for theirs.
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { afterEach, beforeEach, expect, it, onTestFinished } from 'vitest';
import { OperatorClient } from '../../api/operator-actions/operator-actions.ts';
import { operatorSettings } from '../../api/operator-actions/settings.ts';
import type { Action } from '../../operator/actions/action.ts';
import { pathOf, type Route, type RouteObject } from '../../operator/actions/contract/route.ts';
import { reapplyRoute, verifyRoute } from '../../operator/actions/contract/shares.ts';
import { reapplyAction } from '../../operator/actions/reapply.ts';
import { ActionTestEnv } from '../../operator/actions/testing/action-test-env.ts';
import { verifyAction } from '../../operator/actions/verify.ts';
import { shippedFeatures } from '../../operator/features/shipped.ts';
import { isTrue } from '../../operator/kernel/conditions.ts';
import { annotations } from '../../operator/resources/annotations.ts';
import { environmentKind } from '../../operator/resources/environment.ts';
import { organizationKind } from '../../operator/resources/organization.ts';
import { shareApprovalKind } from '../../operator/resources/share-approval.ts';
import { shareRequestKind } from '../../operator/resources/share-request.ts';
import { databaseServer } from '../support/database.ts';
import { peopleOf, untilIndexed } from '../support/gateway-scene.ts';
import { identify, organization, put, READY_NAMESPACE, startIndexer } from '../support/index-scene.ts';
import { EVERYTHING, oneShare } from '../support/one-share.ts';
import { DATASET, NAMESPACES } from '../support/sharing-world.ts';
import { tamper } from '../support/tampering.ts';

const stage = oneShare();
const postgres = databaseServer();
const ACTIONS: readonly Action[] = [verifyAction, reapplyAction];
const ORDERS: RouteObject = { resource: 'datasets', ...DATASET };
const requestOne = (): RouteObject => ({ resource: 'sharerequests', ...stage.requestOne() });
const mia = { name: 'mia', groups: ['marketing'] };
const stu = { name: 'stu', groups: ['stewards'] };

let env: ActionTestEnv;
beforeEach(() => {
  const { operator, api } = stage.world;
  if (operator === undefined) throw new Error('no operator');
  env = new ActionTestEnv({ actions: ACTIONS, platform: operator.platform, objects: api });
  const { namespace, name } = stage.requestOne();
  for (const verb of ['verify', 'reapply']) {
    env.rights.add(`marketing ${verb} sharerequests/${namespace}/${name}`);
    for (const group of ['stewards', 'sales'])
      env.rights.add(`${group} ${verb} datasets/${DATASET.namespace}/${DATASET.name}`);
  }
});
afterEach(() => env[Symbol.asyncDispose]());

const ask = (route: Route, object: RouteObject, user: typeof mia, body: object = {}) =>
  env.ask(pathOf(route, object), { method: 'POST', user, body });

const sharedAndReported = async (by: keyof typeof NAMESPACES): Promise<void> => {
  await stage.world.edit(environmentKind, { name: NAMESPACES[by] }, { remediation: 'Report' });
  await stage.share();
  await stage.settled('analysts', EVERYTHING);
};

const isHealthy = async (): Promise<boolean> =>
  isTrue((await stage.world.api.get(shareRequestKind, stage.requestOne())).status.conditions, 'Healthy');

it('a share is looked at without being put right, and put right, when who asked for it asks', async () => {
  const { world } = stage;
  await sharedAndReported('consumer');
  await world.until(async () => expect(await isHealthy()).toBe(true));
  await tamper(world.admin, 'links deleted', 'analysts');
  const { json } = await ask(verifyRoute, requestOne(), mia);
  expect(verifyRoute.answer.parse(json)).toMatchObject({ asked: 1 });
  await world.until(async () => expect(await isHealthy()).toBe(false));
  await world.until(() => {});
  expect(await links()).toBe(0);
  expect((await ask(reapplyRoute, requestOne(), mia)).status).toBe(200);
  await world.until(async () => expect(await isHealthy()).toBe(true));
  expect(await links()).toBe(2);
});

it('what the producer reports is put right when who decides asks, and not when who asked for the share does', async () => {
  const { world } = stage;
  await sharedAndReported('producer');
  await tamper(world.admin, 'table granted to robots', 'analysts');
  await ask(reapplyRoute, requestOne(), mia);
  await world.until(() => {});
  expect(await grantsOfRobots()).toBe(1);
  const { json } = await ask(reapplyRoute, ORDERS, stu);
  expect(reapplyRoute.answer.parse(json)).toMatchObject({ asked: 1 });
  await world.until(async () => expect(await grantsOfRobots()).toBe(0));
});

it('by GraphQL each side has its own put right, and a stranger nothing', async () => {
  const { world } = stage;
  await sharedAndReported('producer');
  const { as, share } = await graphql();
  const [marketing, sales, strangers] = ['marketing', 'sales', 'strangers'].map((group) => as(group, group));
  const [verify = '', reapply = ''] = ['verifyItemsShareObject', 'reApplyItemsShareObject'].map(
    (operation) => `mutation ($input: ShareItemSelectorInput) { ${operation}(input: $input) { shareUri } }`,
  );
  const input = { shareUri: share, itemUris: [] };
  await tamper(world.admin, 'table granted to robots', 'analysts');
  for (const mutation of [verify, reapply]) await marketing?.ask(mutation, { input });
  await sales?.ask(reapply.replace(') {', ') @dryRun {'), { input });
  await world.until(async () => {
    const { metadata, status } = await world.api.get(shareRequestKind, stage.requestOne());
    expect(status.verifyHandledAt).toBe(metadata.annotations?.[annotations.verifyRequestedAt]);
  });
  expect(await grantsOfRobots()).toBe(1);
  expect(await strangers?.refused(reapply, { input })).toMatchObject({ code: 'ResourceNotFound' });
  await sales?.ask(reapply, { input });
  await world.until(async () => expect(await grantsOfRobots()).toBe(0));
});

it('of a dataset only the requests that are named, and are for it, are asked to be looked at', async () => {
  await stage.share();
  const asked = async (requests: object[]) =>
    verifyRoute.answer.parse((await ask(verifyRoute, ORDERS, stu, { requests })).json).asked;
  expect(await asked([{ namespace: 'marketing-prod', name: 'another' }])).toBe(0);
  expect(await asked([stage.requestOne()])).toBe(1);
});

it('who lacks the verb asks for nothing, and nothing is written', async () => {
  const { api } = stage.world;
  await stage.share();
  const zoe = { name: 'zoe', groups: ['strangers'] };
  const before = [
    await api.get(shareRequestKind, stage.requestOne()),
    await api.get(shareApprovalKind, stage.approvalOfOne()),
  ];
  for (const route of [verifyRoute, reapplyRoute])
    for (const object of [requestOne(), ORDERS]) expect((await ask(route, object, zoe)).status).toBe(403);
  expect((await ask(reapplyRoute, ORDERS, mia)).status).toBe(403);
  expect((await ask(reapplyRoute, requestOne(), stu)).status).toBe(403);
  expect((await ask(reapplyRoute, requestOne(), mia, { requests: [stage.requestOne()] })).status).toBe(400);
  const annotated = (objects: typeof before) => objects.map(({ metadata }) => metadata.annotations);
  expect(
    annotated([
      await api.get(shareRequestKind, stage.requestOne()),
      await api.get(shareApprovalKind, stage.approvalOfOne()),
    ]),
  ).toEqual(annotated(before));
});

/** People by GraphQL, over the real internal API; rights in Kubernetes itself are not what is tried here. */
const graphql = async () => {
  const { api } = stage.world;
  const tokenFile = join(mkdtempSync(join(tmpdir(), 'actions-on-shares-')), 'token');
  writeFileSync(tokenFile, 'gateway');
  const operator = new OperatorClient(
    operatorSettings.parse({ url: await env.url(), tokenFile }),
    pino({ level: 'silent' }),
    shippedFeatures(),
  );
  onTestFinished(() => operator.close());
  await identify(api);
  await put(api, organizationKind, { name: 'acme' }, organization('platform', ['sales', 'marketing']));
  for (const name of Object.values(NAMESPACES))
    await api.patch(
      environmentKind,
      { name },
      { type: 'merge', body: { status: READY_NAMESPACE } },
      { subresource: 'status' },
    );
  const { database } = await postgres.fresh();
  startIndexer(api, database);
  await untilIndexed(api, database);
  const { uri: share } = await database.selectFrom('share_request').select('uri').executeTakeFirstOrThrow();
  return {
    as: peopleOf({ api: Object.assign(Object.create(api) as typeof api, { as: () => api }), database, operator }),
    share,
  };
};

const grantsOfRobots = async (): Promise<number> => {
  const { admin } = stage.world;
  const { PrincipalResourcePermissions: found = [] } = await admin.call<{ PrincipalResourcePermissions?: unknown[] }>(
    'producer',
    'lakeformation',
    'ListPermissions',
    { Principal: { DataLakePrincipalIdentifier: admin.roleArn('robots') } },
  );
  return found.length;
};

/** In the database of links, which is gone without them. */
const links = async (): Promise<number> =>
  await stage.world.admin
    .call<{ TableList?: unknown[] }>('consumer', 'glue', 'GetTables', { DatabaseName: 'orders_shared' })
    .then(({ TableList = [] }) => TableList.length)
    .catch(() => 0);
