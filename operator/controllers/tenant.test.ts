import { expect, it } from 'vitest';
import { organizationKind } from '../resources/organization.ts';
import { tenantKind } from '../resources/tenant.ts';
import { defineOrganizationController } from './organization.ts';
import { Stage } from './stage.ts';
import { defineTenantController } from './tenant.ts';

const DEFAULT = { name: 'default' };
const ACME = { name: 'acme' };

it('is in use while anything is there that somebody has to be in charge of', async () => {
  await using stage = new Stage(defineTenantController, defineOrganizationController);
  await stage.make(tenantKind, DEFAULT, { administrators: ['platform'] });
  await stage.until(tenantKind, DEFAULT, (tenant) => tenant?.status.inUse === 0);
  await stage.make(organizationKind, ACME, { label: 'ACME', owner: 'acme' });
  await stage.until(tenantKind, DEFAULT, (tenant) => tenant?.status.inUse === 1);
  expect((await stage.api.get(tenantKind, DEFAULT)).status.usedBy).toEqual(['Organization acme']);
  await stage.remove(organizationKind, ACME);
  await stage.until(tenantKind, DEFAULT, (tenant) => tenant?.status.inUse === 0);
});
