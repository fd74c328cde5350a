// Cluster-wide objects of one owner beyond the quota: no id, no namespace, no right, no call to AWS; and admission is told.
import { expect, it } from 'vitest';
import { findCondition } from '../../kernel/conditions.ts';
import type { Kind, KubeObject } from '../../kernel/kind.ts';
import { OWNERS_AT_QUOTA } from '../../resources/authority/installation.ts';
import { environmentKind } from '../../resources/environment.ts';
import { organizationKind } from '../../resources/organization.ts';
import { tenantKind } from '../../resources/tenant.ts';
import { defineEnvironmentController } from '../environment/environment.ts';
import { defineOrganizationController } from '../organization/organization.ts';
import { defineOwnerQuotaController } from './owner-quota.ts';
import { defineRbacController } from '../rbac/rbac.ts';
import { ControllerTestEnv } from '../testing/controller-test-env.ts';

const configMaps: Kind<KubeObject & { data?: Record<string, string> }> = {
  group: '',
  version: 'v1',
  plural: 'configmaps',
  kind: 'ConfigMap',
  scope: 'Namespaced',
};
const bindings: Kind = {
  group: 'rbac.authorization.k8s.io',
  version: 'v1',
  plural: 'clusterrolebindings',
  kind: 'ClusterRoleBinding',
  scope: 'Cluster',
};
const ACCOUNT = '111111111111';

const listed = async ({ api }: ControllerTestEnv) =>
  (await api.get(configMaps, { namespace: 'dataall-system', name: OWNERS_AT_QUOTA })).data;

const makeTenant = async (stage: ControllerTestEnv, organizations: number): Promise<void> =>
  await stage.make(
    tenantKind,
    { name: 'default' },
    { administrators: ['a'], ownerQuota: { organizations, environments: 1 } },
  );

it('an Organization beyond its owner’s quota says so and gives nobody rights, until one of them is gone', async () => {
  await using stage = new ControllerTestEnv(
    defineOrganizationController,
    defineOwnerQuotaController,
    defineRbacController,
  );
  await makeTenant(stage, 2);
  for (const name of ['a-first', 'b-second']) {
    await stage.make(organizationKind, { name }, { owner: 'flooders' });
    await stage.ready(organizationKind, { name });
  }
  await stage.until(organizationKind, { name: 'b-second' }, () => true);
  expect(await listed(stage)).toEqual({ organizations: 'flooders', environments: '' });
  await stage.make(organizationKind, { name: 'c-third' }, { owner: 'flooders' });
  await stage.make(organizationKind, { name: 'other' }, { owner: 'others' });
  await stage.ready(organizationKind, { name: 'other' });
  await stage.until(
    organizationKind,
    { name: 'c-third' },
    (object) => findCondition(object?.status.conditions, 'Ready')?.reason === 'QuotaExceeded',
  );
  const { status } = await stage.api.get(organizationKind, { name: 'c-third' });
  expect(status.id).toBeUndefined();
  const names = (await stage.api.list(bindings)).items.map(({ metadata }) => metadata.name);
  expect(names).toContain('dataall:organization:other:owner');
  expect(names).not.toContain('dataall:organization:c-third:owner');
  await stage.remove(organizationKind, { name: 'a-first' });
  await stage.ready(organizationKind, { name: 'c-third' });
});

it('an Environment beyond its owner’s quota says so, and AWS is asked nothing about its account', async () => {
  await using stage = new ControllerTestEnv(defineEnvironmentController, defineOwnerQuotaController);
  await makeTenant(stage, 5);
  await stage.make(organizationKind, { name: 'acme' }, { owner: 'sales' }, { id: 'org00001' });
  const make = async (name: string, id: string): Promise<void> => {
    const account = { id, region: 'eu-west-1' };
    const pivotRole = { mode: 'Existing', name: 'pivot' };
    const spec = { organization: 'acme', label: name, owner: 'sales', resourcePrefix: 'dataall', account, pivotRole };
    await stage.make(environmentKind, { name }, spec);
  };
  await make('a-first', '222222222222');
  await stage.ready(environmentKind, { name: 'a-first' });
  await make('b-second', ACCOUNT);
  await stage.until(
    environmentKind,
    { name: 'b-second' },
    (object) => findCondition(object?.status.conditions, 'Ready')?.reason === 'QuotaExceeded',
  );
  expect(stage.calls.filter((call) => call.startsWith(ACCOUNT))).toEqual([]);
  expect(await listed(stage)).toEqual({ organizations: '', environments: 'sales' });
});

it('what was let in before goes on when the quota is lowered', async () => {
  await using stage = new ControllerTestEnv(
    defineOrganizationController,
    defineOwnerQuotaController,
    defineRbacController,
  );
  await makeTenant(stage, 2);
  for (const name of ['a-first', 'b-second']) {
    await stage.make(organizationKind, { name }, { owner: 'sales' });
    await stage.ready(organizationKind, { name });
  }
  const body = { spec: { ownerQuota: { organizations: 1 } } };
  await stage.api.patch(tenantKind, { name: 'default' }, { type: 'merge', body });
  await stage.clock.advance(5_000);
  await stage.ready(organizationKind, { name: 'b-second' });
  expect(await listed(stage)).toMatchObject({ organizations: 'sales' });
});
