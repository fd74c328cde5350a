/** Waiting: on a condition, never for a time. */
import { setTimeout as delay } from 'node:timers/promises';
import { StoryBroken } from './story-broken.ts';

const TIMEOUT_MS = 60_000;
const POLL_MS = 100;

/**
 * Asks again and again until the answer is not undefined, and returns it. `describe` says in the error what was last seen.
 * Throws {@link StoryBroken} after a minute, and the signal's reason when the story is interrupted.
 */
export async function until<T>(
  what: string,
  ask: () => Promise<T | undefined>,
  signal: AbortSignal,
  lastSeen: () => string = () => 'no',
): Promise<T> {
  const deadline = performance.now() + TIMEOUT_MS;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (performance.now() > deadline)
      throw new StoryBroken(`not so after ${TIMEOUT_MS / 1000} s: ${what}; last seen: ${lastSeen()}`);
    await delay(POLL_MS, undefined, { signal });
  }
}
