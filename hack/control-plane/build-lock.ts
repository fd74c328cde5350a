/** Build lock: of several processes that miss the binaries, one builds and the others wait. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type { ProgressDisplay } from './progress.ts';
import { isAlive } from './run-folder.ts';

const POLL_MS = 500;

/**
 * Runs `build` while holding the lock file at `path`, which names the holder's process id; the lock of a dead process is taken over.
 * It saves work and nothing more: two builds at once (after a take-over in the same instant, or from two machines that share the
 * folder) are slow but correct, since programs are installed by rename.
 */
export async function withBuildLock(path: string, display: ProgressDisplay, build: () => Promise<void>): Promise<void> {
  let announced = false;
  while (!acquire(path)) {
    const holder = holderOf(path);
    if (holder !== undefined && !isAlive(holder)) {
      rmSync(path, { force: true });
      continue;
    }
    if (!announced) display.message(`Process ${holder ?? '?'} is building the control plane already: waiting for it.`);
    announced = true;
    await delay(POLL_MS);
  }
  try {
    await build();
  } finally {
    rmSync(path, { force: true });
  }
}

function acquire(path: string): boolean {
  try {
    writeFileSync(path, `${process.pid}\n`, { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Undefined when the lock has just been released, or is held but not yet written. */
function holderOf(path: string): number | undefined {
  try {
    const pid = Number.parseInt(readFileSync(path, 'utf8'), 10);
    return Number.isNaN(pid) ? undefined : pid;
  } catch {
    return undefined;
  }
}
