// Organizations of the read model.

import { sql } from 'kysely';
import type { OrganizationFilter } from '../../graphql/schema-types.ts';
import type { Database } from '../../read-model/database.ts';
import { pageOf, type Page, sortsOf } from '../../read-model/page.ts';
import { contains } from '../../read-model/text.ts';
import { visible, type Viewer } from '../../read-model/viewer.ts';
import { organizationColumns, type OrganizationRow } from './organization.ts';

const all = (database: Database, viewer: Viewer) =>
  database.selectFrom('organization').select(organizationColumns).where(visible('organization', viewer));

export const organizationByUri = (
  database: Database,
  viewer: Viewer,
  uri: string,
): Promise<OrganizationRow | undefined> => all(database, viewer).where('uri', '=', uri).executeTakeFirst();

export function listOrganizations(
  database: Database,
  viewer: Viewer,
  filter: OrganizationFilter,
): Promise<Page<OrganizationRow>> {
  const { term, tags, sort } = filter;
  let query = all(database, viewer);
  if (term !== undefined && term !== null && term !== '')
    query = query.where((where) =>
      where.or([
        contains('organization.label', term),
        contains('organization.description', term),
        contains(sql`array_to_string(tags, ' ')`, term),
      ]),
    );
  if (tags?.length) query = query.where(sql<boolean>`tags && ${sql.val(tags)}::text[]`);
  for (const { field, direction } of sortsOf(sort)) query = query.orderBy(field, direction);
  return pageOf(database, query.orderBy('created', 'desc').orderBy('uid'), filter);
}
