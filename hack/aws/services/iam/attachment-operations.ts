// Managed policies on users and roles: attach, detach, list from either side.
import type * as sdk from '@aws-sdk/client-iam';
import { AwsError } from '../../core/aws-error.ts';
import { operation, type AnyOperation, type Call } from '../../core/operation.ts';
import { managedPolicyDocument } from './directory.ts';
import {
  identityNamed,
  identityNeed,
  nameIn,
  noSuchEntity,
  tableOf,
  type IdentityKind,
  type NamedInput,
} from './identities.ts';
import { pageOf, type Paging } from './paging.ts';
import { quotaValue } from '../servicequotas/quotas.ts';
import { limitExceeded } from './quotas.ts';
import type { Identity } from './state.ts';

const policyNameOf = (arn: string): string => arn.split('/').at(-1) ?? '';

/** Other accounts' policies cannot be attached. */
const checkAttachable = (call: Call, arn: string): void => {
  const account = arn.split(':')[4];
  const exists =
    (account === 'aws' || account === call.account) && managedPolicyDocument(call.world, arn) !== undefined;
  if (!exists) throw noSuchEntity(`Policy ${arn} does not exist or is not attachable.`);
};

/** Managed policies per role and per user: accounts can be granted more. */
const quotaCodes: Readonly<Record<IdentityKind, string>> = { Role: 'L-0DA4ABF3', User: 'L-4019AD8B' };

const identityAttachments = (kind: IdentityKind): Readonly<Record<string, AnyOperation>> => ({
  [`Attach${kind}Policy`]: operation<NamedInput, object>({
    access: 'write',
    needs: (input, call) => [
      identityNeed(kind, `Attach${kind}Policy`, input, call, { 'iam:PolicyARN': input['PolicyArn'] ?? '' }),
    ],
    handle(input, call) {
      const identity = identityNamed(kind, call, nameIn(kind, input));
      const { PolicyArn: arn = '' } = input;
      checkAttachable(call, arn);
      if (identity.attached.has(arn)) return {};
      const quota = quotaValue(call.world, call.account, call.region, quotaCodes[kind]);
      if (identity.attached.size >= quota) throw limitExceeded(`Cannot exceed quota for PoliciesPer${kind}: ${quota}`);
      if (kind === 'Role' && identity.path.startsWith('/aws-service-role/')) {
        throw new AwsError(
          'UnmodifiableEntityException',
          `Cannot perform the operation on the protected role '${identity.name}'`,
        );
      }
      identity.attached.add(arn);
      return {};
    },
  }),
  [`Detach${kind}Policy`]: operation<NamedInput, object>({
    access: 'write',
    needs: (input, call) => [
      identityNeed(kind, `Detach${kind}Policy`, input, call, { 'iam:PolicyARN': input['PolicyArn'] ?? '' }),
    ],
    handle(input, call) {
      const identity = identityNamed(kind, call, nameIn(kind, input));
      const { PolicyArn: arn = '' } = input;
      if (!identity.attached.delete(arn)) throw noSuchEntity(`Policy ${arn} was not found.`);
      return {};
    },
  }),
  [`ListAttached${kind}Policies`]: operation<NamedInput & Paging, object>({
    access: 'read',
    needs: (input, call) => [identityNeed(kind, `ListAttached${kind}Policies`, input, call)],
    handle(input, call) {
      const identity = identityNamed(kind, call, nameIn(kind, input));
      const { items, ...page } = pageOf([...identity.attached], input);
      return { AttachedPolicies: items.map((arn) => ({ PolicyName: policyNameOf(arn), PolicyArn: arn })), ...page };
    },
  }),
});

interface Attachment {
  readonly kind: IdentityKind;
  readonly identity: Identity;
}

/** Identities that hold a policy as permissions policy or as boundary. */
const attachmentsOf = (call: Call, arn: string, usage: string | undefined): Attachment[] =>
  (['Role', 'User'] as const).flatMap((kind) =>
    [...tableOf(kind, call).values()]
      .filter((identity) =>
        usage === 'PermissionsBoundary'
          ? identity.boundary === arn
          : identity.attached.has(arn) || (usage === undefined && identity.boundary === arn),
      )
      .map((identity) => ({ kind, identity })),
  );

/** How often a policy is attached, boundaries apart. */
export const attachmentCount = (call: Call, arn: string): number =>
  attachmentsOf(call, arn, 'PermissionsPolicy').length;
export const boundaryUsageCount = (call: Call, arn: string): number =>
  attachmentsOf(call, arn, 'PermissionsBoundary').length;

const listEntitiesForPolicy = operation<
  sdk.ListEntitiesForPolicyCommandInput,
  Omit<sdk.ListEntitiesForPolicyCommandOutput, '$metadata'>
>({
  access: 'read',
  needs: ({ PolicyArn = '*' }) => [{ action: 'iam:ListEntitiesForPolicy', resource: PolicyArn }],
  handle(input, call) {
    const arn = input.PolicyArn ?? '';
    if (managedPolicyDocument(call.world, arn) === undefined) throw noSuchEntity(`Policy ${arn} was not found.`);
    const wanted = attachmentsOf(call, arn, input.PolicyUsageFilter)
      .filter(({ kind }) => input.EntityFilter === undefined || input.EntityFilter === kind)
      .filter(({ identity }) => identity.path.startsWith(input.PathPrefix ?? '/'));
    const { items, ...page } = pageOf(wanted, input);
    return {
      PolicyRoles: items
        .filter(({ kind }) => kind === 'Role')
        .map(({ identity }) => ({ RoleName: identity.name, RoleId: identity.id })),
      PolicyUsers: items
        .filter(({ kind }) => kind === 'User')
        .map(({ identity }) => ({ UserName: identity.name, UserId: identity.id })),
      PolicyGroups: [],
      ...page,
    };
  },
});

export const attachmentOperations: Readonly<Record<string, AnyOperation>> = {
  ...identityAttachments('Role'),
  ...identityAttachments('User'),
  ListEntitiesForPolicy: listEntitiesForPolicy,
};
