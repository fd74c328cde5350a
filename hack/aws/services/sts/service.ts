// STS: who am I, and sessions of roles.
import type {
  AssumeRoleCommandInput,
  AssumeRoleCommandOutput,
  GetCallerIdentityCommandInput,
  GetCallerIdentityCommandOutput,
} from '@aws-sdk/client-sts';
import { AwsError } from '../../core/aws-error.ts';
import { operation, type Call, type Need, type Output, type ServiceModule } from '../../core/operation.ts';
import { accountOf, type Principal, type RoleSessionPrincipal } from '../../core/principal.ts';
import { issueSession } from '../../core/session-token.ts';
import { refuseMembers } from '../../core/unsupported-members.ts';
import { iamState, type Role } from '../iam/state.ts';

/** Sessions made by sessions live at most an hour. https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles.html#iam-term-role-chaining */
const CHAINED_MAX_SECONDS = 3600;
const DEFAULT_SECONDS = 3600;
const MIN_SECONDS = 900;
const SESSION_POLICY_MAX = 2048;

const validation = (message: string): AwsError => new AwsError('ValidationError', message);

const idOf = (principal: Principal): string => {
  switch (principal.kind) {
    case 'user':
      return principal.userId;
    case 'role-session':
      return `${principal.roleId}:${principal.sessionName}`;
    case 'root':
      return principal.account;
    case 'service':
      return principal.service;
    case 'anonymous':
    default:
      return 'anonymous';
  }
};

const arnOf = (principal: Principal): string =>
  principal.kind === 'anonymous' || principal.kind === 'service' ? '' : principal.arn;

interface RoleArn {
  readonly account: string;
  readonly name: string;
}

const parseRoleArn = (arn: string): RoleArn => {
  const match = /^arn:aws:iam::(\d{12}):role\/(?:.*\/)?([\w+=,.@-]+)$/.exec(arn);
  if (match === null) throw validation(`${arn} is invalid`);
  return { account: match[1] ?? '', name: match[2] ?? '' };
};

const findRole = (call: Call, arn: string): Role | undefined => {
  const { account, name } = parseRoleArn(arn);
  if (!call.world.accounts.has(account)) return undefined;
  const role = iamState(call.world, account).roles.get(name);
  return role?.arn === arn ? role : undefined;
};

const tagsOf = (input: AssumeRoleCommandInput): Record<string, string> =>
  Object.fromEntries((input.Tags ?? []).map((tag) => [tag.Key ?? '', tag.Value ?? '']));

/** Condition keys of the trust policy. https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssecuritytokenservice.html */
const trustContext = (input: AssumeRoleCommandInput): Record<string, string | string[]> => {
  const tags = tagsOf(input);
  const context: Record<string, string | string[]> = { 'sts:RoleSessionName': input.RoleSessionName ?? '' };
  if (input.ExternalId !== undefined) context['sts:ExternalId'] = input.ExternalId;
  if (input.SourceIdentity !== undefined) context['sts:SourceIdentity'] = input.SourceIdentity;
  if (input.TransitiveTagKeys !== undefined) context['sts:TransitiveTagKeys'] = input.TransitiveTagKeys;
  if (Object.keys(tags).length > 0) {
    context['aws:TagKeys'] = Object.keys(tags);
    for (const [key, value] of Object.entries(tags)) context[`aws:RequestTag/${key}`] = value;
  }
  return context;
};

/** sts:AssumeRole, and the separate rights to pass tags and a source identity. All are asked of the trust policy and of the caller. */
const assumeRoleNeeds = (input: AssumeRoleCommandInput, call: Call): readonly Need[] => {
  const arn = input.RoleArn ?? '';
  const role = findRole(call, arn);
  const actions = ['sts:AssumeRole'];
  if ((input.Tags ?? []).length > 0) actions.push('sts:TagSession');
  if (input.SourceIdentity !== undefined) actions.push('sts:SetSourceIdentity');
  const context: Record<string, string | string[]> = trustContext(input);
  if (role !== undefined) for (const [key, value] of role.tags) context[`aws:ResourceTag/${key}`] = value;
  // A role that does not exist is refused like one that does not trust the caller: nothing is told about other accounts.
  return actions.map((action) => ({
    action,
    resource: arn,
    resourceAccount: parseRoleArn(arn).account,
    resourcePolicies: role === undefined ? [] : [role.trust.policy],
    join: 'resource-required',
    context: Object.fromEntries(Object.entries(context).filter(([key]) => carries(action, key))),
  }));
};

/** Each right is asked with what it is about. https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssecuritytokenservice.html */
const carries = (action: string, key: string): boolean => {
  if (action === 'sts:AssumeRole' || key.startsWith('aws:ResourceTag/')) return true;
  if (action === 'sts:SetSourceIdentity') return key === 'sts:SourceIdentity';
  return /^(?:aws:TagKeys$|aws:RequestTag\/|sts:TransitiveTagKeys$)/.test(key);
};

const checkDuration = (input: AssumeRoleCommandInput, role: Role, caller: Principal): number => {
  const seconds = input.DurationSeconds ?? DEFAULT_SECONDS;
  if (seconds < MIN_SECONDS) {
    throw validation(
      `1 validation error detected: Value '${seconds}' at 'durationSeconds' failed to satisfy constraint: Member must have value greater than or equal to ${MIN_SECONDS}`,
    );
  }
  if (caller.kind === 'role-session' && seconds > CHAINED_MAX_SECONDS) {
    throw validation(
      'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining',
    );
  }
  if (seconds > role.maxSessionDuration) {
    throw validation('The requested DurationSeconds exceeds the MaxSessionDuration set for this role.');
  }
  return seconds;
};

const checkSessionPolicy = (text: string | undefined): void => {
  if (text === undefined) return;
  if (text.length > SESSION_POLICY_MAX) {
    throw new AwsError(
      'PackedPolicyTooLargeException',
      `Packed policy consumes ${Math.ceil((text.length * 100) / SESSION_POLICY_MAX)}% of allotted space`,
    );
  }
  try {
    JSON.parse(text);
  } catch {
    throw new AwsError('MalformedPolicyDocumentException', 'Syntax errors in policy.');
  }
};

const assumeRole = (seal: string) =>
  operation<AssumeRoleCommandInput, Output<AssumeRoleCommandOutput>>({
    access: 'read',
    needs: assumeRoleNeeds,
    handle(input, call) {
      refuseMembers(call, input, ['PolicyArns', 'TransitiveTagKeys', 'ProvidedContexts', 'SerialNumber', 'TokenCode']);
      const role = findRole(call, input.RoleArn ?? '');
      const sessionName = input.RoleSessionName ?? '';
      if (role === undefined) throw new AwsError('AccessDenied', `${input.RoleArn} cannot be assumed`);
      if (!/^[\w+=,.@-]{2,64}$/.test(sessionName)) {
        throw validation(
          `1 validation error detected: Value '${sessionName}' at 'roleSessionName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w+=,.@-]*`,
        );
      }
      // https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html: roles cannot be assumed by the root user.
      if (call.principal.kind === 'root')
        throw new AwsError('AccessDenied', 'Roles may not be assumed by root accounts.');
      const seconds = checkDuration(input, role, call.principal);
      checkSessionPolicy(input.Policy);
      const { account } = parseRoleArn(role.arn);
      const tags = tagsOf(input);
      const principal: RoleSessionPrincipal = {
        kind: 'role-session',
        account,
        arn: `arn:aws:sts::${account}:assumed-role/${role.name}/${sessionName}`,
        roleArn: role.arn,
        roleId: role.id,
        roleName: role.name,
        sessionName,
        ...(input.Policy === undefined ? {} : { sessionPolicy: input.Policy }),
        ...(Object.keys(tags).length === 0 ? {} : { sessionTags: tags }),
        ...(input.SourceIdentity === undefined ? {} : { sourceIdentity: input.SourceIdentity }),
      };
      const expiresAt = call.world.clock.now() + seconds * 1000;
      const credentials = issueSession(seal, { principal, expiresAt, nonce: call.requestId });
      return {
        Credentials: {
          AccessKeyId: credentials.accessKeyId,
          SecretAccessKey: credentials.secretAccessKey,
          SessionToken: credentials.sessionToken,
          Expiration: new Date(Math.floor(expiresAt / 1000) * 1000),
        },
        AssumedRoleUser: { AssumedRoleId: `${role.id}:${sessionName}`, Arn: principal.arn },
        ...(input.SourceIdentity === undefined ? {} : { SourceIdentity: input.SourceIdentity }),
        PackedPolicySize: Math.ceil(((input.Policy ?? '').length * 100) / SESSION_POLICY_MAX),
      };
    },
  });

const getCallerIdentity = operation<GetCallerIdentityCommandInput, Output<GetCallerIdentityCommandOutput>>({
  access: 'read',
  // "No permissions are required to perform this operation." https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
  needs: () => [],
  handle: (_, call) => ({
    Account: accountOf(call.principal),
    UserId: idOf(call.principal),
    Arn: arnOf(call.principal),
  }),
});

/** @param seal key that seals session tokens. */
export const sts = (seal: string): ServiceModule => ({
  name: 'sts',
  sdk: async () => import('@aws-sdk/client-sts'),
  eventSource: 'sts.amazonaws.com',
  operations: { AssumeRole: assumeRole(seal), GetCallerIdentity: getCallerIdentity },
});
