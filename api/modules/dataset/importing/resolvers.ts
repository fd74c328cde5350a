// What people are told before they import a dataset. The operator looks into the account, and asks RBAC.

import { importableRoute, importCheckRoute } from '../../../../operator/actions/contract/importable.ts';
import type { Resolvers } from '../../../graphql/schema-types.ts';
import { requiredText } from '../../../server/input.ts';
import { environmentFor } from '../place.ts';

/** There is no Dataset yet, and its name is asked for by nobody: a right to create is one to any name. */
const NAME = 'new';

export const importingResolvers: Resolvers = {
  Query: {
    listImportableNames: async (_, { environmentUri, kind, term }, context) => {
      const action = 'LIST_IMPORTABLE_NAMES';
      const { name } = await environmentFor(context, action, environmentUri);
      const attempt = { action, permission: 'IMPORT_DATASET', what: 'Environment', uri: environmentUri };
      const input = { kind, ...(term ? { term } : {}) };
      return context.operator.ask(importableRoute, { resource: 'environments', name }, input, attempt);
    },
    checkDatasetImport: async (_, { input }, context) => {
      const action = 'CHECK_DATASET_IMPORT';
      const { name: namespace } = await environmentFor(context, action, input.environmentUri);
      const { KmsKeyAlias, glueDatabaseName } = input;
      const named = {
        owner: requiredText(action, 'SamlAdminGroupName', input.SamlAdminGroupName),
        bucket: requiredText(action, 'bucketName', input.bucketName),
        ...(KmsKeyAlias ? { kmsAlias: KmsKeyAlias.replace(/^alias\//, '') } : {}),
        ...(glueDatabaseName ? { database: glueDatabaseName } : {}),
      };
      const attempt = { action, permission: 'CREATE_DATASET', what: 'Environment', uri: input.environmentUri };
      const object = { resource: 'datasets', namespace, name: NAME } as const;
      return (await context.operator.ask(importCheckRoute, object, named, attempt)).problems;
    },
  },
};
