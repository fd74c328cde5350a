import { describe, expect, it } from 'vitest';
import { AwsFault, isFault, type FaultKind } from './fault.ts';
import { ManualClock } from './testing/manual-clock.ts';
import { sessionNameOf, Sessions } from './sessions.ts';
import type { SessionCredentials } from './services/sts.ts';
import { callContext, withCallContext } from './call-context.ts';

const minutes = 60_000;
const role = { arn: 'arn:aws:iam::222222222222:role/dataallPivotRole', externalId: 'x' };

const fault = (kind: FaultKind) =>
  new AwsFault(
    { service: 'sts', operation: 'AssumeRole', account: '222222222222', region: 'eu-west-1', write: false },
    { kind, code: 'AccessDenied', reason: '', retryable: false, outcomeUnknown: false },
  );

/** STS that answers after 100 ms with credentials numbered from 1, good for an hour. */
function setUp() {
  const clock = new ManualClock();
  const world = {
    calls: 0,
    names: [] as string[],
    ids: [] as unknown[],
    trusted: true,
    broken: false,
    epoch: 1,
    worksSeen: [] as (string | undefined)[],
  };
  const sessions = new Sessions({
    clock,
    random: () => 0.5,
    sessionName: () => `dataall-test-${world.epoch}`,
    assume: async ({ externalId }, sessionName): Promise<SessionCredentials> => {
      world.calls += 1;
      world.names.push(sessionName);
      world.ids.push(externalId);
      world.worksSeen.push(callContext()?.item);
      const accessKeyId = `ASIA${world.calls}`;
      await new Promise<void>((resolve) => void clock.after(100, resolve));
      if (world.broken) throw fault('Unavailable');
      if (!world.trusted) throw fault('NoTrust');
      return { accessKeyId, secretAccessKey: 's', sessionToken: 't', expiration: new Date(clock.now() + 60 * minutes) };
    },
  });
  const key = async () => {
    const credentials = sessions.of(role).credentials();
    credentials.catch(() => {});
    await clock.advance(100);
    return (await credentials).accessKeyId;
  };
  return { clock, world, sessions, key };
}

describe('whether a role demands its external id', () => {
  it('shows in its refusal of another one, asked once an hour; a role that lets that in is asked again', async () => {
    const { clock, world, sessions } = setUp();
    const ask = async (): Promise<boolean> => {
      const answer = sessions.of(role).demandsExternalId();
      await clock.advance(100);
      return await answer;
    };
    expect(await ask()).toBe(false);
    world.trusted = false;
    expect(await ask()).toBe(true);
    expect(world.calls).toBe(2);
    expect(world.ids).not.toContain(role.externalId);
    expect(new Set(world.ids).size).toBe(2);
    world.trusted = true;
    expect(await ask()).toBe(true);
    expect(world.calls).toBe(2);
    await clock.advance(60 * minutes);
    expect(await ask()).toBe(false);
    // Known again, and forgotten when the trust is said to have changed.
    world.trusted = false;
    await ask();
    sessions.drop(role.arn);
    world.trusted = true;
    expect(await ask()).toBe(false);
  });

  it('is not known while STS cannot be asked', async () => {
    const { clock, world, sessions } = setUp();
    world.broken = true;
    const answer = sessions.of(role).demandsExternalId();
    answer.catch(() => {});
    await clock.advance(100);
    await expect(answer).rejects.toMatchObject({ kind: 'Unavailable' });
    world.broken = false;
  });
});

describe('a session', () => {
  it('is made once for all who ask together, and kept', async () => {
    const { clock, world, sessions } = setUp();
    const asked = Array.from({ length: 20 }, () => sessions.of({ ...role }).credentials());
    await clock.advance(100);
    expect(new Set((await Promise.all(asked)).map(({ accessKeyId }) => accessKeyId))).toEqual(new Set(['ASIA1']));
    expect((await sessions.of(role).credentials()).accessKeyId).toBe('ASIA1');
    expect(world.calls).toBe(1);
  });

  it('is another one for another external id', async () => {
    const { clock, world, sessions, key } = setUp();
    await key();
    void sessions.of({ ...role, externalId: 'y' }).credentials();
    await clock.advance(100);
    expect(world.calls).toBe(2);
  });

  it('is renewed before it ends, behind the back of those who use it', async () => {
    const { clock, world, sessions, key } = setUp();
    await key();
    // 5 minutes before the end, half as much again by chance: 52.5 minutes.
    await clock.advance(52 * minutes);
    expect((await sessions.of(role).credentials()).accessKeyId).toBe('ASIA1');
    expect(world.calls).toBe(1);
    await clock.advance(1 * minutes);
    expect((await sessions.of(role).credentials()).accessKeyId).toBe('ASIA1');
    await clock.advance(100);
    expect((await sessions.of(role).credentials()).accessKeyId).toBe('ASIA2');
    expect(world.calls).toBe(2);
  });

  it('goes on while it still works though it cannot be renewed, asking again every half minute', async () => {
    const { clock, world, sessions, key } = setUp();
    await key();
    world.trusted = false;
    await clock.advance(54 * minutes);
    for (let second = 0; second < 60; second += 1) {
      expect((await sessions.of(role).credentials()).accessKeyId).toBe('ASIA1');
      await clock.advance(1000);
    }
    expect(world.calls).toBeLessThanOrEqual(4);
    await clock.advance(5 * minutes);
    await expect(key()).rejects.toSatisfy((error) => isFault(error, 'NoTrust'));
  });

  it('is not handed out in its last minute', async () => {
    const { clock, key } = setUp();
    await key();
    await clock.advance(59 * minutes + 1000);
    expect(await key()).toBe('ASIA2');
  });

  it('is made anew once dropped, and one asked for before the drop is not kept', async () => {
    const { clock, sessions, key } = setUp();
    const early = sessions.of(role).credentials();
    await clock.advance(50);
    sessions.drop(role.arn);
    await clock.advance(50);
    expect((await early).accessKeyId).toBe('ASIA1');
    expect(await key()).toBe('ASIA2');
  });

  it('is dropped after a denial only if it is older than a minute', async () => {
    const { clock, sessions, key } = setUp();
    await key();
    sessions.of(role).refused();
    expect(await key()).toBe('ASIA1');
    await clock.advance(2 * minutes);
    sessions.of(role).refused();
    expect(await key()).toBe('ASIA2');
  });

  it('passes a refusal on to all for two seconds, then asks again', async () => {
    const { clock, world, sessions, key } = setUp();
    world.trusted = false;
    await expect(key()).rejects.toSatisfy((error) => isFault(error, 'NoTrust'));
    for (let index = 0; index < 50; index += 1)
      await expect(sessions.of(role).credentials()).rejects.toSatisfy((error) => isFault(error, 'NoTrust'));
    expect(world.calls).toBe(1);
    world.trusted = true;
    await clock.advance(2000);
    expect(await key()).toBe('ASIA2');
  });

  it('is made anew under the name of a new epoch', async () => {
    const { world, key } = setUp();
    await key();
    world.epoch = 2;
    expect(await key()).toBe('ASIA2');
    expect(world.names).toEqual(['dataall-test-1', 'dataall-test-2']);
  });

  it("is nobody's own: it does not end with the work that asked first", async () => {
    const { clock, world, sessions } = setUp();
    const abort = new AbortController();
    const asked = withCallContext({ item: 'a', reconcileId: '1', signal: abort.signal }, () =>
      sessions.of(role).credentials(),
    );
    abort.abort();
    await clock.advance(100);
    expect((await asked).accessKeyId).toBe('ASIA1');
    expect(world.worksSeen).toEqual([`Session:${role.arn}`]);
  });
});

describe('sessionNameOf', () => {
  it.each([
    ['prod', 7, 'dataall-prod-7'],
    ['my team/prod', '2026-01-01T00:00:00Z', 'dataall-my-team-prod-2026-01-01T00-00-00Z'],
    ['x'.repeat(100), 123456, `dataall-${'x'.repeat(49)}-123456`],
  ])('%s at %s is %s', (installation, epoch, name) => {
    expect(sessionNameOf(installation, epoch)).toBe(name);
    expect(name).toMatch(/^[\w+=,.@-]{2,64}$/);
  });
});
