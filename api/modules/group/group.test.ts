// Groups of the identity provider through GraphQL: whom one can invite, and who is told who is in a group.

import { describe, expect, it } from 'vitest';
import { staticDirectory } from '../../identity/group-directory/static-directory.ts';
import { datasetKind } from '../../../operator/resources/dataset.ts';
import { organizationKind } from '../../../operator/resources/organization.ts';
import { shareRequestKind } from '../../../operator/resources/share-request.ts';
import { databaseServer } from '../../../test/support/database.ts';
import { salesScene } from '../../../test/support/environment-people.ts';

const postgres = databaseServer();

const groupDirectory = staticDirectory([
  { name: 'sales', users: [{ user: 'sally@acme.example' }, { user: 'sam@acme.example' }] },
  { name: 'marketing', users: [{ user: 'mary@acme.example' }] },
  { name: 'finance', users: [{ user: 'finn@acme.example' }] },
  { name: 'outsiders', users: [{ user: 'olaf@elsewhere.example' }] },
]);
const scene = () => salesScene(postgres, { groupDirectory });

const list = `query ($filter: ServiceProviderGroupFilter) { listGroups(filter: $filter) { groupName } }`;
const users = `query ($group: String!) { listUsersForGroup(groupUri: $group) getGroup(groupUri: $group) { groupUri name } }`;
const groupsOf = `query ($user: String!) { getGroupsForUser(userid: $user) }`;

describe('Groups', () => {
  it('are listed to invite from, without those that are there already', async () => {
    const { sally, zoe } = await scene();
    const named = (...names: string[]) => ({ listGroups: names.map((groupName) => ({ groupName })) });
    expect(await sally.ask(list)).toEqual(named('finance', 'marketing', 'outsiders', 'sales'));
    expect(await sally.ask(list, { filter: { type: 'environment', uri: 'salesprd' } })).toEqual(
      named('finance', 'outsiders'),
    );
    expect(await sally.ask(list, { filter: { type: 'organization', uri: 'acmeacme' } })).toEqual(named('outsiders'));
    expect(await sally.refused(list, { filter: { type: 'notebook', uri: 'x' } })).toMatchObject({
      code: 'InvalidInput',
    });
    expect(await zoe.refused(list, { filter: { type: 'environment', uri: 'salesprd' } })).toMatchObject({
      code: 'ResourceNotFound',
    });
  });

  it('have their users told to themselves, to administrators, and to who sees an environment that they linked', async () => {
    const { sally, mary, pete, admin, finn, zoe } = await scene();
    const answer = {
      listUsersForGroup: ['sally@acme.example', 'sam@acme.example'],
      getGroup: { groupUri: 'sales', name: 'sales' },
    };
    for (const person of [sally, mary, pete, admin])
      expect(await person.ask(users, { group: 'sales' })).toEqual(answer);
    // Of the same organization, and not in the environment.
    expect(await finn.refused(users, { group: 'sales' })).toMatchObject({ code: 'UnauthorizedOperation' });
    expect(await zoe.refused(users, { group: 'sales' })).toMatchObject({ code: 'UnauthorizedOperation' });
    expect(await sally.refused(users, { group: 'outsiders' })).toMatchObject({ code: 'UnauthorizedOperation' });
    const one = `{ getGroup(groupUri: "sales") { name } }`;
    expect(await zoe.refused(one)).toMatchObject({ code: 'UnauthorizedOperation' });
  });

  it('keep their users from who invites them, or gives them an organization or a dataset', async () => {
    const { sally, zoe, put } = await scene();
    const teams = [{ group: 'outsiders', permissions: ['LINK_ENVIRONMENT'] }];
    await put(organizationKind, { name: 'trap' }, { label: 'Trap', owner: 'strangers', teams });
    const back = [{ group: 'strangers', permissions: [] }];
    await put(organizationKind, { name: 'gift' }, { label: 'Gift', owner: 'outsiders', teams: back });
    const given = { label: 'Gift', owner: 'outsiders', confidentiality: 'Official', s3: { origin: 'Create' } };
    await put(datasetKind, { namespace: 'sales-prod', name: 'gift' }, given);
    for (const person of [zoe, sally])
      expect(await person.refused(users, { group: 'outsiders' })).toMatchObject({ code: 'UnauthorizedOperation' });
  });

  it('have their users told to who sees a request that they made', async () => {
    const { sally, finn, put } = await scene();
    const marketing = { group: 'marketing' };
    expect(await sally.refused(users, marketing)).toMatchObject({ code: 'UnauthorizedOperation' });
    await put(
      shareRequestKind,
      { namespace: 'sales-prod', name: 'orders' },
      {
        datasetRef: { namespace: 'sales-prod', name: 'orders' },
        requester: 'marketing',
        principal: { kind: 'Team', name: 'marketing' },
        permissions: ['Read'],
        draft: false,
        items: [{ kind: 'Table', name: 'orders' }],
      },
    );
    expect(await sally.ask(users, marketing)).toMatchObject({ listUsersForGroup: ['mary@acme.example'] });
    expect(await finn.refused(users, marketing)).toMatchObject({ code: 'UnauthorizedOperation' });
  });

  it('of a user are told to that user, by the token, and to administrators, by the directory', async () => {
    const { sally, admin, zoe } = await scene();
    expect(await sally.ask(groupsOf, { user: 'sally@acme.example' })).toEqual({ getGroupsForUser: ['sales'] });
    expect(await admin.ask(groupsOf, { user: 'finn@acme.example' })).toEqual({ getGroupsForUser: ['finance'] });
    expect(await zoe.refused(groupsOf, { user: 'finn@acme.example' })).toMatchObject({ code: 'UnauthorizedOperation' });
  });
});
