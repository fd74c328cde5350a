// Administrators and auditors of the installation, whom its Tenant names.

import type { GatewayContext } from '../../server/context.ts';
import { unauthorized } from '../../server/failure.ts';

/** There is one, and this is its name. */
export const TENANT = { name: 'default' };

/** @throws GraphQLError UnauthorizedOperation */
export async function demandAdministrator({ viewer, identity }: GatewayContext, action: string): Promise<void> {
  const { isAdministrator } = await viewer();
  if (!isAdministrator) throw unauthorized(action, identity.user, 'TENANT_ALL', 'the installation');
}

/** Of what the installation lets groups do both read. @throws GraphQLError UnauthorizedOperation */
export async function demandSight({ viewer, identity }: GatewayContext, action: string): Promise<void> {
  const { seesEverything } = await viewer();
  if (!seesEverything) throw unauthorized(action, identity.user, 'TENANT_ALL', 'the installation');
}
