/** Run folders: the temporary folder of one control plane or database, and the sweeping of those whose owner was killed. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export type RunFolderOwner = 'control-plane' | 'postgres' | 'opensearch';

const prefixOf = (owner: RunFolderOwner): string => `dataall-${owner}-`;

/** Makes a private folder named after our process id, after deleting the folders of processes that are gone. */
export function makeRunFolder(owner: RunFolderOwner = 'control-plane'): string {
  sweep(owner);
  return mkdtempSync(join(tmpdir(), `${prefixOf(owner)}${process.pid}-`));
}

function sweep(what: RunFolderOwner): void {
  for (const name of readdirSync(tmpdir())) {
    const owner = new RegExp(`^${prefixOf(what)}(\\d+)-`).exec(name)?.[1];
    if (owner !== undefined && !isAlive(Number(owner))) rmSync(join(tmpdir(), name), { recursive: true, force: true });
  }
}

/** Signal 0 asks whether a process exists; EPERM means it does and belongs to someone else. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
