// Which grants reach a caller: its own, its account's, and across accounts only those whose RAM share was accepted.
import type { Permission } from '@aws-sdk/client-lakeformation';
import type { Principal } from '../../core/principal.ts';
import { accountOf } from '../../core/principal.ts';
import type { World } from '../../core/world.ts';
import type { CatalogRef } from '../glue/catalog-arn.ts';
import { isShareAccepted } from '../ram/shares.ts';
import { granteeAccount, granteeArn } from './lake-principal.ts';
import type { LakeResource } from './lake-resource.ts';
import { ALL_TABLES, PERMISSIONS, resourceKey, sharedArn } from './lake-resource.ts';
import type { Grant } from './lake-state.ts';
import { onNamedResources } from './lake-tags.ts';
import { isAdministrator, isReadOnlyAdministrator, lakeState } from './lake-state.ts';

/** A grant as far as it reaches one caller. */
export type Reach = Pick<Grant, 'resource' | 'permissions' | 'grantable'>;

/** `ALL` stands for every permission of the kind. */
export const expand = (resource: LakeResource, permissions: readonly Permission[]): Permission[] =>
  permissions.includes('ALL') ? [...PERMISSIONS[resource.kind]] : [...permissions];

/**
 * Grants on a catalog's resources that reach the caller. IAMAllowedPrincipals is not among them: it is not a grant but the
 * absence of the gate (see access.ts).
 * In the caller's own account: grants to its ARN or to its account's IAMPrincipals.
 * In another account: the same, if the RAM share was accepted; and what the consumer's administrators passed on of a grant
 * to the whole account, never more than that grant allows.
 * https://docs.aws.amazon.com/lake-formation/latest/dg/cross-account-permissions.html
 */
export const reachingGrants = (world: World, principal: Principal, catalog: CatalogRef): Reach[] => {
  const account = accountOf(principal);
  if (account === undefined || !world.accounts.has(catalog.catalogId)) return [];
  const arn = granteeArn(principal);
  const names = new Set([arn, `${account}:IAMPrincipals`]);
  const owner = [...lakeState(world, catalog).grants.values()].flatMap((grant) =>
    onNamedResources(world, catalog, grant),
  );
  if (account === catalog.catalogId) return owner.filter((grant) => names.has(grant.principal));

  const direct = owner.filter((grant) => names.has(grant.principal) && isAccepted(world, catalog, grant));
  const toAccount = grantsToAccount(world, account, catalog);
  const own = lakeState(world, { catalogId: account, region: catalog.region });
  const passedOn = [...own.grants.values()]
    .filter((grant) => grant.resource.catalogId === catalog.catalogId && names.has(grant.principal))
    .flatMap((grant) => toAccount.flatMap((limit) => within(grant, limit)));
  // An administrator sees all that is shared with the account, "except objects shared directly to a different principal":
  // https://docs.aws.amazon.com/lake-formation/latest/dg/implicit-permissions.html
  const seen = isAdministrator(own, arn) || isReadOnlyAdministrator(own, arn) ? toAccount.map(describeOnly) : [];
  return [...direct, ...passedOn, ...seen];
};

/** Grants of another account to this one as a whole, accepted: what its administrators may pass on. */
export const grantsToAccount = (world: World, account: string, catalog: CatalogRef): Reach[] =>
  [...lakeState(world, catalog).grants.values()].filter(
    (grant) => grant.principal === account && isAccepted(world, catalog, grant),
  );

const isAccepted = (world: World, catalog: CatalogRef, grant: Grant): boolean => {
  const arn = sharedArn(grant.resource, catalog.region);
  const account = granteeAccount(grant.principal);
  return (
    arn !== undefined &&
    account !== undefined &&
    isShareAccepted(world, catalog.catalogId, catalog.region, arn, account)
  );
};

const describeOnly = (grant: Reach): Reach => ({
  resource:
    grant.resource.kind === 'columns' || grant.resource.kind === 'filter'
      ? {
          kind: 'table',
          catalogId: grant.resource.catalogId,
          database: grant.resource.database,
          table: grant.resource.table,
        }
      : grant.resource,
  permissions: ['DESCRIBE'],
  grantable: [],
});

/** What is left of a grant inside the limit of another: at most one reach. */
const within = (grant: Reach, limit: Reach): Reach[] => {
  const resource = common(grant.resource, limit.resource);
  if (!resource) return [];
  const allowed = new Set(expand(limit.resource, limit.permissions));
  const permissions = expand(grant.resource, grant.permissions).filter((entry) => allowed.has(entry));
  return permissions.length > 0 ? [{ resource, permissions, grantable: [] }] : [];
};

/** The resource two grants share; undefined if none. */
const common = (one: LakeResource, other: LakeResource): LakeResource | undefined => {
  if (resourceKey(one) === resourceKey(other)) return one;
  if (!('table' in one) || !('table' in other) || one.database !== other.database) return undefined;
  if (one.table !== other.table && one.table !== ALL_TABLES && other.table !== ALL_TABLES) return undefined;
  if (one.kind === 'table' && (one.table === ALL_TABLES || other.kind !== 'table')) return other;
  if (other.kind === 'table') return one;
  if (one.kind !== 'columns' || other.kind !== 'columns') return undefined;
  if (one.excluded && other.excluded)
    return { ...one, columns: [...new Set([...one.columns, ...other.columns])].sort() };
  const [list, rest] = one.excluded ? [other, one] : [one, other];
  const keep = (column: string): boolean => rest.columns.includes(column) !== rest.excluded;
  const columns = list.columns.filter(keep);
  return columns.length > 0 ? { ...list, columns } : undefined;
};
