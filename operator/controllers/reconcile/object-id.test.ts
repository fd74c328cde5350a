// One id, two objects: the one that has it, or asked first, keeps it; the other says so and gets none, until the first is gone.
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { afterEach, describe, expect, it } from 'vitest';
import { consumptionRole, dataset, environment, team } from '../../access/testing/fixtures.ts';
import { readConfig } from '../../config.ts';
import { FakeClock } from '../../kernel/testing/fake-clock.ts';
import type { Kind, KubeObject, ObjectName } from '../../kernel/kind.ts';
import { Manager } from '../../kernel/runtime/manager.ts';
import { MemoryKubeApi } from '../../kernel/testing/memory-kube-api.ts';
import type { Stores } from '../../kernel/cache/store.ts';
import { consumptionRoleKind } from '../../resources/consumption-role.ts';
import { datasetKind } from '../../resources/dataset.ts';
import { environmentKind } from '../../resources/environment.ts';
import { apiVersion } from '../../resources/kind.ts';
import { organizationKind } from '../../resources/organization.ts';
import { teamKind } from '../../resources/team.ts';
import { defineConsumptionRoleController } from '../consumption-role/consumption-role.ts';
import { defineDatasetController } from '../dataset/dataset.ts';
import { ObservedDocuments } from './observed-documents.ts';
import { defineEnvironmentController } from '../environment/environment.ts';
import { defineOrganizationController } from '../organization/organization.ts';
import { idTaken } from './object-id.ts';
import type { Platform } from './platform.ts';
import { ObjectCounts } from '../environment/object-counts.ts';
import { RbacProgress } from './rbac-progress.ts';
import { specStore } from './specs.ts';
import { defineTeamController } from '../team/team.ts';
import { Removals } from './removals.ts';

const log = pino({ level: 'silent' });
const running: { readonly stop: AbortController; readonly clock: FakeClock }[] = [];
afterEach(async () => {
  for (const { stop, clock } of running.splice(0)) {
    stop.abort();
    await clock.advance(60_000);
  }
});

const namespaceKind: Kind = { group: '', version: 'v1', plural: 'namespaces', kind: 'Namespace', scope: 'Cluster' };
const ID = 'sameid01';

/** All controllers of kinds with ids; no account can be reached. */
const world = async () => {
  const clock = new FakeClock(Date.parse('2026-06-01T12:00:00Z'));
  const api = new MemoryKubeApi({
    clock,
    defaults: (kind, object) => {
      if (kind.group === 'dataall.io') object['status'] ??= { observedGeneration: -1 };
    },
  });
  const manager = new Manager({ api, clock, log, registry: new Registry(), name: 'test', identity: 'one' });
  const observed = new ObservedDocuments();
  const platform = {
    api,
    config: readConfig({ aws: { hub: { accountId: '000000000000', region: 'eu-west-1' } } }),
    specs: specStore(manager, { allowWrite: false, allowSelfApproval: false, policiesMissing: () => [] }),
    stores: manager.stores,
    observed,
    removals: new Removals(observed),
    rights: new RbacProgress(),
    objectCounts: new ObjectCounts(),
    accountOf: () => undefined,
    enqueue: (controller, key, how) => manager.enqueue(controller, key, how),
    random: () => 0.5,
  } as Partial<Platform> as Platform;
  const definitions = [
    defineOrganizationController,
    defineEnvironmentController,
    defineTeamController,
    defineDatasetController,
    defineConsumptionRoleController,
  ];
  for (const define of definitions) manager.add(define(platform));
  const stop = new AbortController();
  running.push({ stop, clock });
  void manager.run(stop.signal);
  const create = async <T extends KubeObject>(kind: Kind<T>, { namespace, name }: ObjectName, spec: object) => {
    const metadata = { name, ...(namespace && { namespace }) };
    await api.create(kind, { apiVersion, kind: kind.kind, metadata, spec } as KubeObject as T);
    await clock.advance(10_000);
  };
  await create(organizationKind, { name: 'acme' }, { label: 'ACME', owner: 'sales' });
  // Somebody else's: environments come as far as this.
  for (const name of ['first', 'second']) await create(namespaceKind, { name }, {});
  return {
    create,
    remove: async (kind: Kind, name: ObjectName) => {
      await api.delete(kind, name);
      // Its finalizer falls where nothing is in AWS.
      await clock.advance(10_000);
    },
    seen: async (kind: Kind, name: ObjectName) => {
      const { status } = (await api.get(kind, name)) as KubeObject & {
        status: { id?: string; conditions?: { type: string; reason: string; message: string }[] };
      };
      const ready = status.conditions?.find(({ type }) => type === 'Ready');
      return { id: status.id, reason: ready?.reason, message: ready?.message };
    },
  };
};

const at = (namespace: string | undefined, name: string): ObjectName => ({ namespace, name });
const specs = {
  organization: { label: 'ACME', owner: 'sales' },
  environment: { ...environment('sales-prod').spec, organization: 'acme' },
  team: team('sales-prod').spec,
  dataset: dataset().spec,
  role: (name: string) => ({ ...consumptionRole().spec, principalArn: `arn:aws:iam::222222222222:role/${name}` }),
};

describe('one id for two', () => {
  it.each([
    ['organizations', organizationKind, specs.organization, organizationKind, specs.organization, undefined],
    ['environments', environmentKind, specs.environment, environmentKind, specs.environment, undefined],
    ['datasets', datasetKind, specs.dataset, datasetKind, specs.dataset, 'somewhere'],
    ['teams', teamKind, specs.team, teamKind, { ...specs.team, group: 'others' }, 'somewhere'],
    ['roles', consumptionRoleKind, specs.role('one'), consumptionRoleKind, specs.role('two'), 'somewhere'],
    ['a team and a role', teamKind, specs.team, consumptionRoleKind, specs.role('two'), 'somewhere'],
    ['a role and a team', consumptionRoleKind, specs.role('one'), teamKind, specs.team, 'somewhere'],
  ] as const)('%s', async (_, olderKind, older, youngerKind, younger, namespace) => {
    const { create, seen, remove } = await world();
    const first = at(namespace && `${namespace}-1`, 'first');
    const second = at(namespace && `${namespace}-2`, 'second');
    await create<KubeObject>(olderKind, first, { ...older, id: ID });
    await create<KubeObject>(youngerKind, second, { ...younger, id: ID });
    expect((await seen(olderKind, first)).reason).not.toBe('IdTaken');
    // In another namespace, whoever reads this may not see it.
    const told =
      namespace === undefined ? `${olderKind.kind} first` : `another ${olderKind.kind}, which you may not see`;
    expect(await seen(youngerKind, second)).toMatchObject({
      id: undefined,
      reason: 'IdTaken',
      message: expect.stringMatching(new RegExp(`^${told}.* has id ${ID}`)),
    });
    await remove(olderKind, first);
    expect((await seen(youngerKind, second)).reason).not.toBe('IdTaken');
  });
});

describe('of two that ask for one id', () => {
  const asking = (name: string, creationTimestamp: string, id?: string) =>
    team('sales-prod', { metadata: { name, uid: name, creationTimestamp }, spec: { id: ID }, status: { id } });
  const losers = (...teams: ReturnType<typeof team>[]) => {
    const stores = { get: () => ({ byIndex: () => teams }) } as unknown as Stores;
    return teams.filter((one) => idTaken(stores, [teamKind], one) !== undefined).map(({ metadata }) => metadata.name);
  };

  it.each([
    ['the younger goes without', [asking('a', '2026-02-01T00:00:00Z'), asking('b', '2026-01-01T00:00:00Z')], ['a']],
    ['who has it keeps it', [asking('a', '2026-02-01T00:00:00Z', ID), asking('b', '2026-01-01T00:00:00Z')], ['b']],
    ['the younger loses it', [asking('a', '2026-02-01T00:00:00Z', ID), asking('b', '2026-01-01T00:00:00Z', ID)], ['a']],
    ['chance decides a tie', [asking('a', '2026-01-01T00:00:00Z'), asking('b', '2026-01-01T00:00:00Z')], ['b']],
  ] as const)('%s', (_, teams, expected) => {
    expect(losers(...teams)).toEqual(expected);
  });
});
