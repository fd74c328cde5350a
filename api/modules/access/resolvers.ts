// Who can read what, in GraphQL.

import type { Resolvers } from '../../graphql/schema-types.ts';
import { recordInquiry } from '../../read-model/history/access-inquiries.ts';
import { accessPage, recordedSince } from './answers.ts';
import { auditableItems } from './auditable-items.ts';
import { mayAudit, scopeOf } from './question.ts';

export const accessResolvers: Resolvers = {
  Query: {
    listAccess: async (_, { filter }, context) => {
      const { page: _page, pageSize: _pageSize, ...question } = filter ?? {};
      const scope = await scopeOf(context, question);
      const { database, viewer, identity } = context;
      if ((await viewer()).seesEverything) await recordInquiry(database, identity.user, question);
      const page = await accessPage(context, scope, filter ?? {});
      return { ...page, at: scope.at.toISOString() };
    },
    listAuditableItems: (_, { filter }, context) => auditableItems(context, filter ?? {}),
  },
  Dataset: { canAuditAccess: (dataset, _, context) => mayAudit(dataset, context) },
  AccessPage: { recordedSince: (_, __, { database }) => recordedSince(database) },
};
