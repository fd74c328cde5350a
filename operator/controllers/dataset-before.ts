// What an import finds and changes in Lake Formation: recorded before the first change, put back at the end.
import type { AccountAws } from '../aws/account.ts';
import type { LakeGrant, LakePermission } from '../aws/lakeformation.ts';
import type { LakeResource } from '../aws/lakeformation-resource.ts';
import { IAM_ALLOWED_PRINCIPALS, rightKey, rightsOf } from '../access/documents/lake-rights.ts';
import { locationArn } from '../access/documents/registration.ts';
import type { BeforeImport } from '../resources/dataset-status.ts';

export interface ImportedCatalog {
  readonly bucket: string;
  readonly database: string;
  /** Whose rights are ours, not somebody else's: pivot role, dataset role, owners. */
  readonly ours: readonly string[];
}

/** Longest list the status may hold; an import with more grants than this is refused rather than forgotten. */
const MOST_GRANTS = 1000;

/** @throws RangeError when there is more to remember than a status can hold */
export const recordBefore = async (
  aws: AccountAws,
  { bucket, database, ours }: ImportedCatalog,
  recordedAt: string,
): Promise<BeforeImport> => {
  const registration = await aws.lakeFormation.registration(locationArn({ bucket }));
  const tables = (await aws.glue.tables(database)) ?? [];
  const catalogId = aws.account;
  const onDatabase = await aws.lakeFormation.permissions({ resource: { kind: 'Database', catalogId, database } });
  const onAll = await aws.lakeFormation.permissions({ resource: { kind: 'AllTables', catalogId, database } });
  const byTable: { name: string; grants: readonly LakeGrant[] }[] = [];
  for (const { name } of tables) {
    const resource: LakeResource = { kind: 'Table', catalogId, database, table: name };
    byTable.push({ name, grants: await aws.lakeFormation.permissions({ resource, related: true }) });
  }
  const foreign = [...rightsOf([...onDatabase, ...onAll, ...byTable.flatMap(({ grants }) => grants)]).values()]
    .filter(({ principal }) => principal !== IAM_ALLOWED_PRINCIPALS && !ours.includes(principal))
    .map(rightKey);
  if (foreign.length > MOST_GRANTS)
    throw new RangeError(
      `database ${database} has ${foreign.length} Lake Formation grants of others, at most ${MOST_GRANTS} can be kept: import it in parts`,
    );
  const openTables = byTable.flatMap(({ name, grants }) => {
    const permissions = iamAllowed(grants);
    return permissions.length === 0 ? [] : [{ name, permissions }];
  });
  return {
    recordedAt,
    registration: {
      registered: registration !== undefined,
      ...(registration?.roleArn !== undefined && { roleArn: registration.roleArn }),
      ...(registration !== undefined && { hybridAccess: registration.hybrid }),
    },
    iamAllowedPrincipals: { database: iamAllowed(onDatabase), tables: openTables },
    grants: foreign.toSorted(),
  };
};

const iamAllowed = (grants: readonly LakeGrant[]): LakePermission[] => [
  ...new Set(
    grants.filter(({ principal }) => principal === IAM_ALLOWED_PRINCIPALS).flatMap(({ permissions }) => permissions),
  ),
];

/**
 * The record of a dataset on a database that another dataset uses already: what stands there now is the engine's work (grants of the
 * other's shares, which must end with them), so what was there before us is what the other one found.
 */
export const inheritBefore = (found: BeforeImport, other: BeforeImport | undefined): BeforeImport => ({
  ...found,
  iamAllowedPrincipals: other?.iamAllowedPrincipals,
  grants: other?.grants ?? [],
});

/**
 * Opens to IAM again what was open to it, and registers the location as it was. Doing it twice is no error. While another dataset
 * uses the database, it stays closed: the last one opens it.
 */
export const restoreBefore = async (
  aws: AccountAws,
  { bucket, database }: Pick<ImportedCatalog, 'bucket' | 'database'>,
  before: BeforeImport,
  databaseIsShared: boolean,
): Promise<void> => {
  const { registration, iamAllowedPrincipals } = before;
  if (registration?.registered === true)
    await aws.lakeFormation.register({
      resourceArn: locationArn({ bucket }),
      roleArn: registration.roleArn,
      hybrid: registration.hybridAccess === true,
    });
  if (databaseIsShared) return;
  const tables = await aws.glue.tables(database);
  // The stack made the database and has taken it away again.
  if (tables === undefined) return;
  const existing = new Set(tables.map(({ name }) => name));
  const catalogId = aws.account;
  const open = (resource: LakeResource, permissions: readonly string[]): LakeGrant => ({
    principal: IAM_ALLOWED_PRINCIPALS,
    resource,
    permissions: permissions as readonly LakePermission[],
    grantable: [],
  });
  const grants = [
    ...((iamAllowedPrincipals?.database?.length ?? 0) > 0
      ? [open({ kind: 'Database', catalogId, database }, iamAllowedPrincipals?.database ?? [])]
      : []),
    ...(iamAllowedPrincipals?.tables ?? [])
      .filter(({ name }) => existing.has(name))
      .map(({ name, permissions }) => open({ kind: 'Table', catalogId, database, table: name }, permissions)),
  ];
  const failed = (await aws.lakeFormation.grant(grants)).find(({ fault }) => fault !== undefined);
  if (failed?.fault !== undefined) throw failed.fault;
};
