// Lake Formation inside one account: who may grant, what a grant may be, how it is taken back and listed, and what IAM alone decides.
import {
  CreateTableCommand,
  DeleteTableCommand,
  GetDatabaseCommand,
  GetTableCommand,
  UpdateTableCommand,
} from '@aws-sdk/client-glue';
import { DeleteRoleCommand, DeleteRolePolicyCommand } from '@aws-sdk/client-iam';
import * as lake from '@aws-sdk/client-lakeformation';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Clients, Scene } from './share-scene.ts';
import * as stage from './share-scene.ts';

const { DATABASE, PRODUCER, TABLE } = stage;
const READER = `arn:aws:iam::${PRODUCER}:role/reader`;
const EVERYBODY = 'IAM_ALLOWED_PRINCIPALS';
const table: lake.Resource = { Table: { DatabaseName: DATABASE, Name: TABLE } };
const database: lake.Resource = { Database: { Name: DATABASE } };

let scene: Scene;
let admin: Clients;

beforeEach(async () => {
  scene = await stage.openScene();
  admin = scene.producer;
  await stage.governLake(admin, PRODUCER);
  await stage.makeTable(admin);
  await stage.makeRole(admin, 'reader', { AWS: PRODUCER }, [
    { Effect: 'Allow', Action: ['glue:*', 'lakeformation:*'], Resource: '*' },
  ]);
});

const readTable = async () => {
  const { glue } = await scene.assume(READER);
  return glue.send(new GetTableCommand({ DatabaseName: DATABASE, Name: TABLE }));
};

const denied = {
  name: 'AccessDeniedException',
  message: 'Insufficient Lake Formation permission(s): Required Describe on orders',
};

const permissionsOf = async (principal: string, resource: lake.Resource = table) => {
  const { PrincipalResourcePermissions: found } = await admin.lake.send(
    new lake.ListPermissionsCommand({ Principal: { DataLakePrincipalIdentifier: principal }, Resource: resource }),
  );
  return found?.flatMap((entry) => entry.Permissions ?? []) ?? [];
};

describe('metadata', () => {
  it('is visible with any permission on the table, and its database with it', async () => {
    await expect(readTable()).rejects.toMatchObject(denied);
    await stage.grant(admin, READER, table, ['INSERT']);
    expect((await readTable()).Table?.Name).toBe(TABLE);
    const { glue } = await scene.assume(READER);
    expect((await glue.send(new GetDatabaseCommand({ Name: DATABASE }))).Database?.Name).toBe(DATABASE);
  });

  it('is visible by a grant on all tables of the database', async () => {
    await stage.grant(admin, READER, { Table: { DatabaseName: DATABASE, TableWildcard: {} } }, ['SELECT']);
    expect((await readTable()).Table?.Name).toBe(TABLE);
  });

  it('is granted on with all tables by the wildcard only, not by the name they are listed under', async () => {
    const all = { DatabaseName: DATABASE, TableWildcard: {} };
    await stage.grant(admin, READER, { Table: all }, ['SELECT']);
    const { PrincipalResourcePermissions: listed } = await admin.lake.send(
      new lake.ListPermissionsCommand({ Resource: { Table: all } }),
    );
    const named = { CatalogId: PRODUCER, DatabaseName: DATABASE, Name: 'ALL_TABLES' };
    expect(listed).toMatchObject([{ Resource: { TableWithColumns: { ...named, ColumnWildcard: {} } } }]);
    for (const Resource of [{ Table: named }, { TableWithColumns: { ...named, ColumnWildcard: {} } }])
      await expect(
        admin.lake.send(
          new lake.RevokePermissionsCommand({
            Principal: { DataLakePrincipalIdentifier: READER },
            Resource,
            Permissions: ['SELECT'],
          }),
        ),
      ).rejects.toMatchObject({ name: 'EntityNotFoundException' });
  });

  it('shows a column grant only its columns', async () => {
    const columns: lake.Resource = {
      TableWithColumns: { DatabaseName: DATABASE, Name: TABLE, ColumnWildcard: { ExcludedColumnNames: ['customer'] } },
    };
    await stage.grant(admin, READER, columns, ['SELECT']);
    const found = (await readTable()).Table?.StorageDescriptor?.Columns?.map((column) => column.Name);
    expect(found).toEqual(['id', 'region', 'amount']);
  });

  it('behind a link is hidden from who may describe only the link', async () => {
    await stage.makeLinkDatabase(admin);
    await stage.makeLink(admin);
    const link: lake.Resource = { Table: { DatabaseName: stage.LINKS, Name: TABLE } };
    await expect(stage.grant(admin, READER, link, ['SELECT'])).rejects.toMatchObject({ name: 'InvalidInputException' });
    await stage.grant(admin, READER, link, ['DESCRIBE']);
    const { glue } = await scene.assume(READER);
    const read = async () => glue.send(new GetTableCommand({ DatabaseName: stage.LINKS, Name: TABLE }));
    const hidden = await read();
    expect(hidden.Table?.TargetTable).toMatchObject({ DatabaseName: DATABASE, Name: TABLE });
    expect(hidden.Table?.StorageDescriptor).toBeUndefined();
    await stage.grant(admin, READER, table, ['DESCRIBE']);
    expect((await read()).Table?.StorageDescriptor?.Columns).toHaveLength(4);
  });

  it('changes only with ALTER, goes only with DROP, is made only with CREATE_TABLE', async () => {
    await stage.grant(admin, READER, table, ['DESCRIBE']);
    const { glue } = await scene.assume(READER);
    const update = new UpdateTableCommand({ DatabaseName: DATABASE, TableInput: { Name: TABLE, Description: 'x' } });
    const create = new CreateTableCommand({ DatabaseName: DATABASE, TableInput: { Name: 'new' } });
    const drop = new DeleteTableCommand({ DatabaseName: DATABASE, Name: TABLE });
    await expect(glue.send(update)).rejects.toThrow(
      'Insufficient Lake Formation permission(s): Required Alter on orders',
    );
    await expect(glue.send(create)).rejects.toThrow(
      'Insufficient Lake Formation permission(s): Required Create Table on sales',
    );
    await expect(glue.send(drop)).rejects.toThrow('Insufficient Lake Formation permission(s): Required Drop on orders');
    await stage.grant(admin, READER, table, ['ALTER', 'DROP']);
    await stage.grant(admin, READER, database, ['CREATE_TABLE']);
    await glue.send(update);
    await glue.send(create);
    await glue.send(drop);
    await expect(readTable()).rejects.toMatchObject({ name: 'EntityNotFoundException' });
  });

  it('of a table made anew starts without the grants of the old one', async () => {
    await stage.grant(admin, READER, table, ['SELECT']);
    await admin.glue.send(new DeleteTableCommand({ DatabaseName: DATABASE, Name: TABLE }));
    await stage.makeTable(admin);
    await expect(readTable()).rejects.toMatchObject(denied);
  });
});

describe('IAMAllowedPrincipals', () => {
  it('with Super leaves a table to IAM alone', async () => {
    await stage.grant(admin, EVERYBODY, table, ['ALL']);
    expect((await readTable()).Table?.Name).toBe(TABLE);
    await stage.setRolePolicy(admin, 'reader', [{ Effect: 'Allow', Action: 'glue:GetDatabase', Resource: '*' }]);
    await expect(readTable()).rejects.toMatchObject({
      message: expect.stringContaining('is not authorized to perform: glue:GetTable') as unknown,
    });
  });

  it('comes with every new database and table of an account that never chose', async () => {
    const fresh = await stage.openScene();
    await stage.makeTable(fresh.producer);
    await stage.makeRole(fresh.producer, 'reader', { AWS: PRODUCER }, [
      { Effect: 'Allow', Action: 'glue:Get*', Resource: '*' },
    ]);
    const { glue } = await fresh.assume(READER);
    expect((await glue.send(new GetTableCommand({ DatabaseName: DATABASE, Name: TABLE }))).Table?.Name).toBe(TABLE);
  });

  it('does not bind who opted in: hybrid access mode', async () => {
    await stage.grant(admin, EVERYBODY, table, ['ALL']);
    const optIn = { Principal: { DataLakePrincipalIdentifier: READER }, Resource: table };
    await admin.lake.send(new lake.CreateLakeFormationOptInCommand(optIn));
    await expect(readTable()).rejects.toMatchObject(denied);
    await stage.grant(admin, READER, table, ['SELECT']);
    expect((await readTable()).Table?.Name).toBe(TABLE);
    await stage.revoke(admin, READER, table, ['SELECT']);
    await admin.lake.send(new lake.DeleteLakeFormationOptInCommand(optIn));
    expect((await readTable()).Table?.Name).toBe(TABLE);
    const { LakeFormationOptInsInfoList } = await admin.lake.send(new lake.ListLakeFormationOptInsCommand({}));
    expect(LakeFormationOptInsInfoList).toEqual([]);
  });
});

describe('a grant', () => {
  it('is made by administrators and holders of the grant option only', async () => {
    const OTHER = `arn:aws:iam::${PRODUCER}:role/other`;
    await stage.makeRole(admin, 'other', { AWS: PRODUCER }, []);
    await stage.grant(admin, READER, table, ['SELECT'], []);
    await expect(stage.grant(await scene.assume(READER), OTHER, table, ['SELECT'])).rejects.toThrow(
      'Resource does not exist or requester is not authorized to access requested permissions.',
    );
    await stage.grant(admin, READER, table, ['SELECT'], ['SELECT']);
    await stage.grant(await scene.assume(READER), OTHER, table, ['SELECT']);
    expect(await permissionsOf(OTHER)).toEqual(['SELECT']);
  });

  it.each<[string, string, lake.Resource, lake.Permission[], string]>([
    ['an unknown role', `arn:aws:iam::${PRODUCER}:role/nobody`, table, ['SELECT'], 'InvalidInputException'],
    ['an unknown account', '999999999999', table, ['SELECT'], 'InvalidInputException'],
    ['no principal at all', 'somebody', table, ['SELECT'], 'InvalidInputException'],
    ['SELECT on a database', READER, database, ['SELECT'], 'InvalidInputException'],
    [
      'DESCRIBE on columns',
      READER,
      { TableWithColumns: { DatabaseName: DATABASE, Name: TABLE, ColumnNames: ['id'] } },
      ['DESCRIBE'],
      'InvalidInputException',
    ],
    [
      'an unknown column',
      READER,
      { TableWithColumns: { DatabaseName: DATABASE, Name: TABLE, ColumnNames: ['none'] } },
      ['SELECT'],
      'InvalidInputException',
    ],
    [
      'an unknown table',
      READER,
      { Table: { DatabaseName: DATABASE, Name: 'none' } },
      ['SELECT'],
      'EntityNotFoundException',
    ],
    ['an unknown database', READER, { Database: { Name: 'none' } }, ['DESCRIBE'], 'EntityNotFoundException'],
    [
      'an unknown filter',
      READER,
      { DataCellsFilter: { TableCatalogId: PRODUCER, DatabaseName: DATABASE, TableName: TABLE, Name: 'none' } },
      ['SELECT'],
      'EntityNotFoundException',
    ],
    ['an organization', 'arn:aws:organizations::222222222222:organization/o-abc', table, ['SELECT'], 'NotImplemented'],
    ['LF-Tags', READER, { LFTag: { TagKey: 'a', TagValues: ['b'] } }, ['DESCRIBE'], 'NotImplemented'],
    ['two resources at once', READER, { ...table, ...database }, ['DESCRIBE'], 'InvalidInputException'],
    [
      'an unregistered location',
      READER,
      { DataLocation: { ResourceArn: 'arn:aws:s3:::x-bucket' } },
      ['DATA_LOCATION_ACCESS'],
      'EntityNotFoundException',
    ],
  ])('is refused for %s', async (_what, principal, resource, permissions, name) => {
    await expect(stage.grant(admin, principal, resource, permissions)).rejects.toMatchObject({ name });
  });

  it('is refused to people whom IAM does not allow to grant', async () => {
    await stage.setRolePolicy(admin, 'reader', [{ Effect: 'Allow', Action: 'glue:*', Resource: '*' }]);
    await expect(stage.grant(await scene.assume(READER), READER, table, ['SELECT'])).rejects.toThrow(
      'lakeformation:GrantPermissions',
    );
  });

  it('outlives its role and serves a new one of the same ARN', async () => {
    await stage.grant(admin, READER, table, ['SELECT']);
    await admin.iam.send(new DeleteRolePolicyCommand({ RoleName: 'reader', PolicyName: 'rights' }));
    await admin.iam.send(new DeleteRoleCommand({ RoleName: 'reader' }));
    expect(await permissionsOf(READER)).toEqual(['SELECT']);
    await stage.makeRole(admin, 'reader', { AWS: PRODUCER }, [{ Effect: 'Allow', Action: 'glue:Get*', Resource: '*' }]);
    expect((await readTable()).Table?.Name).toBe(TABLE);
  });

  it('of a deleted role can be revoked', async () => {
    await stage.grant(admin, READER, table, ['SELECT']);
    await admin.iam.send(new DeleteRolePolicyCommand({ RoleName: 'reader', PolicyName: 'rights' }));
    await admin.iam.send(new DeleteRoleCommand({ RoleName: 'reader' }));
    await stage.revoke(admin, READER, table, ['SELECT']);
    expect(await permissionsOf(READER)).toEqual([]);
  });
});

describe('a revocation', () => {
  it('takes exactly what is held', async () => {
    await stage.grant(admin, READER, table, ['SELECT', 'DESCRIBE', 'INSERT']);
    await stage.revoke(admin, READER, table, ['INSERT']);
    expect(await permissionsOf(READER)).toEqual(['DESCRIBE', 'SELECT']);
    await expect(stage.revoke(admin, READER, table, ['INSERT', 'SELECT'])).rejects.toMatchObject({
      name: 'InvalidInputException',
      message: 'No permissions revoked. Grantee does not have:[INSERT]',
    });
    expect(await permissionsOf(READER)).toEqual(['DESCRIBE', 'SELECT']);
  });

  it('of what was never granted says so', async () => {
    await expect(stage.revoke(admin, READER, table, ['SELECT'])).rejects.toThrow(
      /^No permissions revoked\. Grantee has no permissions/,
    );
  });

  it('of one permission of Super leaves the others', async () => {
    await stage.grant(admin, READER, table, ['ALL']);
    await stage.revoke(admin, READER, table, ['SELECT']);
    expect(await permissionsOf(READER)).toEqual(['ALTER', 'DELETE', 'DESCRIBE', 'DROP', 'INSERT']);
    await stage.grant(admin, READER, table, ['ALL']);
    await stage.revoke(admin, READER, table, ['ALL']);
    expect(await permissionsOf(READER)).toEqual([]);
  });
});

describe('a batch', () => {
  const entry = (Id: string, permissions: lake.Permission[]): lake.BatchPermissionsRequestEntry => ({
    Id,
    Principal: { DataLakePrincipalIdentifier: READER },
    Resource: table,
    Permissions: permissions,
  });

  it('does what it can and names what failed', async () => {
    const { Failures } = await admin.lake.send(
      new lake.BatchGrantPermissionsCommand({ Entries: [entry('a', ['SELECT']), entry('b', ['CREATE_TABLE'])] }),
    );
    expect(Failures).toMatchObject([{ RequestEntry: { Id: 'b' }, Error: { ErrorCode: 'InvalidInputException' } }]);
    expect(await permissionsOf(READER)).toEqual(['SELECT']);
    const revoked = await admin.lake.send(
      new lake.BatchRevokePermissionsCommand({ Entries: [entry('a', ['INSERT']), entry('b', ['SELECT'])] }),
    );
    expect(revoked.Failures?.map((failure) => failure.RequestEntry?.Id)).toEqual(['a']);
    expect(await permissionsOf(READER)).toEqual([]);
  });

  it('holds at most 20 entries', async () => {
    const Entries = Array.from({ length: 21 }, (_, index) => entry(String(index), ['SELECT']));
    await expect(admin.lake.send(new lake.BatchGrantPermissionsCommand({ Entries }))).rejects.toMatchObject({
      name: 'InvalidInputException',
    });
  });
});

describe('ListPermissions', () => {
  it('lists SELECT on a whole table apart, as columns', async () => {
    await stage.grant(admin, READER, table, ['SELECT', 'DESCRIBE']);
    const { PrincipalResourcePermissions: found } = await admin.lake.send(
      new lake.ListPermissionsCommand({ Principal: { DataLakePrincipalIdentifier: READER } }),
    );
    expect(found).toMatchObject([
      { Resource: { Table: { CatalogId: PRODUCER, DatabaseName: DATABASE, Name: TABLE } }, Permissions: ['DESCRIBE'] },
      { Resource: { TableWithColumns: { Name: TABLE, ColumnWildcard: {} } }, Permissions: ['SELECT'] },
    ]);
  });

  it('comes in pages', async () => {
    await stage.grant(admin, READER, table, ['SELECT', 'DESCRIBE']);
    await stage.grant(admin, READER, database, ['DESCRIBE']);
    const kinds: string[] = [];
    let NextToken: string | undefined;
    do {
      const page: lake.ListPermissionsCommandOutput = await admin.lake.send(
        new lake.ListPermissionsCommand({ MaxResults: 2, NextToken, ResourceType: 'TABLE' }),
      );
      expect(page.PrincipalResourcePermissions?.length).toBeLessThanOrEqual(2);
      kinds.push(...(page.PrincipalResourcePermissions ?? []).flatMap((entry) => Object.keys(entry.Resource ?? {})));
      NextToken = page.NextToken;
    } while (NextToken !== undefined);
    // The creator's and the reader's, each as Table and TableWithColumns.
    expect(kinds).toEqual(['Table', 'TableWithColumns', 'Table', 'TableWithColumns']);
  });

  it('shows the filters of a table when asked for what is related', async () => {
    const name = { TableCatalogId: PRODUCER, DatabaseName: DATABASE, TableName: TABLE, Name: 'f' };
    await admin.lake.send(new lake.CreateDataCellsFilterCommand({ TableData: { ...name, ColumnWildcard: {} } }));
    await stage.grant(admin, READER, { DataCellsFilter: name }, ['SELECT']);
    const list = async (more: Partial<lake.ListPermissionsCommandInput>) => {
      const found = await admin.lake.send(new lake.ListPermissionsCommand({ Resource: table, ...more }));
      return found.PrincipalResourcePermissions?.filter((entry) => entry.Resource?.DataCellsFilter).length;
    };
    expect(await list({})).toBe(0);
    expect(await list({ IncludeRelated: 'TRUE' })).toBe(1);
    await expect(
      list({ IncludeRelated: 'TRUE', Principal: { DataLakePrincipalIdentifier: READER } }),
    ).rejects.toMatchObject({ name: 'InvalidInputException' });
    expect(await permissionsOf(READER, { DataCellsFilter: name })).toEqual(['SELECT']);
  });

  it('shows somebody else only what is theirs', async () => {
    await stage.grant(admin, READER, table, ['DESCRIBE']);
    const { lake: reader } = await scene.assume(READER);
    const { PrincipalResourcePermissions: found } = await reader.send(new lake.ListPermissionsCommand({}));
    expect(found?.map((entry) => entry.Principal?.DataLakePrincipalIdentifier)).toEqual([READER]);
  });
});

describe('settings', () => {
  const settings = async () => (await admin.lake.send(new lake.GetDataLakeSettingsCommand({}))).DataLakeSettings;

  it('are replaced as a whole', async () => {
    await admin.lake.send(
      new lake.PutDataLakeSettingsCommand({ DataLakeSettings: { TrustedResourceOwners: [PRODUCER] } }),
    );
    expect(await settings()).toMatchObject({
      DataLakeAdmins: [],
      CreateTableDefaultPermissions: [],
      TrustedResourceOwners: [PRODUCER],
      Parameters: { CROSS_ACCOUNT_VERSION: '1' },
    });
    await expect(stage.grant(admin, READER, { Database: { Name: DATABASE } }, ['DROP'])).resolves.toBeUndefined();
  });

  it.each<[string, lake.DataLakeSettings]>([
    ['an unknown parameter', { Parameters: { CrossAccountVersion: '3' } }],
    ['an unknown version', { Parameters: { CROSS_ACCOUNT_VERSION: '9' } }],
    [
      'an unknown administrator',
      { DataLakeAdmins: [{ DataLakePrincipalIdentifier: `arn:aws:iam::${PRODUCER}:role/nobody` }] },
    ],
  ])('refuse %s', async (_what, DataLakeSettings) => {
    await expect(admin.lake.send(new lake.PutDataLakeSettingsCommand({ DataLakeSettings }))).rejects.toMatchObject({
      name: 'InvalidInputException',
    });
  });

  it('are refused to everybody while an administrator among them does not exist any more', async () => {
    const { producer } = await stage.openScene();
    const { DataLakeSettings: before } = await producer.lake.send(new lake.GetDataLakeSettingsCommand({}));
    const steward = { DataLakePrincipalIdentifier: `arn:aws:iam::${PRODUCER}:role/steward` };
    for (const list of ['DataLakeAdmins', 'ReadOnlyAdmins'] as const) {
      await stage.makeRole(producer, 'steward', { AWS: PRODUCER }, []);
      const DataLakeSettings = { ...before, [list]: [...(before?.[list] ?? []), steward] };
      const put = new lake.PutDataLakeSettingsCommand({ DataLakeSettings });
      await producer.lake.send(put);
      await producer.iam.send(new DeleteRoleCommand({ RoleName: 'steward' }));
      await expect(producer.lake.send(put)).rejects.toMatchObject({
        name: 'InvalidInputException',
        message: expect.stringContaining('Invalid principal'),
      });
    }
  });

  it('left as a new account has them are no change of the world', async () => {
    const fresh = await stage.openScene();
    const before = fresh.aws.world.snapshot();
    const { DataLakeSettings } = await fresh.producer.lake.send(new lake.GetDataLakeSettingsCommand({}));
    await fresh.producer.lake.send(new lake.PutDataLakeSettingsCommand({ DataLakeSettings }));
    expect(fresh.aws.world.diff(before, fresh.aws.world.snapshot())).toEqual([]);
  });
});

describe('data cells filters', () => {
  const create = async (data: Partial<lake.DataCellsFilter>) =>
    admin.lake.send(
      new lake.CreateDataCellsFilterCommand({
        TableData: {
          TableCatalogId: PRODUCER,
          DatabaseName: DATABASE,
          TableName: TABLE,
          Name: 'f',
          ColumnWildcard: {},
          ...data,
        },
      }),
    );

  it.each<[string, Partial<lake.DataCellsFilter>, string]>([
    ['an unknown column in its rows', { RowFilter: { FilterExpression: "country = 'x'" } }, 'InvalidInputException'],
    ['wrong syntax', { RowFilter: { FilterExpression: 'region =' } }, 'InvalidInputException'],
    ['an unknown column in its columns', { ColumnWildcard: undefined, ColumnNames: ['none'] }, 'InvalidInputException'],
    ['no columns', { ColumnWildcard: undefined }, 'InvalidInputException'],
    ['an unknown table', { TableName: 'none' }, 'EntityNotFoundException'],
    ['a foreign table', { TableCatalogId: stage.CONSUMER }, 'AccessDeniedException'],
  ])('are refused with %s', async (_what, data, name) => {
    await expect(create(data)).rejects.toMatchObject({ name });
  });

  it('are made once, read, changed by version, listed and deleted', async () => {
    const named = { TableCatalogId: PRODUCER, DatabaseName: DATABASE, TableName: TABLE, Name: 'f' };
    await create({ RowFilter: { FilterExpression: "region = 'eu'" } });
    await expect(create({})).rejects.toMatchObject({ name: 'AlreadyExistsException' });
    const { DataCellsFilter: made } = await admin.lake.send(new lake.GetDataCellsFilterCommand(named));
    expect(made).toMatchObject({ RowFilter: { FilterExpression: "region = 'eu'" }, ColumnWildcard: {} });
    const change = (VersionId: string | undefined) =>
      admin.lake.send(
        new lake.UpdateDataCellsFilterCommand({ TableData: { ...named, ColumnNames: ['id'], VersionId } }),
      );
    await expect(change('other')).rejects.toMatchObject({ name: 'ConcurrentModificationException' });
    await change(made?.VersionId);
    const list = new lake.ListDataCellsFilterCommand({
      Table: { CatalogId: PRODUCER, DatabaseName: DATABASE, Name: TABLE },
    });
    expect((await admin.lake.send(list)).DataCellsFilters).toMatchObject([{ Name: 'f', ColumnNames: ['id'] }]);
    await admin.lake.send(new lake.DeleteDataCellsFilterCommand(named));
    expect((await admin.lake.send(list)).DataCellsFilters).toEqual([]);
  });
});

describe('registered locations', () => {
  const ResourceArn = 'arn:aws:s3:::sales-data/orders';

  it('need a role that exists and may be passed', async () => {
    const register = new lake.RegisterResourceCommand({ ResourceArn, RoleArn: stage.LAKE_ROLE });
    await expect(admin.lake.send(register)).rejects.toMatchObject({ name: 'InvalidInputException' });
    await stage.makeRole(admin, 'lake', { Service: 'lakeformation.amazonaws.com' }, []);
    const { lake: reader } = await scene.assume(READER);
    await expect(reader.send(register)).rejects.toThrow('iam:PassRole');
    await admin.lake.send(register);
    await expect(admin.lake.send(register)).rejects.toMatchObject({ name: 'AlreadyExistsException' });
    const { ResourceInfo } = await admin.lake.send(
      new lake.DescribeResourceCommand({ ResourceArn: `${ResourceArn}/` }),
    );
    expect(ResourceInfo).toMatchObject({ ResourceArn, RoleArn: stage.LAKE_ROLE, HybridAccessEnabled: false });
    const { Table: found } = await admin.glue.send(new GetTableCommand({ DatabaseName: DATABASE, Name: TABLE }));
    expect(found?.IsRegisteredWithLakeFormation).toBe(true);
    await admin.lake.send(new lake.DeregisterResourceCommand({ ResourceArn }));
    await expect(admin.lake.send(new lake.DescribeResourceCommand({ ResourceArn }))).rejects.toMatchObject({
      name: 'EntityNotFoundException',
    });
  });

  it('make the service-linked role when asked', async () => {
    await admin.lake.send(
      new lake.RegisterResourceCommand({ ResourceArn, UseServiceLinkedRole: true, HybridAccessEnabled: true }),
    );
    const { ResourceInfoList } = await admin.lake.send(new lake.ListResourcesCommand({}));
    expect(ResourceInfoList).toMatchObject([
      {
        ResourceArn,
        HybridAccessEnabled: true,
        RoleArn: `arn:aws:iam::${PRODUCER}:role/aws-service-role/lakeformation.amazonaws.com/AWSServiceRoleForLakeFormationDataAccess`,
      },
    ]);
  });

  it('keep others from pointing tables at them', async () => {
    await stage.makeRole(admin, 'lake', { Service: 'lakeformation.amazonaws.com' }, []);
    await admin.lake.send(
      new lake.RegisterResourceCommand({ ResourceArn: 'arn:aws:s3:::elsewhere', RoleArn: stage.LAKE_ROLE }),
    );
    await stage.grant(admin, READER, database, ['CREATE_TABLE']);
    const { glue } = await scene.assume(READER);
    const create = new CreateTableCommand({
      DatabaseName: DATABASE,
      TableInput: { Name: 'sly', StorageDescriptor: { Location: 's3://elsewhere/secret/' } },
    });
    await expect(glue.send(create)).rejects.toThrow('Required Data Location Access on s3://elsewhere/secret/');
    await stage.grant(admin, READER, { DataLocation: { ResourceArn: 'arn:aws:s3:::elsewhere/secret' } }, [
      'DATA_LOCATION_ACCESS',
    ]);
    await glue.send(create);
  });
});
