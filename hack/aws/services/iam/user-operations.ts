// Users and their access keys.
import type * as sdk from '@aws-sdk/client-iam';
import { operation, type AnyOperation, type Call, type Output } from '../../core/operation.ts';
import { checkBoundary } from './boundary-operations.ts';
import {
  alreadyExists,
  boundaryContext,
  checkName,
  checkPath,
  deleteConflict,
  identityNamed,
  identityNeed,
  noSuchEntity,
  requestTags,
  showUser,
  tagMap,
} from './identities.ts';
import { pageOf } from './paging.ts';
import { ACCESS_KEYS_PER_USER, limitExceeded } from './quotas.ts';
import { iamState, type AccessKey, type User } from './state.ts';

/** User name of an input, the caller's own when it is left out. */
const userNameOf = (input: { readonly UserName?: string | undefined }, call: Call): string =>
  input.UserName ?? (call.principal.kind === 'user' ? call.principal.userName : '');

const userNeed = (action: string) => (input: { readonly UserName?: string | undefined }, call: Call) => [
  identityNeed('User', action, { UserName: userNameOf(input, call) }, call),
];

const createUser = operation<sdk.CreateUserCommandInput, Output<sdk.CreateUserCommandOutput>>({
  access: 'write',
  needs: (input, call) => {
    const resource = `arn:aws:iam::${call.account}:user${input.Path ?? '/'}${input.UserName}`;
    const context = { ...requestTags(input.Tags), ...boundaryContext(input.PermissionsBoundary) };
    const tagging =
      (input.Tags ?? []).length > 0 ? [{ action: 'iam:TagUser', resource, context: requestTags(input.Tags) }] : [];
    return [{ action: 'iam:CreateUser', resource, context }, ...tagging];
  },
  handle(input, call) {
    const name = input.UserName ?? '';
    checkName('userName', name, 64);
    const path = checkPath(input.Path);
    const { users } = iamState(call.world, call.account);
    if (users.has(name)) throw alreadyExists(`User with name ${name} already exists.`);
    const user: User = {
      name,
      path,
      arn: `arn:aws:iam::${call.account}:user${path}${name}`,
      id: `AIDA${call.world.id(17)}`,
      createdAt: new Date(call.world.clock.now()),
      inline: new Map(),
      attached: new Set(),
      tags: tagMap(input.Tags),
      boundary: checkBoundary(call, input.PermissionsBoundary),
    };
    users.set(name, user);
    return { User: showUser(user) };
  },
});

const getUser = operation<sdk.GetUserCommandInput, Output<sdk.GetUserCommandOutput>>({
  access: 'read',
  needs: userNeed('GetUser'),
  handle: (input, call) => ({ User: showUser(identityNamed('User', call, userNameOf(input, call))) }),
});

const listUsers = operation<sdk.ListUsersCommandInput, Output<sdk.ListUsersCommandOutput>>({
  access: 'read',
  // No resource type in AWS's reference: https://docs.aws.amazon.com/service-authorization/latest/reference/list_identityandaccessmanagement.html
  needs: () => [{ action: 'iam:ListUsers', resource: '*' }],
  handle(input, call) {
    const users = [...iamState(call.world, call.account).users.values()]
      .filter((user) => user.path.startsWith(input.PathPrefix ?? '/'))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
    const { items, ...page } = pageOf(users, input);
    return { Users: items.map(showUser), ...page };
  },
});

const deleteUser = operation<sdk.DeleteUserCommandInput, object>({
  access: 'write',
  needs: userNeed('DeleteUser'),
  handle(input, call) {
    const user = identityNamed('User', call, input.UserName ?? '');
    if (user.attached.size > 0) throw deleteConflict('Cannot delete entity, must detach all policies first.');
    if (user.inline.size > 0) throw deleteConflict('Cannot delete entity, must delete policies first.');
    if (keysOf(call, user.name).length > 0)
      throw deleteConflict('Cannot delete entity, must delete access keys first.');
    iamState(call.world, call.account).users.delete(user.name);
    return {};
  },
});

const keysOf = (call: Call, userName: string): AccessKey[] =>
  [...iamState(call.world, call.account).accessKeys.values()].filter((key) => key.userName === userName);

const keyNamed = (call: Call, userName: string, id: string): AccessKey => {
  const key = keysOf(call, userName).find((candidate) => candidate.accessKeyId === id);
  if (key === undefined) throw noSuchEntity(`The Access Key with id ${id} cannot be found.`);
  return key;
};

const createAccessKey = operation<sdk.CreateAccessKeyCommandInput, Output<sdk.CreateAccessKeyCommandOutput>>({
  access: 'write',
  needs: userNeed('CreateAccessKey'),
  handle(input, call) {
    const user = identityNamed('User', call, userNameOf(input, call));
    if (keysOf(call, user.name).length >= ACCESS_KEYS_PER_USER) {
      throw limitExceeded(`Cannot exceed quota for AccessKeysPerUser: ${ACCESS_KEYS_PER_USER}`);
    }
    const key: AccessKey = {
      accessKeyId: `AKIA${call.world.id(16)}`,
      secretAccessKey: call.world.id(40),
      userName: user.name,
      status: 'Active',
      createdAt: new Date(call.world.clock.now()),
    };
    iamState(call.world, call.account).accessKeys.set(key.accessKeyId, key);
    return {
      AccessKey: {
        UserName: user.name,
        AccessKeyId: key.accessKeyId,
        SecretAccessKey: key.secretAccessKey,
        Status: key.status,
        CreateDate: key.createdAt,
      },
    };
  },
});

const listAccessKeys = operation<sdk.ListAccessKeysCommandInput, Output<sdk.ListAccessKeysCommandOutput>>({
  access: 'read',
  needs: userNeed('ListAccessKeys'),
  handle(input, call) {
    const user = identityNamed('User', call, userNameOf(input, call));
    const { items, ...page } = pageOf(keysOf(call, user.name), input);
    return {
      AccessKeyMetadata: items.map((key) => ({
        UserName: key.userName,
        AccessKeyId: key.accessKeyId,
        Status: key.status,
        CreateDate: key.createdAt,
      })),
      ...page,
    };
  },
});

const updateAccessKey = operation<sdk.UpdateAccessKeyCommandInput, object>({
  access: 'write',
  needs: userNeed('UpdateAccessKey'),
  handle(input, call) {
    keyNamed(call, userNameOf(input, call), input.AccessKeyId ?? '').status =
      input.Status === 'Inactive' ? 'Inactive' : 'Active';
    return {};
  },
});

const deleteAccessKey = operation<sdk.DeleteAccessKeyCommandInput, object>({
  access: 'write',
  needs: userNeed('DeleteAccessKey'),
  handle(input, call) {
    const { accessKeyId } = keyNamed(call, userNameOf(input, call), input.AccessKeyId ?? '');
    iamState(call.world, call.account).accessKeys.delete(accessKeyId);
    return {};
  },
});

export const userOperations: Readonly<Record<string, AnyOperation>> = {
  CreateUser: createUser,
  GetUser: getUser,
  ListUsers: listUsers,
  DeleteUser: deleteUser,
  CreateAccessKey: createAccessKey,
  ListAccessKeys: listAccessKeys,
  UpdateAccessKey: updateAccessKey,
  DeleteAccessKey: deleteAccessKey,
};
