// What has changed of what somebody may see, in GraphQL.

import type { Resolvers } from '../../graphql/schema-types.ts';
import type { ChangingKind } from '../../live/changes.ts';
import { liveField } from '../../live/live-field.ts';

export const changesResolvers: Resolvers = {
  Subscription: {
    changes: liveField(async (_, { identity, viewer }, following) => {
      const { user, groups } = identity;
      const { seesEverything } = await viewer();
      following.followOnly([
        ...groups.flatMap((group): [ChangingKind, string][] => [
          ['Group', group],
          ['Seen', group],
        ]),
        ['User', user],
        ...(seesEverything ? ([['Any', '']] as const) : []),
      ]);
      const { news, looks } = following;
      return { number: looks, everything: news === undefined, objects: [...(news ?? [])] };
    }),
  },
};
