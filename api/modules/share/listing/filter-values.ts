// By which values the shares of a list can be narrowed down: counted where they are.

import { sql, type RawBuilder } from 'kysely';
import type {
  QueryListShareFilterValuesArgs,
  ShareFilterField,
  ShareFilterValue,
} from '../../../graphql/schema-types.ts';
import { contains } from '../../../read-model/text.ts';
import type { GatewayContext } from '../../../server/context.ts';
import { sharesIn } from '../queries.ts';

/** Who looks for more says a part of its name. */
const MOST = 50;

const columns: Readonly<
  Record<ShareFilterField, { readonly value: RawBuilder<string>; readonly label: RawBuilder<string> }>
> = {
  status: same('share.state'),
  dataset: { value: sql<string>`dataset.uri`, label: sql<string>`dataset.label` },
  datasetOwner: same('dataset.owner'),
  requester: same('share.requester'),
  principal: {
    value: sql<string>`share.principal`,
    label: sql<string>`coalesce(
      case share.principal_kind
        when 'Team' then (select group_name from team where team.namespace = share.namespace and team.name = share.principal)
        else (select label from consumption_role as role where role.namespace = share.namespace and role.name = share.principal)
      end, share.principal)`,
  },
};

function same(column: string) {
  const value = sql<string>`${sql.ref(column)}`;
  return { value, label: value };
}

export async function filterValues(
  context: GatewayContext,
  { direction, field, term }: QueryListShareFilterValuesArgs,
): Promise<ShareFilterValue[]> {
  const { database, viewer, identity } = context;
  const { value, label } = columns[field];
  const shares = sharesIn(database, await viewer(), identity.groups, direction === 'FromMe' ? 'from' : 'to');
  const found = shares.clearSelect().select([value.as('value'), label.as('label')]);
  const { rows } = await sql<ShareFilterValue>`
    select value, min(label) as label, count(*)::int as count from (${found}) as found
    where value is not null and ${contains(sql`label`, term ?? '')}
    group by value order by count desc, label, value limit ${MOST}`.execute(database);
  return rows;
}
