// Works through a dependency graph: everything whose needs are met at once, nothing new after a failure.
import type { Dependencies } from './dependencies.ts';

/**
 * Calls `work` for every id after it was done for all ids it needs.
 * @returns the errors, in the order they happened; work that was under way is awaited, work not begun is left.
 */
export async function walk(
  dependencies: Dependencies,
  work: (logicalId: string) => Promise<void>,
): Promise<readonly unknown[]> {
  const waiting = new Set(dependencies.keys());
  const done = new Set<string>();
  const running = new Map<string, Promise<void>>();
  const errors: unknown[] = [];
  for (;;) {
    if (errors.length === 0) {
      for (const id of waiting) {
        const needs = [...(dependencies.get(id) ?? [])].filter((needed) => dependencies.has(needed));
        if (!needs.every((needed) => done.has(needed))) continue;
        waiting.delete(id);
        const task = work(id).then(
          () => void done.add(id),
          (error: unknown) => void errors.push(error),
        );
        running.set(
          id,
          task.finally(() => running.delete(id)),
        );
      }
    }
    if (running.size === 0) return errors;
    await Promise.race(running.values());
  }
}
