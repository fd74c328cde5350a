// Users and roles as the operations of IAM see them: found, named, shown.
import type { Role as SdkRole, Tag, User as SdkUser } from '@aws-sdk/client-iam';
import { AwsError } from '../../core/aws-error.ts';
import type { Call, Need } from '../../core/operation.ts';
import { showPrincipals } from '../../core/principal-ids.ts';
import { iamState, type Identity, type Role, type User } from './state.ts';

export type IdentityKind = 'Role' | 'User';

/** Inputs of operations that exist for both kinds: `RoleName` or `UserName`, and strings. */
export type NamedInput = Readonly<Record<string, string | undefined>>;

export const noSuchEntity = (message: string): AwsError => new AwsError('NoSuchEntityException', message);
export const malformedPolicy = (message: string): AwsError => new AwsError('MalformedPolicyDocumentException', message);
export const validationError = (message: string): AwsError => new AwsError('ValidationError', message);
export const alreadyExists = (message: string): AwsError => new AwsError('EntityAlreadyExistsException', message);
export const deleteConflict = (message: string): AwsError => new AwsError('DeleteConflictException', message);

export const nameIn = (kind: IdentityKind, input: NamedInput): string => input[`${kind}Name`] ?? '';

export const tableOf = (kind: IdentityKind, call: Call): Map<string, User> | Map<string, Role> => {
  const state = iamState(call.world, call.account);
  return kind === 'Role' ? state.roles : state.users;
};

export const findIdentity = (kind: IdentityKind, call: Call, name: string): Identity | undefined =>
  tableOf(kind, call).get(name);

export const identityNamed = (kind: IdentityKind, call: Call, name: string): Identity => {
  const found = findIdentity(kind, call, name);
  if (found === undefined) throw noSuchEntity(`The ${kind.toLowerCase()} with name ${name} cannot be found.`);
  return found;
};

export const roleNamed = (call: Call, name: string): Role => identityNamed('Role', call, name) as Role;

/** What a role or user must allow before IAM tells whether it exists. */
export const identityNeed = (
  kind: IdentityKind,
  action: string,
  input: NamedInput,
  call: Call,
  context: Need['context'] = {},
): Need => {
  const name = nameIn(kind, input);
  const found = findIdentity(kind, call, name);
  return {
    action: `iam:${action}`,
    resource: found?.arn ?? `arn:aws:iam::${call.account}:${kind.toLowerCase()}/${name}`,
    context: { ...resourceTags(found), ...boundaryContext(found?.boundary), ...context },
  };
};

/** Permissions boundaries of the identity that a change touches. */
export const boundaryContext = (boundary: string | undefined): Record<string, string> =>
  boundary === undefined ? {} : { 'iam:PermissionsBoundary': boundary };

const resourceTags = (identity: Identity | undefined): Record<string, string> =>
  Object.fromEntries(
    [...(identity?.tags ?? [])].flatMap(([key, value]) => [
      [`aws:ResourceTag/${key}`, value],
      [`iam:ResourceTag/${key}`, value],
    ]),
  );

export const requestTags = (tags: readonly Tag[] | undefined): Record<string, string | string[]> => {
  if (tags === undefined || tags.length === 0) return {};
  const context: Record<string, string | string[]> = { 'aws:TagKeys': tags.map((tag) => tag.Key ?? '') };
  for (const tag of tags) context[`aws:RequestTag/${tag.Key ?? ''}`] = tag.Value ?? '';
  return context;
};

export const tagMap = (tags: readonly Tag[] | undefined): Map<string, string> =>
  new Map((tags ?? []).map((tag) => [tag.Key ?? '', tag.Value ?? '']));

export const tagList = (tags: ReadonlyMap<string, string>): Tag[] => [...tags].map(([Key, Value]) => ({ Key, Value }));

const boundaryOf = (identity: Identity): { PermissionsBoundary?: SdkRole['PermissionsBoundary'] } =>
  identity.boundary === undefined
    ? {}
    : {
        PermissionsBoundary: {
          PermissionsBoundaryType: 'PermissionsBoundaryPolicy',
          PermissionsBoundaryArn: identity.boundary,
        },
      };

/** Documents travel URL-encoded in IAM's answers (RFC 3986). */
export const encodeDocument = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);

/** The trust policy as IAM shows it: with the ids of principals that are gone. */
const shownTrust = (call: Pick<Call, 'world'>, role: Role): string =>
  JSON.stringify(showPrincipals(call.world, role.trust.policy));

export const showRole = (call: Pick<Call, 'world'>, role: Role): SdkRole => ({
  Path: role.path,
  RoleName: role.name,
  RoleId: role.id,
  Arn: role.arn,
  CreateDate: role.createdAt,
  AssumeRolePolicyDocument: encodeDocument(shownTrust(call, role)),
  MaxSessionDuration: role.maxSessionDuration,
  ...(role.description === undefined ? {} : { Description: role.description }),
  ...boundaryOf(role),
  ...(role.tags.size === 0 ? {} : { Tags: tagList(role.tags) }),
});

export const showUser = (user: User): SdkUser => ({
  Path: user.path,
  UserName: user.name,
  UserId: user.id,
  Arn: user.arn,
  CreateDate: user.createdAt,
  ...boundaryOf(user),
  ...(user.tags.size === 0 ? {} : { Tags: tagList(user.tags) }),
});

export const checkName = (what: string, name: string, max: number): void => {
  if (!/^[\w+=,.@-]+$/.test(name)) {
    throw validationError(
      `The specified value for ${what} is invalid. It must contain only alphanumeric characters and/or the following: +=,.@_-`,
    );
  }
  if (name.length > max) {
    throw validationError(
      `1 validation error detected: Value '${name}' at '${what}' failed to satisfy constraint: Member must have length less than or equal to ${max}`,
    );
  }
};

export const checkPath = (path: string | undefined): string => {
  if (path === undefined) return '/';
  if (!/^\/(?:[!-~]+\/)?$/.test(path))
    throw validationError(
      'The specified value for path is invalid. It must begin and end with / and contain only alphanumeric characters and/or / characters.',
    );
  return path;
};
