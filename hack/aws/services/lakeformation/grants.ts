// Writing grants: adding permissions to what a principal holds on a resource, and taking them away exactly as AWS does.
import type { Permission } from '@aws-sdk/client-lakeformation';
import { AwsError } from '../../core/aws-error.ts';
import type { World } from '../../core/world.ts';
import type { CatalogRef } from '../glue/catalog-arn.ts';
import { IAM_ALLOWED_PRINCIPALS } from './lake-principal.ts';
import type { LakeResource } from './lake-resource.ts';
import { PERMISSIONS } from './lake-resource.ts';
import type { Grant } from './lake-state.ts';
import { grantKey, initialGrant, lakeState } from './lake-state.ts';

/** One entry of a grant or revoke, read and checked. */
export interface GrantChange {
  readonly principal: string;
  readonly resource: LakeResource;
  readonly permissions: readonly Permission[];
  readonly grantable: readonly Permission[];
}

/** What a creator holds on what it made: everything, with the right to pass it on. https://docs.aws.amazon.com/lake-formation/latest/dg/implicit-permissions.html */
export const creatorGrant = (principal: string, resource: LakeResource): GrantChange => ({
  principal,
  resource,
  permissions: PERMISSIONS[resource.kind],
  grantable: PERMISSIONS[resource.kind],
});

export const findGrant = (
  world: World,
  ref: CatalogRef,
  principal: string,
  resource: LakeResource,
): Grant | undefined => {
  const state = lakeState(world, ref);
  if (isInitial(ref, principal, resource) && !state.initialGrantRevoked) return initialGrant(ref.catalogId);
  return state.grants.get(grantKey(principal, resource));
};

/** Adds to what the principal holds; granting twice changes nothing but the date. */
export const addGrant = (world: World, ref: CatalogRef, change: GrantChange, by: string): void => {
  const { principal, resource } = change;
  const held = findGrant(world, ref, principal, resource);
  write(world, ref, {
    principal,
    resource,
    permissions: union(held?.permissions, change.permissions),
    grantable: union(held?.grantable, change.grantable),
    updatedAt: world.clock.now(),
    updatedBy: by,
  });
};

/**
 * Takes permissions away; all of them must be held, or nothing changes.
 * @throws InvalidInputException "No permissions revoked. Grantee does not have..." for what is not held
 */
export const takeGrant = (world: World, ref: CatalogRef, change: GrantChange, by: string): void => {
  const { principal, resource } = change;
  const held = findGrant(world, ref, principal, resource);
  if (!held)
    throw invalid('No permissions revoked. Grantee has no permissions and no grantable permissions on resource.');
  const permissions = without(resource, held.permissions, change.permissions);
  const grantable = without(
    resource,
    held.grantable,
    union(
      change.grantable,
      // What is no longer held can no longer be passed on.
      change.permissions.filter((entry) => held.grantable.includes(entry) || held.grantable.includes('ALL')),
    ),
  );
  write(world, ref, { ...held, permissions, grantable, updatedAt: world.clock.now(), updatedBy: by });
};

/** Removes whatever grants, filters' grants and opt-ins match: their resource is gone. */
export const forgetGrants = (world: World, ref: CatalogRef, isGone: (resource: LakeResource) => boolean): Grant[] => {
  const { grants, optIns } = lakeState(world, ref);
  const gone = [...grants.values()].filter((grant) => isGone(grant.resource));
  for (const grant of gone) grants.delete(grantKey(grant.principal, grant.resource));
  for (const [key, optIn] of optIns) if (isGone(optIn.resource)) optIns.delete(key);
  return gone;
};

const write = (world: World, ref: CatalogRef, grant: Grant): void => {
  const state = lakeState(world, ref);
  const key = grantKey(grant.principal, grant.resource);
  const kept = grant.permissions.length > 0 || grant.grantable.length > 0;
  if (isInitial(ref, grant.principal, grant.resource)) state.initialGrantRevoked = kept ? undefined : true;
  else if (kept) state.grants.set(key, grant);
  else state.grants.delete(key);
};

const isInitial = (ref: CatalogRef, principal: string, resource: LakeResource): boolean =>
  principal === IAM_ALLOWED_PRINCIPALS && resource.kind === 'catalog' && resource.catalogId === ref.catalogId;

const union = (one: readonly Permission[] | undefined, other: readonly Permission[]): Permission[] =>
  [...new Set([...(one ?? []), ...other])].sort();

/** Super is every permission: taking one of them leaves the others, taking Super leaves none. */
const without = (
  resource: LakeResource,
  held: readonly Permission[],
  taken: readonly Permission[],
): readonly Permission[] => {
  if (taken.length === 0) return held;
  const all = held.includes('ALL');
  const missing = all ? [] : taken.filter((entry) => !held.includes(entry));
  if (missing.length > 0) throw invalid(`No permissions revoked. Grantee does not have:[${missing.join(', ')}]`);
  if (taken.includes('ALL')) return [];
  const each = all ? PERMISSIONS[resource.kind].filter((entry) => entry !== 'ALL') : held;
  return each.filter((entry) => !taken.includes(entry));
};

const invalid = (message: string): AwsError => new AwsError('InvalidInputException', message);
