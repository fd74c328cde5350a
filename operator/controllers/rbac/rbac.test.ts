import { pino } from 'pino';
import { Registry } from 'prom-client';
import { expect, it } from 'vitest';
import { readConfig } from '../../config.ts';
import { FakeClock } from '../../kernel/testing/fake-clock.ts';
import { InterceptedKubeApi, type InterceptedCall } from '../../kernel/testing/intercepted-kube-api.ts';
import { KubeError } from '../../kernel/client/kube-api.ts';
import type { Kind, KubeObject } from '../../kernel/kind.ts';
import { Manager } from '../../kernel/runtime/manager.ts';
import { MemoryKubeApi } from '../../kernel/testing/memory-kube-api.ts';
import { apiVersion } from '../../resources/kind.ts';
import { organizationKind } from '../../resources/organization.ts';
import { tenantKind } from '../../resources/tenant.ts';
import { defineOrganizationController } from '../organization/organization.ts';
import type { Platform } from '../reconcile/platform.ts';
import { defineRbacController } from './rbac.ts';
import { RbacProgress } from '../reconcile/rbac-progress.ts';
import { specStore } from '../reconcile/specs.ts';

const bindings: Kind<KubeObject & { subjects?: readonly { readonly name: string }[] }> = {
  group: 'rbac.authorization.k8s.io',
  version: 'v1',
  plural: 'clusterrolebindings',
  kind: 'ClusterRoleBinding',
  scope: 'Cluster',
};

/** The controllers of rights and of organizations, over an API server in memory that refuses some writes. */
class Cluster implements AsyncDisposable {
  readonly clock = new FakeClock();
  readonly api = new MemoryKubeApi({
    clock: this.clock,
    defaults: (_kind, object) => {
      object['status'] ??= { observedGeneration: -1 };
    },
  });
  readonly #end = new AbortController();
  readonly #running: Promise<void>;

  constructor(refuses: (call: InterceptedCall) => boolean = () => false) {
    const api = new InterceptedKubeApi(this.api, {
      call: async (call, proceed) => {
        if (refuses(call)) throw new KubeError({ reason: 'Forbidden' }, 'a policy of somebody else says no');
        return proceed();
      },
    });
    const log = pino({ level: process.env['LOG_LEVEL'] ?? 'silent' });
    const { clock } = this;
    const manager = new Manager({ api, clock, log, registry: new Registry(), name: 'test', identity: 'one' });
    const aws = { hub: { accountId: '000000000000', region: 'eu-west-1' } };
    const config = readConfig({ aws, authority: { groupPrefix: 'oidc:' } });
    const platform = {
      api,
      config,
      stores: manager.stores,
      rights: new RbacProgress(),
      enqueue: (controller: string, key: string) => {
        if (controller === 'organization') manager.enqueue(controller, key);
      },
    } as Partial<Platform> as Platform;
    specStore(manager, { allowWrite: false, allowSelfApproval: false, policiesMissing: () => [] });
    manager.add(defineRbacController(platform, manager));
    manager.add(defineOrganizationController(platform));
    this.#running = manager.run(this.#end.signal);
  }

  async administrators(...administrators: readonly string[]): Promise<void> {
    const metadata = { name: 'default' };
    const tenant = { apiVersion, kind: 'Tenant', metadata, spec: { administrators } };
    await this.api.apply(tenantKind, tenant, { fieldManager: 'people', force: true });
    await this.settle();
  }

  async organization(name: string, owner: string, teams: readonly string[] = []): Promise<void> {
    const invited = teams.map((group) => ({ group, permissions: ['LINK_ENVIRONMENT'] }));
    const organization = { apiVersion, kind: 'Organization', metadata: { name }, spec: { owner, teams: invited } };
    await this.api.apply(organizationKind, organization, { fieldManager: 'people' });
  }

  /** Until nothing is left to do: work is done in turns of the event loop. */
  async settle(): Promise<void> {
    for (let step = 0; step < 50; step++) await this.clock.advance(100);
  }

  /** Groups by the name of the role that they hold. */
  async holders(role: string): Promise<readonly string[]> {
    const { items } = await this.api.list(bindings);
    return items
      .filter(({ metadata }) => metadata.name.startsWith(`dataall:${role}`))
      .flatMap(({ subjects = [] }) => subjects.map(({ name }) => name));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#end.abort();
    await this.clock.advance(60_000);
    await this.#running;
  }
}

it('gives rights to groups as the API server knows them', async () => {
  await using cluster = new Cluster();
  await cluster.administrators('platform-admins');
  expect(await cluster.holders('platform-admin')).toEqual(['oidc:platform-admins']);
});

it('a dismissed platform administrator loses rights, however many and long the groups that others invite', async () => {
  await using cluster = new Cluster();
  await cluster.administrators('platform-admins', 'dismissed');
  for (let organization = 0; organization < 8; organization++) {
    const groups = Array.from({ length: 500 }, (_, index) => `${'𒀀'.repeat(120)}${organization}-${index}`);
    await cluster.organization(`flood-${organization}`, 'flooders', groups);
  }
  await cluster.settle();
  expect((await cluster.holders('account-linker')).length).toBe(4_001);
  await cluster.administrators('platform-admins');
  expect(await cluster.holders('platform-admin')).toEqual(['oidc:platform-admins']);
});

it('rights that the API server refuses keep none of the others from ending or coming, and are told where they come from', async () => {
  await using cluster = new Cluster(({ name }) => name?.name === 'dataall:organization:flood:viewer');
  await cluster.administrators('platform-admins', 'dismissed');
  await cluster.organization('flood', 'flooders');
  await cluster.organization('other', 'others');
  await cluster.settle();
  await cluster.administrators('platform-admins');
  expect(await cluster.holders('platform-admin')).toEqual(['oidc:platform-admins']);
  expect(await cluster.holders('organization:other:owner')).toEqual(['oidc:others']);
  const ready = async (name: string) => {
    const { status } = await cluster.api.get(organizationKind, { name });
    return status.conditions?.find(({ type }) => type === 'Ready');
  };
  expect(await ready('flood')).toMatchObject({
    status: 'False',
    reason: 'RightsRefused',
    message: expect.stringContaining('dataall:organization:flood:viewer') as string,
  });
  expect(await ready('other')).toMatchObject({ status: 'True' });
});
