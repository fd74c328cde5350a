// Roles and users of an environment's account that may be given access: ConsumptionRoles of the read model, in GraphQL.

import { sql } from 'kysely';
import type { Selectable } from 'kysely';
import type { ConsumptionRole } from '../../../operator/resources/consumption-role.ts';
import type {
  ConsumptionPrincipalFilter,
  ConsumptionPrincipalResolvers,
  EnvironmentIamPrincipalType,
  PolicyManagementOptions,
  PrincipalManagedPolicy,
} from '../../graphql/schema-types.ts';
import { pageOf, type Page } from '../../read-model/page.ts';
import type { ConsumptionRoleTable } from '../../read-model/projections/consumption-role.ts';
import { contains } from '../../read-model/text.ts';
import { visible } from '../../read-model/viewer.ts';
import type { GatewayContext } from '../../server/context.ts';
import { notFound } from '../../server/failure.ts';
import { nameOfArn } from './environment.ts';

const columns = [
  'uri',
  'namespace',
  'name',
  'label',
  'owner',
  'principal_arn',
  'policy_management',
  'in_use',
  'created',
  'updated',
  'deleting',
  'ready',
  'message',
] as const satisfies readonly (keyof ConsumptionRoleTable)[];

export interface ConsumptionPrincipalRow extends Pick<Selectable<ConsumptionRoleTable>, (typeof columns)[number]> {
  readonly environment_uri: string | null;
}

type Management = ConsumptionRole['spec']['policyManagement'];

export const managementOf: Readonly<Record<PolicyManagementOptions, Management>> = {
  FULLY_MANAGED: 'Fully',
  PARTIALLY_MANAGED: 'Partially',
  EXTERNALLY_MANAGED: 'Externally',
};

export const managedAs: Readonly<Record<Management, PolicyManagementOptions>> = {
  Fully: 'FULLY_MANAGED',
  Partially: 'PARTIALLY_MANAGED',
  Externally: 'EXTERNALLY_MANAGED',
};

const all = async ({ database, viewer }: GatewayContext) =>
  database
    .selectFrom('consumption_role')
    .select(columns)
    .select(
      sql<string | null>`(select uri from environment where environment.name = consumption_role.namespace)`.as(
        'environment_uri',
      ),
    )
    .where(visible('consumption_role', await viewer()));

/** @param where an environment by name, groups that own them; without: everywhere, anybody's */
export async function listConsumptionPrincipals(
  context: GatewayContext,
  filter: ConsumptionPrincipalFilter | null | undefined,
  where: { readonly environment?: string; readonly owners?: readonly string[] },
): Promise<Page<ConsumptionPrincipalRow>> {
  const { term, groupUri } = filter ?? {};
  let query = await all(context);
  if (where.environment !== undefined) query = query.where('namespace', '=', where.environment);
  if (where.owners !== undefined) query = query.where(sql<boolean>`owner = any(${sql.val(where.owners)}::text[])`);
  if (groupUri) query = query.where('owner', '=', groupUri);
  if (term)
    query = query.where(
      sql<boolean>`(${contains('consumption_role.label', term)} or ${contains('consumption_role.principal_arn', term)})`,
    );
  return pageOf(context.database, query.orderBy('created', 'desc').orderBy('uid'), filter);
}

/** @throws GraphQLError ResourceNotFound */
export async function consumptionPrincipalFor(
  context: GatewayContext,
  action: string,
  environment: string,
  uri: string,
): Promise<ConsumptionPrincipalRow> {
  const query = (await all(context)).where('namespace', '=', environment).where('uri', '=', uri);
  const row = await query.executeTakeFirst();
  if (row === undefined) throw notFound(action, 'Consumption principal', uri);
  return row;
}

/** The policies that sharing has made for the role or user of this name, as the operator last saw them. */
export async function policiesOf(
  { database, viewer }: GatewayContext,
  environment: string,
  principal: string,
  type: EnvironmentIamPrincipalType,
): Promise<PrincipalManagedPolicy[]> {
  const roles = await database
    .selectFrom('consumption_role')
    .select(['principal_arn', 'policy_management', 'object'])
    .where('namespace', '=', environment)
    .where(visible('consumption_role', await viewer()))
    .execute();
  const role = roles.find(({ principal_arn: arn }) => nameOfArn(arn) === principal && typeOf(arn) === type);
  return (role?.object.status.policies ?? []).map(({ name, attached }) => ({
    policy_name: name,
    policy_type: 'SharePolicy',
    exists: true,
    attached: attachment(role?.policy_management === 'Externally', attached),
  }));
}

const attachment = (isExternal: boolean, attached: boolean): PrincipalManagedPolicy['attached'] => {
  if (isExternal) return 'NOTAPPLICABLE';
  return attached ? 'ATTACHED' : 'NOTATTACHED';
};

const typeOf = (arn: string): EnvironmentIamPrincipalType => (arn.includes(':user/') ? 'USER' : 'ROLE');

export const consumptionPrincipalResolvers: ConsumptionPrincipalResolvers = {
  consumptionPrincipalUri: ({ uri }) => uri,
  consumptionPrincipalName: ({ label }) => label,
  groupUri: ({ owner }) => owner,
  environmentUri: ({ environment_uri }) => environment_uri,
  IAMPrincipalArn: ({ principal_arn }) => principal_arn,
  IAMPrincipalName: ({ principal_arn }) => nameOfArn(principal_arn),
  dataallManaged: ({ policy_management }) => managedAs[policy_management],
  created: ({ created }) => created.toISOString(),
  updated: ({ updated }) => updated.toISOString(),
  deleted: ({ deleting }) => deleting?.toISOString(),
  consumptionPrincipalType: ({ principal_arn }) => typeOf(principal_arn),
};
