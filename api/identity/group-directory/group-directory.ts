// Who is in which group: for lists to invite from, for the users of a group, and for e-mail. What anybody may do never depends on it.

export interface DirectoryUser {
  /** As in the claim that settings map to `user`. */
  readonly user: string;
  readonly email?: string | undefined;
}

/**
 * Names are spelled as the identity provider spells them, without the installation's prefixes. What is not known is an empty list.
 * data.all's ServiceProvider has the same three: list_groups, get_groups_for_user, get_user_emailids_from_group.
 */
export interface GroupDirectory {
  listGroups(): Promise<readonly string[]>;
  groupsOfUser(user: string): Promise<readonly string[]>;
  usersOfGroup(group: string): Promise<readonly DirectoryUser[]>;
  /** The same of many, in their order, where that takes one question. */
  usersOfGroups?(groups: readonly string[]): Promise<readonly (readonly DirectoryUser[])[]>;
}

/** A directory that is asked group by group is asked about so many at once. */
const AT_ONCE = 8;

export async function usersOfGroups(
  directory: GroupDirectory,
  groups: readonly string[],
): Promise<readonly (readonly DirectoryUser[])[]> {
  if (directory.usersOfGroups) return directory.usersOfGroups(groups);
  const users: (readonly DirectoryUser[])[] = [];
  for (let at = 0; at < groups.length; at += AT_ONCE) {
    const some = groups.slice(at, at + AT_ONCE);
    users.push(...(await Promise.all(some.map(async (group) => directory.usersOfGroup(group)))));
  }
  return users;
}

/** Where to write to the members of a group, each once. */
export const emailsOfGroup = async (directory: GroupDirectory, group: string): Promise<readonly string[]> => {
  const users = await directory.usersOfGroup(group);
  return [...new Set(users.flatMap(({ email }) => email ?? []))].toSorted();
};

/** What any of several knows. One that fails is told of, not left out: half a list looks like a whole one. */
export const joinedDirectory = (directories: readonly GroupDirectory[]): GroupDirectory => ({
  async listGroups() {
    const lists = await Promise.all(directories.map(async (directory) => directory.listGroups()));
    return [...new Set(lists.flat())].toSorted();
  },
  async groupsOfUser(user) {
    const lists = await Promise.all(directories.map(async (directory) => directory.groupsOfUser(user)));
    return [...new Set(lists.flat())].toSorted();
  },
  async usersOfGroup(group) {
    return merged(await Promise.all(directories.map(async (directory) => directory.usersOfGroup(group))));
  },
  async usersOfGroups(groups) {
    const lists = await Promise.all(directories.map(async (directory) => usersOfGroups(directory, groups)));
    return groups.map((_, at) => merged(lists.map((list) => list[at] ?? [])));
  },
});

const merged = (lists: readonly (readonly DirectoryUser[])[]): readonly DirectoryUser[] => {
  const users = new Map<string, DirectoryUser>();
  for (const each of lists.flat()) {
    if (users.get(each.user)?.email === undefined) users.set(each.user, each);
  }
  return [...users.values()].toSorted((one, other) => (one.user < other.user ? -1 : 1));
};
