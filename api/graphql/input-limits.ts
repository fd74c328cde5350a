// What values a request may bring: text that can be stored and is read as it is written, and so many. Checked before anything of it runs,
// whatever takes them.

import type { ApolloServerPlugin } from '@apollo/server';
import { GraphQLError, visit, type DocumentNode } from 'graphql';
import { unreadableIn } from '../../operator/resources/readable-text.ts';
import type { GatewayContext } from '../server/context.ts';

/** Lists may hold hundreds of items; each costs a condition of a query, or a line of an object. */
const MOST_VALUES = 5_000;

export const inputLimits: ApolloServerPlugin<GatewayContext> = {
  requestDidStart: async () => ({
    didResolveOperation: async ({ request: { variables = {} }, document }) => {
      for (const [name, value] of Object.entries(variables)) check(`variable ${name}`, value);
      checkLiterals(document);
    },
  }),
};

/** Without recursion: JSON may be as deep as it is long. */
function check(where: string, value: unknown): void {
  const left: unknown[] = [value];
  for (let seen = 0; left.length > 0; seen++) {
    if (seen + left.length > MOST_VALUES)
      throw refused(`${where} holds more than ${MOST_VALUES} values: ask for fewer at a time`);
    const next = left.pop();
    if (typeof next === 'string') demandText(where, next);
    // One by one: a call takes no list of half a million.
    else if (typeof next === 'object' && next !== null) for (const within of Object.values(next)) left.push(within);
  }
}

/** They are as many as a document may have tokens. */
const checkLiterals = (document: DocumentNode): void =>
  void visit(document, { StringValue: ({ value }) => demandText('the document', value) });

function demandText(where: string, text: string): void {
  // Halves of characters become others on their way.
  const found = text.isWellFormed() ? unreadableIn(text) : 'half of a character, which is none';
  if (found !== undefined) throw refused(`${where} holds ${found}: leave it out`);
}

const refused = (what: string): GraphQLError =>
  new GraphQLError(`The request is not taken: ${what}`, {
    extensions: { code: 'InvalidInput', http: { status: 400 } },
  });
