// Reads the consumer's database of links: all of it, or what was just written.
import type { AccountAws } from '../../../aws/account.ts';
import type { GlueDatabase, GlueTable } from '../../../aws/services/glue.ts';
import type { LakeGrant } from '../../../aws/services/lakeformation.ts';
import type { LakeResource } from '../../../aws/services/lakeformation-resource.ts';
import type { SharedDatabaseClaims } from '../../desired.ts';
import type { DocumentContext } from '../../document.ts';
import type { SharedDatabaseKey } from '../../document-key.ts';
import { listedBy, resourceKey } from './lake-rights.ts';
import type { SharedDatabaseAction } from './shared-database.ts';

/** Database parameter that says whose links these are: `<account>/<database>`. The name alone may be anybody's. */
export const SOURCE_PARAMETER = 'dataall:source';

export interface ObservedSharedDatabase {
  /** Our database for this source, if it exists. */
  readonly database: string | undefined;
  /** Whether the two names we could take belong to others. */
  readonly taken: { readonly preferred: boolean; readonly alternative: boolean };
  readonly tables: readonly GlueTable[];
  /** On the database and on its links. */
  readonly permissions: readonly LakeGrant[];
}

type Key = SharedDatabaseKey;
type Claims = SharedDatabaseClaims;
type Observed = ObservedSharedDatabase;

export const observeSharedDatabase = async (
  { aws, parts: [known] = [] }: DocumentContext,
  key: Key,
  claims: Claims,
): Promise<Observed> => {
  if (known !== undefined) {
    // The name is asked for only where it may have to be chosen.
    const [database, tables = []] = await Promise.all([aws.glue.database(known), aws.glue.tables(known)]);
    if (isOurs(key, database)) return await withPermissions(aws, key, known, tables, NONE_TAKEN);
  }
  const [preferred, alternative] = await Promise.all(
    [claims.preferredName, claims.alternativeName].map((name) => aws.glue.database(name)),
  );
  const own = [preferred, alternative].find((database) => isOurs(key, database));
  const taken = {
    preferred: preferred !== undefined && !isOurs(key, preferred),
    alternative: alternative !== undefined && !isOurs(key, alternative),
  };
  if (own === undefined) return { database: undefined, taken, tables: [], permissions: [] };
  return await withPermissions(aws, key, own.name, (await aws.glue.tables(own.name)) ?? [], taken);
};

const NONE_TAKEN: Observed['taken'] = { preferred: false, alternative: false };

const withPermissions = async (
  aws: AccountAws,
  { account: catalogId }: Key,
  database: string,
  tables: readonly GlueTable[],
  taken: Observed['taken'],
): Promise<Observed> => {
  const permissions = await permissionsOn(aws, [
    { kind: 'Database', catalogId, database },
    ...tables.map(({ name: table }): LakeResource => ({ kind: 'Table', catalogId, database, table })),
  ]);
  return { database, taken, tables, permissions };
};

/** The links if some were made or deleted, and the grants on those that were written on. */
export const readBackSharedDatabase = async (
  context: DocumentContext,
  key: Key,
  claims: Claims,
  observed: Observed,
  written: readonly SharedDatabaseAction[],
): Promise<Observed> => {
  const { aws } = context;
  const [deleted] = written.flatMap((action) => (action.do === 'delete-database' ? [action.name] : []));
  if (deleted !== undefined && (await aws.glue.database(deleted)) === undefined)
    return { ...observed, database: undefined, tables: [], permissions: [] };
  const [made] = written.flatMap((action) => (action.do === 'create-database' ? [action.name] : []));
  const database = observed.database ?? made;
  if (database === undefined || deleted !== undefined) return await observeSharedDatabase(context, key, claims);
  const isChanged = written.some((action) => action.do === 'create-link' || action.do === 'delete-link');
  const resources = new Map(
    written
      .flatMap(resourcesWritten)
      .map(listedBy)
      .map((resource) => [resourceKey(resource), resource]),
  );
  const tables = isChanged ? ((await aws.glue.tables(database)) ?? []) : observed.tables;
  const isThere = (resource: LakeResource): boolean =>
    resource.kind !== 'Table' || tables.some(({ name }) => name === resource.table);
  const permissions = await permissionsOn(aws, [...resources.values()].filter(isThere));
  return {
    ...observed,
    database,
    tables,
    permissions: [
      ...observed.permissions.filter(
        ({ resource }) => isThere(listedBy(resource)) && !resources.has(resourceKey(listedBy(resource))),
      ),
      ...permissions,
    ],
  };
};

const permissionsOn = async (aws: AccountAws, resources: readonly LakeResource[]): Promise<readonly LakeGrant[]> =>
  (await Promise.all(resources.map((resource) => aws.lakeFormation.permissions({ resource })))).flat();

const resourcesWritten = (action: SharedDatabaseAction): readonly LakeResource[] => {
  if (action.do === 'revoke') return action.entries.map(({ resource }) => resource);
  return action.do === 'grant' ? action.entries.map(({ entry }) => entry.resource) : [];
};

const isOurs = (key: Key, database: GlueDatabase | undefined): boolean =>
  database?.parameters[SOURCE_PARAMETER] === `${key.sourceAccount}/${key.sourceDatabase}`;
