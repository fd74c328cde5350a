// The one client of the gateway's GraphQL, and what is done with errors that are about the session and not about the page.

import { persistedExchange } from '@urql/exchange-persisted';
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
      // A gateway of another release, which does not know the hash, is sent the text.
      persistedExchange({
        preferGetForPersistedQueries: false,
        enableForMutation: true,
        generateHash: async (_text, document) => hashOf(document),
      }),
      fetchExchange,
    ],
  });

/** As it was generated. '' of a document that was not: it is sent as text. */
const hashOf = (document: object): string => ('__meta__' in document ? (document as Generated).__meta__.hash : '');

interface Generated {
  readonly __meta__: { readonly hash: string };
}

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
