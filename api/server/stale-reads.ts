// Answers say when they may be old: the indexer is away, or cannot reach the API server, or a rebuild is under way.

import type { ApolloServerPlugin } from '@apollo/server';
import { type Freshness, freshness } from '../read-model/freshness.ts';
import type { GatewayContext } from './context.ts';

/** The indexer says every 5 s that it follows. */
const STALE_SECONDS = 30;
/** For so long what was found holds for other requests too. */
const KEEP_MS = 5_000;

/** `extensions.readModel` of an answer that may be old: `{behindSeconds, isRebuilding}`; behindSeconds is null where it is not known. */
export function staleReads(): ApolloServerPlugin<GatewayContext> {
  let known: { readonly at: number; readonly found: Promise<Freshness> } | undefined;
  const ask = async ({ database }: GatewayContext): Promise<Freshness> => {
    if (known === undefined || Date.now() - known.at > KEEP_MS) known = { at: Date.now(), found: freshness(database) };
    return known.found;
  };
  return {
    requestDidStart: async () => ({
      willSendResponse: async ({ response: { body }, contextValue }) => {
        if (body.kind !== 'single' || !body.singleResult.data) return;
        // Whoever got an answer got it, whether or not we can say how old it is.
        const found = await ask(contextValue).catch(() => undefined);
        if (found === undefined) return;
        const { behindSeconds, isRebuilding } = found;
        if (!isRebuilding && behindSeconds !== undefined && behindSeconds < STALE_SECONDS) return;
        const readModel = {
          behindSeconds: behindSeconds === undefined ? null : Math.round(behindSeconds),
          isRebuilding,
        };
        body.singleResult.extensions = { ...body.singleResult.extensions, readModel };
      },
    }),
  };
}
