// The whole account in pages.
import type * as sdk from '@aws-sdk/client-iam';
import { operation, type AnyOperation, type Call, type Output } from '../../core/operation.ts';
import { encodeDocument, showRole, showUser } from './identities.ts';
import { pageOf } from './paging.ts';
import { showPolicy, showVersion } from './policy-operations.ts';
import { iamState, type Identity, type ManagedPolicy, type Role, type User } from './state.ts';

/** One entity of any kind, in the order of the answer. */
type Entity =
  | { readonly kind: 'User'; readonly user: User }
  | { readonly kind: 'Role'; readonly role: Role }
  | { readonly kind: 'LocalManagedPolicy'; readonly policy: ManagedPolicy };

const byName = <T extends { readonly name: string }>(items: Iterable<T>): T[] =>
  [...items].sort((a, b) => (a.name < b.name ? -1 : 1));

const inlineOf = (identity: Identity): sdk.PolicyDetail[] =>
  [...identity.inline].map(([PolicyName, stored]) => ({ PolicyName, PolicyDocument: encodeDocument(stored.text) }));

const attachedOf = (identity: Identity): sdk.AttachedPolicy[] =>
  [...identity.attached].map((PolicyArn) => ({ PolicyArn, PolicyName: PolicyArn.split('/').at(-1) }));

const showUserDetail = (user: User): sdk.UserDetail => ({
  ...showUser(user),
  UserPolicyList: inlineOf(user),
  GroupList: [],
  AttachedManagedPolicies: attachedOf(user),
});

const showRoleDetail = (call: Call, role: Role): sdk.RoleDetail => {
  const { Description: _description, MaxSessionDuration: _duration, ...shown } = showRole(call, role);
  return {
    ...shown,
    InstanceProfileList: [],
    RolePolicyList: inlineOf(role),
    AttachedManagedPolicies: attachedOf(role),
  };
};

const showPolicyDetail = (call: Call, policy: ManagedPolicy): sdk.ManagedPolicyDetail => ({
  ...showPolicy(call, policy),
  PolicyVersionList: [...policy.versions.values()].map((version) => showVersion(policy, version, true)),
});

const getAccountAuthorizationDetails = operation<
  sdk.GetAccountAuthorizationDetailsCommandInput,
  Output<sdk.GetAccountAuthorizationDetailsCommandOutput>
>({
  access: 'read',
  needs: () => [{ action: 'iam:GetAccountAuthorizationDetails', resource: '*' }],
  handle(input, call) {
    const state = iamState(call.world, call.account);
    const wanted = (kind: sdk.EntityType): boolean =>
      (input.Filter ?? []).length === 0 || (input.Filter ?? []).includes(kind);
    const entities: Entity[] = [
      ...(wanted('User') ? byName(state.users.values()).map((user) => ({ kind: 'User' as const, user })) : []),
      ...(wanted('Role') ? byName(state.roles.values()).map((role) => ({ kind: 'Role' as const, role })) : []),
      ...(wanted('LocalManagedPolicy')
        ? byName(state.policies.values()).map((policy) => ({ kind: 'LocalManagedPolicy' as const, policy }))
        : []),
    ];
    const { items, ...page } = pageOf(entities, input);
    return {
      UserDetailList: items.flatMap((entity) => (entity.kind === 'User' ? [showUserDetail(entity.user)] : [])),
      GroupDetailList: [],
      RoleDetailList: items.flatMap((entity) => (entity.kind === 'Role' ? [showRoleDetail(call, entity.role)] : [])),
      Policies: items.flatMap((entity) =>
        entity.kind === 'LocalManagedPolicy' ? [showPolicyDetail(call, entity.policy)] : [],
      ),
      ...page,
    };
  },
});

export const accountOperations: Readonly<Record<string, AnyOperation>> = {
  GetAccountAuthorizationDetails: getAccountAuthorizationDetails,
};
