// What bears `@dryRun` is tried and not kept; its answer has what would be written, for who keeps that in Git instead.

import type { ApolloServerPlugin } from '@apollo/server';
import { manifestText, type StoredObject } from '../kubernetes/manifest-text.ts';
import type { GatewayContext } from './context.ts';

/** `extensions.manifest` of an answer: YAML, a document for each object that would be written. */
export const dryRuns: ApolloServerPlugin<GatewayContext> = {
  requestDidStart: async () => ({
    didResolveOperation: async ({ operation, contextValue }) => {
      contextValue.dryRun = operation?.directives?.some(({ name }) => name.value === 'dryRun') ?? false;
    },
    willSendResponse: async ({ response: { body }, contextValue: { dryRun, tried } }) => {
      if (!dryRun || tried.length === 0 || body.kind !== 'single' || body.singleResult.errors !== undefined) return;
      const last = new Map(
        tried.map((object) => [`${object.kind} ${object.metadata.namespace ?? ''}/${object.metadata.name}`, object]),
      );
      const manifest = manifestText([...last.values()] as unknown as StoredObject[]);
      body.singleResult.extensions = { ...body.singleResult.extensions, manifest };
    },
  }),
};
