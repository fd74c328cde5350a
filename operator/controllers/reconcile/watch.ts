// Typed watches: each keeps its kind's own type while it sits in a list of watches of many kinds.
import type { Kind, KubeObject, Stored } from '../../kernel/kind.ts';
import type { Request, Watch, CacheEvent } from '../../kernel/runtime/reconciler.ts';

export const watch = <T extends KubeObject>(
  kind: Kind<T>,
  mapToRequests: (object: Stored<T>, old: Stored<T> | undefined, event: CacheEvent) => readonly Request[],
): Watch => ({ kind, mapToRequests });
