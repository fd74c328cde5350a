import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Endpoints } from './endpoints.ts';
import { RunDirectory } from './run-directory.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'run-directory-'));
  path = join(folder, '.run');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const endpoints = { metrics: 'http://127.0.0.1:1/metrics' } as Endpoints;

describe('the run directory', () => {
  it('belongs to one tour at a time, which the next is told with its process id', async () => {
    await using held = await RunDirectory.claim(path);
    await expect(RunDirectory.claim(path)).rejects.toThrow(`process ${process.pid}`);
    held.publish(endpoints);
    expect(existsSync(join(path, 'endpoints.json'))).toBe(true);
  });

  it('leaves logs and nothing that would be stale', async () => {
    {
      await using held = await RunDirectory.claim(path);
      held.publish(endpoints);
      writeFileSync(held.file('operator.log'), 'a line');
      writeFileSync(held.file('operator.kubeconfig'), 'a secret');
    }
    expect(readdirSync(path)).toEqual(['operator.log']);
  });

  it('keeps secrets from other users', async () => {
    await using held = await RunDirectory.claim(path);
    held.publish(endpoints);
    expect(statSync(path).mode & 0o077).toBe(0);
    expect(statSync(join(path, 'endpoints.json')).mode & 0o077).toBe(0);
  });

  it('sweeps what a killed tour left', async () => {
    const claim = `const { RunDirectory } = await import('${join(import.meta.dirname, 'run-directory.ts')}');
      const held = await RunDirectory.claim('${path}');
      held.publish({});
      console.log('held');
      setInterval(() => {}, 1000);`;
    const owner = spawn(process.execPath, ['--input-type=module', '-e', claim], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(owner.stdout, 'data');
    await expect(RunDirectory.claim(path)).rejects.toThrow(`process ${owner.pid}`);
    owner.kill('SIGKILL');
    await once(owner, 'exit');
    expect(existsSync(join(path, 'endpoints.json'))).toBe(true);

    await using held = await RunDirectory.claim(path);
    expect(existsSync(join(held.path, 'endpoints.json'))).toBe(false);
  });
});
