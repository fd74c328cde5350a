// Maintenance of the installation through GraphQL: it stands in the Tenant, and the API server keeps it.

import { tenantKind, type Tenant } from '../../../operator/resources/tenant.ts';
import type { Resolvers } from '../../graphql/schema-types.ts';
import type { GatewayContext } from '../../server/context.ts';
import { invalidInput } from '../../server/failure.ts';
import { maintenanceMessage } from '../../server/gates.ts';
import { demandAdministrator, TENANT } from '../tenant/administrators.ts';

type Maintenance = NonNullable<Tenant['spec']['maintenance']>;

/** As data.all's clients send and show them. */
const MODES: Readonly<Record<string, Maintenance['mode']>> = { 'READ-ONLY': 'ReadOnly', 'NO-ACCESS': 'NoAccess' };
const shownAs: Readonly<Record<Maintenance['mode'], string>> = { ReadOnly: 'READ-ONLY', NoAccess: 'NO-ACCESS' };

export const maintenanceResolvers: Resolvers = {
  Query: {
    getMaintenanceWindowStatus: async (_, __, { viewer, features }) => {
      const { maintenance } = await viewer();
      if (maintenance === undefined) return { status: 'INACTIVE' };
      return {
        status: 'ACTIVE',
        mode: shownAs[maintenance.mode],
        message: maintenanceMessage(features, maintenance),
      };
    },
  },
  Mutation: {
    startMaintenanceWindow: async (_, { mode, message }, context) => {
      const action = 'START_MAINTENANCE_WINDOW';
      await demandAdministrator(context, action);
      const wanted = MODES[mode ?? ''];
      if (wanted === undefined)
        throw invalidInput(action, 'mode', mode ?? '', `among ${Object.keys(MODES).join(', ')}`);
      await setMaintenance(context, action, { mode: wanted, ...(message && { message }) });
      return true;
    },
    stopMaintenanceWindow: async (_, __, context) => {
      const action = 'STOP_MAINTENANCE_WINDOW';
      await demandAdministrator(context, action);
      await setMaintenance(context, action, undefined);
      return true;
    },
  },
};

async function setMaintenance(
  { kubernetes, dryRun }: GatewayContext,
  action: string,
  maintenance: Maintenance | undefined,
): Promise<void> {
  const attempt = { action, permission: 'MANAGE_TENANT', what: 'Tenant', uri: TENANT.name };
  await kubernetes.change(tenantKind, TENANT, () => ({ maintenance }), { attempt, dryRun });
}
