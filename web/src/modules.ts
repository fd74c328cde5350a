// Every module of the web UI, one line each, in the order of the navigation.

import type { WebModule } from './app/web-module.ts';
import { accessModule } from './modules/access/access.ts';
import { catalogModule } from './modules/catalog/catalog.ts';
import { datasetModule } from './modules/dataset/dataset.ts';
import { environmentModule } from './modules/environment/environment.ts';
import { homeModule } from './modules/home/home.ts';
import { laterModules } from './modules/later/later.ts';
import { notificationModule } from './modules/notification/notification.ts';
import { organizationModule } from './modules/organization/organization.ts';
import { profileModule } from './modules/profile/profile.ts';
import { shareModule } from './modules/share/share.ts';
import { tenantModule } from './modules/tenant/tenant.ts';

export const modules: readonly WebModule[] = [
  homeModule,
  catalogModule,
  shareModule,
  accessModule,
  notificationModule,
  datasetModule,
  environmentModule,
  organizationModule,
  profileModule,
  tenantModule,
  ...laterModules,
];
