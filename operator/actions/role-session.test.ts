// Keys and console of roles that people work as, in an account with our stacks whose AWS says no.
import { HttpRequest } from '@smithy/core/protocols';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { actionRecord } from '../audit-record.ts';
import { AwsAccounts } from '../aws/account.ts';
import { featuresWith } from '../features/testing/features-with.ts';
import {
  datasetProps,
  environmentProps,
  pivotRoleArn,
  producerId,
  teamProps,
} from '../stacks/testing/stack-test-env.ts';
import { consoleAction } from './console.ts';
import { consoleRoute, credentialsRoute } from './contract/credentials.ts';
import { pathOf, type RouteObject } from './contract/route.ts';
import { credentialsAction } from './credentials.ts';
import { sessionNameOfUser } from './role-session.ts';
import type { ActionTestEnv } from './testing/action-test-env.ts';
import { openDeployedWorld, REGION, roleArn, type DeployedWorld } from './testing/deployed-world.ts';

const SALES: RouteObject = { resource: 'environments', name: 'sales-prod' };
const ANALYSTS: RouteObject = { resource: 'teams', namespace: 'sales-prod', name: 'analysts' };
const ORDERS: RouteObject = { resource: 'datasets', namespace: 'sales-prod', name: 'orders' };
const OWNER_ROLE = environmentProps.owner.roleName ?? '';
const TEAM_ROLE = teamProps.team.roleName;
const DATASET_ROLE = datasetProps.roleName ?? '';

let world: DeployedWorld;
let env: ActionTestEnv;
beforeAll(async () => {
  world = await openDeployedWorld();
}, 120_000);
afterAll(() => world[Symbol.asyncDispose]());
beforeEach(() => {
  world.reset();
  env = world.serve([credentialsAction, consoleAction]);
  for (const verb of ['credentials', 'console']) {
    env.rights.add(`sales ${verb} environments/sales-prod`);
    env.rights.add(`analysts ${verb} teams/sales-prod/analysts`);
    env.rights.add(`sales ${verb} datasets/sales-prod/orders`);
  }
});
afterEach(() => env[Symbol.asyncDispose]());

const ann = { name: 'ann@example.com', groups: ['sales', 'analysts'] };
const ask = (
  route: typeof credentialsRoute | typeof consoleRoute,
  object: RouteObject,
  body: object = {},
  user = ann,
) => env.ask(pathOf(route, object), { method: 'POST', user, body });
const keysOf = async (object: RouteObject, body?: object) =>
  credentialsRoute.answer.parse((await ask(credentialsRoute, object, body)).json);
const refusal = async (object: RouteObject, user = ann) =>
  await env.problem(pathOf(credentialsRoute, object), { method: 'POST', user });

type Keys = ReturnType<typeof credentialsRoute.answer.parse>;

/** AWS, as the bearer of the keys. */
const asBearer = ({ accessKeyId, secretAccessKey, sessionToken }: Keys) =>
  new AwsAccounts({
    installation: 'test',
    epoch: () => 1,
    hub: { accountId: producerId, region: REGION },
    mayWrite: () => true,
    credentials: { accessKeyId, secretAccessKey, sessionToken },
    requestHandler: world.scene.aws.requestHandler,
  }).hub();

describe('keys and the console', () => {
  it.each([
    [SALES, 'core.features.env_aws_actions', { core: { features: { env_aws_actions: false } } }],
    [ANALYSTS, 'core.features.env_aws_actions', { core: { features: { env_aws_actions: false } } }],
    [
      ORDERS,
      'modules.s3_datasets.features.aws_actions',
      { modules: { s3_datasets: { features: { aws_actions: false } } } },
    ],
  ])('of %j are refused to everybody where config.json says %s: false', async (object, key, patch) => {
    await using off = world.serve([credentialsAction, consoleAction], featuresWith(patch));
    for (const right of env.rights) off.rights.add(right);
    for (const route of [credentialsRoute, consoleRoute])
      expect(await off.problem(pathOf(route, object), { method: 'POST', user: ann, body: {} })).toMatchObject({
        type: 'urn:dataall:problem:switched-off',
        status: 403,
        detail: expect.stringContaining(`Disabled by config ${key}`),
      });
  });
});

describe('credentials', () => {
  it.each([
    ['an environment, of its owner’s role', SALES, OWNER_ROLE],
    ['a team, of its role', ANALYSTS, TEAM_ROLE],
    ['a dataset, of its role', ORDERS, DATASET_ROLE],
  ])('of %s are a session in the name of the user', async (_what, object, role) => {
    const keys = await keysOf(object);
    expect(keys).toMatchObject({ roleArn: roleArn(role), region: REGION });
    expect((await asBearer(keys).sts.identity()).arn).toBe(
      roleArn(role).replace(':iam:', ':sts:').replace(':role/', ':assumed-role/') + '/ann@example.com',
    );
  });

  it('let their bearer do what the role may, and nothing that the pivot role may', async () => {
    const { s3 } = asBearer(await keysOf(ANALYSTS));
    const { environment } = environmentProps.buckets;
    expect(await s3.bucketRegion(environment)).toBe(REGION);
    await expect(s3.bucketPolicy(environment)).rejects.toMatchObject({ kind: 'AccessDenied' });
  });

  it('last as long as is asked for, within what AWS gives to sessions that sessions make', async () => {
    const now = world.scene.aws.world.clock.now();
    const { expiration } = await keysOf(SALES, { durationSeconds: 900 });
    expect(Math.round((Date.parse(expiration) - now) / 60_000)).toBe(15);
    for (const durationSeconds of [899, 3_601, 43_200, '900'])
      expect(await ask(credentialsRoute, SALES, { durationSeconds })).toMatchObject({ status: 400 });
  });

  it('are written down without a secret, with who has them, of which role, and for how long', async () => {
    const keys = await keysOf(ORDERS, { durationSeconds: 1_800 });
    expect(env.audited).toMatchObject([
      {
        action: 'credentials',
        user: ann.name,
        roleArn: roleArn(DATASET_ROLE),
        sessionName: ann.name,
        durationSeconds: 1_800,
        expiration: keys.expiration,
        result: 'ok',
      },
    ]);
    for (const line of env.audited) expect(actionRecord.safeParse(line).error).toBeUndefined();
    const { json } = await ask(consoleRoute, ORDERS);
    const { url } = consoleRoute.answer.parse(json);
    const token = new URL(url).searchParams.get('SigninToken') ?? '';
    for (const secret of [keys.secretAccessKey, keys.sessionToken, token]) {
      expect(secret.length).toBeGreaterThan(20);
      expect(env.logged).not.toContain(secret);
    }
  });

  it('are found again in CloudTrail, by the object and the request that the answer names', async () => {
    const { log } = world.scene.aws.world;
    const before = log.length;
    const { headers } = await ask(credentialsRoute, ANALYSTS);
    const entered = log
      .slice(before)
      .filter(({ operation, principal }) => operation === 'AssumeRole' && principal.includes('PivotRole'));
    expect(entered.map(({ userAgent }) => userAgent.split(' ')[0])).toEqual([
      `dataall/Action:credentials:teams/sales-prod/analysts/${String(headers['x-request-id'])}`,
    ]);
  });

  it('are given to nobody who lacks the verb, and no less is said of an object that is not there', async () => {
    const zoe = { name: 'zoe', groups: ['strangers'] };
    for (const object of [SALES, ANALYSTS, ORDERS]) {
      const there = await refusal(object, zoe);
      const missing = await refusal({ ...object, name: 'missing' }, zoe);
      expect(there.status).toBe(403);
      expect(JSON.stringify(there).replaceAll(object.name, '')).toBe(JSON.stringify(missing).replaceAll('missing', ''));
    }
    // The team's member has no right on what the owner has, and the other way round.
    expect(await refusal(SALES, { name: 'ana', groups: ['analysts'] })).toMatchObject({ status: 403 });
    expect(await refusal(ANALYSTS, { name: 'sam', groups: ['sales'] })).toMatchObject({ status: 403 });
  });

  it('are never those of the pivot role, whatever stands in a status', async () => {
    world.teams.set('analysts', withRole('analysts', pivotRoleArn));
    expect(await refusal(ANALYSTS)).toMatchObject({
      status: 409,
      detail: expect.stringContaining('none of the roles'),
    });
    // A pivot role that is named like a role of ours.
    const sales = world.environments.get('sales-prod');
    if (sales === undefined) throw new Error('no environment');
    const named = roleArn('dataall-pivot');
    world.environments.set('sales-prod', {
      ...sales,
      status: { ...sales.status, pivotRole: { arn: named }, defaultRole: { arn: named } },
    });
    expect(await refusal(SALES)).toMatchObject({ status: 409 });
    expect(env.logged).not.toContain('"result":"ok"');
  });

  it.each([
    ['of another account', 'arn:aws:iam::333333333333:role/dataall-sales-env00001'],
    ['of another name', roleArn('administrator')],
    ['behind a path', roleArn('dataall-x/administrator')],
    ['of another partition', roleArn('dataall-sales-env00001').replace('arn:aws:', 'arn:aws-cn:')],
  ])('are not those of a role %s', async (_what, arn) => {
    world.teams.set('analysts', withRole('analysts', arn));
    expect(await refusal(ANALYSTS)).toMatchObject({ status: 409 });
  });

  it('are not those of a role that people brought along', async () => {
    const team = world.teams.get('analysts');
    if (team === undefined) throw new Error('no team');
    world.teams.set('analysts', { ...team, spec: { ...team.spec, roleArn: roleArn('dataall-theirs') } });
    expect(await refusal(ANALYSTS)).toMatchObject({ status: 409, detail: expect.stringContaining('brought along') });
  });

  it('are not those of a role that somebody made anew', async () => {
    world.teams.set('analysts', withRole('analysts', roleArn(TEAM_ROLE), 'AROAANOTHER'));
    expect(await refusal(ANALYSTS)).toMatchObject({ status: 409, detail: expect.stringContaining('made anew') });
  });

  it('say what to do where the role does not let the pivot role in', async () => {
    world.teams.set('analysts', withRole('analysts', roleArn('dataall-nobody-made-it')));
    expect(await refusal(ANALYSTS)).toMatchObject({
      status: 502,
      detail: expect.stringContaining('request a reconcile'),
    });
  });

  it('are not given of what is being deleted, suspended, or in an environment that is not ready', async () => {
    const sales = world.environments.get('sales-prod');
    const team = world.teams.get('analysts');
    if (sales === undefined || team === undefined) throw new Error('no objects');
    world.teams.set('analysts', { ...team, spec: { ...team.spec, suspend: true } });
    expect(await refusal(ANALYSTS)).toMatchObject({ status: 409 });
    world.teams.set('analysts', { ...team, metadata: { ...team.metadata, deletionTimestamp: '2026-06-01T00:00:00Z' } });
    expect(await refusal(ANALYSTS)).toMatchObject({
      status: 409,
      detail: 'Team sales-prod/analysts is being deleted.',
    });
    world.environments.set('sales-prod', { ...sales, status: { ...sales.status, conditions: [] } });
    expect(await refusal(ORDERS)).toMatchObject({ status: 409 });
  });
});

describe('the console', () => {
  it.each([
    [SALES, OWNER_ROLE, `https://console.aws.amazon.com/console/home?region=${REGION}`],
    [ORDERS, DATASET_ROLE, `https://console.aws.amazon.com/s3/buckets/dataall-orders-data0001?region=${REGION}`],
  ])('of %j opens for the role, in the name of the user', async (object, role, destination) => {
    const { url, validUntil, expiration } = consoleRoute.answer.parse((await ask(consoleRoute, object)).json);
    expect(Date.parse(validUntil)).toBeLessThan(Date.parse(expiration));
    const { hostname, pathname, searchParams } = new URL(url);
    expect(`https://${hostname}${pathname}`).toBe('https://signin.aws.amazon.com/federation');
    const { response } = await world.scene.aws.requestHandler.handle(
      new HttpRequest({ method: 'GET', hostname, path: pathname, query: Object.fromEntries(searchParams) }),
    );
    expect(response).toMatchObject({ statusCode: 302, headers: { location: destination } });
    expect(decodeURIComponent(response.headers['set-cookie'] ?? '')).toContain(`assumed-role/${role}/${ann.name}`);
  });

  it('opens for nobody who lacks the verb', async () => {
    env.rights.delete('sales console datasets/sales-prod/orders');
    expect(await ask(consoleRoute, ORDERS)).toMatchObject({ status: 403 });
    expect(await ask(credentialsRoute, ORDERS)).toMatchObject({ status: 200 });
  });
});

describe('a session name', () => {
  it('is the user, in the characters and length that STS takes, and of no two users the same', () => {
    const users = [
      'ann@example.com',
      'ann/example.com',
      'ann example.com',
      'Zoë',
      'a',
      'x'.repeat(64),
      'x'.repeat(65),
      'x'.repeat(66),
      '',
    ];
    const names = users.map(sessionNameOfUser);
    for (const name of names) expect(name).toMatch(/^[\w+=,.@-]{2,64}$/);
    expect(new Set(names).size).toBe(users.length);
    expect(names[0]).toBe('ann@example.com');
  });
});

const withRole = (name: string, arn: string, id?: string) => {
  const team = world.teams.get(name);
  if (team === undefined) throw new Error(`no team ${name}`);
  return { ...team, status: { ...team.status, roleArn: arn, roleId: id } };
};
