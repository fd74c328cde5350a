// For tests: a directory such as an installation may bring, over what its own server answers.

import type { GroupDirectory } from '../group-directory.ts';

const MEMBERS: Readonly<Record<string, readonly { readonly uid: string; readonly mail?: string }[]>> = {
  sales: [{ uid: 'ann', mail: 'ann@example.com' }, { uid: 'bob' }],
  finance: [{ uid: 'ann', mail: 'ann@example.com' }],
};

export const groupDirectory: GroupDirectory = {
  listGroups: async () => Object.keys(MEMBERS),
  groupsOfUser: async (user) => Object.keys(MEMBERS).filter((group) => MEMBERS[group]?.some(({ uid }) => uid === user)),
  usersOfGroup: async (group) =>
    (MEMBERS[group] ?? []).map(({ uid, mail }) => ({ user: uid, ...(mail === undefined ? {} : { email: mail }) })),
};
