// What the queue of an account does to the operator of all: wakes what its messages name, and nothing worse.
import { expect, it } from 'vitest';
import { dataset, environment, team } from '../../access/testing/fixtures.ts';
import type { Specs } from '../../access/specs.ts';
import type { AccountAws } from '../../aws/account.ts';
import { sessionNameOf } from '../../aws/sessions.ts';
import type { QueueMessage } from '../../aws/services/sqs.ts';
import type { Kind } from '../../kernel/kind.ts';
import type { Stores } from '../../kernel/cache/store.ts';
import type { EnqueueOptions } from '../../kernel/runtime/reconciler.ts';
import { nextTurn } from '../../kernel/turns.ts';
import type { Environment } from '../../resources/environment.ts';
import type { Team } from '../../resources/team.ts';
import { MOST_NAMES } from './cloudtrail-event.ts';
import { eventQueueTask, isOurs, type EventObserver } from './account-events.ts';
import type { Platform } from '../reconcile/platform.ts';

interface Scene {
  readonly teams?: readonly Team[];
  /** How often each message came before. */
  readonly deliveries?: number;
}

/** Listens until the queue of an environment, whose dataset has the bucket `orders-data`, is empty. */
const listening = async (bodies: readonly string[], { teams = [], deliveries = 1 }: Scene = {}) => {
  const end = new AbortController();
  const world = {
    left: [] as readonly QueueMessage[],
    woken: [] as string[],
    ignored: [] as string[],
    caused: [] as number[],
    received: 0,
    /** When the queue was asked, by the monotonic clock. */
    askedAt: [] as number[],
    lookUps: 0,
    mostInOneTurn: 0,
    errors: 0,
  };
  world.left = bodies.map((body, index) => ({ id: `m${index}`, receipt: `r${index}`, body, deliveries }));
  const pivotRole = { arn: 'arn:aws:iam::111111111111:role/dataallPivotRole', id: 'AROAPIVOT' };
  const sales = environment('sales-prod', { status: { pivotRole, queue: { url: 'https://queue', arn: 'arn' } } });
  let inThisTurn = 0;
  const aws = {
    sqs: {
      receive: async () => {
        world.askedAt.push(performance.now());
        return Promise.resolve(world.left.slice(0, 10));
      },
      deleteMessages: async (_url: string, handled: readonly QueueMessage[]) => {
        world.left = world.left.filter((message) => !handled.includes(message));
        if (world.left.length === 0) end.abort();
        return Promise.resolve([]);
      },
    },
  };
  const platform = {
    config: { installation: 'acme' },
    stores: {
      get: ({ kind }: Kind) => ({
        list: () => ({ Environment: [sales], Team: teams })[kind] ?? [],
        get: () => sales,
      }),
    } as unknown as Stores,
    specs: {
      datasetsOfBucket: (name) => {
        world.lookUps += 1;
        inThisTurn += 1;
        world.mostInOneTurn = Math.max(world.mostInOneTurn, inThisTurn);
        return name === 'orders-data' || name.includes('\ud83d') ? [dataset({ status: { bucket: name } })] : [];
      },
    } as Partial<Specs>,
    accountOf: () => aws as unknown as AccountAws,
    enqueue: (_controller: string, key: string, options?: EnqueueOptions) => {
      world.woken.push(key);
      options?.onStart?.();
    },
  } as Partial<Record<keyof Platform, unknown>> as unknown as Platform;
  const log = { error: () => (world.errors += 1), warn: () => undefined };
  const observer: EventObserver = {
    received: () => (world.received += 1),
    ignored: (why) => world.ignored.push(why),
    caused: (happenedAt) => world.caused.push(happenedAt),
  };
  const listener = eventQueueTask(platform, log, observer).run(end.signal);
  while (!end.signal.aborted) {
    await nextTurn();
    inThisTurn = 0;
  }
  await listener;
  return world;
};

const s3Event = (requestParameters: object): string =>
  JSON.stringify({ detail: { eventSource: 's3.amazonaws.com', eventName: 'PutBucketPolicy', requestParameters } });

const event = (bucketName: string): string => s3Event({ bucketName });

const OF_ORDERS = [
  'bucket-policy:111111111111:eu-west-1:orders-data',
  'registration:111111111111:eu-west-1:orders-data',
];

it('throws away a message that cannot be handled, and handles those that came with it', async () => {
  const halfOfACharacter = '\ud83d';
  const { left, woken, errors } = await listening([event(halfOfACharacter), event('orders-data')]);
  expect(left).toEqual([]);
  expect(woken).toEqual(OF_ORDERS);
  expect(errors).toBe(1);
});

it.each([1, 10, 30])(
  '%i messages that name 8,000 buckets each wake what is known, and hold up nobody else',
  async (messages) => {
    const bucket = Array.from({ length: 8_000 }, (_, index) => ({
      bucketName: index === 7 ? 'orders-data' : `b${index}`,
    }));
    const { left, woken, lookUps, mostInOneTurn } = await listening(
      Array.from({ length: messages }, () => s3Event({ bucket })),
    );
    expect(left).toEqual([]);
    expect(new Set(woken)).toEqual(new Set(OF_ORDERS));
    expect(lookUps).toBeLessThanOrEqual(messages * MOST_NAMES);
    expect(mostInOneTurn).toBeLessThanOrEqual(25);
  },
);

it('takes a hundred messages a second from one account at most: more wait in its queue', async () => {
  const { askedAt, received } = await listening(Array.from({ length: 50 }, () => event('nobodys')));
  expect(received).toBe(50);
  expect(askedAt).toHaveLength(5);
  const pauses = askedAt.slice(1).map((at, index) => at - (askedAt[index] ?? 0));
  // Timers may be a millisecond early.
  for (const pause of pauses) expect(pause).toBeGreaterThanOrEqual(98);
});

it('wakes nothing for names that no object speaks for', async () => {
  const events = [
    s3Event({ bucketName: 'nobodys' }),
    JSON.stringify({
      detail: { eventSource: 'iam.amazonaws.com', eventName: 'DeleteRole', requestParameters: { roleName: 'nobody' } },
    }),
  ];
  expect((await listening(events)).woken).toEqual([]);
});

it('tells of each message that makes no work why, and of each that does when it happened', async () => {
  const ours = { principalId: `AROAPIVOT:${sessionNameOf('acme', 7)}` };
  const detail = (more: object): string =>
    JSON.stringify({
      detail: { eventSource: 's3.amazonaws.com', eventName: 'PutBucketPolicy', requestParameters: {}, ...more },
    });
  const happened = { requestParameters: { bucketName: 'orders-data' }, eventTime: '2026-06-01T12:00:00Z' };
  const { received, ignored, caused } = await listening([
    detail(happened),
    detail({ ...happened, userIdentity: ours }),
    detail({ requestParameters: { bucketName: 'nobodys' } }),
    'no json',
    event('\ud83d'),
  ]);
  expect(received).toBe(5);
  expect(ignored).toEqual(['Ours', 'Unrelated', 'Malformed', 'Failed']);
  expect(caused).toEqual(OF_ORDERS.map(() => Date.parse('2026-06-01T12:00:00Z')));
  expect((await listening([event('orders-data')], { deliveries: 6 })).ignored).toEqual(['Undeliverable']);
});

it('gives up a message that was never handled to its end, and does not handle it again', async () => {
  const { left, woken } = await listening([event('orders-data')], { deliveries: 6 });
  expect([left, woken]).toEqual([[], []]);
  expect((await listening([event('orders-data')], { deliveries: 5 })).woken).toEqual(OF_ORDERS);
});

it('has the controller of a team look at its role when that was made anew', async () => {
  const made = JSON.stringify({
    detail: { eventSource: 'iam.amazonaws.com', eventName: 'CreateRole', requestParameters: { roleName: 'brought' } },
  });
  const brought = team('sales-prod', { status: { roleArn: 'arn:aws:iam::111111111111:role/brought' } });
  const { woken } = await listening([made], { teams: [brought] });
  expect(woken).toContain(`sales-prod/${brought.metadata.name}`);
});

it('knows what the pivot role did in our sessions, and looks at what others did in sessions that are called like ours', () => {
  const session = sessionNameOf('acme', 7);
  const environment = (id: string | undefined): Pick<Environment, 'status'> => ({
    status: { observedGeneration: 1, pivotRole: { arn: 'arn:aws:iam::222222222222:role/dataallPivotRole', id } },
  });
  expect(isOurs('acme', environment('AROAPIVOT'), { principalId: `AROAPIVOT:${session}` })).toBe(true);
  for (const principalId of [`AROAOTHER:${session}`, 'AROAPIVOT:mallory', `AIDA:AROAPIVOT:${session}`, session])
    expect(isOurs('acme', environment('AROAPIVOT'), { principalId })).toBe(false);
  expect(isOurs('acme', environment(undefined), { principalId: `undefined:${session}` })).toBe(false);
});
