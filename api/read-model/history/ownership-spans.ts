// Whose own a dataset was, and by which roles: recorded as objects are, since no custom resource keeps what it said before.

import { sql } from 'kysely';
import type { ProjectedObject } from '../object-columns.ts';
import type { Writing } from '../row-writer.ts';

/** Ends spans and begins others, so that the open ones are what holds now in the environments of the objects. */
export async function recordOwnership(writing: Writing, objects: readonly ProjectedObject[]): Promise<void> {
  const environments = [...new Set(objects.map(({ metadata }) => metadata.namespace ?? metadata.name))];
  // Of an environment only one compares at a time: of a dataset and a team that are written at once each would miss the other.
  await sql`
    select pg_advisory_xact_lock(key) from (
      select distinct hashtextextended('ownership ' || name, 0) as key from unnest(${environments}::text[]) as name order by key
    ) as keys`.execute(writing);
  await sql`
    update ownership_span as span set ended = greatest(started, now())
    where ended is null and dataset_namespace = any(${environments}::text[])
      and not exists (select from current_ownership as held where ${held} = ${span})`.execute(writing);
  await sql`
    insert into ownership_span (dataset_uid, dataset_namespace, dataset, holder, holder_name, owner, principal_arn)
    select dataset_uid, dataset_namespace, dataset, holder, holder_name, owner, principal_arn from current_ownership
    where dataset_namespace = any(${environments}::text[])
    on conflict do nothing`.execute(writing);
}

const identityOf = (table: string) =>
  sql.raw(
    `(${['dataset_uid', 'holder', 'holder_name', 'owner', 'principal_arn'].map((name) => `${table}.${name}`).join(', ')})`,
  );
const held = identityOf('held');
const span = identityOf('span');

/** Of datasets that go, and of roles whose team or environment goes. */
export const endOwnership = async (
  writing: Writing,
  table: 'dataset' | 'environment' | 'team',
  uids: readonly string[],
): Promise<void> => {
  const gone =
    table === 'dataset'
      ? sql`span.dataset_uid = gone.uid`
      : sql`span.holder = ${table === 'team' ? 'Team' : 'Environment'} and span.holder_name = gone.name
          and span.dataset_namespace = ${table === 'team' ? sql`gone.namespace` : sql`gone.name`}`;
  await sql`
    update ownership_span as span set ended = greatest(started, now())
    from ${sql.table(table)} as gone
    where span.ended is null and gone.uid = any(${uids}::text[]) and ${gone}`.execute(writing);
};
