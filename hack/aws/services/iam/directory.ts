// Answers the core's questions about identities from IAM's state.
import type { PolicyDocument } from '../../../../operator/policy/document.ts';
import type { PolicySource } from '../../../../operator/policy/request.ts';
import type { Entitlements, IdentityDirectory } from '../../core/identity.ts';
import type { Principal } from '../../core/principal.ts';
import { openSession } from '../../core/session-token.ts';
import type { World } from '../../core/world.ts';
import { awsManagedPolicies } from './aws-managed-policies.ts';
import { iamState, type AccessKey, type IamState, type Identity } from './state.ts';

const keyOwner = (
  world: World,
  accessKeyId: string,
): { account: string; state: IamState; key: AccessKey } | undefined => {
  for (const { account, state } of world.states<IamState>('iam')) {
    const key = state.accessKeys.get(accessKeyId);
    if (key !== undefined) return { account, state, key };
  }
  return undefined;
};

/** Service control policies are set from outside (see README): the simulator has no Organizations API. */
export interface OrganizationState {
  /** From the organization's root down; every level must allow. */
  serviceControlPolicies: readonly (readonly PolicyDocument[])[];
}

export const organizationState = (world: World, account: string): OrganizationState =>
  world.state('organizations', account, 'global', () => ({ serviceControlPolicies: [] }));

export const managedPolicyDocument = (world: World, arn: string): PolicyDocument | undefined => {
  const fromAws = awsManagedPolicies.get(arn);
  if (fromAws !== undefined) return fromAws;
  const policy = iamState(world, arn.split(':')[4] ?? '').policies.get(arn);
  return policy?.versions.get(policy.defaultVersionId)?.stored.policy;
};

const policiesOf = (world: World, identity: Identity): PolicySource[] => {
  const sources: PolicySource[] = [];
  for (const [name, stored] of identity.inline) {
    sources.push({ name: `inline policy ${name} of ${identity.name}`, policy: stored.policy });
  }
  for (const arn of identity.attached) {
    const policy = managedPolicyDocument(world, arn);
    if (policy !== undefined) sources.push({ name: arn, policy });
  }
  return sources;
};

const nothing: Entitlements = { identityPolicies: [], serviceControlPolicies: [], tags: {} };

/** A session of a role that was deleted or re-created has lost its role: the unique id tells. */
const identityOf = (world: World, principal: Principal): Identity | undefined => {
  if (principal.kind === 'user') {
    const user = iamState(world, principal.account).users.get(principal.userName);
    return user?.id === principal.userId ? user : undefined;
  }
  if (principal.kind === 'role-session') {
    const role = iamState(world, principal.account).roles.get(principal.roleName);
    return role?.id === principal.roleId ? role : undefined;
  }
  return undefined;
};

const scpsOf = (world: World, principal: Principal): Entitlements['serviceControlPolicies'] => {
  if (principal.kind === 'anonymous' || principal.kind === 'service') return [];
  return organizationState(world, principal.account).serviceControlPolicies.map((level, depth) =>
    level.map((policy, index) => ({ name: `service control policy ${depth}.${index}`, policy })),
  );
};

/** @param sealingKey key of the temporary credentials (core/session-token.ts). */
export const iamDirectory = (sealingKey: string): IdentityDirectory => ({
  resolveCredentials(world, accessKeyId, sessionToken) {
    if (sessionToken !== undefined) {
      const opened = openSession(sealingKey, accessKeyId, sessionToken);
      if (opened === undefined) return 'bad-token';
      if (opened.session.expiresAt <= world.clock.now()) return 'expired-token';
      return { principal: opened.session.principal, secretAccessKey: opened.secretAccessKey };
    }
    const owner = keyOwner(world, accessKeyId);
    const user = owner?.state.users.get(owner.key.userName);
    if (owner === undefined || user === undefined) return 'unknown-key';
    if (owner.key.status === 'Inactive') return 'inactive-key';
    const { account, key } = owner;
    return {
      principal: { kind: 'user', account, arn: user.arn, userId: user.id, userName: user.name },
      secretAccessKey: key.secretAccessKey,
    };
  },

  entitlementsOf(world, principal) {
    const serviceControlPolicies = scpsOf(world, principal);
    const identity = identityOf(world, principal);
    if (identity === undefined) return { ...nothing, serviceControlPolicies };
    const boundary = identity.boundary === undefined ? undefined : managedPolicyDocument(world, identity.boundary);
    const sessionTags = principal.kind === 'role-session' ? principal.sessionTags : undefined;
    return {
      identityPolicies: policiesOf(world, identity),
      ...(boundary === undefined || identity.boundary === undefined
        ? {}
        : { permissionsBoundary: { name: identity.boundary, policy: boundary } }),
      serviceControlPolicies,
      tags: { ...Object.fromEntries(identity.tags), ...sessionTags },
    };
  },
});
