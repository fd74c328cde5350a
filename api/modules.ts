// Every module of the gateway, one line each. To add one: its folder in modules/, and its line here.

import { join } from 'node:path';
import { gatewayModule, type GatewayModule } from './graphql/module.ts';
import { accessResolvers } from './modules/access/resolvers.ts';
import { changesResolvers } from './modules/changes/resolvers.ts';
import { datasetResolvers } from './modules/dataset/resolvers.ts';
import { enumerationResolvers } from './modules/enumeration/resolvers.ts';
import { environmentResolvers } from './modules/environment/resolvers.ts';
import { groupResolvers } from './modules/group/resolvers.ts';
import { maintenanceResolvers } from './modules/maintenance/resolvers.ts';
import { networkResolvers } from './modules/network/resolvers.ts';
import { notificationResolvers } from './modules/notification/resolvers.ts';
import { objectResolvers } from './modules/object/resolvers.ts';
import { organizationResolvers } from './modules/organization/resolvers.ts';
import { shareResolvers } from './modules/share/resolvers.ts';
import { stackResolvers } from './modules/stack/resolvers.ts';
import { tenantResolvers } from './modules/tenant/resolvers.ts';

const folder = (name: string): string => join(import.meta.dirname, 'modules', name);

export const modules: readonly GatewayModule[] = [
  gatewayModule('organization', folder('organization'), organizationResolvers),
  gatewayModule('environment', folder('environment'), environmentResolvers),
  gatewayModule('network', folder('network'), networkResolvers),
  gatewayModule('dataset', folder('dataset'), datasetResolvers),
  gatewayModule('share', folder('share'), shareResolvers),
  gatewayModule('access', folder('access'), accessResolvers),
  gatewayModule('notification', folder('notification'), notificationResolvers),
  gatewayModule('object', folder('object'), objectResolvers),
  gatewayModule('changes', folder('changes'), changesResolvers),
  gatewayModule('group', folder('group'), groupResolvers),
  gatewayModule('maintenance', folder('maintenance'), maintenanceResolvers),
  gatewayModule('tenant', folder('tenant'), tenantResolvers),
  gatewayModule('stack', folder('stack'), stackResolvers),
  gatewayModule('enumeration', folder('enumeration'), enumerationResolvers),
  gatewayModule('glossary', folder('glossary'), {}),
];
