// What the groups of who asks may do, and where: in the installation at all, and in each organization and environment.

import { sql } from 'kysely';
import { environmentPermissions } from '../../../operator/resources/team.ts';
import { organizationPermissions } from '../../../operator/resources/organization.ts';
import { tenantPermissions } from '../../../operator/resources/tenant.ts';
import type { GroupFilter, Permission, ViewerRightPage } from '../../graphql/schema-types.ts';
import { pageOf } from '../../read-model/page.ts';
import { contains } from '../../read-model/text.ts';
import { visible, type Viewer } from '../../read-model/viewer.ts';
import type { GatewayContext } from '../../server/context.ts';
import { permissionsOf as inEnvironment } from '../environment/permissions.ts';
import { permissionsOf as inOrganization } from '../organization/permissions.ts';
import { TENANT } from './administrators.ts';
import { describedTenantPermissions } from './permissions.ts';

interface RightRow {
  readonly type: 'TENANT' | 'ORGANIZATION' | 'ENVIRONMENT';
  readonly uri: string | null;
  readonly label: string | null;
  readonly group_name: string;
  readonly owns: boolean;
  /** What was chosen for the group; null: all there is. */
  readonly chosen: readonly string[] | null;
}

/** The installation first, then organizations, then environments. */
export async function viewerRights(context: GatewayContext, filter: GroupFilter): Promise<ViewerRightPage> {
  const { database, identity } = context;
  const viewer = await context.viewer();
  let query = database
    .selectFrom(sql<RightRow>`(${rights(viewer, identity.groups)})`.as('rights'))
    .selectAll('rights')
    .orderBy(sql`array_position(array['TENANT', 'ORGANIZATION', 'ENVIRONMENT'], type)`)
    .orderBy('label')
    .orderBy('uri')
    .orderBy('group_name');
  if (filter.term) query = query.where(contains(sql`concat_ws(' ', label, group_name)`, filter.term));
  const page = await pageOf<RightRow>(database, query, filter);
  return {
    ...page,
    seesEverything: viewer.seesEverything,
    nodes: page.nodes.map((row) => ({
      type: row.type,
      uri: row.uri,
      label: row.label,
      groupUri: row.group_name,
      owns: row.owns,
      permissions: permissionsOf(row),
    })),
  };
}

const among = <Name extends string>(all: readonly Name[], chosen: RightRow['chosen']): Name[] =>
  all.filter((name) => chosen?.includes(name) ?? true);

function permissionsOf({ type, chosen }: RightRow): Permission[] {
  switch (type) {
    case 'TENANT':
      return describedTenantPermissions(among(tenantPermissions, chosen));
    case 'ORGANIZATION':
      return inOrganization(among(organizationPermissions, chosen));
    case 'ENVIRONMENT':
      return inEnvironment(among(environmentPermissions, chosen));
  }
}

/** Of what RBAC lets them see. Of several Teams of one group in an environment the oldest counts. */
const rights = (viewer: Viewer, groups: readonly string[]) => sql`
  select 'TENANT' as type, null as uri, null as label, mine.name as group_name, false as owns, (
    select array(select jsonb_array_elements_text(listed -> 'permissions'))
    from tenant cross join jsonb_array_elements(coalesce(tenant.object #> '{spec,permissions}', '[]')) as listed
    where tenant.name = ${TENANT.name} and listed ->> 'group' = mine.name limit 1
  ) as chosen
  from unnest(${sql.val(groups)}::text[]) as mine(name)
  union all
  select 'ORGANIZATION', uri, label, owner, true, null from organization
  where owner = any(${sql.val(groups)}::text[]) and ${visible('organization', viewer)}
  union all
  select 'ORGANIZATION', uri, label, guest ->> 'group', false, array(select jsonb_array_elements_text(guest -> 'permissions'))
  from organization cross join jsonb_array_elements(coalesce(organization.object #> '{spec,teams}', '[]')) as guest
  where guest ->> 'group' = any(${sql.val(groups)}::text[]) and guest ->> 'group' <> owner and ${visible('organization', viewer)}
  union all
  select 'ENVIRONMENT', uri, label, owner, true, null from environment
  where owner = any(${sql.val(groups)}::text[]) and ${visible('environment', viewer)}
  union all
  select 'ENVIRONMENT', environment.uri, environment.label, team.group_name, false, team.permissions
  from environment cross join lateral (
    select distinct on (group_name) group_name, permissions from team
    where team.namespace = environment.name and group_name = any(${sql.val(groups)}::text[]) and group_name <> environment.owner
    order by group_name, created, uid
  ) as team
  where ${visible('environment', viewer)}`;
