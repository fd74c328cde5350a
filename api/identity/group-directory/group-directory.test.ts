import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { settingsFor } from '../testing/settings.ts';
import { emailsOfGroup, joinedDirectory } from './group-directory.ts';
import { loadModuleDirectory } from './module-directory.ts';
import { staticDirectory } from './static-directory.ts';

const LDAP = join(import.meta.dirname, 'testing', 'ldap-directory.ts');
const moduleOf = (source: string): string => `data:text/javascript,${encodeURIComponent(source)}`;

describe('the group directory', () => {
  it("answers from settings and from a module of the installation's own together", async () => {
    const { groupDirectory } = settingsFor(
      'https://login.example.com',
      {},
      {
        groupDirectory: {
          module: LDAP,
          groups: [
            { name: 'platform-admins', users: [{ user: 'root', email: 'root@example.com' }] },
            { name: 'sales', users: [{ user: 'bob', email: 'bob@example.com' }] },
          ],
        },
      },
    );
    const own = await loadModuleDirectory(groupDirectory.module ?? '');
    const directory = joinedDirectory([own, staticDirectory(groupDirectory.groups)]);

    expect(await directory.listGroups()).toEqual(['finance', 'platform-admins', 'sales']);
    expect(await directory.groupsOfUser('ann')).toEqual(['finance', 'sales']);
    expect(await directory.usersOfGroup('sales')).toEqual([
      { user: 'ann', email: 'ann@example.com' },
      { user: 'bob', email: 'bob@example.com' },
    ]);
    expect(await emailsOfGroup(directory, 'sales')).toEqual(['ann@example.com', 'bob@example.com']);
    expect(await emailsOfGroup(directory, 'nobody-knows')).toEqual([]);
  });

  it.each([
    [
      'that is not there',
      '/nowhere/directory.js',
      'identity.groupDirectory.module /nowhere/directory.js cannot be loaded',
    ],
    [
      'that exports something else',
      moduleOf('export const directory = {}'),
      'does not export an object groupDirectory',
    ],
    [
      'without one of the functions',
      moduleOf('export const groupDirectory = { listGroups() {}, groupsOfUser() {} }'),
      'usersOfGroup',
    ],
  ])('keeps the gateway from starting with a module %s', async (_, specifier, message) => {
    await expect(loadModuleDirectory(specifier)).rejects.toThrow(message);
  });

  it.each([
    ['fails', 'throw new Error("LDAP is down")', 'failed: LDAP is down'],
    ['answers something else', 'return [{ name: "sales" }]', 'the answer is no list of what it should be'],
  ])('says so when the module %s, and is not taken for empty', async (_, body, message) => {
    const source = `export const groupDirectory = { async listGroups() { ${body} }, async groupsOfUser() { ${body} }, async usersOfGroup() { ${body} } }`;
    const directory = joinedDirectory([staticDirectory([]), await loadModuleDirectory(moduleOf(source))]);
    await expect(directory.listGroups()).rejects.toThrow(message);
    await expect(directory.groupsOfUser('ann')).rejects.toThrow(message);
    await expect(directory.usersOfGroup('sales')).rejects.toThrow(message);
  });
});
