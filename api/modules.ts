// Every module of the gateway, one line each. To add one: its folder in modules/, and its line here.

import { join } from 'node:path';
import { gatewayModule, type GatewayModule } from './graphql/module.ts';
import { shareResolvers } from './modules/share/resolvers.ts';
import { organizationResolvers } from './modules/organization/resolvers.ts';

const folder = (name: string): string => join(import.meta.dirname, 'modules', name);

export const modules: readonly GatewayModule[] = [
  gatewayModule('organization', folder('organization'), organizationResolvers),
  gatewayModule('share', folder('share'), shareResolvers),
  ...[
    'environment',
    'network',
    'group',
    'tenant',
    'stack',
    'dataset',
    'glossary',
    'share',
    'notification',
    'enumeration',
  ].map((name) => gatewayModule(name, folder(name), {})),
];
