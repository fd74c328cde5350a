// The executable schema: base.graphql and what every module adds to it.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeExecutableSchema } from '@graphql-tools/schema';
import type { GraphQLSchema } from 'graphql';
import type { Features } from '../../operator/features/features.ts';
import type { GatewayModule } from './module.ts';
import { applySwitches } from './switches.ts';

/** @param features that config.json has on; what is off stays in the schema, and answers so */
export function gatewaySchema(modules: readonly GatewayModule[], features: Features): GraphQLSchema {
  const schema = makeExecutableSchema({
    typeDefs: [
      readFileSync(join(import.meta.dirname, 'base.graphql'), 'utf8'),
      ...modules.map(({ typeDefs }) => typeDefs),
    ],
    resolvers: modules.map(({ resolvers }) => resolvers),
    // A resolver for a field that no schema has is a mistake of ours.
    resolverValidationOptions: { requireResolversToMatchSchema: 'error' },
  });
  return applySwitches(schema, features);
}
