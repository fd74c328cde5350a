// What authorization sees of policies that were changed a moment ago. By default: the truth.
import type { World } from './world.ts';

export interface Visibility {
  /**
   * @param subject whose policies these are: a principal or a resource.
   * @param service the service that keeps them.
   * @returns `current`, or what it was before a change that is not visible yet.
   */
  see<T>(world: World, service: string, subject: string, current: T): T;
  /** Whether services other than IAM know a role or user by now. */
  hasSpread(world: World, createdAt: Date): boolean;
}

const lenses = new WeakMap<World, Visibility>();

/** From now on authorization in this world looks through `visibility` (faults/consistency.ts). */
export const setVisibility = (world: World, visibility: Visibility): void => void lenses.set(world, visibility);

export const hasSpread = (world: World, { createdAt }: { readonly createdAt: Date }): boolean =>
  lenses.get(world)?.hasSpread(world, createdAt) ?? true;

export const seen = <T>(world: World, service: string, subject: string, current: T): T =>
  lenses.get(world)?.see(world, service, subject, current) ?? current;
