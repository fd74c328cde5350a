// What the queue of an account does to the operator of all: wakes what its messages name, and nothing worse.
import { expect, it } from 'vitest';
import { environment, team } from '../access/sharing-cast.ts';
import type { AccountAws } from '../aws/account.ts';
import { sessionNameOf } from '../aws/sessions.ts';
import type { QueueMessage } from '../aws/sqs.ts';
import type { Kind } from '../kernel/kind.ts';
import type { Stores } from '../kernel/store.ts';
import type { Environment } from '../resources/environment.ts';
import type { Team } from '../resources/team.ts';
import { eventQueueTask, isOurs } from './event-queue.ts';
import type { Platform } from './platform.ts';

/** Listens until the queue of an environment is empty. */
const listening = async (bodies: readonly string[], teams: readonly Team[] = []) => {
  const end = new AbortController();
  const world = { left: [] as readonly QueueMessage[], woken: [] as string[], errors: 0 };
  world.left = bodies.map((body, index) => ({ id: `m${index}`, receipt: `r${index}`, body, deliveries: 1 }));
  const sales = environment('sales-prod', { status: { queue: { url: 'https://queue', arn: 'arn' } } });
  const aws = {
    sqs: {
      receive: async () => Promise.resolve(world.left),
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
    accountOf: () => aws as unknown as AccountAws,
    enqueue: (_controller: string, key: string) => world.woken.push(key),
  } as Partial<Record<keyof Platform, unknown>> as unknown as Platform;
  await eventQueueTask(platform, { error: () => (world.errors += 1) }).run(end.signal);
  return world;
};

const event = (bucketName: string): string =>
  JSON.stringify({
    detail: { eventSource: 's3.amazonaws.com', eventName: 'PutBucketPolicy', requestParameters: { bucketName } },
  });

it('throws away a message that cannot be handled, and handles those that came with it', async () => {
  const halfOfACharacter = '\ud83d';
  const { left, woken, errors } = await listening([event(halfOfACharacter), event('orders')]);
  expect(left).toEqual([]);
  expect(woken).toEqual(['bucket-policy:111111111111:eu-west-1:orders', 'registration:111111111111:eu-west-1:orders']);
  expect(errors).toBe(1);
});

it('has the controller of a team look at its role when that was made anew', async () => {
  const made = JSON.stringify({
    detail: { eventSource: 'iam.amazonaws.com', eventName: 'CreateRole', requestParameters: { roleName: 'brought' } },
  });
  const brought = team('sales-prod', { status: { roleArn: 'arn:aws:iam::111111111111:role/brought' } });
  const { woken } = await listening([made], [brought]);
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
