// Who can read what, in GraphQL.

import type { AccessFilter, Resolvers } from '../../graphql/schema-types.ts';
import { recordInquiry } from '../../read-model/history/access-inquiries.ts';
import { accessPage, recordedSince } from './answers.ts';
import { auditableItems } from './auditable-items.ts';
import type { GatewayContext } from '../../server/context.ts';
import { accessGraph } from './graph.ts';
import { mayAudit, scopeOf, type AccessScope } from './question.ts';

export const accessResolvers: Resolvers = {
  Query: {
    listAccess: async (_, { filter }, context) => {
      const scope = await recordedScope(context, filter ?? {});
      return { ...(await accessPage(context, scope, filter ?? {})), at: scope.at.toISOString() };
    },
    accessGraph: async (_, { filter }, context) => accessGraph(context, await recordedScope(context, filter ?? {})),
    listAuditableItems: (_, { filter }, context) => auditableItems(context, filter ?? {}),
  },
  Dataset: { canAuditAccess: (dataset, _, context) => mayAudit(dataset, context) },
  AccessPage: { recordedSince: (_, __, { database }) => recordedSince(database) },
};

/** What is asked, of who sees everything on record. */
async function recordedScope(
  context: GatewayContext,
  { page: _page, pageSize: _pageSize, ...question }: AccessFilter,
): Promise<AccessScope> {
  const { database, viewer, identity } = context;
  const scope = await scopeOf(context, question);
  if ((await viewer()).seesEverything) await recordInquiry(database, identity.user, question);
  return scope;
}
