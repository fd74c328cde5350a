// Typed sources of work items: keeps a kind's own type while it sits in a list of sources of many kinds.
import type { Kind, KubeObject, Stored } from '../../kernel/kind.ts';
import type { Request, Source, SourceEvent } from '../../kernel/runtime/reconciler.ts';

export const source = <T extends KubeObject>(
  kind: Kind<T>,
  toKeys: (object: Stored<T>, old: Stored<T> | undefined, event: SourceEvent) => readonly Request[],
): Source => ({ kind, toKeys });
