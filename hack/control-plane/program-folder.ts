/** For tests of what is looked for on PATH: a folder of programs that shell scripts play, with a cache of its own. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface ProgramFolder {
  readonly path: string;
  /** Nothing but `bin` of the folder is on PATH. */
  readonly env: NodeJS.ProcessEnv;
  /** A program called `name`. @param script of sh, which finds the machine's own programs */
  readonly program: (name: string, script: string) => void;
  readonly remove: () => void;
}

export const programFolder = (env: NodeJS.ProcessEnv = {}): ProgramFolder => {
  const path = mkdtempSync(join(tmpdir(), 'programs-'));
  const bin = join(path, 'bin');
  mkdirSync(bin);
  return {
    path,
    env: { PATH: bin, XDG_CACHE_HOME: join(path, 'cache'), ...env },
    program: (name, script) => writeProgram(join(bin, name), script),
    remove: () => rmSync(path, { recursive: true }),
  };
};

/** @param script of sh, which finds the machine's own programs */
export const writeProgram = (path: string, script: string): void =>
  writeFileSync(path, `#!/bin/sh\nPATH=/usr/bin:/bin\n${script}\n`, { mode: 0o755 });
