// What somebody may ask about, found by a part of its name: for who types it.

import { sql } from 'kysely';
import type { AuditableItem, AuditableItemFilter } from '../../graphql/schema-types.ts';
import { contains } from '../../read-model/text.ts';
import type { GatewayContext } from '../../server/context.ts';

const MOST = 50;

/** Datasets first, then what is in them; what begins with the term before what contains it. */
export async function auditableItems(
  { database, viewer, identity: { groups } }: GatewayContext,
  { term, pageSize }: AuditableItemFilter,
): Promise<AuditableItem[]> {
  const { seesEverything } = await viewer();
  const wanted = term?.trim() ?? '';
  const size = Math.min(Math.max(Math.trunc(pageSize ?? 10), 1), MOST);
  const { rows } = await sql<AuditableItem>`
    with mine as (
      select uid, uri, label, namespace, name, bucket from dataset
      where ${seesEverything} or owner = any(${groups}::text[]) or stewards && ${sql.val(groups)}::text[]
    ),
    found as (
      select uri, label, namespace, null as kind, null as item, label || ' ' || name as words, label as shown from mine
      union all
      select uri, label, namespace, known_item.kind, known_item.name, known_item.name || ' ' || label, known_item.name
      from mine join known_item on known_item.dataset_uid = mine.uid
      union all
      select uri, label, namespace, 'Bucket', bucket, bucket || ' ' || label, bucket from mine where bucket is not null
    )
    select uri as "datasetUri", label as "datasetLabel", namespace as environment, kind as "itemKind", item from found
    where ${contains('words', wanted)}
    order by starts_with(lower(shown), lower(${wanted})) desc, kind nulls first, shown, uri
    limit ${size}`.execute(database);
  return rows;
}
