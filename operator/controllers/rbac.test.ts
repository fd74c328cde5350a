import { pino } from 'pino';
import { Registry } from 'prom-client';
import { expect, it } from 'vitest';
import { readConfig } from '../config.ts';
import { FakeClock } from '../kernel/fake-clock.ts';
import type { Kind, KubeObject } from '../kernel/kind.ts';
import { Manager } from '../kernel/manager.ts';
import { MemoryKubeApi } from '../kernel/memory-kube-api.ts';
import { apiVersion } from '../resources/kind.ts';
import { tenantKind } from '../resources/tenant.ts';
import type { Platform } from './platform.ts';
import { defineRbacController } from './rbac.ts';
import { Rights } from './rights.ts';

const bindings: Kind<KubeObject & { subjects?: unknown }> = {
  group: 'rbac.authorization.k8s.io',
  version: 'v1',
  plural: 'clusterrolebindings',
  kind: 'ClusterRoleBinding',
  scope: 'Cluster',
};

it('gives rights to groups as the API server knows them', async () => {
  const clock = new FakeClock();
  const api = new MemoryKubeApi({ clock });
  const metadata = { name: 'default' };
  const tenant = { apiVersion, kind: 'Tenant', metadata, spec: { administrators: ['platform-admins'] } };
  await api.create(tenantKind, tenant);
  const log = pino({ level: 'silent' });
  const manager = new Manager({ api, clock, log, registry: new Registry(), name: 'test', identity: 'one' });
  const aws = { hub: { accountId: '000000000000', region: 'eu-west-1' } };
  const config = readConfig({ aws, authority: { groupPrefix: 'oidc:' } });
  const platform = { api, config, stores: manager.stores, rights: new Rights() } as Partial<Platform> as Platform;
  manager.add(defineRbacController(platform, manager));
  const stop = new AbortController();
  const ended = manager.run(stop.signal);
  await clock.advance(5_000);
  const { items } = await api.list(bindings);
  expect(items.map(({ subjects }) => subjects)).toEqual([
    [expect.objectContaining({ kind: 'Group', name: 'oidc:platform-admins' })],
  ]);
  stop.abort();
  await clock.advance(60_000);
  await ended;
});
