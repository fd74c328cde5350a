// A directory of the installation's own: a module that asks LDAP, Entra ID or whatever there is.

import { StartupError } from '../../../operator/kernel/process/start-up.ts';
import type { DirectoryUser, GroupDirectory } from './group-directory.ts';

const TIMEOUT_MS = 10_000;

/** What the installation's own directory did not do. The message names the module and the question. */
export class GroupDirectoryFailure extends Error {
  override readonly name = 'GroupDirectoryFailure';
}

/**
 * Loads `export const groupDirectory: GroupDirectory` of a package, or of an absolute path or file URL, as `stacks.extensions` are loaded.
 * Its answers are checked, and waited for ten seconds. Throws {@link StartupError} that names the module that is none.
 */
export const loadModuleDirectory = async (specifier: string): Promise<GroupDirectory> => {
  const directory = (await load(specifier)) as Partial<GroupDirectory> | undefined;
  const missing = (['listGroups', 'groupsOfUser', 'usersOfGroup'] as const).filter(
    (name) => typeof directory?.[name] !== 'function',
  );
  if (directory === undefined || missing.length > 0) {
    throw new StartupError(
      `identity.groupDirectory.module ${specifier} does not export an object groupDirectory with functions ${missing.join(', ')}`,
    );
  }
  const own = directory as GroupDirectory;
  const ask = async <T>(
    question: string,
    answer: () => Promise<unknown>,
    isGood: (value: unknown) => value is T,
  ): Promise<readonly T[]> => checked(`${question} of ${specifier}`, answer, isGood);
  return {
    listGroups: async () => ask('listGroups', async () => own.listGroups(), isText),
    groupsOfUser: async (user) => ask('groupsOfUser', async () => own.groupsOfUser(user), isText),
    usersOfGroup: async (group) => ask('usersOfGroup', async () => own.usersOfGroup(group), isUser),
  };
};

const load = async (specifier: string): Promise<unknown> => {
  try {
    return ((await import(specifier)) as { groupDirectory?: unknown }).groupDirectory;
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new StartupError(`identity.groupDirectory.module ${specifier} cannot be loaded: ${why}`);
  }
};

const checked = async <T>(
  question: string,
  answer: () => Promise<unknown>,
  isGood: (value: unknown) => value is T,
): Promise<readonly T[]> => {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Error(`no answer within ${TIMEOUT_MS / 1000} seconds`)), TIMEOUT_MS);
  try {
    const list = await Promise.race([answer(), late.promise]);
    if (Array.isArray(list) && list.every(isGood)) return list;
    throw new Error('the answer is no list of what it should be');
  } catch (cause) {
    throw new GroupDirectoryFailure(`${question} failed: ${cause instanceof Error ? cause.message : String(cause)}`, {
      cause,
    });
  } finally {
    clearTimeout(timer);
  }
};

const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';

const isUser = (value: unknown): value is DirectoryUser =>
  typeof value === 'object' &&
  value !== null &&
  'user' in value &&
  isText(value.user) &&
  (!('email' in value) || value.email === undefined || isText(value.email));
