// What is shared is looked at, or put right, when somebody asks for it through the internal API: by who asked for the share, for their
// side, or by who decides about the dataset, for theirs.
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Action } from '../../operator/actions/action.ts';
import { pathOf, type Route, type RouteObject } from '../../operator/actions/contract/route.ts';
import { reapplyRoute, verifyRoute } from '../../operator/actions/contract/shares.ts';
import { reapplyAction } from '../../operator/actions/reapply.ts';
import { ActionTestEnv } from '../../operator/actions/testing/action-test-env.ts';
import { verifyAction } from '../../operator/actions/verify.ts';
import { isTrue } from '../../operator/kernel/conditions.ts';
import { environmentKind } from '../../operator/resources/environment.ts';
import { shareApprovalKind } from '../../operator/resources/share-approval.ts';
import { shareRequestKind } from '../../operator/resources/share-request.ts';
import { EVERYTHING, oneShare } from '../support/one-share.ts';
import { DATASET, NAMESPACES } from '../support/sharing-world.ts';
import { tamper } from '../support/tampering.ts';

const stage = oneShare();
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
    env.rights.add(`stewards ${verb} datasets/${DATASET.namespace}/${DATASET.name}`);
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
  const annotations = (objects: typeof before) => objects.map(({ metadata }) => metadata.annotations);
  expect(
    annotations([
      await api.get(shareRequestKind, stage.requestOne()),
      await api.get(shareApprovalKind, stage.approvalOfOne()),
    ]),
  ).toEqual(annotations(before));
});

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
