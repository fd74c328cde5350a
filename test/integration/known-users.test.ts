// Who has signed in is who can be found in a group, where no directory can be asked.

import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { emailsOfGroup } from '../../api/identity/group-directory/group-directory.ts';
import { KnownUsers } from '../../api/identity/group-directory/known-users.ts';
import { databaseServer } from '../support/database.ts';
import { Browser, demoProvider, gateway, ShiftedClock } from '../support/sign-in-scene.ts';

const postgres = databaseServer();
const DAY_MS = 86_400_000;
const log = pino({ level: 'silent' });

const knownUsers = async () => {
  const { database } = await postgres.fresh();
  const clock = new ShiftedClock();
  return { database, clock, users: new KnownUsers({ database, clock, log, rememberDays: 90 }) };
};

describe('Known users', () => {
  it('are those who have come through any door, with the groups of the last time', async () => {
    const { database, clock, users } = await knownUsers();
    const { issuer } = await demoProvider();
    const browser = new Browser(await gateway({ issuer, database, clock }));
    await browser.signIn('owner');
    await browser.who();
    await users.saw({ user: 'ann', email: 'ann@example.com', groups: ['sales', 'finance'] });

    expect(await users.listGroups()).toEqual(['finance', 'sales']);
    expect(await users.usersOfGroup('sales')).toEqual([
      { user: 'ann', email: 'ann@example.com' },
      { user: 'owner', email: 'owner@example.com' },
    ]);
    await users.saw({ user: 'ann', email: 'ann@example.com', groups: ['finance'] });
    expect(await emailsOfGroup(users, 'sales')).toEqual(['owner@example.com']);
    expect(await users.groupsOfUser('ann')).toEqual(['finance']);
  });

  it('are listed no more when they have not come for 90 days', async () => {
    const { clock, users } = await knownUsers();
    await users.saw({ user: 'ann', groups: ['sales'] });
    clock.ms += 91 * DAY_MS;
    await users.saw({ user: 'bob', groups: ['finance'] });
    expect(await users.listGroups()).toEqual(['finance']);
    expect(await users.usersOfGroup('sales')).toEqual([]);
    expect(await users.groupsOfUser('ann')).toEqual([]);
  });

  it('who are in 300 groups, a hundred at once, neither wait for each other in a circle nor are written twice', async () => {
    const { database, users } = await knownUsers();
    const other = new KnownUsers({ database, clock: new ShiftedClock(), log, rememberDays: 90 });
    const groups = Array.from({ length: 300 }, (_, index) => `group-${index}`);
    await Promise.all(
      Array.from({ length: 100 }, async (_, index) =>
        [users, other][index % 2]?.saw({
          user: `user-${index}`,
          groups: index % 3 === 0 ? groups : groups.toReversed(),
        }),
      ),
    );
    expect(await users.usersOfGroup('group-299')).toHaveLength(100);
    expect(await users.listGroups()).toHaveLength(300);
  });

  it('do not keep anybody out when the database cannot write them down', async () => {
    const { database, users } = await knownUsers();
    await database.schema.dropTable('known_user').execute();
    await expect(users.saw({ user: 'ann', groups: [] })).resolves.toBeUndefined();
  });
});
