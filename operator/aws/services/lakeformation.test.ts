import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AwsError } from '../../../hack/aws/core/aws-error.ts';
import type { Interceptor } from '../../../hack/aws/core/interceptor.ts';
import type { LakeGrant } from './lakeformation.ts';
import { fromSdkFilter, fromSdkResource, toSdkFilter, toSdkResource } from './lakeformation-resource.ts';
import type { DataCellsFilter, LakeResource } from './lakeformation-resource.ts';
import { administerLake, makeSales, startAccounts } from '../testing/simulated-accounts.ts';
import type { SimulatedAccounts } from '../testing/simulated-accounts.ts';

const interceptors: Interceptor[] = [];
let world: SimulatedAccounts;
beforeAll(async () => {
  world = await startAccounts({}, { inProcess: true, interceptors });
  for (const account of [world.producer, world.consumer]) await administerLake(account);
  await makeSales(
    world,
    Array.from({ length: 45 }, (_, index) => `t${index}`),
  );
  await world.administer('producer', 'iam', 'CreateRole', {
    RoleName: 'reader',
    AssumeRolePolicyDocument: JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: { AWS: world.producer.account }, Action: 'sts:AssumeRole' }],
    }),
  });
});
afterAll(async () => await world.stop());

const reader = () => `arn:aws:iam::${world.producer.account}:role/reader`;
const table = (name: string): LakeResource => ({
  kind: 'Table',
  catalogId: world.producer.account,
  database: 'sales',
  table: name,
});
const grantOn = (name: string): LakeGrant => ({
  principal: reader(),
  resource: table(name),
  permissions: ['DESCRIBE'],
  grantable: [],
});

describe('resources', () => {
  const name = { catalogId: '1', database: 'd', table: 't' };
  it.each<LakeResource>([
    { kind: 'Catalog', catalogId: '1' },
    { kind: 'Database', catalogId: '1', database: 'd' },
    { kind: 'Table', ...name },
    { kind: 'AllTables', catalogId: '1', database: 'd' },
    { kind: 'Columns', ...name, columns: ['a', 'b'] },
    { kind: 'AllColumns', ...name, except: [] },
    { kind: 'AllColumns', ...name, except: ['secret'] },
    { kind: 'Filter', ...name, filter: 'f' },
    { kind: 'Location', catalogId: '1', arn: 'arn:aws:s3:::b' },
    { kind: 'Other', raw: { LFTag: { TagKey: 'k', TagValues: ['v'] } } },
  ])('$kind goes to the SDK and back', (resource) => {
    expect(fromSdkResource(toSdkResource(resource))).toEqual(resource);
  });

  it.each([
    { Table: { CatalogId: '1', DatabaseName: 'd', Name: 'ALL_TABLES', TableWildcard: {} } },
    { Table: { CatalogId: '1', DatabaseName: 'd', Name: 'ALL_TABLES' } },
    { TableWithColumns: { CatalogId: '1', DatabaseName: 'd', Name: 'ALL_TABLES', ColumnWildcard: {} } },
  ])('all tables are what AWS lists by a name that it does not take: %o', (listed) => {
    expect(fromSdkResource(listed)).toEqual({ kind: 'AllTables', catalogId: '1', database: 'd' });
  });

  it.each<DataCellsFilter>([
    { ...name, name: 'f', rows: "region = 'eu'", columns: { except: [] }, version: '1' },
    { ...name, name: 'f', rows: undefined, columns: ['id'], version: '1' },
    { ...name, name: 'f', rows: 'id > 3', columns: { except: ['secret'] }, version: undefined },
  ])('a filter goes to the SDK and back', (filter) => {
    expect(fromSdkFilter(toSdkFilter(filter))).toEqual(filter);
  });
});

describe('settings', () => {
  it('keep what we do not know of', async () => {
    const { lakeFormation } = world.producer;
    await world.administer('producer', 'lakeformation', 'PutDataLakeSettings', {
      DataLakeSettings: {
        DataLakeAdmins: (await lakeFormation.settings()).administrators.map((arn) => ({
          DataLakePrincipalIdentifier: arn,
        })),
        AllowExternalDataFiltering: true,
        AuthorizedSessionTagValueList: ['engine'],
      },
    });
    const settings = await lakeFormation.settings();
    await lakeFormation.putSettings({
      ...settings,
      parameters: { ...settings.parameters, CROSS_ACCOUNT_VERSION: '4' },
    });
    const after = await lakeFormation.settings();
    expect(after.parameters['CROSS_ACCOUNT_VERSION']).toBe('4');
    expect(after.administrators).toEqual(settings.administrators);
    expect(after.others).toMatchObject({ AllowExternalDataFiltering: true, AuthorizedSessionTagValueList: ['engine'] });
  });
});

describe('grants', () => {
  it('go in batches of twenty, and each has its outcome', async () => {
    const { lakeFormation } = world.producer;
    world.aws.world.clearLog();
    const names = Array.from({ length: 45 }, (_, index) => (index === 21 ? 'missing' : `t${index}`));
    const outcomes = await lakeFormation.grant(names.map(grantOn));
    expect(world.aws.world.log.filter(({ operation }) => operation === 'BatchGrantPermissions')).toHaveLength(3);
    expect(outcomes.map(({ grant }) => grant)).toEqual(names.map(grantOn));
    expect(outcomes.flatMap(({ fault }, index) => (fault === undefined ? [] : [[index, fault.kind]]))).toEqual([
      [21, 'NotFound'],
    ]);
    const granted = await lakeFormation.permissions({ principal: reader() });
    expect(granted.filter(({ permissions }) => permissions.includes('DESCRIBE'))).toHaveLength(44);
    expect(await lakeFormation.permissions({ resource: table('t3'), principal: reader() })).toMatchObject([
      { principal: reader(), resource: table('t3'), permissions: ['DESCRIBE'], grantable: [] },
    ]);
  });

  it('are revoked, and what is not there counts as revoked', async () => {
    const { lakeFormation } = world.producer;
    await lakeFormation.grant([grantOn('t1')]);
    for (let times = 0; times < 2; times += 1) {
      const outcomes = await lakeFormation.revoke([grantOn('t1')]);
      expect(outcomes).toEqual([{ grant: grantOn('t1') }]);
    }
    expect(await lakeFormation.permissions({ resource: table('t1'), principal: reader() })).toEqual([]);
  });

  it('on all tables are revoked as they are listed', async () => {
    const { lakeFormation, account: catalogId } = world.producer;
    const resource: LakeResource = { kind: 'AllTables', catalogId, database: 'sales' };
    await lakeFormation.grant([
      { principal: reader(), resource, permissions: ['ALTER', 'SELECT'], grantable: ['SELECT'] },
    ]);
    const listed = await lakeFormation.permissions({ resource, principal: reader() });
    expect(listed.flatMap(({ permissions }) => permissions)).toEqual(['ALTER', 'SELECT']);
    expect(await lakeFormation.revoke(listed)).toEqual(listed.map((grant) => ({ grant })));
    expect(await lakeFormation.permissions({ resource, principal: reader() })).toEqual([]);
  });

  it('on a column that is gone count as revoked', async () => {
    const resource: LakeResource = {
      kind: 'Columns',
      catalogId: world.producer.account,
      database: 'sales',
      table: 't1',
      columns: ['id', 'gone'],
    };
    const grant: LakeGrant = { principal: reader(), resource, permissions: ['SELECT'], grantable: [] };
    expect(await world.producer.lakeFormation.revoke([grant])).toEqual([{ grant }]);
    expect(await world.producer.lakeFormation.grant([grant])).toMatchObject([{ fault: { kind: 'Invalid' } }]);
  });

  it('that are throttled one by one slow the whole bucket down', async () => {
    const rate = () =>
      world.accounts.rateLimiterStates().find(({ key }) => key === `${world.producer.account}/eu-west-1/lakeformation`)
        ?.rate ?? 0;
    const before = rate();
    interceptors.push({
      around: async (call, input, next) =>
        call.operation === 'BatchGrantPermissions'
          ? {
              Failures: [
                {
                  RequestEntry: { Id: '0' },
                  Error: {
                    ErrorCode: 'InvalidInputException',
                    ErrorMessage: 'Rate exceeded (Service: AmazonIdentityManagement)',
                  },
                },
              ],
            }
          : await next(input),
    });
    const outcomes = await world.producer.lakeFormation.grant([grantOn('t1'), grantOn('t2')]);
    interceptors.length = 0;
    expect(outcomes.map(({ fault }) => [fault?.kind, fault?.retryable])).toEqual([
      ['Throttled', true],
      [undefined, undefined],
    ]);
    expect(rate()).toBeLessThan(before);
  });

  it('of a call that fails all fail, and the next batch is still tried', async () => {
    let calls = 0;
    interceptors.push({
      around: async (call, input, next) => {
        if (call.operation === 'BatchGrantPermissions' && (calls += 1) === 1)
          throw new AwsError('AccessDeniedException', 'no', { status: 400 });
        return await next(input);
      },
    });
    const outcomes = await world.producer.lakeFormation.grant(
      Array.from({ length: 21 }, (_, index) => grantOn(`t${index}`)),
    );
    interceptors.length = 0;
    expect(outcomes.map(({ fault }) => fault?.kind)).toEqual([
      ...Array.from({ length: 20 }, () => 'AccessDenied'),
      undefined,
    ]);
  });
});

describe('filters', () => {
  it('are made, listed, changed and deleted', async () => {
    const { lakeFormation, account } = world.producer;
    const filter: DataCellsFilter = {
      catalogId: account,
      database: 'sales',
      table: 't1',
      name: 'eu',
      rows: "region = 'eu'",
      columns: { except: [] },
    };
    await lakeFormation.createFilter(filter);
    expect(await lakeFormation.filters({ catalogId: account, database: 'sales', table: 't1' })).toMatchObject([filter]);
    await lakeFormation.updateFilter({ ...filter, rows: undefined, columns: ['id'] });
    const [changed] = await lakeFormation.filters({ catalogId: account, database: 'sales', table: 't1' });
    expect(changed).toMatchObject({ rows: undefined, columns: ['id'] });
    expect(await lakeFormation.deleteFilter(filter)).toBe(true);
    expect(await lakeFormation.deleteFilter(filter)).toBe(false);
    expect(await lakeFormation.filters({ catalogId: account, database: 'sales', table: 't1' })).toEqual([]);
  });
});

describe('a grant to another account', () => {
  it('travels as a RAM share that has to be accepted', async () => {
    const { producer, consumer } = world;
    const resource = table('t7');
    await producer.lakeFormation.revoke([
      { principal: 'IAM_ALLOWED_PRINCIPALS', resource, permissions: ['ALL'], grantable: [] },
      {
        principal: 'IAM_ALLOWED_PRINCIPALS',
        resource: { kind: 'Database', catalogId: producer.account, database: 'sales' },
        permissions: ['ALL'],
        grantable: [],
      },
    ]);
    const [outcome] = await producer.lakeFormation.grant([
      { principal: consumer.account, resource, permissions: ['DESCRIBE', 'SELECT'], grantable: ['DESCRIBE', 'SELECT'] },
    ]);
    expect(outcome?.fault).toBeUndefined();
    const [invitation] = await consumer.ram.invitations();
    expect(invitation).toMatchObject({ sender: producer.account, receiver: consumer.account, status: 'PENDING' });
    expect(await consumer.glue.table('sales', 't7', producer.account).catch(() => undefined)).toBeUndefined();
    const tableArn = `arn:aws:glue:eu-west-1:${producer.account}:table/sales/t7`;
    expect((await consumer.ram.invitationResources(invitation?.arn ?? '')).map(({ arn }) => arn)).toContain(tableArn);
    await consumer.ram.acceptInvitation(invitation?.arn ?? '');
    await consumer.ram.acceptInvitation(invitation?.arn ?? '');
    expect((await consumer.ram.invitations()).map(({ status }) => status)).toEqual(['ACCEPTED']);
    expect((await consumer.glue.table('sales', 't7', producer.account))?.name).toBe('t7');
    expect(
      (await consumer.ram.resources('OTHER-ACCOUNTS', [invitation?.shareArn ?? ''])).map(({ arn }) => arn),
    ).toContain(tableArn);
  });
});

describe('opt-ins', () => {
  it('are made, listed with who made them, also of roles of other accounts, and taken back, each as often as one likes', async () => {
    const { lakeFormation } = world.producer;
    const stranger = `arn:aws:iam::${world.consumer.account}:role/stranger`;
    for (const principal of [reader(), stranger, stranger])
      await lakeFormation.optIn({ principal, resource: table('t1') });
    const ours = (await lakeFormation.optIns()).filter(({ principal }) => principal === stranger);
    expect(ours).toEqual([{ principal: stranger, resource: table('t1'), by: expect.stringContaining(':role/') }]);
    for (const principal of [reader(), stranger])
      expect(await lakeFormation.optOut({ principal, resource: table('t1') })).toBe(true);
    expect(await lakeFormation.optOut({ principal: stranger, resource: table('t1') })).toBe(false);
    expect(await lakeFormation.optIns()).toEqual([]);
  });
});
