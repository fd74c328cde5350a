// Custom resources in GraphQL: why they are as they are, and as they would stand in Git.

import { explain } from '../../../operator/resources/explanation/explanation.ts';
import type { Resolvers, UnreadyObject } from '../../graphql/schema-types.ts';
import { notFound } from '../../server/failure.ts';
import { manifestText } from '../../kubernetes/manifest-text.ts';
import { storedObject } from './queries.ts';
import { unreadyObjects, type UnreadyRow } from './unready.ts';

export const objectResolvers: Resolvers = {
  Query: {
    getKubernetesObject: async (_, { kind, uri, groupUri }, { database, viewer }) => {
      const object = await storedObject(database, await viewer(), { kind, uri, group: groupUri ?? '' });
      if (object === undefined) throw notFound('GET_KUBERNETES_OBJECT', kind, uri);
      const { name, namespace } = object.metadata;
      const { findings, warnings, ...explanation } = explain({ ...object, kind });
      return {
        kind,
        name,
        namespace,
        manifest: manifestText([object]),
        explanation: { ...explanation, findings: [...findings], warnings: [...warnings] },
      };
    },
    listUnreadyObjects: async (_, { filter }, { database, viewer }) => {
      const { nodes, ...page } = await unreadyObjects(database, await viewer(), filter ?? {});
      return { ...page, nodes: nodes.map(unready) };
    },
  },
};

function unready({ kind, uri, group, label, drifted, object }: UnreadyRow): UnreadyObject {
  const { name, namespace = null } = object.metadata;
  const { standing, cause } = explain({ ...object, kind });
  return { kind, uri, groupUri: group, label, name, namespace, standing, cause: cause ?? null, isDrifted: drifted };
}
