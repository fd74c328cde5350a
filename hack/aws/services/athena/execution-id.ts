// Ids of query executions and named queries: UUIDs out of the world's randomness, so that a run can be replayed.
import type { World } from '../../core/world.ts';

export const newId = (world: World): string =>
  [8, 4, 4, 4, 12]
    .map((length) => Array.from({ length }, () => Math.floor(world.random() * 16).toString(16)).join(''))
    .join('-');
