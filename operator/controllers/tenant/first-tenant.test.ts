import { expect, it } from 'vitest';
import { readConfig } from '../../config.ts';
import { MemoryKubeApi } from '../../kernel/testing/memory-kube-api.ts';
import { tenantKind } from '../../resources/tenant.ts';
import { firstTenantTask } from './first-tenant.ts';

const aws = { hub: { accountId: '111111111111', region: 'eu-west-1' } };
const DEFAULT = { name: 'default' };

const run = async (api: MemoryKubeApi, administrators?: readonly string[]): Promise<void> => {
  const config = readConfig({ aws, ...(administrators && { tenant: { administrators } }) });
  await firstTenantTask({ config, api }).run(new AbortController().signal);
};

it('an installation without a Tenant gets one, with the administrators that its configuration names', async () => {
  const api = new MemoryKubeApi();
  await run(api, ['DAAdministrators']);
  expect((await api.get(tenantKind, DEFAULT)).spec).toEqual({ administrators: ['DAAdministrators'] });
});

it('a Tenant that is there is left as it is, whatever the configuration names', async () => {
  const api = new MemoryKubeApi();
  await run(api, ['first']);
  await run(api, ['second']);
  expect((await api.get(tenantKind, DEFAULT)).spec.administrators).toEqual(['first']);
});

it('a configuration that names nobody makes no Tenant', async () => {
  const api = new MemoryKubeApi();
  await run(api);
  expect((await api.list(tenantKind)).items).toEqual([]);
});
