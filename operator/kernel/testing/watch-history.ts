// What MemoryKubeApi remembers for its watches: past changes until compaction, open streams, and how they end.

import { EventStream } from './event-stream.ts';
import { KubeError, type Selection, type WatchEvent } from '../client/kube-api.ts';
import { type Kind, kindKey, type KubeObject, type Stored } from '../kind.ts';
import { selects } from './selector.ts';

export interface RecordedChange {
  type: 'ADDED' | 'MODIFIED' | 'DELETED';
  object: Stored;
  /** The state before, so that a watch with a selector sees an object leave. */
  old: Stored | undefined;
}

type Stream = EventStream<WatchEvent<KubeObject>>;

export class WatchHistory {
  readonly #watchers = new Set<{ kind: string; selection: Selection; stream: Stream; after: number }>();
  #changes: (RecordedChange & { kind: string; resourceVersion: number })[] = [];
  #compactedAt = 0;

  record(kind: Kind, change: RecordedChange, resourceVersion: number): void {
    const key = kindKey(kind);
    this.#changes.push({ ...change, kind: key, resourceVersion });
    for (const { kind: of, selection, stream, after } of this.#watchers)
      if (of === key && resourceVersion > after) deliver(change, selection, stream);
  }

  /** A stream of everything after `resourceVersion`; it ends with Gone when that is forgotten, and is silent while that is still to come. */
  openFrom(kind: Kind, selection: Selection, resourceVersion: number): Stream {
    const stream = this.#open(kind, selection, resourceVersion);
    if (resourceVersion < this.#compactedAt)
      stream.end(
        new KubeError({ reason: 'Gone' }, `too old resource version: ${resourceVersion} (${this.#compactedAt})`),
      );
    for (const change of this.#changes)
      if (change.kind === kindKey(kind) && change.resourceVersion > resourceVersion) deliver(change, selection, stream);
    return stream;
  }

  /** A stream of the state given, its end if that is wished, and everything after. */
  openWith(kind: Kind, selection: Selection, state: readonly Stored[], endAt: number | undefined): Stream {
    const stream = this.#open(kind, selection);
    for (const object of state) stream.push({ type: 'ADDED', object });
    if (endAt !== undefined) stream.push(bookmarkAt(endAt, true));
    return stream;
  }

  close(stream: Stream): void {
    for (const watcher of this.#watchers) if (watcher.stream === stream) this.#watchers.delete(watcher);
  }

  cut(error: KubeError | undefined): void {
    for (const { stream } of this.#watchers) stream.end(error);
    this.#watchers.clear();
  }

  compact(resourceVersion: number): void {
    this.#changes = [];
    this.#compactedAt = resourceVersion;
  }

  bookmark(resourceVersion: number): void {
    for (const { stream, after } of this.#watchers)
      if (resourceVersion >= after) stream.push(bookmarkAt(resourceVersion, false));
  }

  #open(kind: Kind, selection: Selection, after = 0): Stream {
    const stream: Stream = new EventStream();
    this.#watchers.add({ kind: kindKey(kind), selection, stream, after });
    return stream;
  }
}

function deliver({ type, object, old }: RecordedChange, selection: Selection, stream: Stream): void {
  const was = old !== undefined && selects(selection, old);
  const is = type !== 'DELETED' && selects(selection, object);
  if (was && is) stream.push({ type: 'MODIFIED', object });
  else if (is) stream.push({ type: 'ADDED', object });
  else if (was) stream.push({ type: 'DELETED', object });
}

function bookmarkAt(resourceVersion: number, initialEventsEnd: boolean): WatchEvent<KubeObject> {
  return { type: 'BOOKMARK', resourceVersion: String(resourceVersion), initialEventsEnd };
}
