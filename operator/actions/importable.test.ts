// What can be imported from an account with our stacks and somebody's lake, and what is said of it before there is a Dataset.

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { OWNER_TAG } from '../controllers/dataset/import-rules.ts';
import { importableRoute, importCheckRoute, type ImportableKind } from './contract/importable.ts';
import { pathOf, type RouteObject } from './contract/route.ts';
import { importCheckAction } from './import-check.ts';
import { importableAction } from './importable.ts';
import type { ActionTestEnv } from './testing/action-test-env.ts';
import { openDeployedWorld, type DeployedWorld } from './testing/deployed-world.ts';

const SALES: RouteObject = { resource: 'environments', name: 'sales-prod' };
const NEW: RouteObject = { resource: 'datasets', namespace: 'sales-prod', name: 'new' };
const olga = { name: 'olga', groups: ['sales'] };
const finn = { name: 'finn', groups: ['finance'] };
const MANY = 60;

let world: DeployedWorld;
let env: ActionTestEnv;
beforeAll(async () => {
  world = await openDeployedWorld();
  const { administer } = world.scene;
  const CreateBucketConfiguration = { LocationConstraint: 'eu-west-1' };
  for (const Bucket of ['lake-sales', 'lake-finance', 'cdk-assets'])
    await administer('producer', 's3', 'CreateBucket', { Bucket, CreateBucketConfiguration });
  const Tagging = { TagSet: [{ Key: OWNER_TAG, Value: 'finance' }] };
  await administer('producer', 's3', 'PutBucketTagging', { Bucket: 'lake-finance', Tagging });
  for (let index = 0; index < MANY; index += 1)
    await administer('producer', 'glue', 'CreateDatabase', { DatabaseInput: { Name: `lake_${index}` } });
  const key = (await administer('producer', 'kms', 'CreateKey', {})) as { KeyMetadata: { KeyId: string } };
  await administer('producer', 'kms', 'CreateAlias', { AliasName: 'alias/lake', TargetKeyId: key.KeyMetadata.KeyId });
}, 120_000);
afterAll(() => world[Symbol.asyncDispose]());
beforeEach(() => {
  world.reset();
  env = world.serve([importableAction, importCheckAction]);
  env.rights.add('sales import environments/sales-prod');
  for (const group of ['sales', 'finance']) env.rights.add(`${group} create datasets/sales-prod/new`);
});
afterEach(() => env[Symbol.asyncDispose]());

const names = async (kind: ImportableKind, term = '') => {
  const { json } = await env.ask(`${pathOf(importableRoute, SALES)}?kind=${kind}&term=${term}`, { user: olga });
  return importableRoute.answer.parse(json);
};

const check = async (user: typeof olga, named: Readonly<Record<string, string>>) => {
  const [owner = ''] = user.groups;
  const query = new URLSearchParams({ owner, ...named }).toString();
  const { json } = await env.ask(`${pathOf(importCheckRoute, NEW)}?${query}`, { user });
  return importCheckRoute.answer.parse(json).problems.map(({ part, reason }) => `${part}: ${reason}`);
};

describe('what can be imported from an account', () => {
  it('are its buckets with data, its own keys and databases, by a part of their names', async () => {
    expect(await names('Bucket', 'LAKE')).toEqual({ names: ['lake-finance', 'lake-sales'], complete: true });
    expect((await names('Bucket', 'cdk')).names).toEqual([]);
    expect(await names('Key', 'lake')).toEqual({ names: ['lake'], complete: true });
    expect(await names('Database', 'lake_5')).toMatchObject({ complete: true });
  });

  it('is told 50 at a time, and that there is more', async () => {
    const { names: told, complete } = await names('Database', 'lake');
    expect([told.length, complete]).toEqual([50, false]);
  });

  it('is told to nobody who may not import whatever is there', async () => {
    const path = `${pathOf(importableRoute, SALES)}?kind=Bucket`;
    expect(await env.problem(path, { user: finn })).toMatchObject({ status: 403 });
  });
});

describe('an import that nobody has asked for yet', () => {
  it('has nothing against it where its owner owns the environment, or the bucket is tagged for them', async () => {
    expect(await check(olga, { bucket: 'lake-sales', database: 'lake_1' })).toEqual([]);
    expect(await check(finn, { bucket: 'lake-finance' })).toEqual([]);
  });

  it('is judged as the Dataset would be: of storage and catalog the first thing each', async () => {
    expect(await check(finn, { bucket: 'lake-sales', database: 'lake_1' })).toEqual([
      'Storage: ImportNotAuthorized',
      'Catalog: ImportNotAuthorized',
    ]);
    expect(await check(olga, { bucket: 'nowhere', database: 'nothing' })).toEqual([
      'Storage: BucketNotFound',
      'Catalog: DatabaseNotFound',
    ]);
    expect(await check(olga, { bucket: 'lake-sales', kmsAlias: 'lake' })).toEqual(['Storage: KeyNotAllowed']);
    expect(await check(olga, { bucket: 'dataall-orders-data0001' })).toEqual(['Storage: BucketTaken']);
    expect(await check(olga, { bucket: 'cdk-assets' })).toEqual(['Storage: BucketReserved']);
  });

  it('is judged for nobody who may not create it, and changes nothing in AWS', async () => {
    const path = `${pathOf(importCheckRoute, NEW)}?owner=sales&bucket=lake-sales`;
    expect(await env.problem(path, { user: { name: 'zoe', groups: ['strangers'] } })).toMatchObject({ status: 403 });
    const { log } = world.scene.aws.world;
    const before = log.length;
    await check(olga, { bucket: 'lake-sales' });
    expect(log.slice(before).filter(({ operation }) => !/^(?:Get|List|Describe|Assume)/.test(operation))).toEqual([]);
  });
});
