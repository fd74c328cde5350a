// What an import finds and changes in Lake Formation: recorded before the first change, put back at the end.
import { bucketArn } from '../../policy/arn.ts';
import type { AccountAws } from '../../aws/account.ts';
import { isFault } from '../../aws/fault.ts';
import type { LakeGrant, LakePermission } from '../../aws/services/lakeformation.ts';
import type { LakeResource } from '../../aws/services/lakeformation-resource.ts';
import {
  IAM_ALLOWED_PRINCIPALS,
  resourceKey,
  rightKey,
  rightsOf,
} from '../../access/documents/lake-formation/lake-rights.ts';
import { bucketStatements } from '../../access/documents/resource-policy/bucket-policy.ts';
import { foreignSids } from '../../access/documents/resource-policy/foreign-statements.ts';
import { keyStatements } from '../../access/documents/resource-policy/key-policy.ts';
import { readPolicy } from '../../access/documents/resource-policy/read-policy.ts';
import type { DataLocation } from './locations.ts';
import type { BeforeImport } from '../../resources/dataset-status.ts';

export interface ImportedCatalog {
  readonly bucket: string;
  readonly database: string;
  /** Whose rights are ours, not somebody else's: pivot role, dataset role, owners. */
  readonly ours: readonly string[];
}

/** Longest list the status may hold; an import with more grants than this is refused rather than forgotten. */
const MOST_GRANTS = 1000;

/** @throws RangeError when there is more to remember than a status can hold */
export const captureBaseline = async (
  aws: AccountAws,
  { bucket, database, ours }: ImportedCatalog,
  recordedAt: string,
): Promise<BeforeImport> => {
  const registration = await aws.lakeFormation.registration(bucketArn({ region: aws.region, bucket }));
  const tables = await aws.glue.tables(database);
  const catalogId = aws.account;
  // Of one that the stack will make there is nothing to remember.
  const held = async (resource: LakeResource): Promise<readonly LakeGrant[]> =>
    tables === undefined ? [] : await aws.lakeFormation.permissions({ resource });
  const onDatabase = await held({ kind: 'Database', catalogId, database });
  const onAll = await held({ kind: 'AllTables', catalogId, database });
  const byTable: { name: string; grants: readonly LakeGrant[] }[] = [];
  for (const { name } of tables ?? []) {
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

/**
 * Sids of ours that statements of others bear in its policies: those are never ours to change.
 * @throws AwsFault also while the pivot role may not read them yet
 */
export const captureStatements = async (
  aws: AccountAws,
  { account, region, bucket, keyArn }: DataLocation,
): Promise<NonNullable<BeforeImport['statements']>> => {
  const key = { kind: 'bucket-policy', account, region, bucket } as const;
  const inBucket = foreignSids(readPolicy(await aws.s3.bucketPolicy(bucket)), bucketStatements(key));
  const inKey = keyArn === undefined ? [] : foreignSids(readPolicy(await aws.kms.keyPolicy(keyArn)), keyStatements);
  return { bucket: [...inBucket], key: [...inKey] };
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
export const inheritBaseline = (found: BeforeImport, other: BeforeImport | undefined): BeforeImport => ({
  ...found,
  iamAllowedPrincipals: other?.iamAllowedPrincipals,
  grants: other?.grants ?? [],
});

/**
 * Opens to IAM again what was open to it, and registers the location as it was. Doing it twice is no error. While another dataset
 * uses the database, it stays closed: the last one opens it.
 * @param how `staysAsItIs`: another dataset uses the database, or nothing was closed; `isOnTheWay`: the pivot role is about to get the right to do it
 * @returns what could not be put back, for people to do it
 * @throws AwsFault that may pass
 */
export const restoreBaseline = async (
  aws: AccountAws,
  { bucket, database }: Pick<ImportedCatalog, 'bucket' | 'database'>,
  before: BeforeImport,
  { staysAsItIs, isOnTheWay }: { readonly staysAsItIs: boolean; readonly isOnTheWay: boolean },
): Promise<readonly string[]> => [
  ...(await restoreRegistration(aws, bucket, before.registration, isOnTheWay)),
  ...(staysAsItIs ? [] : await restoreOpenness(aws, database, before.iamAllowedPrincipals)),
];

/** Its old role may be gone, or not ours to pass. Then nothing may be registered with the dataset's role, which goes. */
const restoreRegistration = async (
  aws: AccountAws,
  bucket: string,
  registration: BeforeImport['registration'],
  isOnTheWay: boolean,
): Promise<readonly string[]> => {
  if (registration?.registered !== true) return [];
  const { roleArn, hybridAccess = false } = registration;
  const resourceArn = bucketArn({ region: aws.region, bucket });
  try {
    await aws.lakeFormation.register({ resourceArn, roleArn, hybrid: hybridAccess });
    return [];
  } catch (error) {
    if (!isFault(error) || error.retryable || (isOnTheWay && error.kind === 'AccessDenied')) throw error;
    await aws.lakeFormation.deregister(resourceArn);
    const as = `${roleArn ?? 'the service-linked role'}${hybridAccess ? ' in hybrid access mode' : ''}`;
    return [`${resourceArn} was registered with Lake Formation by ${as}: register it again (${error.reason})`];
  }
};

const restoreOpenness = async (
  aws: AccountAws,
  database: string,
  allowed: BeforeImport['iamAllowedPrincipals'],
): Promise<readonly string[]> => {
  const tables = await aws.glue.tables(database);
  // The stack made the database and has taken it away again.
  if (tables === undefined) return [];
  const existing = new Set(tables.map(({ name }) => name));
  const catalogId = aws.account;
  const open = (resource: LakeResource, permissions: readonly string[]): LakeGrant => ({
    principal: IAM_ALLOWED_PRINCIPALS,
    resource,
    permissions: permissions as readonly LakePermission[],
    grantable: [],
  });
  const onDatabase = allowed?.database ?? [];
  const grants = [
    ...(onDatabase.length > 0 ? [open({ kind: 'Database', catalogId, database }, onDatabase)] : []),
    ...(allowed?.tables ?? [])
      .filter(({ name }) => existing.has(name))
      .map(({ name, permissions }) => open({ kind: 'Table', catalogId, database, table: name }, permissions)),
  ];
  const failed = (await aws.lakeFormation.grant(grants)).filter(({ fault }) => fault !== undefined);
  const passing = failed.find(({ fault }) => fault?.retryable === true);
  if (passing?.fault !== undefined) throw passing.fault;
  return failed.map(
    ({ grant, fault }) =>
      `${IAM_ALLOWED_PRINCIPALS} had ${grant.permissions.join(' and ')} on ${resourceKey(grant.resource)}: grant it again (${fault?.reason ?? ''})`,
  );
};
