// Who has which rights on a producer database: what claims want there, and what is somebody else's to say.
import type { GlueTable } from '../../../aws/services/glue.ts';
import type { LakeResource } from '../../../aws/services/lakeformation-resource.ts';
import type { CatalogGrantsClaims, DatasetBaseline } from '../../desired.ts';
import type { CatalogGrantsKey } from '../../document-key.ts';
import type { Grant } from '../../grant.ts';
import { strayLocation } from '../../table-location.ts';
import { isHybrid } from './opt-ins.ts';
import { IAM_ALLOWED_PRINCIPALS, rightKey, TABLE_PERMISSIONS, withoutOption, type LakeRight } from './lake-rights.ts';

interface FoundTables {
  readonly tables: readonly GlueTable[] | undefined;
}

/**
 * The dataset's role and its owners read and write all of it; without that, Enforced would lock them out. All of it is what its bucket
 * holds: where the database has tables whose data lies elsewhere, each table of theirs by name.
 */
export const baselineRights = (
  { account: catalogId, database }: CatalogGrantsKey,
  datasets: readonly DatasetBaseline[],
  { tables = [] }: FoundTables,
): readonly LakeRight[] =>
  [...bucketsByRole(datasets.filter(isPresent))].flatMap(([principal, buckets]): LakeRight[] => {
    const own = tables.filter((table) => strayLocation(table, buckets) === undefined);
    const onTables: readonly LakeResource[] =
      own.length === tables.length
        ? [{ kind: 'AllTables', catalogId, database }]
        : own.map(({ name }) => ({ kind: 'Table', catalogId, database, table: name }));
    return [{ kind: 'Database', catalogId, database } as const, ...onTables].map((resource) => ({
      principal,
      resource,
      permission: 'ALL',
    }));
  });

/** Whose data the roles of datasets and of their owners may reach through the database. */
const bucketsByRole = (datasets: readonly DatasetBaseline[]): ReadonlyMap<string, readonly string[]> => {
  const buckets = new Map<string, readonly string[]>();
  for (const { bucket, datasetRoleArn, ownerRoleArns } of datasets)
    for (const role of [datasetRoleArn, ...ownerRoleArns]) buckets.set(role, [...(buckets.get(role) ?? []), bucket]);
  return buckets;
};

export const rightsOfGrant = (
  { account: catalogId, database }: CatalogGrantsKey,
  grant: Grant,
): readonly LakeRight[] => {
  const { item, permissions, principal } = grant;
  if (item.kind !== 'Table') return [];
  const table = item.name;
  if (item.filters.length > 0)
    return item.filters.map((filter) => ({
      principal: principal.arn,
      resource: { kind: 'Filter', catalogId, database, table, filter },
      permission: 'SELECT',
    }));
  const resource: LakeResource = { kind: 'Table', catalogId, database, table };
  return permissions
    .flatMap((permission) => TABLE_PERMISSIONS[permission])
    .map((permission) => ({ principal: principal.arn, resource, permission }));
};

const isPresent = ({ present }: DatasetBaseline): boolean => present;

/**
 * Administrators and the dataset's own roles hold what creating tables gave them, as far as the data is theirs; an import found what
 * others had granted. When the last dataset goes, so does what we gave its roles, and whether IAM alone decides is no longer ours to say; in
 * hybrid access mode it never is.
 */
export const belongsToOthers = (
  claims: Omit<CatalogGrantsClaims, 'grants'>,
  { tables = [] }: FoundTables,
): ((right: LakeRight, held: ReadonlyMap<string, LakeRight>) => boolean) => {
  const roles = bucketsByRole(claims.datasets);
  const present = bucketsByRole(claims.datasets.filter(isPresent));
  const strays = new Map([...present].map(([role, buckets]) => [role, strayTables(tables, buckets)]));
  const administrators = new Set([
    ...claims.administrators,
    ...claims.datasets.map(({ pivotRoleArn }) => pivotRoleArn),
    ...(present.size === 0 || isHybrid(claims) ? [IAM_ALLOWED_PRINCIPALS] : []),
  ]);
  const foreign = new Set(claims.foreign);
  const isEnding = !claims.datasets.every(isPresent);
  return (right, held) => {
    const { principal } = right;
    if (administrators.has(principal) || foreign.has(rightKey(withoutOption(right)))) return true;
    if (isEnding && isForStack(right)) return true;
    if (!roles.has(principal)) return false;
    const elsewhere = strays.get(principal);
    return elsewhere === undefined ? !isGift(right, held) : !reaches(right, elsewhere);
  };
};

/**
 * What lets CloudFormation drop a database while the stack that made it is being deleted: taken in between, the deletion would fail.
 * https://docs.aws.amazon.com/cdk/v2/guide/bootstrapping-env.html
 */
const isForStack = ({ principal, resource, permission }: LakeRight): boolean =>
  resource.kind === 'Database' &&
  (permission === 'ALTER' || permission === 'DROP') &&
  /:role\/cdk-[a-z0-9]+-cfn-exec-role-\d{12}-[a-z0-9-]+$/.test(principal);

/** What we gave a role of a dataset. Creating a table gives the right to pass it on, too, which we never do. */
const isGift = (right: LakeRight, held: ReadonlyMap<string, LakeRight>): boolean =>
  right.permission === 'ALL' && right.grantOption !== true && !held.has(rightKey({ ...right, grantOption: true }));

const strayTables = (tables: readonly GlueTable[], buckets: readonly string[]): ReadonlySet<string> =>
  new Set(tables.filter((table) => strayLocation(table, buckets) !== undefined).map(({ name }) => name));

/** Whether a right opens one of the tables. */
const reaches = ({ resource }: LakeRight, tables: ReadonlySet<string>): boolean =>
  resource.kind === 'AllTables' ? tables.size > 0 : 'table' in resource && tables.has(resource.table);

/** `<principal> <table>` of a grant on a table whose data lies in a bucket that is not of the dataset it was given for. */
export const strayGrantsIn = ({ tables = [] }: FoundTables): ((grant: Grant) => string | undefined) => {
  const found = new Map(tables.map((table) => [table.name, table]));
  return ({ item, principal, source }) => {
    const table = item.kind === 'Table' ? found.get(item.name) : undefined;
    return table !== undefined && strayLocation(table, [source.bucket]) !== undefined
      ? `${principal.arn} ${table.name}`
      : undefined;
  };
};

/** Of rights that nobody wants: whether they are ours, and open data in a bucket that is not of the dataset they were given for. */
export const opensElsewhere = (
  claims: Pick<CatalogGrantsClaims, 'datasets'>,
  strays: ReadonlySet<string>,
): ((right: LakeRight) => boolean) => {
  // Of a role of a dataset that is there, nobody leaves unwanted but what opens data of others.
  const own = bucketsByRole(claims.datasets.filter(isPresent));
  return ({ principal, resource }) =>
    own.has(principal) || ('table' in resource && strays.has(`${principal} ${resource.table}`));
};
