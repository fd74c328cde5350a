// How large one GraphQL request may be, and what it may ask of the database.
//
// Measured on the 266 documents of data.all's own front end: depth at most 6, 108 tokens, no aliases. Ours have room above that.

import { ApolloArmor } from '@escape.tech/graphql-armor';
import type { ApolloServerPlugin } from '@apollo/server';
import { GraphQLError, type DocumentNode, type GraphQLSchema, type ValidationRule } from 'graphql';
import { getComplexity, type ComplexityEstimator } from 'graphql-query-complexity';
import type { GatewayContext } from '../server/context.ts';

export interface GraphqlLimits {
  readonly depth: number;
  readonly aliases: number;
  readonly tokens: number;
  /** Fields that the answer may hold at most, lists counted by their page size. */
  readonly complexity: number;
}

/** Page size where a list is asked for without one. */
const DEFAULT_PAGE = 10;
/** What is written to a log or an error as the page size of a client that asks for more than there may be. */
const MAX_PAGE = 500;

/** Rules that a document must pass before anything of it runs. */
export function limitRules({ depth, aliases, tokens }: GraphqlLimits): {
  readonly plugins: ApolloServerPlugin<GatewayContext>[];
  readonly validationRules: ValidationRule[];
} {
  const { plugins, validationRules } = new ApolloArmor({
    maxDepth: { n: depth, flattenFragments: true },
    maxAliases: { n: aliases, allowList: [] },
    maxTokens: { n: tokens },
    maxDirectives: { n: 20 },
    // Query complexity knows page sizes, which armor's cost does not.
    costLimit: { enabled: false },
    blockFieldSuggestion: { enabled: true },
  }).protect();
  // Its types are of Apollo's CommonJS copy, which are the same by shape and others by name.
  return { plugins: plugins as unknown as ApolloServerPlugin<GatewayContext>[], validationRules };
}

/** A list costs its children once for each node of a page; a field costs one. */
const byPageSize: ComplexityEstimator = ({ args, childComplexity, field }) => {
  const isPaged = field.args.some(({ name }) => name === 'filter');
  if (!isPaged) return 1 + childComplexity;
  const filter: unknown = args['filter'];
  const asked = typeof filter === 'object' && filter !== null ? (filter as { pageSize?: unknown }).pageSize : undefined;
  const size = typeof asked === 'number' && asked > 0 ? Math.min(asked, MAX_PAGE) : DEFAULT_PAGE;
  return 1 + size * childComplexity;
};

export function complexityOf(
  schema: GraphQLSchema,
  document: DocumentNode,
  variables: Record<string, unknown>,
  operationName?: string,
): number {
  return getComplexity({
    schema,
    query: document,
    variables,
    ...(operationName !== undefined && { operationName }),
    estimators: [byPageSize],
  });
}

/** Refuses what would be too much to answer, before it runs. */
export const complexityLimit = (
  schema: GraphQLSchema,
  { complexity: limit }: GraphqlLimits,
): ApolloServerPlugin<GatewayContext> => ({
  requestDidStart: async () => ({
    didResolveOperation: async ({ request, document }) => {
      const complexity = complexityOf(schema, document, request.variables ?? {}, request.operationName);
      if (complexity <= limit) return;
      throw new GraphQLError(
        `This would read up to ${complexity} fields, and ${limit} is the most: ask for smaller pages or fewer fields`,
        { extensions: { code: 'ResourceThresholdExceeded', http: { status: 400 } } },
      );
    },
  }),
});
