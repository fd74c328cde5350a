import { createServer } from 'node:net';
import { once } from 'node:events';
import { Client } from 'pg';
import { describe, expect, it } from 'vitest';
import { isDatabaseAway } from './database-away.ts';

const failureOf = async (connectionString: string): Promise<unknown> => {
  const client = new Client({ connectionString, connectionTimeoutMillis: 500 });
  return await client.connect().then(
    () => undefined,
    (error: unknown) => error,
  );
};

describe('isDatabaseAway', () => {
  it('knows a server that refuses, hangs up, or does not answer, as the client of PostgreSQL tells of it', async () => {
    const hangsUp = createServer((socket) => socket.destroy()).listen(0, '127.0.0.1');
    const silent = createServer(() => undefined).listen(0, '127.0.0.1');
    await Promise.all([once(hangsUp, 'listening'), once(silent, 'listening')]);
    const portOf = (server: typeof silent): number => (server.address() as { port: number }).port;
    const failures = [
      await failureOf('postgres://a:b@127.0.0.1:1/c'),
      await failureOf(`postgres://a:b@127.0.0.1:${portOf(hangsUp)}/c`),
      await failureOf(`postgres://a:b@127.0.0.1:${portOf(silent)}/c`),
    ];
    for (const server of [hangsUp, silent]) server.close();
    expect(failures.map((failure) => [String(failure), isDatabaseAway(failure)])).toEqual([
      [expect.any(String), true],
      [expect.any(String), true],
      [expect.any(String), true],
    ]);
  });

  it.each(['57P01', '53300', '08006', '42P01'])('knows the state %s of a server that cannot answer now', (code) => {
    expect(isDatabaseAway(Object.assign(new Error('refused'), { code }))).toBe(true);
  });

  it.each(['23505', '22P02', '42703'])('leaves the state %s to whoever made the query', (code) => {
    expect(isDatabaseAway(Object.assign(new Error('refused'), { code }))).toBe(false);
  });
});
