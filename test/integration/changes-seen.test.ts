// What a page that is open hears: that something of what its person may see has changed, and nothing of what they may not.

import { sql } from 'kysely';
import { expect, it, onTestFinished } from 'vitest';
import type { ChangedObject } from '../../api/graphql/schema-types.ts';
import { CHANGES_CHANNEL } from '../../api/read-model/changes-channel.ts';
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

const objectsTold = (subscribed: Subscribed): ChangedObject[] =>
  toldOf(subscribed).flatMap((told) => [...told.objects]);

const MARK = 'Organization';
let marks = 0;

/** What is told is heard in the order in which it was written: with a mark that is told now, all that was told before. */
async function hasHeardAll(subscribed: Subscribed, group: string): Promise<void> {
  const mark = `mark-${(marks += 1)}`;
  await sql`select pg_notify(${CHANGES_CHANNEL}, ${`Seen ${MARK} ${mark} ${group}`})`.execute(scene().database);
  await expect.poll(() => kindsTold(subscribed, mark)).toContain(MARK);
}

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
  const orders = { namespace: 'sales-prod', name: 'orders' };
  onTestFinished(async () => void (await put(api, datasetKind, orders, objects.dataset('sales', ['stewards']))));
  const row = async () =>
    database.selectFrom('dataset').select(['uri', 'label']).where('name', '=', 'orders').executeTakeFirstOrThrow();
  const { uri } = await row();
  // A steward sees it for that alone; the owner of its environment would see it still.
  const steward = await listens(door, await token('steward'));
  await put(api, datasetKind, orders, objects.dataset('sales'));
  await expect.poll(() => kindsTold(steward, uri)).toContain('Dataset');
  await put(api, datasetKind, orders, { ...objects.dataset('sales'), label: 'Renamed' });
  await expect.poll(async () => (await row()).label).toBe('Renamed');
  await hasHeardAll(steward, 'stewards');
  expect(objectsTold(steward).filter((object) => object.uri === uri)).toEqual([{ kind: 'Dataset', uri }]);
});

it('A decision that lies elsewhere, and a draft, wake nobody whom they do not concern', async () => {
  const { api, database, door, token, share: request } = scene();
  const share = await request();
  const items = database
    .selectFrom('share_item')
    .innerJoin('share_request', 'uid', 'parent_uid')
    .select('share_item.state')
    .where('uri', '=', share.uri);
  await expect.poll(async () => items.execute()).toEqual([{ state: 'PendingApproval' }]);
  const [analyst, owner] = [await listens(door, await token('analyst')), await listens(door, await token('owner'))];
  await hasHeardAll(analyst, 'marketing');
  await hasHeardAll(owner, 'sales');
  const heard = { analyst: objectsTold(analyst).length, owner: objectsTold(owner).length };

  const elsewhere = { namespace: 'marketing-prod', name: share.approval.name };
  const draft = { namespace: 'marketing-prod', name: 'draft' };
  onTestFinished(async () => {
    await api.delete(shareApprovalKind, elsewhere);
    await api.delete(shareRequestKind, draft);
  });
  // Whoever has a dataset of that name in their environment may decide about it, and names any request.
  const misdirected = { ...objects.approval('marketing-lead', [ordersTable]), requestRef: share.name };
  await put(api, shareApprovalKind, elsewhere, misdirected);
  await put(api, shareApprovalKind, elsewhere, { ...misdirected, reason: 'Once more' });
  const reasons = database.selectFrom('share_approval').select('decision_reason as reason');
  const written = async () => reasons.where('namespace', '=', elsewhere.namespace).executeTakeFirst();
  await expect.poll(written).toEqual({ reason: 'Once more' });
  await put(api, shareRequestKind, draft, objects.share('marketing', [ordersTable], { draft: true }));
  const drafts = database.selectFrom('share_request').select('uri').where('name', '=', draft.name);
  await expect.poll(async () => drafts.executeTakeFirst()).toBeDefined();
  await hasHeardAll(analyst, 'marketing');
  await hasHeardAll(owner, 'sales');
  const about = objectsTold(analyst)
    .slice(heard.analyst)
    .map(({ uri }) => uri);
  expect(about).not.toContain(share.uri);
  const unmarked = objectsTold(owner)
    .slice(heard.owner)
    .filter(({ kind }) => kind !== MARK);
  expect(unmarked).toEqual([]);
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
