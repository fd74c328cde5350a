// The stream that tells of changes, by graphql-sse: opened again where it breaks, later each time.

import { stringifyDocument } from '@urql/core';
import { createClient } from 'graphql-sse';
import type { KeepStream } from './live-changes.ts';
import { ChangesDocument, type ChangesSubscription } from './operations.ts';

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 30_000;

/** Of many tabs that lose a gateway, each comes at its own time. @param failures that there were without an answer, from 0 */
export const pauseAfter = (failures: number, random: number): number =>
  Math.min(FIRST_PAUSE_MS * 2 ** failures, LONGEST_PAUSE_MS) * (0.5 + random / 2);

const delay = async (ms: number): Promise<void> => {
  await new Promise((resolve) => globalThis.setTimeout(resolve, ms));
};

export const keepStream: KeepStream = (told, signal) => {
  let refusal: number | undefined;
  const client = createClient({
    url: '/graphql/stream',
    retryAttempts: Number.POSITIVE_INFINITY,
    fetchFn: async (url: string, options: RequestInit) => {
      refusal = undefined;
      const response = await fetch(url, options);
      refusal = response.status;
      if (refusal === 401) told.ended();
      return response;
    },
    retry: async (failures) => {
      // Gateways end streams now and then: one that is there again at once is no news.
      if (refusal === 429) told.state('TooMany');
      else if (failures > 0) told.state('Reconnecting');
      await delay(pauseAfter(failures, Math.random()));
    },
  });
  signal.addEventListener('abort', () => client.dispose());
  const subscribe = (): void => {
    client.subscribe<ChangesSubscription>(
      { query: stringifyDocument(ChangesDocument) },
      {
        next: ({ data }) => {
          if (data) told.news(data.changes.everything ? undefined : data.changes.objects);
        },
        error: () => void again(),
        complete: () => void again(),
      },
    );
  };
  /** It was refused, as while the installation is in maintenance. */
  const again = async (): Promise<void> => {
    if (signal.aborted) return;
    told.state('Reconnecting');
    await delay(pauseAfter(Number.POSITIVE_INFINITY, Math.random()));
    if (!signal.aborted) subscribe();
  };
  subscribe();
};
