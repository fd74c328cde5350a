// What is not ready, or drifts, of all kinds: found in their tables by the condition Ready, as the viewer may see it.

import { sql, type RawBuilder } from 'kysely';
import { asItHasToBe } from '../../../operator/resources/explanation/explanation.ts';
import type { ObjectKind, UnreadyObjectFilter } from '../../graphql/schema-types.ts';
import type { StoredObject } from '../../kubernetes/manifest-text.ts';
import type { Database } from '../../read-model/database.ts';
import { pageOf, type Page } from '../../read-model/page.ts';
import { contains } from '../../read-model/text.ts';
import { visible, type Viewer } from '../../read-model/viewer.ts';

export interface UnreadyRow {
  readonly kind: ObjectKind;
  readonly uri: string;
  readonly group: string | null;
  readonly label: string;
  readonly drifted: boolean;
  readonly object: StoredObject;
}

interface KindOfRows {
  readonly table: string;
  /** Of what is called by another's id, that; else its own. */
  readonly uri?: RawBuilder<string>;
  readonly group?: RawBuilder<string>;
  readonly label: RawBuilder<string>;
}

const label = sql<string>`stored.label`;
const name = sql<string>`stored.name`;

/** Approvals are seen in the share that they decide about. */
const kinds: Readonly<Partial<Record<ObjectKind, KindOfRows>>> = {
  Tenant: { table: 'tenant', uri: sql`''`, label: name },
  Organization: { table: 'organization', label },
  Environment: { table: 'environment', label },
  Team: {
    table: 'team',
    uri: sql`(select uri from environment where environment.name = stored.namespace)`,
    group: sql`stored.group_name`,
    label: sql`stored.group_name`,
  },
  Dataset: { table: 'dataset', label },
  DatasetTable: {
    table: 'dataset_table',
    uri: sql`(select known.id from known_table as known join dataset on dataset.uid = known.dataset_uid
      where dataset.namespace = stored.namespace and known.object_name = stored.name limit 1)`,
    label: sql`stored.table_name`,
  },
  ConsumptionRole: { table: 'consumption_role', label },
  ShareRequest: { table: 'share_request', label: name },
};

const DRIFTED = '$.status.conditions[*] ? (@.type == "Drifted" && @.status == "True")';
const MAX_PAGE = 100;

/** Since when it is so, as the condition says that is told of. */
const SINCE =
  '$.status.conditions[*] ? (@.type == "Ready" && @.status != "True" || @.type == "Drifted" && @.status == "True").lastTransitionTime';

/** What has been so for the longest comes first. */
export function unreadyObjects(
  database: Database,
  viewer: Viewer,
  filter: UnreadyObjectFilter,
): Promise<Page<UnreadyRow>> {
  const asked = Object.entries(kinds).filter(([kind]) => filter.kind?.includes(kind as ObjectKind) ?? true);
  const rows = asked.map(([kind, of]) => rowsOf(kind, of, viewer));
  const none = sql`select * from (select '' as kind, '' as uri, '' as "group", '' as label, false as drifted, '{}'::jsonb as object, now() as since) as none where false`;
  const term = filter.term?.trim() ?? '';
  const query = database
    .selectFrom(sql<UnreadyRow & { since: Date }>`(${sql.join([none, ...rows], sql` union all `)})`.as('unready'))
    .select(['kind', 'uri', 'group', 'label', 'drifted', 'object'])
    .where('uri', 'is not', null)
    .$if(term !== '', (narrowed) => narrowed.where(contains('label', term)))
    .orderBy('since')
    .orderBy('kind')
    .orderBy('uri')
    .orderBy('label');
  return pageOf(database, query, { page: filter.page, pageSize: Math.min(filter.pageSize ?? 10, MAX_PAGE) });
}

const rowsOf = (kind: string, of: KindOfRows, viewer: Viewer): RawBuilder<unknown> => sql`
  select ${kind}::text as kind, ${of.uri ?? sql`stored.uri`} as uri, ${of.group ?? sql`null::text`} as "group", ${of.label} as label,
    jsonb_path_exists(stored.object, ${DRIFTED}::jsonpath) as drifted, stored.object,
    coalesce((jsonb_path_query_first(stored.object, ${SINCE}::jsonpath) #>> '{}')::timestamptz, stored.updated) as since
  from ${sql.table(of.table)} as stored
  where ${visible('stored', viewer)}
    and ((stored.ready <> 'True' and stored.deleting is null and not (coalesce(stored.reason, '') = any(${sql.val([...asItHasToBe])}::text[])))
      or jsonb_path_exists(stored.object, ${DRIFTED}::jsonpath))`;
