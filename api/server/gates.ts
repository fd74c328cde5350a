// What must hold before any field of Query or Mutation runs: a fresh sign-in for what asks for one, and no maintenance that closes the door.
//
// Both go by the field that runs, never by the name that a client gives its operation.

import type { ApolloServerPlugin } from '@apollo/server';
import { GraphQLError, Kind, type FragmentDefinitionNode, type SelectionSetNode } from 'graphql';
import {
  needsReauthentication,
  reauthenticationRequired,
  type Reauthentication,
} from '../identity/reauthentication.ts';
import type { Features } from '../../operator/features/features.ts';
import type { GatewayContext } from './context.ts';

/** What data.all's front end asks for while nobody is let in. */
const OPEN_IN_MAINTENANCE: ReadonlySet<string> = new Set(['getGroupsForUser', 'getMaintenanceWindowStatus']);

/** What people are told: of this window, else of every one, else what everybody says. */
export const maintenanceMessage = (features: Features, { message }: { readonly message: string | null }): string =>
  message ??
  features.get('modules.maintenance.custom_maintenance_text') ??
  'data.all is in maintenance; come back later';

export const gates = (reauthentication: Reauthentication): ApolloServerPlugin<GatewayContext> => ({
  requestDidStart: async () => ({
    didResolveOperation: async ({ document, operation, contextValue }) => {
      if (operation === undefined) return;
      const fragments = new Map(
        document.definitions.flatMap((node) =>
          node.kind === Kind.FRAGMENT_DEFINITION ? [[node.name.value, node] as const] : [],
        ),
      );
      const fields = [...topFields(operation.selectionSet, fragments)];
      const now = Date.now() / 1000;
      const stale = fields.find((field) => needsReauthentication(reauthentication, contextValue.identity, field, now));
      if (stale !== undefined) throw reauthenticationRequired(stale);
      if (fields.some((field) => !field.startsWith('__') && !OPEN_IN_MAINTENANCE.has(field)))
        await refuseInMaintenance(contextValue);
    },
  }),
});

/** Names of the fields of Query, Mutation or Subscription, each once. Fragments that spread others twice are as many as 2 to their number: each is gone into once. */
function topFields(
  { selections }: SelectionSetNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
  names = new Set<string>(),
  seen = new Set<string>(),
): ReadonlySet<string> {
  for (const selection of selections) {
    switch (selection.kind) {
      case Kind.FIELD:
        names.add(selection.name.value);
        break;
      case Kind.INLINE_FRAGMENT:
        topFields(selection.selectionSet, fragments, names, seen);
        break;
      case Kind.FRAGMENT_SPREAD: {
        const { value: name } = selection.name;
        const fragment = seen.has(name) ? undefined : fragments.get(name);
        seen.add(name);
        if (fragment !== undefined) topFields(fragment.selectionSet, fragments, names, seen);
      }
    }
  }
  return names;
}

/** Administrators are let in. That nothing is changed in mode ReadOnly is the API server's business, for all doors alike. */
async function refuseInMaintenance({ viewer, features }: GatewayContext): Promise<void> {
  const { isAdministrator, maintenance } = await viewer();
  if (isAdministrator || maintenance?.mode !== 'NoAccess') return;
  throw new GraphQLError(maintenanceMessage(features, maintenance), {
    extensions: { code: 'MAINTENANCE', http: { status: 401 } },
  });
}
