import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const LINK = join(import.meta.dirname, 'link.ts');

/** Where no tour runs. */
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'dataall-link-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const link = (...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> =>
  new Promise((resolve) => {
    execFile(process.execPath, [LINK, ...args], { cwd: folder }, (error, stdout, stderr) =>
      resolve({ code: Number(error?.code ?? 0), stdout, stderr }),
    );
  });

describe('link.mjs', () => {
  it('says what it is for', async () => {
    expect(await link('--help')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('<environment>'),
      stderr: '',
    });
  });

  it.each([
    [[], 'No environment is named.'],
    [['--frob'], "Unknown option '--frob'."],
    [['sales-prod'], 'npm start is not up in this folder'],
  ])('refuses %j with what to do and no stack', async (args, message) => {
    const { code, stderr } = await link(...args);
    expect(code).toBe(1);
    expect(stderr.split('\n')).toEqual([
      expect.stringContaining(message),
      expect.stringMatching(/^ {2}What to do: .+/),
      '',
    ]);
  });
});
