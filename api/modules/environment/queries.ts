// Environments of the read model.

import { sql } from 'kysely';
import type { StackStatus } from '../../../operator/resources/status.ts';
import type { EnvironmentFilter, EnvironmentPermission } from '../../graphql/schema-types.ts';
import type { Identity } from '../../identity/identity.ts';
import type { Database } from '../../read-model/database.ts';
import { pageOf, type Page, sortsOf } from '../../read-model/page.ts';
import { contains } from '../../read-model/text.ts';
import { visible, type Viewer } from '../../read-model/viewer.ts';
import type { GatewayContext } from '../../server/context.ts';
import { notFound } from '../../server/failure.ts';
import { environmentColumns, type EnvironmentRow } from './environment.ts';

/** Who asks. */
interface Asker {
  readonly viewer: Viewer;
  readonly groups: Identity['groups'];
}

/** Whether a group of `groups` has a Team in the environment. */
const isInvited = (groups: readonly string[]) => sql<boolean>`exists (
  select from team where team.namespace = environment.name and team.group_name = any(${sql.val(groups)}::text[])
)`;

const ofObject = <T>(path: string) => sql<T>`environment.object #> ${sql.lit(path)}`;
const textOf = (path: string) => sql<string | null>`environment.object #>> ${sql.lit(path)}`;

const all = (database: Database, { viewer, groups }: Asker) =>
  database
    .selectFrom('environment')
    .select(environmentColumns)
    .select([
      sql<EnvironmentRow['organization_seen']>`(
        select json_build_object('organizationUri', organization.uri, 'label', organization.label, 'name', organization.name)
        from organization where organization.name = environment.organization and ${visible('organization', viewer)}
      )`.as('organization_seen'),
      isInvited(groups).as('invited'),
      sql<boolean>`${ofObject('{spec,defaultRoleArn}')} is not null`.as('role_imported'),
      textOf('{spec,permissionsBoundaryArn}').as('boundary_arn'),
      textOf('{status,buckets,environment}').as('bucket'),
      textOf('{status,buckets,logs}').as('logs_bucket'),
      textOf('{status,externalId}').as('external_id'),
      textOf('{status,linkCommand}').as('link_command'),
      ofObject<readonly string[] | null>('{status,usedBy}').as('used_by'),
      ofObject<StackStatus | null>('{status,stack}').as('stack'),
    ])
    .where(visible('environment', viewer));

const askerOf = async ({ viewer, identity }: GatewayContext): Promise<Asker> => ({
  viewer: await viewer(),
  groups: identity.groups,
});

/** @throws GraphQLError ResourceNotFound */
export async function environmentFor(context: GatewayContext, action: string, uri: string): Promise<EnvironmentRow> {
  const row = await all(context.database, await askerOf(context))
    .where('uri', '=', uri)
    .executeTakeFirst();
  if (row === undefined) throw notFound(action, 'Environment', uri);
  return row;
}

/** @param limits further conditions: those of one organization (by name), or those that data can be put into now by the groups of who asks */
export async function listEnvironments(
  context: GatewayContext,
  filter: EnvironmentFilter | null | undefined,
  limits: { readonly organization?: string; readonly valid?: true } = {},
): Promise<Page<EnvironmentRow>> {
  const { term, roles, quicksight, SamlGroupName: group, sort } = filter ?? {};
  const asker = await askerOf(context);
  let query = all(context.database, asker);
  if (limits.organization !== undefined) query = query.where('organization', '=', limits.organization);
  if (limits.valid) query = query.where('ready', '=', 'True').where(hasRole(asker, ['Owner', 'Invited']));
  if (term) query = query.where(matches(term));
  if (roles?.length) query = query.where(hasRole(asker, [...new Set(roles)]));
  if (group) query = query.where(sql<boolean>`(environment.owner = ${group} or ${isInvited([group])})`);
  // What is not in this version, no environment has.
  if (quicksight === true) query = query.where(sql<boolean>`false`);
  for (const { field, direction } of sortsOf(sort)) query = query.orderBy(field, direction);
  return pageOf(context.database, query.orderBy('created', 'desc').orderBy('uid'), filter);
}

const matches = (term: string) => {
  const columns = ['label', 'description', 'account', 'region', 'name'].map((column) =>
    contains(`environment.${column}`, term),
  );
  return sql<boolean>`(${sql.join([...columns, contains(sql`array_to_string(tags, ' ')`, term)], sql` or `)})`;
};

/** Roles that nobody has in this version match nothing. */
function hasRole({ groups }: Asker, roles: readonly (EnvironmentPermission | null | undefined)[]) {
  const owns = sql<boolean>`environment.owner = any(${sql.val(groups)}::text[])`;
  const conditions = roles.flatMap((role) => {
    if (role === 'Owner' || role === 'Admin') return [owns];
    if (role === 'Invited') return [sql<boolean>`(${isInvited(groups)} and not ${owns})`];
    return role === 'NotInvited' ? [sql<boolean>`not (${owns} or ${isInvited(groups)})`] : [];
  });
  return conditions.length === 0 ? sql<boolean>`false` : sql<boolean>`(${sql.join(conditions, sql` or `)})`;
}
