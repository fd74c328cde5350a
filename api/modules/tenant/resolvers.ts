// The installation itself in GraphQL: what its groups may do at all.

import { sql } from 'kysely';
import { tenantKind, type Tenant } from '../../../operator/resources/tenant.ts';
import type { Resolvers } from '../../graphql/schema-types.ts';
import { pageOfAll } from '../../read-model/page.ts';
import type { GatewayContext } from '../../server/context.ts';
import { failure } from '../../server/failure.ts';
import { requiredText } from '../../server/input.ts';
import { demandAdministrator, demandSight, TENANT } from './administrators.ts';
import { describedTenantPermissions, knownTenantPermissions } from './permissions.ts';
import { viewerRights } from './viewer-rights.ts';

/** Rights of groups are numbers in one list; more groups than that are found by their names. */
const MOST_GROUPS = 10_000;

export const tenantResolvers: Resolvers = {
  Query: {
    viewerIsAdministrator: async (_, __, { viewer }) => (await viewer()).isAdministrator,
    listViewerRights: (_, { filter }, context) => viewerRights(context, filter ?? {}),
    listTenantPermissions: async (_, __, context) => {
      await demandSight(context, 'LIST_TENANT_PERMISSIONS');
      return describedTenantPermissions();
    },
    listTenantGroups: async (_, { filter }, context) => {
      await demandSight(context, 'LIST_TENANT_GROUPS');
      const tenant = await storedTenant(context);
      const known = await knownGroups(context);
      const named = [
        ...(tenant?.administrators ?? []),
        ...(tenant?.auditors ?? []),
        ...(tenant?.permissions ?? []).map(({ group }) => group),
      ];
      const term = filter?.term?.toLowerCase() ?? '';
      const groups = [...new Set([...known, ...named])]
        .toSorted()
        .filter((group) => group.toLowerCase().includes(term));
      return pageOfAll(
        groups.map((group) => ({ groupUri: group, name: group, label: group })),
        filter,
      );
    },
  },
  Mutation: {
    updateGroupTenantPermissions: async (_, { input }, context) => {
      const action = 'UPDATE_GROUP_TENANT_PERMISSIONS';
      await demandAdministrator(context, action);
      const group = requiredText(action, 'groupUri', input.groupUri);
      const permissions = knownTenantPermissions(action, input.permissions ?? []);
      const attempt = { action, permission: 'MANAGE_TENANT', what: 'Tenant', uri: TENANT.name };
      const edit = ({ permissions: before = [] }: Tenant['spec']) => ({
        permissions: [...before.filter((one) => one.group !== group), { group, permissions }],
      });
      const { dryRun } = context;
      await context.kubernetes.change(tenantKind, TENANT, edit, { attempt, dryRun });
      return true;
    },
    updateSSMParameter: async (_, { name }, context) => {
      const action = 'UPDATE_SSM_PARAMETER';
      await demandAdministrator(context, action);
      const text = `name value ${JSON.stringify(name)} is no parameter of this installation: what it is configured by is its configuration and its Tenant`;
      throw failure({ class: 'InvalidInput', action, text });
    },
  },
  Group: {
    tenantPermissions: async ({ groupUri }, _, context) => {
      await demandSight(context, 'LIST_TENANT_PERMISSIONS');
      const listed = (await storedTenant(context))?.permissions?.find(({ group }) => group === groupUri);
      return describedTenantPermissions(listed?.permissions);
    },
  },
};

const tenants = new WeakMap<GatewayContext, Promise<Tenant['spec'] | undefined>>();

/** Once a request, however many groups ask. */
function storedTenant(context: GatewayContext): Promise<Tenant['spec'] | undefined> {
  const known = tenants.get(context) ?? readTenant(context);
  tenants.set(context, known);
  return known;
}

const readTenant = async ({ database }: GatewayContext): Promise<Tenant['spec'] | undefined> => {
  const row = await database.selectFrom('tenant').select('object').where('name', '=', TENANT.name).executeTakeFirst();
  return row?.object.spec;
};

/** Those that own something, or were invited, and those whose members have signed in. */
async function knownGroups({ database, groupDirectory }: GatewayContext): Promise<readonly string[]> {
  const rows = await database
    .selectFrom('identity_group')
    .select('name')
    .orderBy(sql`name`)
    .limit(MOST_GROUPS)
    .execute();
  return [...rows.map(({ name }) => name), ...(await groupDirectory.listGroups())];
}
