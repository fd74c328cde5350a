// Splits a watch stream into its lines and reads them: one JSON document each, cut anywhere by the network, even inside a character.

import { KubeError, type WatchEvent } from './kube-api.ts';
import { failureOf, type Status } from './kube-status.ts';
import type { KubeObject, Stored } from '../kind.ts';

/** A stream that ends inside a line was cut: the rest is dropped, for what it said will be said again. */
export async function* watchLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of chunks) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) if (line !== '') yield line;
  }
}

/** @throws KubeError for what the server says went wrong */
export function parseWatchEvent<T extends KubeObject>(line: string): WatchEvent<T> {
  const event = JSON.parse(line) as { type: string; object: Stored<T> & Status };
  switch (event.type) {
    case 'ADDED':
    case 'MODIFIED':
    case 'DELETED':
      return { type: event.type, object: event.object };
    case 'BOOKMARK':
      return {
        type: 'BOOKMARK',
        resourceVersion: event.object.metadata.resourceVersion,
        initialEventsEnd: event.object.metadata.annotations?.['k8s.io/initial-events-end'] === 'true',
      };
    default:
      throw new KubeError(failureOf(event.object.code ?? 500, event.object), event.object.message ?? line);
  }
}
