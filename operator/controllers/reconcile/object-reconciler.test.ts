import { beforeEach, describe, expect, it } from 'vitest';
import { consumptionRole, NOW } from '../../access/testing/fixtures.ts';
import { AwsFault } from '../../aws/fault.ts';
import { findCondition } from '../../kernel/conditions.ts';
import type { Stored } from '../../kernel/kind.ts';
import { done, requeueAfter, type ReconcileContext, type Result } from '../../kernel/runtime/reconciler.ts';
import { consumptionRoleKind, type ConsumptionRole } from '../../resources/consumption-role.ts';
import { asReconciler, type ObjectReconciler } from './object-reconciler.ts';
import type { Platform } from './platform.ts';
import { blocked, deleting, ready, retryable, type ReconcileOutcome } from './reconcile-outcome.ts';

type Found = ReconcileOutcome<ConsumptionRole> | undefined;

const KEY = 'marketing-prod/analysts';
const stored = (changes: Parameters<typeof consumptionRole>[0] = {}): Stored<ConsumptionRole> => {
  const role = consumptionRole(changes) as Stored<ConsumptionRole>;
  return { ...role, kind: 'ConsumptionRole' };
};
const ending = stored({ metadata: { deletionTimestamp: '2026-06-01T00:00:00Z' } });

const fault = new AwsFault(
  { service: 'iam', operation: 'GetRole', account: '222222222222', region: 'eu-west-1', write: false },
  { kind: 'Throttled', code: 'Throttling', reason: 'too fast', retryable: true, outcomeUnknown: false },
);

interface World {
  object: Stored<ConsumptionRole> | undefined;
  readonly done: string[];
  status?: ConsumptionRole['status'];
}

let world: World;
beforeEach(() => {
  world = { object: stored(), done: [] };
});

/** One run about what is in the world, by a reconciler that finds this. */
const run = async (found: () => Found, peculiar: Partial<ObjectReconciler<ConsumptionRole>> = {}): Promise<Result> => {
  const { done: log } = world;
  const platform = {
    stores: { get: () => ({ get: () => world.object }) },
    removals: { forget: () => log.push('removal forgotten') },
  } as unknown as Platform;
  const context = {
    priority: 0,
    signal: new AbortController().signal,
    now: () => NOW,
    event: (_object: unknown, { reason }: { reason: string }) => log.push(`event ${reason}`),
    writer: {
      status: async (_kind: unknown, _object: unknown, status: ConsumptionRole['status']) => {
        log.push('status');
        world.status = status;
        return Promise.resolve();
      },
      removeFinalizer: async () => Promise.resolve(log.push('finalizer removed')),
    },
  } as unknown as ReconcileContext;
  const reconciler: ObjectReconciler<ConsumptionRole> = {
    kind: consumptionRoleKind,
    reconcile: found,
    finalize: found,
    statusOf: ({ status }, outcome) => ({
      id: status.id,
      account: undefined,
      principalId: outcome.status.principalId,
      policies: undefined,
      inUse: 0,
      usedBy: undefined,
    }),
    forget: (key) => log.push(`forgotten ${key}`),
    ...peculiar,
  };
  return await asReconciler(platform, reconciler)(KEY, context);
};

const readyNow = () => findCondition(world.status?.conditions, 'Ready');

describe('a run about an object', () => {
  it('stores what was found, and comes again when that says', async () => {
    expect(await run(() => ready({ principalId: 'AROA1' }, 5_000))).toMatchObject({ type: 'RequeueAfter', ms: 5_000 });
    expect(world.status).toMatchObject({ observedGeneration: world.object?.metadata.generation, principalId: 'AROA1' });
    expect(readyNow()).toMatchObject({ status: 'True', reason: 'Succeeded' });
  });

  it('stalls for reasons that last until somebody changes something, and waits for the others', async () => {
    await run(() => blocked('PrincipalTaken', 'taken'));
    expect(findCondition(world.status?.conditions, 'Stalled')).toMatchObject({ status: 'True', message: 'taken' });
    await run(() => blocked('PrincipalNotFound', 'none'));
    expect(findCondition(world.status?.conditions, 'Stalled')).toBeUndefined();
    expect(readyNow()).toMatchObject({ status: 'False', reason: 'PrincipalNotFound' });
  });

  it('that deleted the object writes nothing more about it', async () => {
    expect(await run(() => undefined)).toBe(done);
    expect(world.done).toEqual([]);
  });

  it('that is gone forgets what was known of it', async () => {
    world.object = undefined;
    expect(await run(() => ready({}, 1))).toBe(done);
    expect(world.done).toEqual([`forgotten ${KEY}`]);
  });

  it('lets others begin only once its status is stored', async () => {
    await run(() => ready({}, 1), { onStatusWritten: () => world.done.push('others begin') });
    expect(world.done).toEqual(['status', 'others begin']);
  });

  it('records an Event of the outcome as people are told it, where its kind says so', async () => {
    const adjustOutcome = () => ({ type: 'Reconciling', reason: 'RightsRefused', message: 'no' }) as const;
    await run(() => ready({}, 1), { adjustOutcome, recordsReadyEvent: true });
    expect(readyNow()).toMatchObject({ status: 'False', reason: 'RightsRefused' });
    expect(world.done).toEqual(['event RightsRefused', 'status']);
  });
});

describe('a fault of AWS', () => {
  const failing = (): never => {
    throw fault;
  };

  it('is told in the words of the kind, and tried again with backoff', async () => {
    const failed = (error: unknown) => retryable<ConsumptionRole>(error, (reason) => reason as 'Throttled');
    expect(await run(failing, { failed })).toMatchObject({ type: 'Transient', reason: 'Throttled' });
    expect(readyNow()).toMatchObject({ status: 'False', reason: 'Throttled' });
  });

  it('of a kind that asks AWS nothing is not told as if it were expected', async () => {
    await expect(run(failing)).rejects.toBe(fault);
    expect(world.done).toEqual([]);
  });
});

describe('an object that is being deleted', () => {
  beforeEach(() => {
    world.object = ending;
  });

  it('keeps its finalizer while something is left, and says what', async () => {
    expect(await run(() => deleting('its shares end first'))).toEqual(requeueAfter(1_000));
    expect(readyNow()).toMatchObject({ status: 'False', reason: 'Deleting', message: 'its shares end first' });
    expect(world.done).toEqual(['status']);
  });

  it('loses its finalizer once nothing is left, and its removal is forgotten', async () => {
    expect(await run(() => undefined)).toBe(done);
    expect(world.done).toEqual(['finalizer removed', 'removal forgotten']);
  });
});
