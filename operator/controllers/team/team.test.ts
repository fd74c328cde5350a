// A team whose group owns less than before: what its role may do with data goes from its stack.
import { describe, expect, it } from 'vitest';
import { dataset, environment, NOW, ROLE_ARN, team } from '../../access/testing/fixtures.ts';
import type { Specs } from '../../access/specs.ts';
import type { AccountAws } from '../../aws/account.ts';
import type { Kind } from '../../kernel/kind.ts';
import { Priority, type ReconcileContext } from '../../kernel/runtime/reconciler.ts';
import type { Stores } from '../../kernel/cache/store.ts';
import { findCondition } from '../../kernel/conditions.ts';
import type { TeamStatus } from '../../resources/team.ts';
import { stackOutputs, type TeamStackProps } from '../../stacks/stack-props.ts';
import type { Platform } from '../reconcile/platform.ts';
import { defineTeamController } from './team.ts';

const condition = {
  type: 'Ready',
  status: 'True' as const,
  reason: 'Succeeded',
  message: '',
  observedGeneration: 1,
  lastTransitionTime: '2026-01-01T00:00:00Z',
};

/** A process with one team, which owns a dataset. */
const started = () => {
  const world = {
    organization: { spec: { owner: 'acme', teams: [{ group: 'sales', permissions: [] }] } },
    team: team('sales-prod', { spec: { group: 'sales', permissions: [] } }),
    first: undefined as ReturnType<typeof team> | undefined,
    owned: undefined as readonly string[] | undefined,
    dataset: dataset(),
    others: [] as ReturnType<typeof dataset>[],
    finalizer: true,
    failure: undefined as string | undefined,
    stands: true,
    environment: environment('sales-prod', { spec: { owner: 'eng' }, status: { conditions: [condition] } }),
  };
  const objects: Readonly<Record<string, () => readonly unknown[]>> = {
    Team: () => [world.team],
    Dataset: () => [world.dataset, ...world.others],
  };
  const controller = defineTeamController({
    config: { installation: 'test', aws: { partition: 'aws', bootstrap: {} } },
    specs: {
      organization: () => undefined,
      environment: () => world.environment,
      teamOfGroup: () => world.first ?? world.team,
      sharesOfPrincipal: () => [],
    } as Partial<Specs> as Specs,
    stores: {
      get: ({ kind }: Kind) => ({
        get: () => (kind === 'Organization' ? world.organization : world.team),
        list: () => objects[kind]?.() ?? [],
        byIndex: () => [],
      }),
    } as unknown as Stores,
    aws: { forBootstrap: () => ({}), executionRoleArn: () => '' },
    accountOf: () => ({ iam: { principal: async () => Promise.resolve({ id: 'AROA' }) } }) as unknown as AccountAws,
    stacks: {
      synthesizer: {
        synthesize: async (_template: string, props: TeamStackProps) => {
          world.owned = props.team.owned.buckets;
          return Promise.resolve('');
        },
      },
      deployer: {
        stands: async () => Promise.resolve(world.stands),
        reconcile: async () =>
          Promise.resolve({
            state: world.failure === undefined ? 'Deployed' : 'Failed',
            outputs: { [stackOutputs.roleArn]: ROLE_ARN },
            status: {},
            message: world.failure ?? '',
            news: [],
          }),
      },
    },
    random: () => 0,
    observed: { isCleanSince: () => true },
    removals: { since: () => 0, isLasting: () => false, forget: () => undefined },
  } as Partial<Record<keyof Platform, unknown>> as unknown as Platform);
  const context = {
    priority: 0,
    now: () => NOW,
    event: () => undefined,
    signal: new AbortController().signal,
    writer: {
      annotate: async () => Promise.resolve(),
      addFinalizer: async () => Promise.resolve(),
      removeFinalizer: async () => {
        world.finalizer = false;
        return Promise.resolve();
      },
      status: async (_kind: unknown, object: typeof world.team, status: TeamStatus) => {
        world.team = { ...object, status };
        return Promise.resolve();
      },
    },
  } as unknown as ReconcileContext;
  return { world, controller, reconcile: async () => controller.reconcile('sales-prod/analysts', context) };
};

it('that is taken out of the organization keeps its role, and in it no right to data', async () => {
  const { world, reconcile } = started();
  await reconcile();
  expect(world.owned).toEqual(['orders-data']);
  world.organization.spec.teams = [];
  await reconcile();
  expect(world.owned).toEqual([]);
  expect(findCondition(world.team.status.conditions, 'Ready')).toMatchObject({ status: 'False', reason: 'NotInvited' });
  expect(world.team.status.roleArn).toBe(ROLE_ARN);
});

it('of the group that owns the environment is used by nothing of that group, so it can be deleted', async () => {
  const { world, reconcile } = started();
  await reconcile();
  expect(world.team.status.inUse).toBe(1);
  world.environment.spec.owner = 'sales';
  await reconcile();
  expect(findCondition(world.team.status.conditions, 'Ready')).toMatchObject({ reason: 'GroupTaken' });
  expect(world.team.status.inUse).toBe(0);
});

it('that is not the first of its group is used by nothing of it, so it can be deleted', async () => {
  const { world, reconcile } = started();
  world.first = team('sales-prod', { metadata: { name: 'first', uid: 'uid-first' }, spec: { group: 'sales' } });
  await reconcile();
  expect(findCondition(world.team.status.conditions, 'Ready')).toMatchObject({ reason: 'GroupTaken' });
  expect(world.team.status.inUse).toBe(0);
});

it('that gave a dataset away looks at its role before everything else', () => {
  const source = started().controller.watches.find(({ kind }) => kind.kind === 'Dataset');
  const given = dataset({ spec: { owner: 'others' } });
  expect(source?.mapToRequests(given, dataset(), 'updated')).toEqual([
    { key: 'sales-prod/analysts', priority: Priority.revocation },
  ]);
});

const given = dataset({ spec: { owner: 'others' } });
const another = dataset({ metadata: { name: 'later' }, status: { id: 'later000', bucket: 'later-data' } });

describe('that gave a dataset away', () => {
  it('loses its rights to it while it is suspended, and gets none to a new one till it goes on', async () => {
    const { world, reconcile } = started();
    await reconcile();
    world.team.spec.suspend = true;
    world.others = [another];
    await reconcile();
    expect(world.owned).toEqual(['orders-data']);
    world.dataset = given;
    await reconcile();
    expect(world.owned).toEqual([]);
    expect(findCondition(world.team.status.conditions, 'Ready')).toMatchObject({
      status: 'False',
      reason: 'Suspended',
    });
    world.team.spec.suspend = false;
    await reconcile();
    expect(world.owned).toEqual(['later-data']);
  });

  it.each(['Suspended', 'StackFailed'])('loses its rights to it while its environment says %s', async (reason) => {
    const { world, reconcile } = started();
    await reconcile();
    const conditions = [{ ...condition, status: 'False' as const, reason }];
    world.environment = environment('sales-prod', { spec: { owner: 'eng' }, status: { conditions } });
    world.dataset = given;
    await reconcile();
    expect(world.owned).toEqual([]);
    expect(findCondition(world.team.status.conditions, 'Ready')).toMatchObject({ reason: 'EnvironmentNotReady' });
  });

  it('has no stack made for taking rights where somebody has deleted it', async () => {
    const { world, reconcile } = started();
    await reconcile();
    world.team.spec.suspend = true;
    world.dataset = given;
    world.stands = false;
    world.owned = undefined;
    await reconcile();
    expect(world.owned).toBeUndefined();
    expect(world.team.status.datasets).toEqual([]);
  });

  it('loses its rights to it although it is the Team of a group that owns the environment by now', async () => {
    const { world, reconcile } = started();
    await reconcile();
    world.environment.spec.owner = 'sales';
    world.dataset = given;
    await reconcile();
    expect(world.owned).toEqual([]);
    expect(findCondition(world.team.status.conditions, 'Ready')).toMatchObject({ reason: 'GroupTaken' });
  });

  it('says while it waits that its role still has rights, if they cannot be taken', async () => {
    const { world, reconcile } = started();
    await reconcile();
    world.team.spec.suspend = true;
    world.dataset = given;
    world.failure = 'the policy is too large';
    await reconcile();
    const told = 'spec.suspend is true; its role loses what it is not to have any more: the policy is too large';
    expect(findCondition(world.team.status.conditions, 'Ready')).toMatchObject({ reason: 'Suspended', message: told });
  });

  it('loses its rights to it while it is suspended, also where a change of its stack had begun', async () => {
    const { world, reconcile } = started();
    await reconcile();
    world.dataset = given;
    world.failure = 'not yet';
    await reconcile();
    world.team.spec.suspend = true;
    world.failure = undefined;
    world.owned = undefined;
    await reconcile();
    expect(world.owned).toEqual([]);
    expect(world.team.status.datasets).toEqual([]);
  });
});

it('that ends with its stack retained keeps its finalizer until the role has no right to data', async () => {
  const { world, reconcile } = started();
  await reconcile();
  world.environment = environment('sales-prod', { spec: { owner: 'eng', deletionPolicy: 'Retain' } });
  world.team = { ...world.team, metadata: { ...world.team.metadata, deletionTimestamp: '2026-06-01T00:00:00Z' } };
  world.failure = 'CloudFormation is not done';
  await reconcile();
  expect(world.finalizer).toBe(true);
  expect(findCondition(world.team.status.conditions, 'Ready')).toMatchObject({
    reason: 'Deleting',
    message: 'its role loses what its group owned: CloudFormation is not done',
  });
  world.failure = undefined;
  await reconcile();
  expect(world.owned).toEqual([]);
  expect(world.finalizer).toBe(false);
});

it('whose group owns more than its role has room for gets the oldest, says which are left out, and still loses what is given away', async () => {
  const { world, reconcile } = started();
  const numbered = (index: number) => {
    const id = String(index).padStart(8, '0');
    return dataset({
      metadata: { name: `many-${id}`, creationTimestamp: `2026-02-01T00:00:00.${String(index).padStart(3, '0')}Z` },
      status: { id, bucket: `many-${'long'.repeat(10)}-${id}`, glueDatabase: `many_${id}` },
    });
  };
  await reconcile();
  world.others = Array.from({ length: 500 }, (_, index) => numbered(index));
  await reconcile();
  const had = world.owned ?? [];
  expect(had).toContain('orders-data');
  expect(had.length).toBeGreaterThan(80);
  expect(had.length).toBeLessThan(500);
  expect(world.team.status.policies?.length).toBeLessThanOrEqual(7);
  expect(findCondition(world.team.status.conditions, 'Ready')?.status).toBe('True');
  expect(findCondition(world.team.status.conditions, 'DatasetsLeftOut')).toMatchObject({
    status: 'True',
    reason: 'QuotaExceeded',
    message: expect.stringContaining(`no room for many-${String(had.length - 1).padStart(8, '0')}`) as string,
  });
  world.dataset = given;
  // Older than all of them, and no reason to take anything from the role.
  world.others.push(
    dataset({
      metadata: { name: 'old', creationTimestamp: '2025-01-01T00:00:00Z' },
      status: { id: 'oldest00', bucket: 'old' },
    }),
  );
  await reconcile();
  expect(world.owned).not.toContain('orders-data');
  expect(had.filter((bucket) => world.owned?.includes(bucket) !== true)).toEqual(['orders-data']);
});
