// The custom resource that something is made of, by the id that clients know it by; only what the viewer may see.

import { type RawBuilder, sql } from 'kysely';
import type { ObjectKind } from '../../graphql/schema-types.ts';
import type { Database } from '../../read-model/database.ts';
import { visible, type Viewer } from '../../read-model/viewer.ts';
import type { StoredObject } from '../../kubernetes/manifest-text.ts';

interface Wanted {
  readonly kind: ObjectKind;
  readonly uri: string;
  /** Of a Team. */
  readonly group: string;
}

/** A table, and which of its rows it is. */
type Place = readonly [table: string, where: RawBuilder<boolean>];

export async function storedObject(
  database: Database,
  viewer: Viewer,
  wanted: Wanted,
): Promise<StoredObject | undefined> {
  const [table, where] = placeOf(wanted);
  const { rows } = await sql<{ object: StoredObject }>`
    select stored.object from ${sql.table(table)} as stored where ${where} and ${visible('stored', viewer)} limit 1`.execute(
    database,
  );
  return rows[0]?.object;
}

function placeOf({ kind, uri, group }: Wanted): Place {
  const byUri = sql<boolean>`stored.uri = ${uri}`;
  switch (kind) {
    case 'Tenant':
      return ['tenant', sql<boolean>`stored.name = 'default'`];
    case 'Organization':
      return ['organization', byUri];
    case 'Environment':
      return ['environment', byUri];
    case 'Dataset':
      return ['dataset', byUri];
    case 'ConsumptionRole':
      return ['consumption_role', byUri];
    case 'ShareRequest':
      return ['share_request', byUri];
    case 'Team':
      return [
        'team',
        sql<boolean>`stored.group_name = ${group} and stored.namespace = (select name from environment where uri = ${uri})`,
      ];
    case 'DatasetTable':
      return [
        'dataset_table',
        sql<boolean>`(stored.namespace, stored.name) in (
          select dataset.namespace, known.object_name from known_table as known
          join dataset on dataset.uid = known.dataset_uid where known.id = ${uri})`,
      ];
    case 'ShareApproval':
      return [
        'share_approval',
        sql<boolean>`(stored.namespace, stored.name) in (
          select dataset_namespace, namespace || '.' || name from share_request where uri = ${uri})`,
      ];
  }
}
