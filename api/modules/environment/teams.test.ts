// Groups in environments through GraphQL: who is listed, what is written as a Team, who is refused.

import { describe, expect, it } from 'vitest';
import { consumptionRoleKind } from '../../../operator/resources/consumption-role.ts';
import { datasetKind } from '../../../operator/resources/dataset.ts';
import { teamKind } from '../../../operator/resources/team.ts';
import { databaseServer } from '../../../test/support/database.ts';
import { salesScene, type SalesScene } from '../../../test/support/environment-people.ts';
import type { Person } from '../../../test/support/gateway-scene.ts';
import { dataset } from '../../../test/support/index-scene.ts';

const postgres = databaseServer();
const environmentUri = 'salesprd';

const invite = `mutation ($input: InviteGroupOnEnvironmentInput!) { inviteGroupOnEnvironment(input: $input) { name userRoleInEnvironment } }`;
const change = `mutation ($input: InviteGroupOnEnvironmentInput!) { updateGroupEnvironmentPermissions(input: $input) { name } }`;
const remove = `mutation ($group: String!) { removeGroupFromEnvironment(environmentUri: "${environmentUri}", groupUri: $group) { name } }`;
const lists = ['listEnvironmentGroups', 'listAllEnvironmentGroups', 'listEnvironmentInvitedGroups'] as const;
const list = (field: string) =>
  `query ($filter: GroupFilter) { ${field}(environmentUri: "${environmentUri}", filter: $filter) { count nodes { groupUri } } }`;

const teams = async ({ api }: SalesScene) =>
  (await api.list(teamKind)).items.map(({ metadata, spec }) => ({ ...spec, in: metadata.namespace }));

describe('The groups of an environment', () => {
  it('are listed with role, workgroup and permissions', async () => {
    const { mary } = await salesScene(postgres);
    const query = `{
      listAllEnvironmentGroups(environmentUri: "${environmentUri}") {
        nodes {
          groupUri name owner environmentIAMRoleArn environmentIAMRoleName environmentAthenaWorkGroup
          environmentPermissions(environmentUri: "${environmentUri}") { name type }
        }
      }
    }`;
    interface Listed {
      listAllEnvironmentGroups: { nodes: { environmentPermissions: { name: string; type: string }[] }[] };
    }
    const { nodes } = (await mary.ask<Listed>(query)).listAllEnvironmentGroups;
    const named = (permissions: { name: string }[]) => permissions.map(({ name }) => name);
    expect(nodes).toMatchObject([
      { groupUri: 'sales', owner: 'sales', environmentAthenaWorkGroup: 'dataall-sales-salesprd' },
      {
        groupUri: 'marketing',
        name: 'marketing',
        environmentIAMRoleArn: 'arn:aws:iam::111111111111:role/dataall-marketing-salesprd',
        environmentIAMRoleName: 'dataall-marketing-salesprd',
      },
    ]);
    expect(named(nodes[0]?.environmentPermissions ?? [])).toEqual(
      expect.arrayContaining(['GET_ENVIRONMENT', 'CREATE_DATASET', 'INVITE_ENVIRONMENT_GROUP']),
    );
    expect(named(nodes[1]?.environmentPermissions ?? [])).toContain('ADD_ENVIRONMENT_CONSUMPTION_ROLES');
    expect(named(nodes[1]?.environmentPermissions ?? [])).not.toContain('INVITE_ENVIRONMENT_GROUP');
  });

  it('are those of who asks, those invited, or all, and are told to who sees the environment', async () => {
    const { mary, sally, finn } = await salesScene(postgres);
    const groups = async (person: Person, field: string, filter = {}) => {
      const answer = await person.ask<Record<string, { nodes: { groupUri: string }[] }>>(list(field), { filter });
      return answer[field]?.nodes.map(({ groupUri }) => groupUri);
    };
    expect(await groups(mary, 'listEnvironmentGroups')).toEqual(['marketing']);
    expect(await groups(sally, 'listEnvironmentGroups')).toEqual(['sales']);
    expect(await groups(mary, 'listAllEnvironmentGroups')).toEqual(['sales', 'marketing']);
    expect(await groups(mary, 'listAllEnvironmentGroups', { term: 'SAL' })).toEqual(['sales']);
    expect(await groups(mary, 'listEnvironmentInvitedGroups')).toEqual(['marketing']);
    for (const field of lists) expect(await finn.refused(list(field))).toMatchObject({ code: 'ResourceNotFound' });
    const everywhere = `{ listAllGroups { count nodes { groupUri } } }`;
    expect(await mary.ask(everywhere)).toEqual({
      listAllGroups: { count: 2, nodes: [{ groupUri: 'marketing' }, { groupUri: 'sales' }] },
    });
    expect(await finn.ask(everywhere)).toEqual({ listAllGroups: { count: 0, nodes: [] } });
  });
});

describe('Inviting a group', () => {
  it('writes a Team, once, with what was chosen from the list, and lets its members see the environment', async () => {
    const scene = await salesScene(postgres);
    const { sally, finn } = scene;
    const offered = `{ listEnvironmentGroupInvitationPermissions { permissionUri name description } }`;
    expect(await sally.ask(offered)).toMatchObject({
      listEnvironmentGroupInvitationPermissions: expect.arrayContaining([
        { permissionUri: 'CREATE_DATASET', name: 'CREATE_DATASET', description: 'Create and import datasets' },
      ]),
    });
    const input = { environmentUri, groupUri: 'finance', permissions: ['GET_ENVIRONMENT', 'CREATE_DATASET'] };
    await sally.ask(invite, { input });
    await sally.ask(invite, { input });
    const invited = { group: 'finance', permissions: ['CREATE_DATASET'], in: 'sales-prod' };
    const written = (await teams(scene)).filter(({ group }) => group === 'finance');
    expect(written).toEqual([invited]);
    expect(await finn.ask(list('listEnvironmentGroups'))).toMatchObject({ listEnvironmentGroups: { count: 1 } });
    expect(await sally.refused(invite, { input: { ...input, permissions: [] } })).toMatchObject({
      code: 'ResourceAlreadyExists',
    });
  });

  it('is refused to who may not, for groups that the organization did not invite, for its owner, and with what is no permission', async () => {
    const scene = await salesScene(postgres);
    const { sally, mary, finn } = scene;
    const before = await teams(scene);
    const attempt = async (person: Person, input: object) =>
      person.refused(invite, { input: { environmentUri, groupUri: 'finance', permissions: [], ...input } });
    expect(await attempt(mary, {})).toMatchObject({
      code: 'UnauthorizedOperation',
      message: expect.stringContaining('INVITE_ENVIRONMENT_GROUP'),
    });
    expect(await attempt(finn, {})).toMatchObject({ code: 'ResourceNotFound' });
    expect(await attempt(sally, { groupUri: 'strangers' })).toMatchObject({
      code: 'InvalidInput',
      message: expect.stringContaining('a group of the organization'),
    });
    expect(await attempt(sally, { groupUri: 'sales' })).toMatchObject({ code: 'ResourceAlreadyExists' });
    expect(await attempt(sally, { groupUri: '' })).toMatchObject({ code: 'RequiredParameter' });
    expect(await attempt(sally, { permissions: null })).toMatchObject({ code: 'RequiredParameter' });
    expect(await attempt(sally, { permissions: ['CREATE_NOTEBOOK'] })).toMatchObject({ code: 'InvalidInput' });
    expect(await teams(scene)).toEqual(before);
  });
});

describe('A group of an environment', () => {
  it('may do something else once its owner says so, and not by its own word', async () => {
    const scene = await salesScene(postgres);
    const { sally, mary } = scene;
    const input = { environmentUri, groupUri: 'marketing', permissions: ['RUN_ATHENA_QUERY'] };
    expect(await mary.refused(change, { input })).toMatchObject({
      code: 'UnauthorizedOperation',
      message: expect.stringContaining('UPDATE_ENVIRONMENT_GROUP'),
    });
    await sally.ask(change, { input });
    expect(await teams(scene)).toEqual([{ group: 'marketing', permissions: ['RUN_ATHENA_QUERY'], in: 'sales-prod' }]);
    expect(await sally.refused(change, { input: { ...input, groupUri: 'finance' } })).toMatchObject({
      code: 'ResourceNotFound',
    });
    expect(await sally.refused(change, { input: { ...input, groupUri: 'sales' } })).toMatchObject({
      code: 'UnauthorizedOperation',
    });
  });

  it('is removed by the owner once it has nothing there', async () => {
    const scene = await salesScene(postgres);
    const { sally, mary, put, api, indexed } = scene;
    const namespace = 'sales-prod';
    await put(datasetKind, { namespace, name: 'orders' }, dataset('marketing'));
    const principalArn = 'arn:aws:iam::111111111111:role/etl';
    const role = { label: 'ETL', owner: 'marketing', principalArn, policyManagement: 'Fully' };
    await put(consumptionRoleKind, { namespace, name: 'etl' }, role);
    expect(await sally.refused(remove, { group: 'marketing' })).toMatchObject({
      code: 'EnvironmentResourcesFound',
      message: expect.stringContaining('1 datasets, 1 consumption roles'),
    });
    await api.delete(datasetKind, { namespace, name: 'orders' });
    await api.delete(consumptionRoleKind, { namespace, name: 'etl' });
    await indexed();
    expect(await mary.refused(remove, { group: 'marketing' })).toMatchObject({ code: 'UnauthorizedOperation' });
    expect(await sally.refused(remove, { group: 'sales' })).toMatchObject({ code: 'UnauthorizedOperation' });
    expect(await sally.ask(remove, { group: 'marketing' })).toEqual({
      removeGroupFromEnvironment: { name: namespace },
    });
    expect(await teams(scene)).toEqual([]);
    expect(await mary.refused(list('listEnvironmentGroups'))).toMatchObject({ code: 'ResourceNotFound' });
  });
});
