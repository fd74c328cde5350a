// Apollo Server with our schema, limits and errors.

import { ApolloServer, type ApolloServerPlugin } from '@apollo/server';
import { ApolloServerPluginLandingPageDisabled } from '@apollo/server/plugin/disabled';
import { GraphQLError, OperationTypeNode, type GraphQLFormattedError, type GraphQLSchema } from 'graphql';
import type { Logger } from 'pino';
import { inputLimits } from '../graphql/input-limits.ts';
import { complexityLimit, limitRules } from '../graphql/limits.ts';
import { missingOperation, tellsWhatIsMissing } from '../graphql/not-in-this-version.ts';
import type { GatewayContext } from './context.ts';
import { dryRuns } from './dry-runs.ts';
import { persistedQueries, type PersistedOperations } from './persisted-operations.ts';
import type { ServerSettings } from './settings.ts';
import { staleReads } from './stale-reads.ts';
import { unforeseen } from './unforeseen.ts';

export function graphqlServer(
  schema: GraphQLSchema,
  { limits, introspection }: Pick<ServerSettings, 'limits' | 'introspection'>,
  log: Logger,
  plugins: readonly ApolloServerPlugin<GatewayContext>[],
  persisted: PersistedOperations = new Map(),
): ApolloServer<GatewayContext> {
  const armor = limitRules(limits);
  return new ApolloServer<GatewayContext>({
    schema,
    introspection,
    hideSchemaDetailsFromClientErrors: !introspection,
    includeStacktraceInErrorResponses: false,
    allowBatchedHttpRequests: false,
    persistedQueries: persistedQueries(persisted),
    csrfPrevention: true,
    // The process ends by its own signals.
    stopOnTerminationSignals: false,
    logger: log,
    parseOptions: { maxTokens: limits.tokens },
    validationRules: [...armor.validationRules, tellsWhatIsMissing],
    plugins: [
      ApolloServerPluginLandingPageDisabled(),
      ...armor.plugins,
      inputLimits,
      complexityLimit(schema, limits),
      dryRuns,
      subscriptionsOnStreams,
      missingOperationsToldOnce,
      errorsWithRequestId(log),
      staleReads(),
      ...plugins,
    ],
    formatError: withoutInternals,
  });
}

/** An error that no line of ours made on purpose is told by its request id alone: its message may hold anything. */
function withoutInternals(formatted: GraphQLFormattedError, error: unknown): GraphQLFormattedError {
  const original = error instanceof GraphQLError ? error.originalError : error;
  const isOurs = original !== undefined && original !== null && !(original instanceof GraphQLError);
  if (!isOurs) return formatted;
  const { code, message } = unforeseen(original);
  const { requestId } = formatted.extensions ?? {};
  return { ...formatted, message, extensions: { code, ...(requestId !== undefined && { requestId }) } };
}

const errorsWithRequestId = (log: Logger): ApolloServerPlugin<GatewayContext> => ({
  requestDidStart: async () => ({
    didEncounterErrors: async ({ errors, contextValue, response }) => {
      for (const error of errors) {
        const { requestId } = contextValue;
        error.extensions['requestId'] = requestId;
        const { originalError, path } = error;
        if (originalError === undefined || originalError instanceof GraphQLError) continue;
        log.error({ err: originalError, requestId, path }, 'a resolver failed');
        // Before anything ran.
        if (path === undefined) response.http.status = unforeseen(originalError).status;
      }
    },
  }),
});

/** An answer that follows what changes takes a stream, and on a stream nothing is changed. */
const subscriptionsOnStreams: ApolloServerPlugin<GatewayContext> = {
  requestDidStart: async () => ({
    didResolveOperation: async ({ operation, contextValue: { following } }) => {
      const isSubscription = operation?.operation === OperationTypeNode.SUBSCRIPTION;
      if (isSubscription === (following !== undefined)) return;
      const text = isSubscription ? 'Subscriptions are asked for at /graphql/stream' : 'Ask this at /graphql/api';
      throw new GraphQLError(text, { extensions: { code: 'BAD_REQUEST', http: { status: 400 } } });
    },
  }),
};

/** What is known to be missing needs no second sentence that calls it unknown. */
const missingOperationsToldOnce: ApolloServerPlugin<GatewayContext> = {
  requestDidStart: async () => ({
    willSendResponse: async ({ response: { body } }) => {
      if (body.kind !== 'single' || body.singleResult.errors === undefined) return;
      const { errors } = body.singleResult;
      const missing = errors.flatMap(({ message }) => missingOperation(message) ?? []);
      const isSaid = (message: string): boolean =>
        missing.some((name) => message.startsWith(`Cannot query field "${name}"`));
      body.singleResult.errors = errors.filter(({ message }) => !isSaid(message));
    },
  }),
};
