// Stacks of objects, in an account with our stacks.
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { datasetProps, environmentProps, teamProps } from '../stacks/testing/stack-test-env.ts';
import { pathOf, type RouteObject } from './contract/route.ts';
import { stackRoute } from './contract/stack.ts';
import { stackAction } from './stack.ts';
import type { ActionTestEnv } from './testing/action-test-env.ts';
import { openDeployedWorld, REGION, type DeployedWorld } from './testing/deployed-world.ts';

const SALES: RouteObject = { resource: 'environments', name: 'sales-prod' };
const ANALYSTS: RouteObject = { resource: 'teams', namespace: 'sales-prod', name: 'analysts' };
const ORDERS: RouteObject = { resource: 'datasets', namespace: 'sales-prod', name: 'orders' };
const sam = { name: 'sam', groups: ['sales'] };

let world: DeployedWorld;
let env: ActionTestEnv;
beforeAll(async () => {
  world = await openDeployedWorld();
}, 120_000);
afterAll(() => world[Symbol.asyncDispose]());
beforeEach(() => {
  world.reset();
  env = world.serve([stackAction]);
  for (const { resource, namespace, name } of [SALES, ANALYSTS, ORDERS])
    env.rights.add(`sales stack ${[resource, namespace, name].filter((part) => part !== undefined).join('/')}`);
});
afterEach(() => env[Symbol.asyncDispose]());

const problem = (object: RouteObject, user = sam) => env.problem(pathOf(stackRoute, object), { user });

it.each([
  [SALES, environmentProps.stackName, 'AWS::SQS::Queue'],
  [ANALYSTS, teamProps.stackName, 'AWS::IAM::Role'],
  [ORDERS, datasetProps.stackName, 'AWS::S3::Bucket'],
])('the stack of %j is told with its resources and the newest of its events', async (object, name, type) => {
  const answer = await env.ask(`${pathOf(stackRoute, object)}?events=3`, { user: sam });
  const stack = stackRoute.answer.parse(answer.json);
  expect(stack).toMatchObject({ name, status: 'CREATE_COMPLETE', region: REGION });
  expect(stack.resources.map((resource) => resource.type)).toContain(type);
  expect(stack.events).toHaveLength(3);
  expect(stack.events[0]).toMatchObject({ logicalId: name, status: 'CREATE_COMPLETE' });
});

it('the stack of an object is read as a role that may only read', async () => {
  const { log } = world.scene.aws.world;
  const before = log.length;
  await env.ask(pathOf(stackRoute, SALES), { user: sam });
  const principals = new Set(
    log.slice(before).flatMap(({ service, principal }) => (service === 'cloudformation' ? [principal] : [])),
  );
  expect([...principals]).toEqual([expect.stringContaining('-lookup-role-')]);
});

it('the stack of an object is told to nobody who lacks the verb', async () => {
  for (const object of [SALES, ANALYSTS, ORDERS])
    expect(await problem(object, { name: 'zoe', groups: ['strangers'] })).toMatchObject({ status: 403 });
});

it('what has no stack, or is in an account that does not let us in, is not looked for', async () => {
  const [sales, orders] = [world.environments.get('sales-prod'), world.datasets.get('orders')];
  if (sales === undefined || orders === undefined) throw new Error('no objects');
  world.datasets.set('orders', { ...orders, status: { ...orders.status, stack: undefined } });
  expect(await problem(ORDERS)).toMatchObject({ status: 409 });
  world.datasets.set('orders', { ...orders, status: { ...orders.status, stack: { name: 'dataall-gone' } } });
  expect(await problem(ORDERS)).toMatchObject({ status: 409, detail: expect.stringContaining('dataall-gone') });
  world.environments.set('sales-prod', { ...sales, status: { ...sales.status, conditions: [] } });
  expect(await problem(SALES)).toMatchObject({ status: 409 });
});

it('a stack that many ask for is read by four at once of its account, and what finds no room is told so', async () => {
  const users = Array.from({ length: 60 }, (_, index) => ({ name: `user${index}`, groups: ['sales'] }));
  const answers = await Promise.all(users.map((user) => env.ask(pathOf(stackRoute, SALES), { user })));
  const statuses = Object.groupBy(answers, ({ status }) => String(status));
  expect(statuses[200]?.length).toBeGreaterThanOrEqual(36);
  for (const { headers } of statuses[429] ?? []) expect(headers['retry-after']).toBe('2');
  expect((statuses[200]?.length ?? 0) + (statuses[429]?.length ?? 0)).toBe(60);
});
