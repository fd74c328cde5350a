/** Run folders: the temporary folder of one control plane, and the sweeping of those whose owner was killed. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const PREFIX = 'dataall-control-plane-';

/** Makes a private folder named after our process id, after deleting the folders of processes that are gone. */
export function makeRunFolder(): string {
  sweep();
  return mkdtempSync(join(tmpdir(), `${PREFIX}${process.pid}-`));
}

function sweep(): void {
  for (const name of readdirSync(tmpdir())) {
    const owner = new RegExp(`^${PREFIX}(\\d+)-`).exec(name)?.[1];
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
