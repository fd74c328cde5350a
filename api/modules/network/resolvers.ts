// Networks in GraphQL. There are none in this version; clients that list them are told so.

import type { Resolvers } from '../../graphql/schema-types.ts';
import { pageOfAll } from '../../read-model/page.ts';
import { environmentFor } from '../environment/queries.ts';

export const networkResolvers: Resolvers = {
  Query: {
    listEnvironmentNetworks: async (_, { environmentUri, filter }, context) => {
      await environmentFor(context, 'LIST_ENVIRONMENT_NETWORKS', environmentUri);
      return pageOfAll([], filter);
    },
  },
};
