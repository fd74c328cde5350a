// A test whose thread never comes back to its event loop cannot be ended by its time limit, and would hold the whole run without a word.
import { Worker } from 'node:worker_threads';

/** Longer than anything that tests wait for without giving way, such as a program of Python run to its end. */
const LONGEST_MS = 600_000;
const BEAT_MS = 1_000;

/** Files that share a process share its watch. */
const process = globalThis as { isLoopWatched?: true };
if (process.isLoopWatched !== true) {
  process.isLoopWatched = true;
  const beats = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  setInterval(() => Atomics.add(beats, 0, 1), BEAT_MS).unref();
  new Worker(new URL('blocked-loop-watch.ts', import.meta.url), {
    workerData: { beats, longestMs: LONGEST_MS },
    execArgv: [],
  }).unref();
}
