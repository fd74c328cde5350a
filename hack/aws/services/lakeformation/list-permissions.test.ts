// How grants are listed, and to whom.
import * as lake from '@aws-sdk/client-lakeformation';
import { beforeEach, describe, expect, it } from 'vitest';
import { database, listedPermissions, openReaderScene, READER, table } from './reader-scene.ts';
import type { Clients, Scene } from './share-scene.ts';
import * as stage from './share-scene.ts';

const { DATABASE, PRODUCER, TABLE } = stage;

let scene: Scene;
let admin: Clients;
beforeEach(async () => {
  ({ scene, admin } = await openReaderScene());
});

const permissionsOf = async (principal: string, resource = table) => listedPermissions(admin, principal, resource);

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
