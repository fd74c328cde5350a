// Roles: made, changed, listed, deleted.
import type * as sdk from '@aws-sdk/client-iam';
import { AwsError } from '../../core/aws-error.ts';
import { operation, type AnyOperation, type Call, type Need, type Output } from '../../core/operation.ts';
import { readPolicy, sizeWithoutWhitespace, trustRules } from '../../core/policy-text.ts';
import { storePrincipals, unknownPrincipals } from '../../core/principal-ids.ts';
import { refuseMembers } from '../../core/unsupported-members.ts';
import { checkBoundary } from './boundary-operations.ts';
import {
  alreadyExists,
  boundaryContext,
  checkName,
  checkPath,
  deleteConflict,
  identityNeed,
  malformedPolicy,
  requestTags,
  roleNamed,
  showRole,
  tagMap,
  validationError,
} from './identities.ts';
import { pageOf } from './paging.ts';
import { limitExceeded, ROLES_PER_ACCOUNT, TAGS_PER_RESOURCE, TRUST_POLICY_SIZE } from './quotas.ts';
import { iamState, type Role, type StoredPolicy } from './state.ts';

const MIN_SESSION_SECONDS = 3600;
const MAX_SESSION_SECONDS = 43_200;

const readTrust = (call: Call, text: string): StoredPolicy => {
  const reading = readPolicy(text, trustRules);
  if (!reading.ok) throw malformedPolicy(reading.problem);
  if (sizeWithoutWhitespace(text) > TRUST_POLICY_SIZE) {
    throw limitExceeded(`Cannot exceed quota for ACLSizePerRole: ${TRUST_POLICY_SIZE}`);
  }
  const [unknown] = unknownPrincipals(call.world, reading.policy);
  if (unknown !== undefined) throw malformedPolicy(`Invalid principal in policy: "AWS":"${unknown}"`);
  return { text, policy: storePrincipals(call.world, reading.policy) };
};

const checkSession = (seconds: number): number => {
  if (seconds < MIN_SESSION_SECONDS || seconds > MAX_SESSION_SECONDS) {
    throw validationError(
      `1 validation error detected: Value '${seconds}' at 'maxSessionDuration' failed to satisfy constraint: Member must have value between ${MIN_SESSION_SECONDS} and ${MAX_SESSION_SECONDS}`,
    );
  }
  return seconds;
};

const createNeeds = (input: sdk.CreateRoleCommandInput, call: Call): Need[] => {
  const resource = `arn:aws:iam::${call.account}:role${input.Path ?? '/'}${input.RoleName}`;
  const context = { ...requestTags(input.Tags), ...boundaryContext(input.PermissionsBoundary) };
  const needs: Need[] = [{ action: 'iam:CreateRole', resource, context }];
  if ((input.Tags ?? []).length > 0) needs.push({ action: 'iam:TagRole', resource, context: requestTags(input.Tags) });
  return needs;
};

const addRole = (call: Call, role: Omit<Role, 'id' | 'createdAt' | 'inline' | 'attached' | 'lastUsed'>): Role => {
  const { roles } = iamState(call.world, call.account);
  if (roles.has(role.name)) throw alreadyExists(`Role with name ${role.name} already exists.`);
  if (roles.size >= ROLES_PER_ACCOUNT)
    throw limitExceeded(`Cannot exceed quota for RolesPerAccount: ${ROLES_PER_ACCOUNT}`);
  const made: Role = {
    ...role,
    id: `AROA${call.world.id(17)}`,
    createdAt: new Date(call.world.clock.now()),
    inline: new Map(),
    attached: new Set(),
    lastUsed: undefined,
  };
  roles.set(role.name, made);
  return made;
};

const createRole = operation<sdk.CreateRoleCommandInput, Output<sdk.CreateRoleCommandOutput>>({
  access: 'write',
  needs: createNeeds,
  handle(input, call) {
    const name = input.RoleName ?? '';
    checkName('roleName', name, 64);
    const path = checkPath(input.Path);
    const tags = tagMap(input.Tags);
    if (tags.size > TAGS_PER_RESOURCE) throw limitExceeded(`Cannot exceed quota for TagsPerRole: ${TAGS_PER_RESOURCE}`);
    const role = addRole(call, {
      name,
      path,
      arn: `arn:aws:iam::${call.account}:role${path}${name}`,
      tags,
      boundary: checkBoundary(call, input.PermissionsBoundary),
      description: input.Description,
      maxSessionDuration: checkSession(input.MaxSessionDuration ?? MIN_SESSION_SECONDS),
      trust: readTrust(call, input.AssumeRolePolicyDocument ?? ''),
      linkedTo: undefined,
    });
    return { Role: showRole(call, role) };
  },
});

/** `lakeformation.amazonaws.com` -> `AWSServiceRoleForLakeFormationDataAccess`. Names: each service's documentation. */
const linkedRoleNames: Readonly<Record<string, string>> = {
  'lakeformation.amazonaws.com': 'AWSServiceRoleForLakeFormationDataAccess',
  'ram.amazonaws.com': 'AWSServiceRoleForResourceAccessManager',
  'autoscaling.amazonaws.com': 'AWSServiceRoleForAutoScaling',
};

const linkedRoleName = (service: string): string =>
  linkedRoleNames[service] ?? `AWSServiceRoleFor${(service.split('.')[0] ?? '').replace(/^./, (c) => c.toUpperCase())}`;

const createServiceLinkedRole = operation<
  sdk.CreateServiceLinkedRoleCommandInput,
  Output<sdk.CreateServiceLinkedRoleCommandOutput>
>({
  access: 'write',
  needs: ({ AWSServiceName: service = '' }, call) => [
    {
      action: 'iam:CreateServiceLinkedRole',
      resource: `arn:aws:iam::${call.account}:role/aws-service-role/${service}/${linkedRoleName(service)}`,
      context: { 'iam:AWSServiceName': service },
    },
  ],
  handle({ AWSServiceName: service = '', Description, CustomSuffix }, call) {
    refuseMembers(call, { CustomSuffix }, ['CustomSuffix']);
    const name = linkedRoleName(service);
    const path = `/aws-service-role/${service}/`;
    const policy = {
      Version: '2012-10-17' as const,
      Statement: [{ Effect: 'Allow' as const, Principal: { Service: service }, Action: 'sts:AssumeRole' }],
    };
    if (iamState(call.world, call.account).roles.has(name)) {
      throw new AwsError(
        'InvalidInputException',
        `Service role name ${name} has been taken in this account, please try a different suffix.`,
      );
    }
    const role = addRole(call, {
      name,
      path,
      arn: `arn:aws:iam::${call.account}:role${path}${name}`,
      tags: new Map(),
      boundary: undefined,
      description: Description,
      maxSessionDuration: MIN_SESSION_SECONDS,
      trust: { text: JSON.stringify(policy), policy },
      linkedTo: service,
    });
    return { Role: showRole(call, role) };
  },
});

const getRole = operation<sdk.GetRoleCommandInput, Output<sdk.GetRoleCommandOutput>>({
  access: 'read',
  needs: (input, call) => [identityNeed('Role', 'GetRole', { RoleName: input.RoleName }, call)],
  handle: (input, call) => ({ Role: showRole(call, roleNamed(call, input.RoleName ?? '')) }),
});

const listRoles = operation<sdk.ListRolesCommandInput, Output<sdk.ListRolesCommandOutput>>({
  access: 'read',
  // No resource type in AWS's reference: https://docs.aws.amazon.com/service-authorization/latest/reference/list_identityandaccessmanagement.html
  needs: () => [{ action: 'iam:ListRoles', resource: '*' }],
  handle(input, call) {
    const prefix = input.PathPrefix ?? '/';
    const roles = [...iamState(call.world, call.account).roles.values()]
      .filter((role) => role.path.startsWith(prefix))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
    const { items, ...page } = pageOf(roles, input);
    // Lists leave tags and boundaries out: "this operation does not return all available attributes".
    const brief = ({ Tags: _tags, PermissionsBoundary: _boundary, ...role }: sdk.Role): sdk.Role => role;
    return { Roles: items.map((role) => brief(showRole(call, role))), ...page };
  },
});

const updateRole = operation<sdk.UpdateRoleCommandInput, object>({
  access: 'write',
  needs: (input, call) => [identityNeed('Role', 'UpdateRole', { RoleName: input.RoleName }, call)],
  handle(input, call) {
    const role = roleNamed(call, input.RoleName ?? '');
    if (input.Description !== undefined) role.description = input.Description;
    if (input.MaxSessionDuration !== undefined) role.maxSessionDuration = checkSession(input.MaxSessionDuration);
    return {};
  },
});

const updateRoleDescription = operation<
  sdk.UpdateRoleDescriptionCommandInput,
  Output<sdk.UpdateRoleDescriptionCommandOutput>
>({
  access: 'write',
  needs: (input, call) => [identityNeed('Role', 'UpdateRoleDescription', { RoleName: input.RoleName }, call)],
  handle(input, call) {
    const role = roleNamed(call, input.RoleName ?? '');
    role.description = input.Description;
    return { Role: showRole(call, role) };
  },
});

const updateAssumeRolePolicy = operation<sdk.UpdateAssumeRolePolicyCommandInput, object>({
  access: 'write',
  needs: (input, call) => [identityNeed('Role', 'UpdateAssumeRolePolicy', { RoleName: input.RoleName }, call)],
  handle(input, call) {
    const role = roleNamed(call, input.RoleName ?? '');
    role.trust = readTrust(call, input.PolicyDocument ?? '');
    return {};
  },
});

const deleteRole = operation<sdk.DeleteRoleCommandInput, object>({
  access: 'write',
  needs: (input, call) => [identityNeed('Role', 'DeleteRole', { RoleName: input.RoleName }, call)],
  handle(input, call) {
    const role = roleNamed(call, input.RoleName ?? '');
    if (role.linkedTo !== undefined)
      throw validationError(
        'Cannot perform the operation on the protected role; delete service-linked roles with DeleteServiceLinkedRole.',
      );
    if (role.attached.size > 0) throw deleteConflict('Cannot delete entity, must detach all policies first.');
    if (role.inline.size > 0) throw deleteConflict('Cannot delete entity, must delete policies first.');
    iamState(call.world, call.account).roles.delete(role.name);
    return {};
  },
});

export const roleOperations: Readonly<Record<string, AnyOperation>> = {
  CreateRole: createRole,
  CreateServiceLinkedRole: createServiceLinkedRole,
  GetRole: getRole,
  ListRoles: listRoles,
  UpdateRole: updateRole,
  UpdateRoleDescription: updateRoleDescription,
  UpdateAssumeRolePolicy: updateAssumeRolePolicy,
  DeleteRole: deleteRole,
};
