// The executable schema: base.graphql and what every module adds to it.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeExecutableSchema } from '@graphql-tools/schema';
import type { GraphQLSchema } from 'graphql';
import type { GatewayModule } from './module.ts';

export const gatewaySchema = (modules: readonly GatewayModule[]): GraphQLSchema =>
  makeExecutableSchema({
    typeDefs: [
      readFileSync(join(import.meta.dirname, 'base.graphql'), 'utf8'),
      ...modules.map(({ typeDefs }) => typeDefs),
    ],
    resolvers: modules.map(({ resolvers }) => resolvers),
    // A resolver for a field that no schema has is a mistake of ours.
    resolverValidationOptions: { requireResolversToMatchSchema: 'error' },
  });
