// How fast stacks move. By default one turn of the event loop per step, so that callers can see the steps.
import type { World } from '../../core/world.ts';

const paces = new WeakMap<World, number>();
const stopped = new WeakSet<World>();

/** Thrown inside a running stack operation when the simulator stops; nobody is told. */
export class EngineStopped extends Error {
  override readonly name = 'EngineStopped';
}

/** Milliseconds every resource step takes from now on; 0 is the default. Real CloudFormation takes seconds. */
export function setStackPace(world: World, milliseconds: number): void {
  paces.set(world, milliseconds);
}

/** Ends all running stack operations of a world where they are. */
export function stopStacks(world: World): void {
  stopped.add(world);
}

/** One step. @throws EngineStopped */
export async function step(world: World): Promise<void> {
  const milliseconds = paces.get(world) ?? 0;
  await new Promise<void>((resolve) => {
    if (milliseconds === 0) setImmediate(resolve);
    else setTimeout(resolve, milliseconds).unref();
  });
  if (stopped.has(world)) throw new EngineStopped('the simulator has stopped');
}
