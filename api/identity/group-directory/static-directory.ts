// Groups that settings list.

import type { IdentitySettings } from '../settings.ts';
import type { GroupDirectory } from './group-directory.ts';

export const staticDirectory = (groups: IdentitySettings['groupDirectory']['groups']): GroupDirectory => ({
  listGroups: async () => groups.map(({ name }) => name),
  groupsOfUser: async (user) =>
    groups.filter(({ users }) => users.some((each) => each.user === user)).map(({ name }) => name),
  usersOfGroup: async (group) => groups.filter(({ name }) => name === group).flatMap(({ users }) => users),
});
