import { describe, expect, it } from 'vitest';
import { FakeClock } from '../../operator/kernel/testing/fake-clock.ts';
import { ClaimsReader, type GroupsOfUser } from './claims-reader.ts';

const ANN = { email: 'ann@example.com', groups: ['said by the token'] };

/** Of tokens whose groups settings do not map. */
const readerOf = (groupsOfUser: GroupsOfUser) => {
  const clock = new FakeClock();
  return { clock, reader: new ClaimsReader({ user: 'email', email: 'email', groups: [] }, groupsOfUser, clock) };
};

describe('groups of a token that settings do not map', () => {
  it("are what the installation's own directory says of its bearer, and are checked as claims are", async () => {
    const { reader } = readerOf(async (user) => (user === 'ann@example.com' ? ['sales', 'system:masters'] : []));
    const { groups, dropped } = await reader.read(ANN);
    expect(groups).toEqual(['sales']);
    expect(dropped).toHaveLength(1);
  });

  it('are asked for once a minute, so that somebody who has left a group is out of it soon', async () => {
    let asked = 0;
    let groups = ['sales', 'finance'];
    const { reader, clock } = readerOf(async () => {
      asked += 1;
      return groups;
    });
    await Promise.all(Array.from({ length: 20 }, async () => reader.read(ANN)));
    expect(asked).toBe(1);
    groups = ['sales'];
    await clock.advance(61_000);
    expect((await reader.read(ANN)).groups).toEqual(['sales']);
    expect(asked).toBe(2);
  });

  it('let nobody in while the directory is down, and everybody when it is back', async () => {
    let isDown = true;
    const { reader } = readerOf(async () => {
      if (isDown) throw new Error('LDAP is down');
      return ['sales'];
    });
    await expect(reader.read(ANN)).rejects.toMatchObject({ reason: 'IssuerUnavailable', status: 503 });
    isDown = false;
    expect((await reader.read(ANN)).groups).toEqual(['sales']);
  });
});
