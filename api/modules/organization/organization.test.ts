// Organizations through GraphQL: what is answered, what is written, who is refused.

import { describe, expect, it } from 'vitest';
import { organizationKind } from '../../../operator/resources/organization.ts';
import { tenantKind } from '../../../operator/resources/tenant.ts';
import { joinedDirectory } from '../../identity/group-directory/group-directory.ts';
import { staticDirectory } from '../../identity/group-directory/static-directory.ts';
import { databaseServer } from '../../../test/support/database.ts';
import { gatewayScene, type GatewayScene } from '../../../test/support/gateway-scene.ts';
import { organization, put } from '../../../test/support/index-scene.ts';

const postgres = databaseServer();

interface Scene extends GatewayScene {
  readonly uri: string;
}

/** `owners` own acme, which invited `guests`. */
async function scene(parts?: Parameters<typeof gatewayScene>[2]): Promise<Scene> {
  const furnish = async (api: GatewayScene['api']): Promise<void> => {
    await put(api, tenantKind, { name: 'default' }, { administrators: ['admins'] });
    await put(api, organizationKind, { name: 'acme' }, organization('owners', ['guests']));
  };
  const made = await gatewayScene(postgres, furnish, parts);
  const { uri } = await made.database.selectFrom('organization').select('uri').executeTakeFirstOrThrow();
  return { ...made, uri };
}

const invite = `mutation ($input: InviteGroupToOrganizationInput!) { inviteGroupToOrganization(input: $input) { label } }`;
const archive = `mutation ($uri: String!) { archiveOrganization(organizationUri: $uri) }`;

describe('An organization', () => {
  it('is made for a group of who asks, once, however often it is asked for', async () => {
    const { as, api } = await scene();
    const create = `mutation ($input: NewOrganizationInput) { createOrganization(input: $input) { organizationUri label SamlGroupName userRoleInOrganization } }`;
    const input = { label: 'Northwind', SamlGroupName: 'north', tags: ['eu'] };
    const ask = () => as('nora', 'north').ask(create, { input });
    const first = await ask();
    expect(first).toMatchObject({
      createOrganization: { label: 'Northwind', SamlGroupName: 'north', userRoleInOrganization: 'Owner' },
    });
    expect(await ask()).toEqual(first);
    const { items } = await api.list(organizationKind);
    expect(items.map(({ spec }) => spec)).toContainEqual({
      label: 'Northwind',
      owner: 'north',
      catalogTags: ['eu'],
    });
    expect(items).toHaveLength(2);
  });

  it('is edited by its owner; a description that is emptied goes', async () => {
    const { as, api, uri } = await scene();
    const update = `mutation ($uri: String!, $input: ModifyOrganizationInput!) { updateOrganization(organizationUri: $uri, input: $input) { label } }`;
    const edit = (input: object) => as('olga', 'owners').ask(update, { uri, input });
    const spec = async () => (await api.list(organizationKind)).items[0]?.spec;
    await edit({ description: 'Shoes' });
    expect(await spec()).toMatchObject({ description: 'Shoes' });
    expect(await edit({ label: 'ACME Inc.', description: '' })).toEqual({ updateOrganization: { label: 'ACME Inc.' } });
    expect(await spec()).not.toHaveProperty('description');
  });

  it('is shown to its groups and to administrators of the installation, and to nobody else', async () => {
    const { as, uri } = await scene();
    const get = `query ($uri: String!) { getOrganization(organizationUri: $uri) { label userRoleInOrganization } listOrganizations { count } }`;
    const role = async (group: string) => as('somebody', group).ask(get, { uri });
    const seen = (userRoleInOrganization: string) => ({
      getOrganization: { label: 'ACME', userRoleInOrganization },
      listOrganizations: { count: 1 },
    });
    expect(await role('owners')).toEqual(seen('Owner'));
    expect(await role('guests')).toEqual(seen('Invited'));
    expect(await role('admins')).toEqual(seen('NotMember'));
    expect(await as('zoe', 'strangers').refused(get, { uri })).toMatchObject({ code: 'ResourceNotFound' });
  });

  it('invites a group for its owner, and not for an invited one', async () => {
    const { as, uri, stored } = await scene();
    const input = { organizationUri: uri, groupUri: 'newcomers', permissions: ['LINK_ENVIRONMENT'] };
    expect(await as('gus', 'guests').refused(invite, { input })).toMatchObject({ code: 'UnauthorizedOperation' });
    await as('olga', 'owners').ask(invite, { input });
    expect((await stored(organizationKind, { name: 'acme' }))?.spec.teams).toEqual([
      { group: 'guests', permissions: [] },
      { group: 'newcomers', permissions: ['LINK_ENVIRONMENT'] },
    ]);
  });

  it('is not archived while it has environments, nor by somebody else', async () => {
    const { as, uri, put: write, stored } = await scene();
    await write(organizationKind, { name: 'acme' }, organization('owners', ['guests']), { environments: 1 });
    expect(await as('olga', 'owners').refused(archive, { uri })).toMatchObject({ code: 'OrganizationResourcesFound' });
    await write(organizationKind, { name: 'acme' }, organization('owners', ['guests']), { environments: 0 });
    expect(await as('gus', 'guests').refused(archive, { uri })).toMatchObject({ code: 'UnauthorizedOperation' });
    await as('olga', 'owners').ask(archive, { uri });
    expect(await stored(organizationKind, { name: 'acme' })).toBeUndefined();
  });
});

describe('The people of an organization', () => {
  it('are counted once each, by what the directory knows of its groups', async () => {
    const groups = [
      { name: 'owners', users: [{ user: 'ola' }, { user: 'gus' }] },
      { name: 'guests', users: [{ user: 'gus' }] },
      { name: 'strangers', users: [{ user: 'sue' }] },
    ];
    const { as } = await scene({ groupDirectory: joinedDirectory([staticDirectory(groups)]) });
    const list = `{ listOrganizations { nodes { stats { groups users environments } } } }`;
    expect(await as('gus', 'guests').ask(list)).toEqual({
      listOrganizations: { nodes: [{ stats: { groups: 2, users: 2, environments: 0 } }] },
    });
  });
});
