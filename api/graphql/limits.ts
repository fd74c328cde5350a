// How large one GraphQL request may be, and what it may ask of the database.
//
// Measured on the 266 documents of data.all's own front end: depth at most 6, 108 tokens, no aliases. Ours have room above that.

import { ApolloArmor } from '@escape.tech/graphql-armor';
import type { ApolloServerPlugin } from '@apollo/server';
import {
  getVariableValues,
  GraphQLError,
  type DocumentNode,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type ValidationRule,
} from 'graphql';
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
export function limitRules({ depth, aliases }: GraphqlLimits): {
  readonly plugins: ApolloServerPlugin<GatewayContext>[];
  readonly validationRules: ValidationRule[];
} {
  const { plugins, validationRules } = new ApolloArmor({
    maxDepth: { n: depth, flattenFragments: true },
    maxAliases: { n: aliases, allowList: [] },
    // GraphQL's own parser counts them, and Apollo knows what its refusal means to HTTP.
    maxTokens: { enabled: false },
    maxDirectives: { n: 20 },
    // Query complexity knows page sizes, which armor's cost does not.
    costLimit: { enabled: false },
    // Apollo leaves them away as whole sentences, where the schema is not told either.
    blockFieldSuggestion: { enabled: false },
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

/** Refuses what would be too much to answer, before it runs. */
export const complexityLimit = (
  schema: GraphQLSchema,
  { complexity: limit }: GraphqlLimits,
): ApolloServerPlugin<GatewayContext> => ({
  requestDidStart: async () => ({
    didResolveOperation: async ({ request: { variables = {} }, document, operation }) => {
      const complexity = operation && complexityOf(schema, document, operation, variables);
      if (complexity !== undefined && complexity > limit) throw tooMuch(complexity, limit);
    },
  }),
});

/** @returns undefined for variables that are none of the operation, which execution refuses by name */
function complexityOf(
  schema: GraphQLSchema,
  document: DocumentNode,
  { name, variableDefinitions = [] }: OperationDefinitionNode,
  variables: Record<string, unknown>,
): number | undefined {
  const { errors } = getVariableValues(schema, variableDefinitions, variables, { maxErrors: 1 });
  if (errors !== undefined) return undefined;
  try {
    return getComplexity({
      schema,
      query: document,
      variables,
      ...(name !== undefined && { operationName: name.value }),
      estimators: [byPageSize],
    });
  } catch (error) {
    // It counts the places that fields stand in, fragments taken apart, and gives up at 10,000 of them.
    if (error instanceof GraphQLError) return Number.POSITIVE_INFINITY;
    throw error;
  }
}

const tooMuch = (complexity: number, limit: number): GraphQLError => {
  const fields = Number.isFinite(complexity) ? `up to ${complexity} fields` : 'more fields than are counted';
  return new GraphQLError(
    `This would read ${fields}, and ${limit} is the most: ask for smaller pages or fewer fields`,
    {
      extensions: { code: 'ResourceThresholdExceeded', http: { status: 400 } },
    },
  );
};
