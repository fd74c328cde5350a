// What people are told whose settings keep a process from starting: one sentence, with nothing of what a file holds.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { describeIssues, settingsErrorMap } from './settings-error.ts';
import { readSettingsFile, StartupError, systemFailure } from './start-up.ts';

const folder = mkdtempSync(join(tmpdir(), 'dataall-start-up-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const told = (text: string): string => {
  const path = join(folder, 'settings.yaml');
  writeFileSync(path, text);
  try {
    readSettingsFile(path, (input) => input);
  } catch (error) {
    if (error instanceof StartupError) return error.message.replace(path, 'FILE');
    throw error;
  }
  return 'taken';
};

describe('a file of settings', () => {
  it.each([
    [
      'database: {url: "postgres://u:hunter2@db"\nserver: [',
      'FILE, line 2, column 1: cannot be read as YAML or JSON (bad indent)',
    ],
    ['{"password": "hunter2" "x": 1}', 'FILE, line 1, column 24: cannot be read as YAML or JSON (unexpected token)'],
    ['password: *hunter2', 'FILE: cannot be read as YAML or JSON (an alias of nothing)'],
    ['', 'FILE is empty: docs/operations.md shows what belongs there'],
    ['# nothing yet', 'FILE is empty: docs/operations.md shows what belongs there'],
    ['hunter2', 'FILE is no list of settings (key: value): docs/operations.md shows one'],
    ['- hunter2', 'FILE is no list of settings (key: value): docs/operations.md shows one'],
  ])('that is %j is refused with its place, and without what stands in it', (text, message) => {
    expect(told(text)).toBe(message);
  });
});

describe('a value that may be written in several ways', () => {
  const schema = z.strictObject({ secret: z.union([z.string().min(1), z.strictObject({ file: z.string() })]) });
  const wrong = (secret: unknown): string => {
    const { error } = schema.safeParse({ secret }, { error: settingsErrorMap });
    return error === undefined ? 'taken' : describeIssues(error);
  };

  it('is told what is wrong with the way that it comes nearest to, or all ways', () => {
    expect(wrong({ fil: 'x' })).toBe('secret: file: is missing; unknown key fil, did you mean file?');
    expect(wrong('')).toMatch(/^secret: Too small/);
    expect(wrong(7)).toMatch(/^secret: Invalid input: expected string.*, or .*expected object/);
    expect(wrong(undefined)).toBe('secret: is missing');
  });
});

describe('a failure of the system', () => {
  it('is told where settings caused it: a port that is taken, a file that is not there', async () => {
    await using taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    const { port } = taken.address() as { port: number };
    const second = createServer();
    const error = await new Promise((resolve) => second.once('error', resolve).listen(port, '127.0.0.1'));
    expect(systemFailure(error)?.message).toBe(
      `cannot listen on port ${port} of 127.0.0.1 (EADDRINUSE): end what listens there, or configure another`,
    );
    const lost = Object.assign(new Error('ENOENT'), { code: 'ENOENT', syscall: 'open', path: '/tls.crt' });
    expect(systemFailure(lost)?.message).toBe('cannot read /tls.crt (ENOENT), which the configuration names');
    expect(systemFailure(new Error('a mistake of ours'))).toBeUndefined();
  });
});
