// What groups may do in the installation at all, through GraphQL: for administrators, written to the Tenant.

import { describe, expect, it } from 'vitest';
import { tenantKind } from '../../../operator/resources/tenant.ts';
import { databaseServer } from '../../../test/support/database.ts';
import { salesScene } from '../../../test/support/environment-people.ts';

const postgres = databaseServer();
const permissions = `{ listTenantPermissions { permissionUri name description type } }`;
const groups = `query ($filter: GroupFilter) { listTenantGroups(filter: $filter) { count nodes { groupUri tenantPermissions { name } } } }`;
const update = `mutation ($input: UpdateGroupTenantPermissionsInput!) { updateGroupTenantPermissions(input: $input) }`;
const parameter = `mutation { updateSSMParameter(name: "dashboardId", value: "x") }`;

describe('Tenant permissions', () => {
  it('are listed to administrators, with the groups that have them', async () => {
    const { admin, sally } = await salesScene(postgres);
    expect(await admin.ask(permissions)).toMatchObject({
      listTenantPermissions: expect.arrayContaining([
        { permissionUri: 'MANAGE_SHARES', name: 'MANAGE_SHARES', type: 'TENANT', description: expect.any(String) },
      ]),
    });
    const all = ['MANAGE_ORGANIZATIONS', 'MANAGE_ENVIRONMENTS', 'MANAGE_DATASETS', 'MANAGE_SHARES'].map((name) => ({
      name,
    }));
    expect(await admin.ask(groups, { filter: { term: 'Mark' } })).toEqual({
      listTenantGroups: { count: 1, nodes: [{ groupUri: 'marketing', tenantPermissions: all }] },
    });
    expect(await admin.ask(groups)).toMatchObject({ listTenantGroups: { count: 5 } });
    for (const query of [permissions, groups])
      expect(await sally.refused(query)).toMatchObject({ code: 'UnauthorizedOperation' });
    const through = `{ listAllEnvironmentGroups(environmentUri: "salesprd") { nodes { tenantPermissions { name } } } }`;
    expect(await sally.refused(through)).toMatchObject({ code: 'UnauthorizedOperation' });
  });

  it('are taken from a group by administrators, and hold at once', async () => {
    const { admin, sally, stored } = await salesScene(postgres);
    const input = { groupUri: 'sales', permissions: ['MANAGE_SHARES'] };
    expect(await sally.refused(update, { input })).toMatchObject({ code: 'UnauthorizedOperation' });
    expect(await admin.ask(update, { input })).toEqual({ updateGroupTenantPermissions: true });
    expect((await stored(tenantKind, { name: 'default' }))?.spec.permissions).toEqual([
      { group: 'sales', permissions: ['MANAGE_SHARES'] },
    ]);
    expect(await admin.ask(groups, { filter: { term: 'sales' } })).toMatchObject({
      listTenantGroups: { nodes: [{ tenantPermissions: [{ name: 'MANAGE_SHARES' }] }] },
    });
    const change = `mutation { updateEnvironment(environmentUri: "salesprd", input: { label: "Mine" }) { label } }`;
    expect(await sally.refused(change)).toMatchObject({ code: 'UnauthorizedOperation' });
    expect(await admin.refused(update, { input: { ...input, permissions: ['MANAGE_NOTEBOOKS'] } })).toMatchObject({
      code: 'InvalidInput',
    });
    expect(await admin.refused(update, { input: { ...input, groupUri: '' } })).toMatchObject({
      code: 'RequiredParameter',
    });
  });
});

it('Parameters of the account that data.all runs in cannot be set: there are none', async () => {
  const { admin, sally } = await salesScene(postgres);
  expect(await admin.refused(parameter)).toMatchObject({
    code: 'InvalidInput',
    message: expect.stringContaining('dashboardId'),
  });
  expect(await sally.refused(parameter)).toMatchObject({ code: 'UnauthorizedOperation' });
});
