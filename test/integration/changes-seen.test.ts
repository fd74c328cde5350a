// What a page that is open hears: that something of what its person may see has changed, and nothing of what they may not.

import { expect, it, onTestFinished } from 'vitest';
import type { ChangedObject } from '../../api/graphql/schema-types.ts';
import type { ObjectName } from '../../operator/kernel/kind.ts';
import { datasetKind } from '../../operator/resources/dataset.ts';
import { shareApprovalKind } from '../../operator/resources/share-approval.ts';
import { shareRequestKind } from '../../operator/resources/share-request.ts';
import * as objects from '../support/index-scene.ts';
import {
  clientOf,
  liveScene,
  subscribe,
  type Headers,
  type LiveGateway,
  type Subscribed,
} from '../support/live-scene.ts';

const { put, ordersTable } = objects;
const scene = liveScene();

interface Told {
  readonly number: number;
  readonly everything: boolean;
  readonly objects: readonly ChangedObject[];
}

const toldOf = ({ events }: Subscribed): Told[] => events.map(({ data }) => data?.['changes'] as Told);

/** The kinds that were told of an object so far. */
const kindsTold = (subscribed: Subscribed, uri: string): Set<string> =>
  new Set(
    toldOf(subscribed)
      .flatMap((told) => told.objects)
      .filter((object) => object.uri === uri)
      .map(({ kind }) => kind),
  );

/** Has heard its first answer. */
async function listens(gateway: LiveGateway, headers: Headers): Promise<Subscribed> {
  const subscribed = subscribe(
    clientOf(gateway, headers),
    'subscription { changes { number everything objects { kind uri } } }',
  );
  await expect.poll(() => toldOf(subscribed)).toEqual([{ number: 1, everything: true, objects: [] }]);
  return subscribed;
}

it('Both sides of a share and administrators hear that it was asked for, decided and deleted, by whatever hand; a stranger hears nothing', async () => {
  const { api, door, gateway, token, share: request } = scene();
  const other = await gateway();
  const [analyst, owner, admin, stranger] = await Promise.all([
    listens(door, await token('analyst')),
    listens(other, await token('owner')),
    listens(door, await token('admin')),
    listens(other, await token('stranger')),
  ]);
  const share = await request();
  const everybody = [analyst, owner, admin];
  for (const one of everybody) await expect.poll(() => kindsTold(one, share.uri)).toContain('ShareRequest');
  // A request waits for those who decide.
  await expect.poll(() => kindsTold(owner, '')).toContain('Inbox');

  const heard = everybody.map((one) => one.events.length);
  await put(api, shareApprovalKind, share.approval, {
    ...objects.approval('sales', [ordersTable]),
    requestRef: share.name,
  });
  for (const [at, one] of everybody.entries())
    await expect
      .poll(() =>
        toldOf(one)
          .slice(heard[at])
          .flatMap((told) => told.objects),
      )
      .toContainEqual({ kind: 'ShareRequest', uri: share.uri });

  const decided = everybody.map((one) => one.events.length);
  await api.delete(shareRequestKind, share.name);
  for (const [at, one] of everybody.entries())
    await expect
      .poll(() =>
        toldOf(one)
          .slice(decided[at])
          .flatMap((told) => told.objects),
      )
      .toContainEqual({ kind: 'ShareRequest', uri: share.uri });
  expect(stranger.events).toHaveLength(1);
});

it('Who loses the right to see a dataset hears of that once, and of nothing that is done to it afterwards', async () => {
  const { api, database, door, token } = scene();
  const [orders, marker] = [
    { namespace: 'sales-prod', name: 'orders' },
    { namespace: 'sales-prod', name: 'marker' },
  ];
  onTestFinished(async () => {
    await put(api, datasetKind, orders, objects.dataset('sales', ['stewards']));
    await api.delete(datasetKind, marker);
  });
  const row = async ({ name }: ObjectName) =>
    database.selectFrom('dataset').select(['uri', 'label']).where('name', '=', name).executeTakeFirst();
  const uri = (await row(orders))?.uri ?? '';
  // A steward sees it for that alone; the owner of its environment would see it still.
  const steward = await listens(door, await token('steward'));
  await put(api, datasetKind, orders, objects.dataset('sales'));
  await expect.poll(() => kindsTold(steward, uri)).toContain('Dataset');
  await put(api, datasetKind, orders, { ...objects.dataset('sales'), label: 'Renamed' });
  await expect.poll(async () => (await row(orders))?.label).toBe('Renamed');

  // What is told is heard in the order in which it was written: with this, all of it was.
  await put(api, datasetKind, marker, objects.dataset('sales', ['stewards']));
  await expect.poll(async () => row(marker)).toBeDefined();
  const markerUri = (await row(marker))?.uri ?? '';
  await expect.poll(() => kindsTold(steward, markerUri)).toContain('Dataset');
  const told = toldOf(steward).flatMap((one) => one.objects);
  expect(told.filter((object) => object.uri === uri)).toEqual([{ kind: 'Dataset', uri }]);
});

it('Who leaves a group hears nothing of what it sees any more, from when their session learns of it', async () => {
  const { door, users, database, token, share: request } = scene();
  const share = await request();
  const [leaver, analyst] = [
    await listens(door, await door.session('leaver')),
    await listens(door, await token('analyst')),
  ];
  const at = users.findIndex(({ name }) => name === 'leaver');
  const user = users[at];
  users[at] = { name: 'leaver', groups: ['elsewhere'] };
  onTestFinished(() => void (user && (users[at] = user)));
  await database.updateTable('session').set({ fresh_until: new Date() }).where('user_name', '=', 'leaver').execute();
  await share.say('They are on their way out');
  // What they could see may be another now: they are told so, and not what it is.
  await expect.poll(() => toldOf(leaver).at(-1)).toMatchObject({ everything: true, objects: [] });
  await expect.poll(() => kindsTold(analyst, share.uri)).toContain('ShareRequest');
  const heard = { leaver: leaver.events.length, analyst: analyst.events.length };
  await share.say('Not for them');
  await expect.poll(() => analyst.events.length).toBeGreaterThan(heard.analyst);
  expect(
    toldOf(leaver)
      .slice(heard.leaver)
      .flatMap((told) => told.objects),
  ).toEqual([]);
});
