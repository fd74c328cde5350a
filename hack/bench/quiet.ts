// Waits until the operator has nothing more to do in AWS.
import { setTimeout as delay } from 'node:timers/promises';
import type { AwsTally } from './aws-tally.ts';

/** Longer than any pause the operator makes between two calls that belong together (its waits begin with 1 s). */
const QUIET_MS = 4_000;
const POLL_MS = 200;

/** Resolves once no call came for a while; answers when the last one did, milliseconds since the epoch. */
export const untilQuiet = async (tally: AwsTally, quietMs = QUIET_MS): Promise<number> => {
  const since = Date.now();
  while (Date.now() - Math.max(since, tally.lastAt()) < quietMs) await delay(POLL_MS);
  return tally.lastAt();
};
