import { expect, it } from 'vitest';
import { environmentKind } from '../resources/environment.ts';
import { organizationKind } from '../resources/organization.ts';
import { tenantKind } from '../resources/tenant.ts';
import { defineOrganizationController } from './organization.ts';
import { Stage } from './stage.ts';
import { defineTenantController } from './tenant.ts';

const DEFAULT = { name: 'default' };
const ACME = { name: 'acme' };
const SALES = { name: 'sales' };
const account = { id: '111111111111', region: 'eu-west-1' };

it('is in use while anything is there that somebody has to be in charge of', async () => {
  await using stage = new Stage(defineTenantController, defineOrganizationController);
  await stage.make(tenantKind, DEFAULT, { administrators: ['platform'] });
  await stage.until(tenantKind, DEFAULT, (tenant) => tenant?.status.inUse === 0);
  await stage.make(organizationKind, ACME, { label: 'ACME', owner: 'acme' });
  await stage.until(tenantKind, DEFAULT, (tenant) => tenant?.status.inUse === 1);
  expect((await stage.api.get(tenantKind, DEFAULT)).status.usedBy).toEqual(['Organization acme']);
  await stage.make(environmentKind, SALES, { organization: 'acme', owner: 'acme', account });
  await stage.until(tenantKind, DEFAULT, (tenant) => tenant?.status.inUse === 2);
  expect((await stage.api.get(tenantKind, DEFAULT)).status.usedBy).toEqual(['Environment sales', 'Organization acme']);
  await stage.api.patch(environmentKind, SALES, { type: 'merge', body: { metadata: { finalizers: null } } });
  await stage.remove(environmentKind, SALES);
  await stage.remove(organizationKind, ACME);
  await stage.until(tenantKind, DEFAULT, (tenant) => tenant?.status.inUse === 0);
});
