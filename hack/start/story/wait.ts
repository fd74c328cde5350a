/** Waits for what people read in an object's conditions; `kubectl wait` cannot wait for a reason. */
import type { UserName } from '../cast.ts';
import type { Stage } from './stage.ts';
import { until } from './until.ts';

const READY = `{range .status.conditions[?(@.type=='Ready')]}{.reason}: {.message}{end}`;

/** Until the object's Ready shows this reason; returns its message. */
export async function untilReadySays({ kubectl, signal }: Stage, object: string, reason: string): Promise<string> {
  let last = '';
  return await until(
    `${object} says ${reason}`,
    async () => {
      last = (await kubectl.read(object, READY)) ?? 'no such object';
      return last.startsWith(`${reason}: `) ? last.slice(reason.length + 2) : undefined;
    },
    signal,
    () => last,
  );
}

/** Until a user's rights are in effect: RBAC follows an object a moment after the object. */
export async function untilMay({ kubectl, signal }: Stage, user: UserName, what: string): Promise<void> {
  await until(
    `${user} may ${what}`,
    async () => ((await kubectl.run(['--context', user, 'auth', 'can-i', ...what.split(' ')])).ok ? true : undefined),
    signal,
  );
}
