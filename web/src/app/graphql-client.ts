// The one client of the gateway's GraphQL, and what is done with errors that are about the session and not about the page.

import { cacheExchange, Client, fetchExchange, mapExchange, type CombinedError } from 'urql';
import { interruptions, type Interruption } from './session.ts';

/** A document cache: what a mutation answers makes lists of the same types be asked for again. */
export const newGraphqlClient = (): Client =>
  new Client({
    url: '/graphql/api',
    preferGetMethod: false,
    exchanges: [
      mapExchange({
        onError: (error) => {
          const interruption = interruptionOf(error);
          if (interruption !== undefined) interruptions.begin(interruption);
        },
      }),
      cacheExchange,
      fetchExchange,
    ],
  });

export function interruptionOf({ graphQLErrors }: Pick<CombinedError, 'graphQLErrors'>): Interruption | undefined {
  for (const { extensions, message } of graphQLErrors)
    switch (extensions['code']) {
      case 'UNAUTHENTICATED':
        return { kind: 'Ended' };
      case 'REAUTH':
        return { kind: 'Reauthenticate', operation: String(extensions['operation']) };
      case 'MAINTENANCE':
        return { kind: 'Maintenance', message };
    }
  return undefined;
}
