import { sql } from 'kysely';
import { expect, it, onTestFinished } from 'vitest';
import { databaseServer } from '../../test/support/database.ts';
import { databaseOn, openPool, type Database } from './database.ts';
import { isDatabaseAway } from './database-away.ts';
import { DatabaseShares } from './database-shares.ts';

const postgres = databaseServer();

/** Statements on this lock wait until it is released, in the database. */
const LOCK = 64;
const waitForLock = async (database: Database): Promise<unknown> =>
  sql`select pg_advisory_xact_lock_shared(${LOCK})`.execute(database);
const now = async (database: Database): Promise<unknown> => sql`select 1 as it`.execute(database);

/** Eight connections to a database on which somebody holds the lock. */
async function held(statementTimeoutMs = 30_000) {
  const { database: holder, url } = await postgres.fresh();
  const settings = { url, connections: 8, statementTimeoutMs };
  const pool = openPool(settings);
  const database = databaseOn(pool);
  onTestFinished(async () => database.destroy());
  const release = Promise.withResolvers<void>();
  const holds = Promise.withResolvers<void>();
  const holding = holder.transaction().execute(async (transaction) => {
    await sql`select pg_advisory_xact_lock(${LOCK})`.execute(transaction);
    holds.resolve();
    await release.promise;
  });
  await holds.promise;
  /** How many statements wait in the database. */
  const waiting = async (): Promise<number> => {
    const { rows } = await sql<{ waiting: number }>`
      select count(*)::int as waiting from pg_locks where locktype = 'advisory' and objid = ${LOCK} and not granted
        and database = (select oid from pg_database where datname = current_database())`.execute(holder);
    return rows[0]?.waiting ?? 0;
  };
  const end = async (): Promise<void> => {
    release.resolve();
    await holding;
  };
  onTestFinished(end);
  return { shares: new DatabaseShares(pool, settings), waiting, release: end };
}

it('lets one person have a quarter of the connections, whatever they ask, while others are answered', async () => {
  const { shares, waiting, release } = await held();
  // As requests come: each with a database of its own, and transactions among their statements.
  const asked = Array.from({ length: 60 }, async (_, at) => {
    const database = shares.of('ann');
    return at % 2 === 0 ? waitForLock(database) : database.transaction().execute(waitForLock);
  });
  await expect.poll(waiting).toBe(2);
  for (const person of ['bob', 'eve']) expect(await now(shares.of(person))).toMatchObject({ rows: [{ it: 1 }] });
  expect(await waiting()).toBe(2);
  await release();
  expect(await Promise.all(asked)).toHaveLength(60);
  expect(await now(shares.of('ann'))).toMatchObject({ rows: [{ it: 1 }] });
});

it('tells whoever waits too long for themselves as it tells that the database does not answer, and lends nothing for good', async () => {
  const { shares, release } = await held(200);
  const failures = await Promise.all(
    Array.from({ length: 20 }, async () =>
      waitForLock(shares.of('ann')).then(
        () => 'answered',
        (error: unknown) => isDatabaseAway(error),
      ),
    ),
  );
  expect(new Set(failures)).toEqual(new Set([true]));
  await release();
  const after = Array.from({ length: 20 }, async () => now(shares.of('ann')));
  expect(await Promise.all(after)).toHaveLength(20);
});

it('gives a connection back whose transaction failed', async () => {
  const { shares } = await held();
  const failing = async () =>
    shares
      .of('ann')
      .transaction()
      .execute(async (transaction) => {
        await now(transaction);
        throw new Error('changed its mind');
      });
  for (let tried = 0; tried < 5; tried++) await expect(failing()).rejects.toThrow('changed its mind');
  expect(await now(shares.of('ann'))).toMatchObject({ rows: [{ it: 1 }] });
});
