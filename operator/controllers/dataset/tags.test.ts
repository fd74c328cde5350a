// Access by LF-Tags as a real catalog has it: seen, told, and left alone.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { pivotRoleName, startAccounts, type SimulatedAccounts } from '../../aws/testing/simulated-accounts.ts';
import { tagAccessOf } from './tags.ts';

const READER = 'arn:aws:iam::222222222222:role/reader';
const level = (value: string) => [{ TagKey: 'level', TagValues: [value] }];
const orders = { Table: { DatabaseName: 'sales', Name: 'orders' } };
const policy = (ResourceType: 'DATABASE' | 'TABLE') => ({
  LFTagPolicy: { ResourceType, Expression: level('public') },
});

let world: SimulatedAccounts;
const lake = async (operation: string, input: object) =>
  await world.administer('producer', 'lakeformation', operation, input);
const grant = async (Resource: object, Permissions: readonly string[]) =>
  await lake('GrantPermissions', { Principal: { DataLakePrincipalIdentifier: READER }, Resource, Permissions });
const found = async () => await tagAccessOf(world.producer, 'sales', ['orders', 'salaries']);

beforeEach(async () => {
  world = await startAccounts();
  const { account } = world.producer;
  const administrators = [
    `arn:aws:iam::${account}:user/administrator`,
    `arn:aws:iam::${account}:role/${pivotRoleName}`,
  ];
  await lake('PutDataLakeSettings', {
    DataLakeSettings: {
      DataLakeAdmins: administrators.map((arn) => ({ DataLakePrincipalIdentifier: arn })),
      CreateDatabaseDefaultPermissions: [],
      CreateTableDefaultPermissions: [],
    },
  });
  const glue = async (operation: string, input: object) => await world.administer('producer', 'glue', operation, input);
  await glue('CreateDatabase', { DatabaseInput: { Name: 'sales' } });
  for (const Name of ['orders', 'salaries']) await glue('CreateTable', { DatabaseName: 'sales', TableInput: { Name } });
  await world.administer('producer', 'iam', 'CreateRole', {
    RoleName: 'reader',
    AssumeRolePolicyDocument: JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: { Service: 'glue.amazonaws.com' }, Action: 'sts:AssumeRole' }],
    }),
  });
  await lake('CreateLFTag', { TagKey: 'level', TagValues: ['public', 'secret'] });
});
afterEach(async () => {
  await world.stop();
});

describe('access by LF-Tags', () => {
  it('is told of exactly what the tags open, and stays', async () => {
    expect(await found()).toBeUndefined();
    await grant(policy('TABLE'), ['DESCRIBE', 'SELECT']);
    expect(await found()).toBeUndefined();
    await lake('AddLFTagsToResource', { Resource: orders, LFTags: level('public') });
    const told = `${READER} DESCRIBE, SELECT on table orders (level=public)`;
    expect(await found()).toBe(
      `LF-Tag policies also give access, which data.all does not manage and leaves as it is: ${told}`,
    );
    const listed = await world.producer.lakeFormation.permissions({ type: 'LF_TAG_POLICY' });
    expect(listed).toMatchObject([{ principal: READER, permissions: ['DESCRIBE', 'SELECT'] }]);
  });

  it('counts what tables inherit of their database, and what they say otherwise', async () => {
    await grant(policy('TABLE'), ['SELECT']);
    await grant(policy('DATABASE'), ['DESCRIBE']);
    await lake('AddLFTagsToResource', { Resource: { Database: { Name: 'sales' } }, LFTags: level('public') });
    expect(await found()).toMatch(/DESCRIBE on the database \(level=public\); .*SELECT on tables orders, salaries/);
    await lake('AddLFTagsToResource', { Resource: orders, LFTags: level('secret') });
    expect(await found()).toMatch(/SELECT on table salaries \(level=public\)/);
  });

  it('is said not to be known where the pivot role may not read tags', async () => {
    await grant(policy('TABLE'), ['SELECT']);
    await world.administer('producer', 'iam', 'PutRolePolicy', {
      RoleName: pivotRoleName,
      PolicyName: 'old-template',
      PolicyDocument: JSON.stringify({
        Version: '2012-10-17',
        Statement: [{ Effect: 'Deny', Action: 'lakeformation:GetResourceLFTags', Resource: '*' }],
      }),
    });
    expect(await found()).toMatch(/^the account has LF-Tag policies, and what they open here is not known/);
  });
});
