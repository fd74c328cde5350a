// What makes a grant acceptable: permissions that fit, a principal and a resource that exist, and a grantor with the right to it.
import type { BatchPermissionsRequestEntry, Permission } from '@aws-sdk/client-lakeformation';
import { AwsError, notImplemented } from '../../core/aws-error.ts';
import type { Call } from '../../core/operation.ts';
import { hasSpread } from '../../core/visibility.ts';
import type { World } from '../../core/world.ts';
import type { CatalogRef } from '../glue/catalog-arn.ts';
import { columnNames, databaseLinkTarget, findDatabase, findTable, linkTarget } from '../glue/catalog-state.ts';
import { iamState } from '../iam/state.ts';
import type { GrantChange } from './grants.ts';
import { findGrant } from './grants.ts';
import type { Grantee } from './lake-principal.ts';
import { granteeArn, IAM_ALLOWED_PRINCIPALS, parseGrantee } from './lake-principal.ts';
import type { LakeResource, TagPolicy } from './lake-resource.ts';
import { ALL_TABLES, LINK_PERMISSIONS, parseResource, permissionsOn } from './lake-resource.ts';
import { crossAccountVersion, filterKey, isAdministrator, lakeState, registrationOf } from './lake-state.ts';
import { expand, grantsToAccount, reachingGrants } from './reach.ts';

type Entry = Omit<BatchPermissionsRequestEntry, 'Id'>;

const invalid = (message: string): AwsError => new AwsError('InvalidInputException', message);
const notFound = (message: string): AwsError => new AwsError('EntityNotFoundException', message);

export const ownCatalog = (call: Call): CatalogRef => ({ catalogId: call.account, region: call.region });

/**
 * Reads one entry of a grant or revoke.
 * @throws InvalidInputException for a malformed principal or resource, or permissions the resource does not know
 */
export const readChange = (call: Call, entry: Entry, catalogId: string | undefined): GrantChange => {
  const resource = parseResource(entry.Resource, catalogId ?? call.account);
  const principal = entry.Principal?.DataLakePrincipalIdentifier ?? '';
  if (principal.startsWith('arn:aws:organizations:')) throw notImplemented('Lake Formation grants to organizations');
  if (!parseGrantee(principal)) throw invalid(`Invalid principal, ${principal}`);
  const permissions = entry.Permissions ?? [];
  const grantable = entry.PermissionsWithGrantOption ?? [];
  const fits = (permission: Permission): boolean => permissionsOn(resource).includes(permission);
  if (permissions.length + grantable.length === 0 || !permissions.every(fits) || !grantable.every(fits))
    throw invalid('Permissions modification is invalid.');
  return { principal, resource, permissions, grantable };
};

/** Refuses a grant that AWS refuses. Order: shape, principal, resource, right to grant, then the rules between accounts. */
export const checkGrant = (call: Call, change: GrantChange): void => {
  const { permissions, grantable, principal } = change;
  if (!grantable.every((entry) => permissions.includes(entry) || permissions.includes('ALL')))
    throw invalid('Permissions modification is invalid. Grant options must be among the permissions.');
  if (principal === IAM_ALLOWED_PRINCIPALS && grantable.length > 0)
    throw invalid('Grant options are not supported for IAMAllowedPrincipals.');
  checkPrincipal(call, principal);
  checkResource(call.world, change, call.region);
  checkAuthority(call, change);
  checkCrossAccount(call, change);
};

/**
 * A role or user of the own account must exist. One of another account is not looked up: Lake Formation cannot see it
 * (assumed; AWS documents no check), but its account must.
 */
export const checkPrincipal = (call: Call, identifier: string): void => {
  const grantee = parseGrantee(identifier);
  if (!grantee || grantee.kind === 'nobody') throw invalid(`Invalid principal, ${identifier}`);
  if (grantee.kind === 'iam-allowed') return;
  if (!call.world.accounts.has(grantee.account)) throw invalid(`Invalid principal, ${identifier}`);
  if (grantee.account === call.account && !existsInIam(call.world, grantee, identifier))
    throw invalid(`Invalid principal, ${identifier}`);
};

const existsInIam = (world: World, grantee: Extract<Grantee, { account: string }>, arn: string): boolean => {
  if (grantee.kind !== 'role' && grantee.kind !== 'user') return true;
  const { roles, users } = iamState(world, grantee.account);
  const identity = (grantee.kind === 'role' ? roles : users).get(grantee.name);
  return identity?.arn === arn && hasSpread(world, identity);
};

/** @throws EntityNotFoundException for a database, table, filter or registered location that does not exist */
export const checkResource = (world: World, change: GrantChange, region: string): void => {
  const { resource } = change;
  if (resource.kind === 'catalog') return;
  if (resource.kind === 'tag-policy') {
    checkExpression(world, resource, region);
    return;
  }
  if (resource.kind === 'location') {
    if (!registrationOf(world, { catalogId: resource.catalogId, region }, resource.arn))
      throw notFound(`Resource ${resource.arn} is not registered with Lake Formation.`);
    return;
  }
  const database = findDatabase(world, { ...resource, region });
  if (!database) throw notFound('Database not found.');
  if (resource.kind === 'database') {
    if (databaseLinkTarget({ ...resource, region }, database.database)) checkLinkPermissions(change);
    return;
  }
  if (resource.table === ALL_TABLES) return;
  const ref = { catalogId: resource.catalogId, region, database: resource.database, table: resource.table };
  const record = findTable(world, ref);
  if (!record) throw notFound('Table not found.');
  if (linkTarget(ref, record.table)) checkLinkPermissions(change);
  checkColumns(world, change, region);
  if (
    resource.kind === 'filter' &&
    !lakeState(world, ref).filters.has(filterKey(resource.database, resource.table, resource.filter))
  )
    throw notFound(`Data cells filter ${resource.filter} not found.`);
};

const checkExpression = (world: World, { catalogId, expression }: TagPolicy, region: string): void => {
  const { tags } = lakeState(world, { catalogId, region });
  for (const { key, values } of expression)
    if (!values.every((value) => tags.get(key)?.includes(value)))
      throw notFound(`Tag key ${key} does not exist, or not with values ${values.join(', ')}.`);
};

/**
 * Also what was granted on a column that is gone since cannot be revoked. Words as Terraform knows them:
 * https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/lakeformation/permissions.go
 */
export const checkColumns = (world: World, { resource }: Pick<GrantChange, 'resource'>, region: string): void => {
  if (resource.kind !== 'columns') return;
  const record = findTable(world, { ...resource, region });
  const known = record === undefined ? [] : columnNames(record.table);
  const [unknown] = record === undefined ? [] : resource.columns.filter((column) => !known.includes(column));
  if (unknown !== undefined) throw invalid(`cannot grant/revoke permission on non-existent column ${unknown}.`);
};

const checkLinkPermissions = ({ permissions, resource }: GrantChange): void => {
  const wrong = permissions.filter((entry) => !LINK_PERMISSIONS.includes(entry));
  if (wrong.length > 0 || resource.kind === 'columns' || resource.kind === 'filter')
    throw invalid(`Permissions modification is invalid. ${wrong.join(', ')} cannot be granted on a resource link.`);
};

/**
 * Grantors are data lake administrators of the catalog and holders of the grant option. Of what another account shares with
 * this one, an administrator may pass on what came with the grant option.
 * https://docs.aws.amazon.com/lake-formation/latest/dg/granting-catalog-permissions.html
 */
export const checkAuthority = (
  call: Call,
  { resource, permissions }: Pick<GrantChange, 'resource' | 'permissions'>,
): void => {
  const isAdmin = isAdministrator(lakeState(call.world, ownCatalog(call)), granteeArn(call.principal));
  const foreign = resource.catalogId !== call.account;
  if (isAdmin && !foreign) return;
  const catalog: CatalogRef = { catalogId: resource.catalogId, region: call.region };
  const held = foreign
    ? isAdmin
      ? grantsToAccount(call.world, call.account, catalog)
      : []
    : reachingGrants(call.world, call.principal, catalog);
  const passable = new Set(
    held
      .filter((reach) => covers(reach.resource, resource))
      .flatMap((reach) => expand(reach.resource, reach.grantable)),
  );
  if (!permissions.every((entry) => passable.has(entry)))
    throw new AwsError(
      'AccessDeniedException',
      'Resource does not exist or requester is not authorized to access requested permissions.',
    );
};

/** True when a right on `wide` includes the same right on `narrow`. */
const covers = (wide: LakeResource, narrow: LakeResource): boolean => {
  if (wide.kind === 'database') return narrow.kind === 'database' && wide.database === narrow.database;
  if (wide.kind === 'table')
    return (
      'table' in narrow &&
      wide.database === narrow.database &&
      (wide.table === narrow.table || wide.table === ALL_TABLES)
    );
  if (wide.kind === 'location') return narrow.kind === 'location' && `${narrow.arn}/`.startsWith(`${wide.arn}/`);
  if (wide.kind === 'columns')
    return (
      narrow.kind === 'columns' &&
      wide.database === narrow.database &&
      wide.table === narrow.table &&
      !wide.excluded &&
      !narrow.excluded &&
      narrow.columns.every((column) => wide.columns.includes(column))
    );
  return wide.kind === narrow.kind;
};

/**
 * Rules for a grantee of another account:
 * version 3 for a role or user, https://docs.aws.amazon.com/lake-formation/latest/dg/optimize-ram.html;
 * no Super for IAMAllowedPrincipals before version 4, https://docs.aws.amazon.com/lake-formation/latest/dg/hybrid-access-prerequisites.html;
 * nothing that was itself shared, and no resource link, https://docs.aws.amazon.com/lake-formation/latest/dg/cross-account-notes.html
 */
const checkCrossAccount = (call: Call, { principal, resource }: GrantChange): void => {
  const grantee = parseGrantee(principal);
  if (!grantee || !('account' in grantee) || grantee.account === call.account) return;
  if (resource.catalogId !== call.account) throw invalid('A shared resource cannot be shared with another account.');
  if (resource.kind === 'tag-policy') throw notImplemented('Lake Formation grants on tag policies to other accounts');
  if (resource.kind === 'catalog') throw invalid('Permissions on the catalog cannot be granted to another account.');
  const version = crossAccountVersion(lakeState(call.world, ownCatalog(call)));
  if (grantee.kind !== 'account' && version < 3)
    throw invalid(
      `Cross account version ${String(version)} does not support grants to IAM principals of other accounts. Set CROSS_ACCOUNT_VERSION to 3 or higher.`,
    );
  if (isLink(call, resource)) throw invalid('A resource link cannot be shared with another account.');
  if (version < 4 && leftToIam(call, resource))
    throw invalid(
      'Cross account grants are not supported while IAMAllowedPrincipals has permissions on the resource. Revoke them first or use cross account version 4.',
    );
};

const isLink = (call: Call, resource: LakeResource): boolean => {
  if (!('table' in resource)) return false;
  const ref = { ...resource, region: call.region };
  const record = findTable(call.world, ref);
  return record !== undefined && linkTarget(ref, record.table) !== undefined;
};

const leftToIam = (call: Call, resource: LakeResource): boolean => {
  const isHeld = (candidate: LakeResource): boolean =>
    findGrant(call.world, ownCatalog(call), IAM_ALLOWED_PRINCIPALS, candidate) !== undefined;
  if (resource.kind === 'database') return isHeld(resource);
  if (!('table' in resource)) return false;
  const { catalogId, database, table } = resource;
  return [table, ALL_TABLES].some((name) => isHeld({ kind: 'table', catalogId, database, table: name }));
};
