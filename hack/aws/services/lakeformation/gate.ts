// Lake Formation at Glue's door: what each catalog operation must be granted, and what making and dropping does to grants.
// https://docs.aws.amazon.com/lake-formation/latest/dg/lf-permissions-reference.html
import type { Permission, PrincipalPermissions } from '@aws-sdk/client-lakeformation';
import { Denied } from '../../core/authorization.ts';
import type { Call } from '../../core/operation.ts';
import type { World } from '../../core/world.ts';
import type { CatalogRef, DatabaseRef, TableRef } from '../glue/catalog-arn.ts';
import type { MetadataAccess } from './access.ts';
import { databaseMetadata, mayCreateDatabase, tableMetadata } from './access.ts';
import { unshareRevoked } from './cross-account.ts';
import { addGrant, creatorGrant, forgetGrants } from './grants.ts';
import { granteeArn, parseGrantee } from './lake-principal.ts';
import type { LakeResource } from './lake-resource.ts';
import { isAdministrator, lakeState, registrationOf, settingsOf } from './lake-state.ts';
import { reachingGrants } from './reach.ts';

/** `CREATE_TABLE` is "Create Table" in AWS's messages. */
const spoken = (permission: Permission): string =>
  permission
    .split('_')
    .map((word) => word.charAt(0) + word.slice(1).toLowerCase())
    .join(' ');

/** The reason is for the request log, where IAM's denials name their statement. */
const insufficient = (what: string, name: string): Denied =>
  new Denied(
    'AccessDeniedException',
    `Insufficient Lake Formation permission(s): Required ${what} on ${name}`,
    `IAM allows the call, Lake Formation grants no ${what} on ${name}`,
  );

const allows = (access: MetadataAccess, permission: Permission): boolean =>
  access.kind === 'iam' || access.permissions.has(permission);

export const isDatabaseAllowed = (call: Call, ref: DatabaseRef, permission: Permission): boolean =>
  allows(databaseMetadata(call.world, call.principal, ref), permission);

export const isTableAllowed = (call: Call, ref: TableRef, permission: Permission): boolean =>
  allows(tableMetadata(call.world, call.principal, ref), permission);

/** @throws AccessDeniedException in Lake Formation's words */
export const demandOnDatabase = (call: Call, ref: DatabaseRef, permission: Permission): void => {
  if (!isDatabaseAllowed(call, ref, permission)) throw insufficient(spoken(permission), ref.database);
};

/** @throws AccessDeniedException in Lake Formation's words */
export const demandOnTable = (call: Call, ref: TableRef, permission: Permission): void => {
  if (!isTableAllowed(call, ref, permission)) throw insufficient(spoken(permission), ref.table);
};

export const demandCreateDatabase = (call: Call, ref: CatalogRef): void => {
  if (!mayCreateDatabase(call.world, call.principal, ref)) throw insufficient('Create Database', 'Catalog');
};

/**
 * Pointing a database or table at a registered location takes DATA_LOCATION_ACCESS on it. Administrators have it everywhere;
 * nobody needs it below the location of the database; hybrid access mode makes no difference.
 * https://docs.aws.amazon.com/lake-formation/latest/dg/access-control-underlying-data.html#data-location-permissions
 * https://docs.aws.amazon.com/lake-formation/latest/dg/notes-hybrid.html
 */
export const demandLocation = (
  call: Call,
  ref: CatalogRef,
  location: string | undefined,
  databaseLocation?: string,
): void => {
  if (!location) return;
  const registration = registrationOf(call.world, ref, location);
  if (!registration) return;
  if (isAdministrator(lakeState(call.world, ref), granteeArn(call.principal))) return;
  if (databaseLocation && closed(location).startsWith(closed(databaseLocation))) return;
  const path = closed(location).replace('s3://', 'arn:aws:s3:::');
  const granted = reachingGrants(call.world, call.principal, ref).some(
    ({ resource }) => resource.kind === 'location' && path.startsWith(`${resource.arn}/`),
  );
  if (!granted) throw insufficient('Data Location Access', location);
};

const closed = (path: string): string => `${path.replace(/\/+$/, '')}/`;

/**
 * The creator of a database or table holds everything on it; the defaults (normally Super for IAMAllowedPrincipals) are granted
 * beside it. https://docs.aws.amazon.com/lake-formation/latest/dg/implicit-permissions.html
 */
export const grantOnCreation = (
  call: Call,
  ref: CatalogRef,
  resource: LakeResource,
  defaults: readonly PrincipalPermissions[],
): void => {
  const creator = granteeArn(call.principal);
  if (parseGrantee(creator) && call.account === ref.catalogId)
    addGrant(call.world, ref, creatorGrant(creator, resource), creator);
  for (const entry of defaults) {
    const principal = entry.Principal?.DataLakePrincipalIdentifier;
    const permissions = entry.Permissions ?? [];
    if (principal !== undefined && permissions.length > 0)
      addGrant(call.world, ref, { principal, resource, permissions, grantable: [] }, creator);
  }
};

export const databaseDefaults = (world: World, ref: CatalogRef): readonly PrincipalPermissions[] =>
  settingsOf(lakeState(world, ref)).CreateDatabaseDefaultPermissions ?? [];

/** Defaults of the tables of a new database that names none itself. */
export const tableDefaults = (world: World, ref: CatalogRef): readonly PrincipalPermissions[] =>
  settingsOf(lakeState(world, ref)).CreateTableDefaultPermissions ?? [];

/** A dropped database takes the permissions on it and its tables along, with filters, opt-ins and shares. */
export const forgetDatabase = (world: World, ref: DatabaseRef): void => {
  forget(
    world,
    ref,
    (resource) => 'database' in resource && resource.catalogId === ref.catalogId && resource.database === ref.database,
    `${ref.database}/`,
  );
};

/** The same for a table. A later table of the same name starts without grants. */
export const forgetTable = (world: World, ref: TableRef): void => {
  forget(
    world,
    ref,
    (resource) =>
      'table' in resource &&
      resource.catalogId === ref.catalogId &&
      resource.database === ref.database &&
      resource.table === ref.table,
    `${ref.database}/${ref.table}/`,
  );
};

const forget = (
  world: World,
  ref: CatalogRef,
  isGone: (resource: LakeResource) => boolean,
  filterPrefix: string,
): void => {
  const path = `${ref.catalogId}/${filterPrefix.slice(0, -1)}`;
  const isTaggedGone = (key: string): boolean =>
    [`database ${path}`, `table ${path}`].includes(key) || key.startsWith(`table ${path}/`);
  const { filters, tagged } = lakeState(world, ref);
  for (const key of tagged.keys()) if (isTaggedGone(key)) tagged.delete(key);
  for (const key of filters.keys()) if (key.startsWith(filterPrefix)) filters.delete(key);
  for (const grant of forgetGrants(world, ref, isGone))
    unshareRevoked(world, ref.catalogId, ref.region, grant.principal, grant.resource);
};
