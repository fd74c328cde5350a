// Groups in environments: the owner, and those with a Team.

import { sql } from 'kysely';
import type { Group } from '../../graphql/schema-types.ts';
import { pageOf, type Page, type PageRequest } from '../../read-model/page.ts';
import { contains } from '../../read-model/text.ts';
import { visible } from '../../read-model/viewer.ts';
import type { GatewayContext } from '../../server/context.ts';
import { nameOfArn, type EnvironmentRow } from './environment.ts';

export interface TeamRow {
  readonly name: string;
  readonly group_name: string;
  readonly permissions: string[];
  readonly role_arn: string | null;
  readonly workgroup: string | null;
  readonly changed_by: string | null;
  readonly created: Date;
  readonly updated: Date;
  readonly in_use: number;
}

const columns = [
  'name',
  'group_name',
  'permissions',
  'role_arn',
  'workgroup',
  'changed_by',
  'created',
  'updated',
  'in_use',
] as const;

/** Of one environment those that the asker may see: who is in it all of them. Of several Teams of one group the oldest counts. */
const teamsOf = async (
  { database, viewer }: GatewayContext,
  { name }: Pick<EnvironmentRow, 'name'>,
): Promise<TeamRow[]> =>
  database
    .selectFrom('team')
    .select(columns)
    .distinctOn('group_name')
    .where('namespace', '=', name)
    .where(visible('team', await viewer()))
    .orderBy('group_name')
    .orderBy('created')
    .orderBy('uid')
    .execute();

export const teamOf = async (
  context: GatewayContext,
  environment: Pick<EnvironmentRow, 'name'>,
  group: string,
): Promise<TeamRow | undefined> => (await teamsOf(context, environment)).find(({ group_name }) => group_name === group);

/** The owner first. */
export async function groupsOf(context: GatewayContext, environment: EnvironmentRow): Promise<Partial<Group>[]> {
  const { owner, role_arn, workgroup, changed_by, created, updated } = environment;
  const own = groupOf({ group_name: owner, role_arn, workgroup, changed_by, created, updated }, owner);
  return [own, ...(await teamsOf(context, environment)).map((team) => groupOf(team, owner))];
}

const groupOf = (
  team: Pick<TeamRow, 'group_name' | 'role_arn' | 'workgroup' | 'changed_by' | 'created' | 'updated'>,
  owner: string,
): Partial<Group> => ({
  groupUri: team.group_name,
  name: team.group_name,
  label: team.group_name,
  owner,
  invitedBy: team.changed_by,
  created: team.created.toISOString(),
  updated: team.updated.toISOString(),
  environmentIAMRoleArn: team.role_arn,
  environmentIAMRoleName: team.role_arn === null ? null : nameOfArn(team.role_arn),
  environmentAthenaWorkGroup: team.workgroup,
});

/** Names of all groups of environments that the asker may see. */
export async function listAllGroups(
  { database, viewer }: GatewayContext,
  { term, ...page }: PageRequest & { readonly term?: string | null | undefined },
): Promise<Page<{ group_name: string }>> {
  const who = await viewer();
  const seen = visible('environment', who);
  const groups = database
    .selectFrom('environment')
    .select(sql<string>`environment.owner`.as('group_name'))
    .where(seen)
    .union(
      database
        .selectFrom('environment')
        .innerJoin('team', 'team.namespace', 'environment.name')
        .select(sql<string>`team.group_name`.as('group_name'))
        .where(seen)
        .where(visible('team', who)),
    );
  let query = database.selectFrom(groups.as('groups')).select('group_name');
  if (term) query = query.where(contains('group_name', term));
  return pageOf(database, query.orderBy('group_name') as never, page);
}
