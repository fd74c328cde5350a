// The RAM side of a cross-account grant: Lake Formation keeps one resource share per grantee's account and puts what it grants into it.
// https://docs.aws.amazon.com/lake-formation/latest/dg/cross-account-how-works.html
import { AwsError } from '../../core/aws-error.ts';
import type { Call } from '../../core/operation.ts';
import type { World } from '../../core/world.ts';
import { catalogState } from '../glue/catalog-state.ts';
import { ramSharingAllowed } from '../glue/catalog-policy.ts';
import type { ResourceShare } from '../ram/ram-state.ts';
import { ramState } from '../ram/ram-state.ts';
import { addPrincipal, addResource, createShare, deleteShare, removeResource, resourceType } from '../ram/shares.ts';
import { granteeAccount } from './lake-principal.ts';
import type { LakeResource } from './lake-resource.ts';
import { sharedArn } from './lake-resource.ts';
import { crossAccountVersion, lakeState } from './lake-state.ts';

/**
 * What RAM must carry for a grant, and to whom; undefined inside one account. The principal of the share is the grantee's account, for
 * a grant to one of its roles too: RAM shares catalogs, databases and tables "with only accounts" (column "Can share with IAM users
 * and roles", https://docs.aws.amazon.com/ram/latest/userguide/shareable.html#shareable-glue), and the invitation goes "to the grantee
 * account" (https://docs.aws.amazon.com/lake-formation/latest/dg/cross-account-permissions.html). Which of its roles sees what, Lake
 * Formation decides. So an account accepts once for all its roles.
 */
const shared = (owner: string, region: string, principal: string, resource: LakeResource) => {
  const to = granteeAccount(principal);
  const arn = sharedArn(resource, region);
  return to === undefined || arn === undefined || to === owner || resource.catalogId !== owner
    ? undefined
    : { to, arn };
};

const lakeShares = (world: World, owner: string, region: string, to: string): ResourceShare[] =>
  [...ramState(world, owner, region).shares.values()].filter(
    (share) => share.name.startsWith('LakeFormation-') && share.principals.has(to),
  );

/**
 * Puts the granted resource into the share of the grantee's account, making share and invitation at need, with the grantor's own RAM rights
 * (AWSLakeFormationCrossAccountManager has them).
 * Version 1 makes a share per resource, later versions one per grantee's account:
 * https://docs.aws.amazon.com/lake-formation/latest/dg/optimize-ram.html
 */
export const shareGranted = (call: Call, principal: string, resource: LakeResource): void => {
  const { world, account: owner, region } = call;
  const target = shared(owner, region, principal, resource);
  if (!target) return;
  const shares = lakeShares(world, owner, region, target.to);
  if (shares.some((share) => share.resources.has(target.arn))) return;
  const { policy } = catalogState(world, { catalogId: owner, region });
  if (policy && !ramSharingAllowed(policy))
    throw new AwsError(
      'AccessDeniedException',
      'The catalog resource policy does not allow ram.amazonaws.com to perform glue:ShareResource. Add the statement and put the policy with EnableHybrid TRUE.',
    );
  const version = crossAccountVersion(lakeState(world, { catalogId: owner, region }));
  const existing = version >= 2 ? shares.find((share) => share.name.startsWith('LakeFormation-V')) : undefined;
  if (existing) {
    call.authorize({
      action: 'ram:AssociateResourceShare',
      resource: existing.arn,
      context: { 'ram:ResourceShareName': existing.name, 'ram:ResourceArn': target.arn },
    });
    addResource(world, existing, target.arn);
    return;
  }
  call.authorize({
    action: 'ram:CreateResourceShare',
    resource: '*',
    context: {
      'ram:RequestedResourceType': resourceType(target.arn),
      'ram:Principal': target.to,
      'ram:RequestedAllowsExternalPrincipals': 'true',
    },
  });
  const prefix = version >= 2 ? `LakeFormation-V${String(version)}-` : 'LakeFormation-';
  const share = createShare(world, owner, region, `${prefix}${world.id(10)}`);
  addResource(world, share, target.arn);
  addPrincipal(world, share, target.to);
};

/** Shares a revoke would touch, so that its RAM rights can be asked before anything changes. */
export const authorizeUnshare = (call: Call, principal: string, resource: LakeResource): void => {
  const { world, account: owner, region } = call;
  const target = shared(owner, region, principal, resource);
  if (!target || stillGranted(world, owner, region, target, { principal, resource })) return;
  for (const share of lakeShares(world, owner, region, target.to)) {
    if (!share.resources.has(target.arn)) continue;
    const last = share.resources.size === 1;
    call.authorize({
      action: last ? 'ram:DeleteResourceShare' : 'ram:DisassociateResourceShare',
      resource: share.arn,
      context: { 'ram:ResourceShareName': share.name },
    });
  }
};

/** Takes a resource no grant needs any more out of the grantee's share; an empty share goes with its invitation. */
export const unshareRevoked = (
  world: World,
  owner: string,
  region: string,
  principal: string,
  resource: LakeResource,
): void => {
  const target = shared(owner, region, principal, resource);
  if (!target || stillGranted(world, owner, region, target)) return;
  for (const share of lakeShares(world, owner, region, target.to)) {
    if (!share.resources.has(target.arn)) continue;
    removeResource(world, share, target.arn);
    if (share.resources.size === 0) deleteShare(world, share);
  }
};

const stillGranted = (
  world: World,
  owner: string,
  region: string,
  target: { to: string; arn: string },
  except?: { principal: string; resource: LakeResource },
): boolean =>
  [...lakeState(world, { catalogId: owner, region }).grants.values()].some(
    (grant) =>
      granteeAccount(grant.principal) === target.to &&
      sharedArn(grant.resource, region) === target.arn &&
      !(grant.principal === except?.principal && grant.resource === except.resource),
  );
