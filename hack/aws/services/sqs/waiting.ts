// Long polling: receivers sleep until their queue changes or their time is up. Nothing polls.
import type { World } from '../../core/world.ts';

/** Sleeping receivers by queue ARN. Not part of the world's state: a restored world has nobody waiting. */
const sleepers = new WeakMap<World, Map<string, Set<() => void>>>();

/** Worlds whose simulator has stopped: nobody waits any more. */
const stopped = new WeakSet<World>();

export const isStopped = (world: World): boolean => stopped.has(world);

/** Ends every long poll of a world, for good. */
export function stopWaiting(world: World): void {
  stopped.add(world);
  for (const arn of sleepers.get(world)?.keys() ?? []) wake(world, arn);
}

/** Resolves at `wake` of that queue or after `milliseconds`. The timer never keeps the process alive. */
export function sleepUntilChange(world: World, arn: string, milliseconds: number): Promise<void> {
  const byQueue = sleepers.get(world) ?? new Map<string, Set<() => void>>();
  sleepers.set(world, byQueue);
  const waiting = byQueue.get(arn) ?? new Set();
  byQueue.set(arn, waiting);
  return new Promise((resolve) => {
    const awake = (): void => {
      clearTimeout(timer);
      waiting.delete(awake);
      if (waiting.size === 0) byQueue.delete(arn);
      resolve();
    };
    const timer = setTimeout(awake, milliseconds).unref();
    waiting.add(awake);
  });
}

/** Something about the queue changed: its sleepers look again. */
export function wake(world: World, arn: string): void {
  for (const awake of sleepers.get(world)?.get(arn) ?? []) awake();
}
