// Random histories of one dataset and three principals: people ask, decide, change their minds, tamper in AWS; AWS and the operator fail.
// When all is quiet, everybody can read exactly what the oracle says, and what people are told that they can; and when all is deleted, nothing
// of ours is left.
import * as fc from 'fast-check';
import { expect } from 'vitest';
import type { Fault } from '../../hack/aws/faults/fault.ts';
import { getIfPresent, isKubeError } from '../../operator/kernel/client/kube-api.ts';
import type { Kind, ObjectName } from '../../operator/kernel/kind.ts';
import { consumptionRoleKind } from '../../operator/resources/consumption-role.ts';
import { datasetKind } from '../../operator/resources/dataset.ts';
import { shareApprovalKind } from '../../operator/resources/share-approval.ts';
import { shareRequestKind } from '../../operator/resources/share-request.ts';
import { probeAccess } from './access-probe.ts';
import { leftovers } from './leftovers.ts';
import { consult, judgeAccess } from './oracle.ts';
import { BUCKET, ROLES, roleNames, type RoleName } from './sharing-data.ts';
import { DATASET, FILTERS, ITEMS, NAMESPACES, type Item, type SharingWorld } from './sharing-world.ts';
import { tamper, tamperings } from './tampering.ts';
import { toldAccess } from './told-access.ts';

/** Slots of requests: two for one role, because shares of one principal meet in the same documents. */
const SLOTS: Readonly<Record<string, RoleName>> = {
  one: 'analysts',
  two: 'analysts',
  three: 'robots',
  four: 'inhouse',
};
const slot = fc.constantFrom(...Object.keys(SLOTS));
const role = fc.constantFrom(...roleNames);

const table = fc.record({
  kind: fc.constant('Table' as const),
  name: fc.constantFrom('orders', 'orders', 'customers', 'missing'),
  filters: fc.option(fc.subarray(['eu', 'slim', 'gone'], { minLength: 1, maxLength: 2 }), { nil: undefined, freq: 1 }),
});
const item: fc.Arbitrary<Item> = fc.oneof(
  { weight: 3, arbitrary: table },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('Folder' as const), name: fc.constantFrom('raw', 'raw2') }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('Bucket' as const), name: fc.constantFrom(BUCKET, BUCKET, 'another') }),
  },
);
const items = fc.uniqueArray(item, { minLength: 1, maxLength: 5, selector: ({ kind, name }) => `${kind} ${name}` });
/** Milliseconds of the operator's clock until a side ends. */
const endsIn = fc.option(fc.constantFrom(-1_000, 3_000, 86_400_000), { nil: undefined, freq: 5 });
const permissions = fc.constantFrom(['Read'], ['Read'], ['Read', 'Write'], ['Write']) as fc.Arbitrary<
  ('Read' | 'Write')[]
>;

/** The owner, and a group that is a steward at times. */
const approver = fc.constantFrom('sales', 'sales', 'sales', 'stewards');

const when = fc.constantFrom('before' as const, 'after' as const);
const fault: fc.Arbitrary<Fault> = fc.oneof(
  fc.constant({ kind: 'throttle' as const }),
  fc.record({ kind: fc.constant('server-error' as const), when }),
  fc.record({ kind: fc.constant('cut' as const), when }),
);
const service = fc.constantFrom('iam', 's3', 's3control', 'kms', 'glue', 'lakeformation', 'ram', 'sts');

const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('request' as const), slot, items, permissions, endsIn }) },
  { weight: 7, arbitrary: fc.record({ do: fc.constant('approve' as const), slot, items: fc.option(items, { nil: undefined, freq: 1 }), permissions, endsIn, approver }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('approve wrongly' as const), slot, how: fc.constantFrom('dataset' as const, 'arn' as const, 'requester' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('stewards' as const), named: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('reject' as const), slot }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constantFrom('delete request' as const, 'delete approval' as const), slot }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('suspend' as const), slot, suspend: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('filters' as const), how: fc.constantFrom('usual' as const, 'changed' as const, 'fewer' as const, 'wrong column' as const, 'none' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('folders' as const), how: fc.constantFrom('usual' as const, 'fewer' as const, 'moved' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('delete role' as const, 'create role' as const, 're-create role' as const, 'delete role object' as const, 'create role object' as const), role }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('delete dataset' as const, 'create dataset' as const, 'create dataset' as const) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('tamper' as const), what: fc.constantFrom(...tamperings), role }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('fault' as const), fault, service, times: fc.integer({ min: 1, max: 4 }) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constantFrom('kill' as const, 'start' as const, 'verify' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('cut watches' as const) }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.constantFrom(0, 1, 3, 10, 30, 80) }) },
); // prettier-ignore
export type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

/** Slots that share something before the history begins: everything, or a part of a table. */
const begun = fc.subarray(Object.keys(SLOTS));
const begunItems = (name: string): readonly Item[] =>
  name === 'three' || name === 'four' ? [{ kind: 'Table', name: 'orders', filters: ['eu'] }] : ITEMS;

/** Histories that random ones found, and that ended wrong. */
const ONCE_WRONG: [string[], boolean, Step[]][] = [
  // What a wrong filter took was shared anew, and nobody accepted it in the other account.
  [
    ['two', 'three'],
    true,
    [
      { do: 'filters', how: 'wrong column' },
      { do: 'filters', how: 'changed' },
      { do: 'folders', how: 'fewer' },
    ],
  ],
];

/**
 * @param seed replays a run; printed with every failure
 * @throws with the seed and the shortest history that ends wrong
 */
export const checkSharingHistories = async (world: SharingWorld, runs: number, seed?: number): Promise<void> => {
  await fc.assert(
    fc.asyncProperty(
      begun,
      fc.boolean(),
      fc.array(step, { minLength: 2, maxLength: 20, size: 'max' }),
      async (shared, everythingIsSeen, steps) => play(world, shared, everythingIsSeen ? steps.filter(isSeen) : steps),
    ),
    {
      numRuns: runs,
      examples: ONCE_WRONG,
      endOnFailure: process.env['SHRINK'] === undefined,
      ...(seed !== undefined && { seed }),
    },
  );
};

export const play = async (world: SharingWorld, shared: readonly string[], steps: readonly Step[]): Promise<void> => {
  await world.reset();
  world.start();
  for (const name of shared) {
    const items = [...begunItems(name)];
    await world.request(name, roleOf(name), { items });
    await world.approve(name, roleOf(name), { items });
  }
  await world.until(() => {});
  const bindings = new Bindings(world);
  for (const one of steps) {
    await take(world, one);
    await bindings.look();
  }
  // Everything works again, and everybody is up.
  world.faults.clear();
  if (world.operator === undefined) world.start();
  await world.until(async () => {
    const dataset = await getIfPresent(world.api, datasetKind, DATASET);
    expect(dataset?.metadata.deletionTimestamp).toBeUndefined();
  });
  // Without a dataset nobody would look after its bucket.
  await ignoringAbsence(world.makeDataset());
  await world.until(() => {});
  const isRight = async (): Promise<void> => {
    const oracle = await consult(world.api, world.admin, world.clock.now());
    const found = await probeAccess(world.aws, world.admin);
    expect(judgeAccess(found, oracle)).toEqual([]);
    expect(judgeAccess(found, await toldAccess(world.api, world.clock.now())), 'told to people').toEqual([]);
  };
  // What people write in Kubernetes is seen at once; the poll is there for what happens behind the operator's back.
  if (steps.every(isSeen)) await world.until(isRight);
  world.verifyAll();
  await world.until(isRight);
  await bindings.look();
  expect(await world.writesOfAnotherLook()).toEqual([]);
  await endAll(world);
};

/** Whether somebody tells the operator: changes in AWS tell nobody here, and a fault may have eaten what was told. */
const isSeen = ({ do: deed }: Step): boolean =>
  !['tamper', 'fault', 'delete role', 'create role', 're-create role'].includes(deed);

/** Deletes every request: nothing of ours may be left of it, and nothing of theirs may be missing. */
const endAll = async (world: SharingWorld): Promise<void> => {
  const { items: requests } = await world.api.list(shareRequestKind);
  for (const { metadata } of requests) await ignoringAbsence(world.api.delete(shareRequestKind, metadata));
  await world.until(async () => {
    expect((await world.api.list(shareRequestKind)).items).toEqual([]);
    expect(await leftovers(world.admin)).toEqual([]);
  });
};

/** An approval means one dataset, and once bound the same of all the rest, for as long as it is not edited. */
class Bindings {
  readonly #world: SharingWorld;
  readonly #seen = new Map<string, string>();

  constructor(world: SharingWorld) {
    this.#world = world;
  }

  async look(): Promise<void> {
    for (const { metadata, status } of (await this.#world.api.list(shareApprovalKind)).items) {
      if (status.boundTo === undefined) continue;
      const { at: _at, seenGeneration, ...binding } = status.boundTo;
      this.#stays(`${metadata.uid} seen ${seenGeneration}`, binding.datasetUid);
      if (binding.requestUid !== undefined)
        this.#stays(`${metadata.uid} bound ${binding.approvalGeneration}`, JSON.stringify(binding));
    }
  }

  #stays(key: string, value: string): void {
    expect(value).toBe(this.#seen.get(key) ?? value);
    this.#seen.set(key, value);
  }
}

const ignoringAbsence = async (deed: Promise<unknown>): Promise<void> => {
  try {
    await deed;
  } catch (error) {
    if (!isKubeError(error, 'NotFound', 'AlreadyExists')) throw error;
  }
};

const take = async (world: SharingWorld, one: Step): Promise<void> => {
  const { api, admin } = world;
  const until = (ms: number | undefined) =>
    ms === undefined ? undefined : new Date(world.clock.now() + ms).toISOString();
  switch (one.do) {
    case 'request': {
      const who = roleOf(one.slot);
      const spec = { items: one.items, permissions: one.permissions, ...definedEnd(until(one.endsIn)) };
      return await put(world, shareRequestKind, world.requestName(one.slot, who), spec, () =>
        world.request(one.slot, who, spec),
      );
    }
    case 'approve': {
      const who = roleOf(one.slot);
      const asked = one.items ?? (await itemsOf(world, one.slot));
      const spec = {
        decision: 'Approved' as const,
        items: [...asked],
        permissions: one.permissions,
        principal: { kind: 'ConsumptionRole' as const, name: who, arn: admin.roleArn(who) },
        requester: 'marketing',
        approver: one.approver,
        ...definedEnd(until(one.endsIn)),
      };
      return await put(world, shareApprovalKind, world.approvalName(one.slot, who), spec, () =>
        world.approve(one.slot, who, spec),
      );
    }
    case 'approve wrongly': {
      const who = roleOf(one.slot);
      const wrong = {
        dataset: { datasetRef: { name: 'customers' } },
        arn: { principal: { kind: 'ConsumptionRole' as const, name: who, arn: `${admin.roleArn(who)}2` } },
        requester: { requester: 'others' },
      }[one.how];
      await ignoringAbsence(world.approve(one.slot, who, wrong));
      return;
    }
    case 'stewards':
      return await ignoringAbsence(world.edit(datasetKind, DATASET, { stewards: one.named ? ['stewards'] : null }));
    case 'reject':
      return await ignoringAbsence(
        world.edit(shareApprovalKind, world.approvalName(one.slot, roleOf(one.slot)), { decision: 'Rejected' }),
      );
    case 'delete request':
      return await ignoringAbsence(api.delete(shareRequestKind, world.requestName(one.slot, roleOf(one.slot))));
    case 'delete approval':
      return await ignoringAbsence(api.delete(shareApprovalKind, world.approvalName(one.slot, roleOf(one.slot))));
    case 'suspend':
      return await ignoringAbsence(
        world.edit(shareRequestKind, world.requestName(one.slot, roleOf(one.slot)), { suspend: one.suspend }),
      );
    case 'filters':
      return await world.setFilters(FILTER_SETS[one.how]);
    case 'folders':
      return await ignoringAbsence(world.edit(datasetKind, DATASET, { folders: FOLDER_SETS[one.how] }));
    case 'delete role':
    case 're-create role':
      if ((await admin.roleId(one.role)) !== undefined) await admin.deleteRole(one.role);
      if (one.do === 're-create role') await admin.createRole(one.role);
      return;
    case 'create role':
      if ((await admin.roleId(one.role)) === undefined) await admin.createRole(one.role);
      return;
    case 'delete role object':
      return await ignoringAbsence(
        api.delete(consumptionRoleKind, { namespace: NAMESPACES[ROLES[one.role]], name: one.role }),
      );
    case 'create role object':
      return await ignoringAbsence(world.makeRoleObject(one.role));
    case 'delete dataset':
      return await ignoringAbsence(api.delete(datasetKind, DATASET));
    case 'create dataset':
      return await ignoringAbsence(world.makeDataset());
    case 'tamper':
      return await tamper(admin, one.what, one.role);
    case 'fault':
      world.faults.add({
        match: { service: one.service, principal: /dataallPivotRole|hub/ },
        fault: one.fault,
        times: one.times,
      });
      return;
    case 'kill':
      world.operator?.kill();
      world.operator = undefined;
      return;
    case 'start':
      if (world.operator === undefined) world.start();
      return;
    case 'verify':
      return world.verifyAll();
    case 'cut watches':
      return api.cutWatches();
    case 'wait':
      await new Promise((resolve) => setTimeout(resolve, one.ms));
  }
};

const roleOf = (name: string): RoleName => SLOTS[name] ?? 'analysts';
/** Merge patches take a field away by null. */
const definedEnd = (expiresAt: string | undefined) => (expiresAt === undefined ? {} : { expiresAt });

const itemsOf = async (world: SharingWorld, name: string): Promise<readonly Item[]> => {
  try {
    return (await world.api.get(shareRequestKind, world.requestName(name, roleOf(name)))).spec.items;
  } catch {
    return [{ kind: 'Bucket', name: BUCKET }];
  }
};

const put = async (
  world: SharingWorld,
  kind: Kind,
  name: ObjectName,
  spec: { readonly expiresAt?: string },
  create: () => Promise<void>,
): Promise<void> => {
  if (await world.exists(kind, name))
    await ignoringAbsence(world.edit(kind, name, { ...spec, expiresAt: spec.expiresAt ?? null }));
  else await create();
};

const FILTER_SETS = {
  usual: FILTERS,
  changed: [
    { name: 'eu', rows: "region = 'ie'" },
    { name: 'slim', columns: ['id', 'amount'] },
  ],
  fewer: FILTERS.slice(1),
  'wrong column': [{ name: 'eu', columns: ['id', 'salary'] }, ...FILTERS.slice(1)],
  none: undefined,
};

const FOLDER_SETS = {
  usual: [
    { name: 'raw', prefix: 'raw/' },
    { name: 'raw2', prefix: 'raw2/' },
  ],
  fewer: [{ name: 'raw2', prefix: 'raw2/' }],
  moved: [
    { name: 'raw', prefix: 'raw2/' },
    { name: 'raw2', prefix: 'raw/' },
  ],
};
