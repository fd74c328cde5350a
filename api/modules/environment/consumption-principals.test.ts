// Roles and users that may be given access, through GraphQL: who is listed, what is written as a ConsumptionRole, who is refused.

import { describe, expect, it } from 'vitest';
import { consumptionRoleKind } from '../../../operator/resources/consumption-role.ts';
import { shareRequestKind } from '../../../operator/resources/share-request.ts';
import { databaseServer } from '../../../test/support/database.ts';
import { salesScene, type SalesScene } from '../../../test/support/environment-people.ts';
import { ordersTable, share } from '../../../test/support/index-scene.ts';

const postgres = databaseServer();
const environmentUri = 'salesprd';
const namespace = 'sales-prod';
const IAMPrincipalArn = 'arn:aws:iam::111111111111:role/team/etl';

const fields = `consumptionPrincipalUri consumptionPrincipalName groupUri environmentUri IAMPrincipalArn IAMPrincipalName dataallManaged
  consumptionPrincipalType deleted`;
const add = `mutation ($input: AddConsumptionPrincipalToEnvironmentInput!) { addConsumptionPrincipalToEnvironment(input: $input) { ${fields} } }`;
const update = `mutation ($uri: String!, $input: UpdateConsumptionPrincipalInput) {
  updateConsumptionPrincipal(environmentUri: "${environmentUri}", consumptionPrincipalUri: $uri, input: $input) { ${fields} }
}`;
const remove = `mutation ($uri: String!) {
  removeConsumptionPrincipalFromEnvironment(environmentUri: "${environmentUri}", consumptionPrincipalUri: $uri)
}`;
const policies = `query ($name: String!, $type: String!) {
  getConsumptionPrincipalPolicies(environmentUri: "${environmentUri}", IAMPrincipalName: $name, IAMPrincipalType: $type) {
    policy_name policy_type exists attached
  }
}`;
const lists = `query ($filter: ConsumptionPrincipalFilter) {
  listAllConsumptionPrincipals(filter: $filter) { nodes { consumptionPrincipalName } }
  listEnvironmentConsumptionPrincipals(environmentUri: "${environmentUri}", filter: $filter) { nodes { consumptionPrincipalName } }
  listAllEnvironmentConsumptionPrincipals(environmentUri: "${environmentUri}", filter: $filter) { count nodes { consumptionPrincipalName } }
}`;

const input = {
  environmentUri,
  consumptionPrincipalName: 'ETL',
  groupUri: 'marketing',
  IAMPrincipalArn,
  dataallManaged: 'PARTIALLY_MANAGED',
};

const role = {
  label: 'ETL',
  owner: 'marketing',
  principalArn: IAMPrincipalArn,
  policyManagement: 'Fully',
};
const reports = { ...role, label: 'Reports', owner: 'sales', principalArn: 'arn:aws:iam::111111111111:user/reports' };
const policy = 'dataall-env-salesprd-share-policy-etl-0';
const STATUS = {
  id: 'etletlet',
  policies: [{ name: policy, arn: `arn:aws:iam::111111111111:policy/${policy}`, attached: true }],
};

/** Both are there: `etl` of marketing, `reports` of sales. */
async function scene(): Promise<SalesScene> {
  const made = await salesScene(postgres);
  await made.put(consumptionRoleKind, { namespace, name: 'etl' }, role, STATUS);
  await made.put(consumptionRoleKind, { namespace, name: 'reports' }, reports, { id: 'reportsr' });
  return made;
}

const spec = async ({ stored }: SalesScene, name: string) =>
  (await stored(consumptionRoleKind, { namespace, name }))?.spec;

describe('A consumption principal', () => {
  it('is added for a group of the environment, once, and shown at once', async () => {
    const { mary, api } = await salesScene(postgres);
    const answer = await mary.ask(add, { input });
    expect(answer).toMatchObject({
      addConsumptionPrincipalToEnvironment: {
        consumptionPrincipalName: 'ETL',
        groupUri: 'marketing',
        environmentUri,
        IAMPrincipalArn,
        IAMPrincipalName: 'etl',
        dataallManaged: 'PARTIALLY_MANAGED',
        consumptionPrincipalType: 'ROLE',
        deleted: null,
      },
    });
    expect(await mary.ask(add, { input })).toEqual(answer);
    const { items } = await api.list(consumptionRoleKind);
    expect(items.map((one) => one.spec)).toEqual([{ ...role, policyManagement: 'Partially' }]);
    expect(items[0]?.metadata.namespace).toBe(namespace);
    expect(await mary.ask(lists)).toMatchObject({ listAllEnvironmentConsumptionPrincipals: { count: 1 } });
    const another = { ...input, consumptionPrincipalName: 'Another' };
    expect(await mary.refused(add, { input: another })).toMatchObject({ code: 'ResourceAlreadyExists' });
  });

  it('says whether it is in the account yet, and what to do where it is not', async () => {
    const { mary, put } = await salesScene(postgres);
    const message = 'there is no role etl in 111111111111: make it, or name another';
    const conditions = [
      {
        type: 'Ready',
        status: 'False' as const,
        reason: 'PrincipalNotFound',
        message,
        lastTransitionTime: '2026-01-01T00:00:00Z',
        observedGeneration: 1,
      },
    ];
    await put(consumptionRoleKind, { namespace, name: 'etl' }, role, { ...STATUS, conditions });
    const states = `{ listAllEnvironmentConsumptionPrincipals(environmentUri: "${environmentUri}") { nodes { ready message } } }`;
    expect(await mary.ask(states)).toEqual({
      listAllEnvironmentConsumptionPrincipals: { nodes: [{ ready: 'False', message }] },
    });
  });

  it('is not added by who may not, for a group that is not there, or with what is no role or user', async () => {
    const { sally, mary, pete, finn, api } = await salesScene(postgres);
    expect(await pete.refused(add, { input })).toMatchObject({
      code: 'UnauthorizedOperation',
      message: expect.stringContaining('ADD_ENVIRONMENT_CONSUMPTION_ROLES'),
    });
    expect(await finn.refused(add, { input })).toMatchObject({ code: 'ResourceNotFound' });
    expect(await sally.refused(add, { input: { ...input, groupUri: 'finance' } })).toMatchObject({
      code: 'InvalidInput',
      message: expect.stringContaining('a group of the environment'),
    });
    expect(await mary.refused(add, { input: { ...input, IAMPrincipalArn: 'etl' } })).toMatchObject({
      code: 'InvalidInput',
    });
    expect(await mary.refused(add, { input: { ...input, consumptionPrincipalName: '' } })).toMatchObject({
      code: 'RequiredParameter',
    });
    expect((await api.list(consumptionRoleKind)).items).toEqual([]);
  });

  it('is listed to its group, and to all of the environment who ask for all', async () => {
    const { mary, pete, finn } = await scene();
    const named = (...names: string[]) => ({
      nodes: names.map((consumptionPrincipalName) => ({ consumptionPrincipalName })),
    });
    expect(await mary.ask(lists, { filter: { term: 'E' } })).toMatchObject({
      listAllConsumptionPrincipals: named('ETL'),
      listEnvironmentConsumptionPrincipals: named('ETL'),
      listAllEnvironmentConsumptionPrincipals: { count: 2 },
    });
    expect(await mary.ask(lists, { filter: { groupUri: 'sales' } })).toEqual({
      listAllConsumptionPrincipals: named(),
      listEnvironmentConsumptionPrincipals: named(),
      listAllEnvironmentConsumptionPrincipals: { count: 1, ...named('Reports') },
    });
    // Sees the environment, and not what is in it.
    expect(await pete.ask(lists)).toMatchObject({ listAllEnvironmentConsumptionPrincipals: { count: 0 } });
    expect(await finn.refused(lists)).toMatchObject({ code: 'ResourceNotFound' });
  });

  it('is changed by who may, within the environment', async () => {
    const made = await scene();
    const { sally, mary, pete } = made;
    const changed = { consumptionPrincipalName: 'Nightly', groupUri: 'sales', dataallManaged: 'EXTERNALLY_MANAGED' };
    expect(await sally.ask(update, { uri: STATUS.id, input: changed })).toMatchObject({
      updateConsumptionPrincipal: {
        consumptionPrincipalName: 'Nightly',
        groupUri: 'sales',
        dataallManaged: 'EXTERNALLY_MANAGED',
      },
    });
    expect(await spec(made, 'etl')).toEqual({
      ...role,
      label: 'Nightly',
      owner: 'sales',
      policyManagement: 'Externally',
    });
    expect(await pete.refused(update, { uri: STATUS.id, input: changed })).toMatchObject({ code: 'ResourceNotFound' });
    expect(await mary.refused(update, { uri: 'reportsr', input: { ...changed, groupUri: 'finance' } })).toMatchObject({
      code: 'InvalidInput',
    });
  });

  it('is removed once no access is asked for by it', async () => {
    const made = await scene();
    const { mary, pete, put, api, indexed } = made;
    const principal = { principal: { kind: 'ConsumptionRole', name: 'etl' } };
    await put(shareRequestKind, { namespace, name: 'orders' }, share('marketing', [ordersTable], principal));
    expect(await mary.refused(remove, { uri: STATUS.id })).toMatchObject({
      code: 'EnvironmentResourcesFound',
      message: expect.stringContaining('orders'),
    });
    await api.delete(shareRequestKind, { namespace, name: 'orders' });
    await indexed();
    expect(await pete.refused(remove, { uri: STATUS.id })).toMatchObject({ code: 'ResourceNotFound' });
    expect(await mary.ask(remove, { uri: STATUS.id })).toEqual({ removeConsumptionPrincipalFromEnvironment: true });
    expect(await spec(made, 'etl')).toBeUndefined();
  });

  it('tells the policies that sharing made for it, to who sees what is in the environment', async () => {
    const { mary, pete, finn } = await scene();
    const answer = (found: object[]) => ({ getConsumptionPrincipalPolicies: found });
    const made = { policy_name: policy, policy_type: 'SharePolicy', exists: true, attached: 'ATTACHED' };
    expect(await mary.ask(policies, { name: 'etl', type: 'Role' })).toEqual(answer([made]));
    expect(await mary.ask(policies, { name: 'etl', type: 'USER' })).toEqual(answer([]));
    expect(await pete.ask(policies, { name: 'etl', type: 'Role' })).toEqual(answer([]));
    expect(await mary.refused(policies, { name: 'etl', type: 'Robot' })).toMatchObject({ code: 'InvalidInput' });
    expect(await finn.refused(policies, { name: 'etl', type: 'Role' })).toMatchObject({ code: 'ResourceNotFound' });
  });
});
