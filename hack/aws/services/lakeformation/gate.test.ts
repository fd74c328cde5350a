// What Lake Formation shows and lets change of the catalog, and what it leaves to IAM alone.
import {
  CreateTableCommand,
  DeleteTableCommand,
  GetDatabaseCommand,
  GetTableCommand,
  UpdateTableCommand,
} from '@aws-sdk/client-glue';
import * as lake from '@aws-sdk/client-lakeformation';
import { beforeEach, describe, expect, it } from 'vitest';
import { database, EVERYBODY, openReaderScene, readAs, READER, table } from './reader-scene.ts';
import type { Clients, Scene } from './share-scene.ts';
import * as stage from './share-scene.ts';

const { DATABASE, PRODUCER, TABLE } = stage;

let scene: Scene;
let admin: Clients;
beforeEach(async () => {
  ({ scene, admin } = await openReaderScene());
});

const readTable = async () => readAs(scene, READER);

const denied = {
  name: 'AccessDeniedException',
  message: 'Insufficient Lake Formation permission(s): Required Describe on orders',
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
