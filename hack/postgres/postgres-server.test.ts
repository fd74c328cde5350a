import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import { describe, expect, it, onTestFinished } from 'vitest';
import { isAlive } from '../control-plane/run-folder.ts';
import { serverAccount } from './account.ts';
import { startPostgres } from './postgres-server.ts';

async function query(url: string, text: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(text)).rows;
  } finally {
    await client.end();
  }
}

/** In a process of its own, which tells the address and the server's process id, and then waits. */
const starter = `
  const { startPostgres } = await import(${JSON.stringify(join(import.meta.dirname, 'postgres-server.ts'))});
  const { readFileSync } = await import('node:fs');
  const server = await startPostgres();
  console.log(JSON.stringify([server.url(), server.folder, Number(readFileSync(server.folder + '/data/postmaster.pid', 'utf8').split('\\n')[0])]));
  setInterval(() => {}, 1000);`;

describe('PostgresServer', () => {
  it('runs as nobody where we are root and as ourselves otherwise, and keeps what was committed over a crash', async () => {
    const server = await startPostgres();
    onTestFinished(async () => server.stop());
    const owner = serverAccount()?.uid ?? process.getuid?.();
    expect(statSync(join(server.folder, 'data')).uid).toBe(owner);

    await query(server.url(), 'create table kept (a int)');
    await query(server.url(), 'insert into kept values (1)');
    const address = server.url();
    await server.kill();
    await expect(query(address, 'select 1')).rejects.toThrow(/ECONNREFUSED/);
    await server.start();
    expect(server.url()).toBe(address);
    expect(await query(address, 'select a from kept')).toEqual([{ a: 1 }]);

    await server.stop();
    expect(existsSync(server.folder)).toBe(false);
  });

  it('needs another account only as root', () => {
    expect(serverAccount(1000)).toBeUndefined();
    expect(serverAccount(0)?.uid).toBeGreaterThan(0);
  });

  it('asks everybody for its password', async () => {
    const server = await startPostgres();
    onTestFinished(async () => server.stop());
    const guess = new URL(server.url());
    guess.password = 'postgres';
    await expect(query(guess.href, 'select 1')).rejects.toThrow(/password authentication failed/);
  });

  it('does not outlive a process that is killed', async () => {
    const child = spawn(process.execPath, ['--input-type=module', '-e', starter], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    onTestFinished(() => void child.kill('SIGKILL'));
    const [line] = (await once(child.stdout, 'data')) as [Buffer];
    const [url, folder, pid] = JSON.parse(line.toString()) as [string, string, number];
    expect(await query(url, 'select 1 as one')).toEqual([{ one: 1 }]);

    child.kill('SIGKILL');
    await expect.poll(() => isAlive(pid), { timeout: 10_000 }).toBe(false);
    // The next one that starts sweeps what it left.
    const next = await startPostgres();
    onTestFinished(async () => next.stop());
    expect(existsSync(folder)).toBe(false);
  });
});
