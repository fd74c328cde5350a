import { expect, it } from 'vitest';
import { findCondition } from '../../kernel/conditions.ts';
import { environmentKind } from '../../resources/environment.ts';
import { organizationKind } from '../../resources/organization.ts';
import { tenantKind, type Tenant } from '../../resources/tenant.ts';
import { defineOrganizationController } from '../organization/organization.ts';
import { ControllerTestEnv } from '../testing/controller-test-env.ts';
import { defineTenantController } from './tenant.ts';

const DEFAULT = { name: 'default' };
const ACME = { name: 'acme' };
const SALES = { name: 'sales' };
const account = { id: '111111111111', region: 'eu-west-1' };

it('is in use while anything is there that somebody has to be in charge of', async () => {
  await using stage = new ControllerTestEnv(defineTenantController, defineOrganizationController);
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

it('says which of the groups that it limits nobody knows, until an organization has them', async () => {
  await using stage = new ControllerTestEnv(defineTenantController);
  const permissions = ['guests', 'platform'].map((group) => ({ group, permissions: [] }));
  await stage.make(tenantKind, DEFAULT, { administrators: ['platform'], permissions });
  const told = (tenant?: Tenant) => findCondition(tenant?.status.conditions, 'WordsUnknown')?.message;
  await stage.until(tenantKind, DEFAULT, (tenant) => told(tenant)?.includes('a group guests: is it a typo?') === true);
  await stage.make(organizationKind, ACME, { label: 'ACME', owner: 'acme' });
  await stage.until(tenantKind, DEFAULT, (tenant) => tenant?.status.inUse === 1);
  const teams = [{ group: 'guests', permissions: [] }];
  await stage.api.patch(organizationKind, ACME, { type: 'merge', body: { spec: { teams } } });
  await stage.until(tenantKind, DEFAULT, (tenant) => told(tenant) === undefined);
});
