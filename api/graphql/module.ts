// What a module of the gateway consists of; modules.ts lists them all.

import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Resolvers } from './schema-types.ts';

export interface GatewayModule {
  /** One name in every layer: the folder here, in operator/, in web/ and in the docs. */
  readonly name: string;
  /** Its part of the schema, in the schema definition language. */
  readonly typeDefs: string;
  readonly resolvers: Resolvers;
}

/** @param folder of the module, which holds its schema: files *.graphql, also in folders of parts of it */
export const gatewayModule = (name: string, folder: string, resolvers: Resolvers): GatewayModule => ({
  name,
  typeDefs: globSync('**/*.graphql', { cwd: folder })
    .toSorted()
    .map((file) => readFileSync(join(folder, file), 'utf8'))
    .join('\n'),
  resolvers,
});
