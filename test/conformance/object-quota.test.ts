// How many objects there may be, on a real API server: what is one too many is refused, by whom, and in which words.
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readConfig } from '../../operator/config.ts';
import { defineNamespaceQuotaController } from '../../operator/controllers/environment/namespace-quota.ts';
import { ObjectCounts } from '../../operator/controllers/environment/object-counts.ts';
import { defineOwnerQuotaController } from '../../operator/controllers/reconcile/owner-quota.ts';
import type { Platform } from '../../operator/controllers/reconcile/platform.ts';
import { specStore } from '../../operator/controllers/reconcile/specs.ts';
import { Manager } from '../../operator/kernel/runtime/manager.ts';
import { allowed, refused, type AnyObject } from '../support/authority-actor.ts';
import { eventually, isAllowed, startScene, type Scene } from '../support/authority-scene.ts';

let scene: Scene;
const end = new AbortController();
let running: Promise<void>;

beforeAll(async () => {
  scene = await startScene();
  const { api } = scene.as.operator;
  const log = pino({ level: 'silent' });
  const manager = new Manager({ api, log, registry: new Registry(), name: 'dataall-operator', identity: 'test' });
  const config = readConfig({ aws: { hub: { accountId: '000000000000', region: 'eu-west-1' } } });
  const objectCounts = new ObjectCounts();
  const enqueue = () => undefined;
  const platform = { api, config, stores: manager.stores, enqueue, objectCounts } as Partial<Platform> as Platform;
  specStore(manager, { allowWrite: false, allowSelfApproval: false, policiesMissing: () => [] });
  manager.add(defineNamespaceQuotaController(platform, manager));
  manager.add(defineOwnerQuotaController(platform));
  running = manager.run(end.signal);
}, 300_000);

afterAll(async () => {
  end.abort();
  await running;
  await scene.stop();
});

const quotas = {
  group: '',
  version: 'v1',
  plural: 'resourcequotas',
  kind: 'ResourceQuota',
  scope: 'Namespaced',
} as const;
const owners = { group: '', version: 'v1', plural: 'configmaps', kind: 'ConfigMap', scope: 'Namespaced' } as const;
const COUNT = 'count/consumptionroles.dataall.io';

const counted = async (): Promise<{ hard?: Record<string, string>; used?: Record<string, string> }> => {
  const { items } = await scene.as.root.api.list<AnyObject>(quotas, { namespace: 'sales-prod' });
  return items.find(({ metadata }) => metadata.name === 'dataall')?.status ?? {};
};

const role = (name: string) => ({
  ...scene.variant(
    'ConsumptionRole/notebooks',
    { namespace: 'sales-prod', name },
    {
      owner: 'sales-engineers',
      principalArn: `arn:aws:iam::111111111111:role/${name}`,
    },
  ),
});

it('the API server refuses one object more than the namespace of an environment may hold, with the numbers', async () => {
  const { pat, eve } = scene.as;
  const environment = scene.variant('Environment/sales-prod');
  await allowed(pat.change(environment, { spec: { quota: { consumptionRoles: 2 } } }));
  await eventually('the quota counts', async () => (await counted()).hard?.[COUNT] === '2');
  await eventually('nothing is used', async () => (await counted()).used?.[COUNT] === '0');
  await allowed(eve.create(role('one')));
  await allowed(eve.create(role('two')));
  await refused(
    eve.create(role('three')),
    `exceeded quota: dataall, requested: ${COUNT}=1, used: ${COUNT}=2, limited: ${COUNT}=2`,
  );
  await scene.dispose(role('two'));
  // What admits objects hears of it a moment later than who reads the quota.
  await eventually('what is gone makes room', async () => (await eve.create(role('three'))).ok);
}, 120_000);

it('nobody but platform administrators says how many objects there may be', async () => {
  const { eve, pat } = scene.as;
  const environment = scene.variant('Environment/sales-prod');
  const message = 'spec.quota is set by platform administrators: leave it as it is, or ask one of them';
  await refused(eve.change(environment, { spec: { quota: { consumptionRoles: 5_000 } } }), message);
  await refused(eve.change(environment, { spec: { quota: null } }), message);
  await refused(
    eve.create(
      scene.variant(
        'Environment/sales-prod',
        { name: 'sales-test' },
        { quota: { teams: 5 }, account: { id: '111111111112', region: 'eu-west-1' } },
      ),
    ),
    message,
  );
  await allowed(eve.change(environment, { spec: { label: 'Sales' } }));
  await allowed(pat.change(environment, { spec: { quota: { consumptionRoles: 3 } } }));
});

it('people in an environment may read how many there are, and not change how many there may be', async () => {
  const on = { apiGroup: '', resource: 'resourcequotas', name: 'dataall', namespace: 'sales-prod' };
  const may = async (verb: string): Promise<boolean> =>
    await isAllowed(scene.as.root, ['sales-engineers', 'sales-analysts'], { ...on, verb });
  expect(await Promise.all(['get', 'list', 'watch'].map(may))).toEqual([true, true, true]);
  expect(await Promise.all(['create', 'update', 'patch', 'delete'].map(may))).toEqual([false, false, false, false]);
});

it('a group that owns as many organizations as it may is refused another one when it asks', async () => {
  const { pat, olga, zoe } = scene.as;
  await allowed(pat.change(scene.variant('Tenant/default'), { spec: { ownerQuota: { organizations: 1 } } }));
  await eventually('the policy knows', async () => {
    const { items } = await scene.as.root.api.list<AnyObject & { data?: Record<string, string> }>(owners, {
      namespace: 'dataall-system',
    });
    return items.some(({ data }) => data?.['organizations'] === 'acme-owners');
  });
  const another = (owner: string) =>
    scene.variant('Organization/acme', { name: `another-of-${owner}` }, { owner, teams: [] });
  await eventually('the next one is refused', async () => {
    const outcome = await olga.create(another('acme-owners'), true);
    return !outcome.ok && outcome.message.includes('group acme-owners owns as many organizations as it may');
  });
  await allowed(zoe.create(another('strangers')));
});

it('a group that has decided about many requests that do not exist is refused the next one, and another still decides', async () => {
  const { pat, sam, stu } = scene.as;
  await allowed(pat.change(scene.variant('Environment/sales-prod'), { spec: { quota: { shareApprovals: 4 } } }));
  const decision = (name: string, approver: string) =>
    scene.variant(
      'ShareApproval/marketing-prod.orders',
      { name: `marketing-prod.${name}` },
      { approver, requestRef: { namespace: 'marketing-prod', name } },
    );
  await allowed(sam.create(decision('never-a', 'sales-analysts')));
  await allowed(sam.create(decision('never-b', 'sales-analysts')));
  await eventually('the next one is refused', async () => {
    const outcome = await sam.create(decision('never-c', 'sales-analysts'), true);
    return !outcome.ok && outcome.message.includes('as many decisions about requests that do not exist');
  });
  await allowed(stu.create(decision('soon', 'sales-stewards')));
});
