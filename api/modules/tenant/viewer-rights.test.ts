// What people are told of their own rights.

import { describe, expect, it } from 'vitest';
import { databaseServer } from '../../../test/support/database.ts';
import { salesScene } from '../../../test/support/environment-people.ts';

const postgres = databaseServer();
const rights = `query ($filter: GroupFilter) {
  listViewerRights(filter: $filter) { count seesEverything nodes { type uri label groupUri owns permissions { name } } }
}`;
interface Told {
  readonly listViewerRights: {
    readonly nodes: readonly { readonly type: string; readonly permissions: readonly { readonly name: string }[] }[];
  };
}
const namesIn = ({ listViewerRights }: Told, type: string) =>
  listViewerRights.nodes
    .filter((node) => node.type === type)
    .flatMap(({ permissions }) => permissions.map(({ name }) => name));

describe('Own rights', () => {
  it('are told by group and place: what is owned, what was given by invitation, and of nobody else', async () => {
    const { sally, mary } = await salesScene(postgres);
    expect(await sally.ask(rights)).toMatchObject({
      listViewerRights: {
        count: 3,
        seesEverything: false,
        nodes: [
          { type: 'TENANT', uri: null, groupUri: 'sales' },
          { type: 'ORGANIZATION', uri: 'acmeacme', label: 'ACME', groupUri: 'sales', owns: false },
          { type: 'ENVIRONMENT', uri: 'salesprd', groupUri: 'sales', owns: true },
        ],
      },
    });
    const mine = await mary.ask<Told>(rights);
    expect(namesIn(mine, 'ORGANIZATION')).toEqual(['GET_ORGANIZATION']);
    expect(namesIn(mine, 'ENVIRONMENT')).toContain('CREATE_DATASET');
    expect(namesIn(mine, 'ENVIRONMENT')).not.toContain('INVITE_ENVIRONMENT_GROUP');
    expect(namesIn(await sally.ask<Told>(rights), 'ENVIRONMENT')).toContain('INVITE_ENVIRONMENT_GROUP');
  });

  it('are narrowed by what administrators leave to a group, and administrators are told that they see everything', async () => {
    const { admin, sally, zoe } = await salesScene(postgres);
    const input = { groupUri: 'sales', permissions: ['MANAGE_SHARES'] };
    await admin.ask(
      `mutation ($input: UpdateGroupTenantPermissionsInput!) { updateGroupTenantPermissions(input: $input) }`,
      {
        input,
      },
    );
    expect(namesIn(await sally.ask<Told>(rights), 'TENANT')).toEqual(['MANAGE_SHARES']);
    expect(namesIn(await zoe.ask<Told>(rights), 'TENANT')).toHaveLength(4);
    expect(await admin.ask(rights)).toMatchObject({ listViewerRights: { seesEverything: true } });
    expect(await sally.ask(rights, { filter: { term: 'acme' } })).toMatchObject({ listViewerRights: { count: 1 } });
  });
});
