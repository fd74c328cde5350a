// Subscriptions as people have them: over HTTP, from gateways as they are started, signed in at a real provider, told by a real PostgreSQL. What they
// show, to whom, and from when on not any more.

import { describe, expect, it, onTestFinished } from 'vitest';
import { datasetKind } from '../../operator/resources/dataset.ts';
import { environmentKind } from '../../operator/resources/environment.ts';
import { organizationKind } from '../../operator/resources/organization.ts';
import { shareApprovalKind } from '../../operator/resources/share-approval.ts';
import { shareRequestKind } from '../../operator/resources/share-request.ts';
import { tenantKind } from '../../operator/resources/tenant.ts';
import * as objects from '../support/index-scene.ts';
import {
  clientOf,
  countOf,
  liveScene,
  SHARE,
  shown,
  subscribe,
  type Headers,
  type LiveShare,
} from '../support/live-scene.ts';

const { put, ordersTable } = objects;
const scene = liveScene();

const ORDERS = { namespace: 'sales-prod', name: 'orders' };
const INBOX = 'subscription { inboxChanged { unreadNotifications requestsToDecide } }';

/** Says so and nothing else. */
const gone = (field: string): unknown => ({
  data: { [field]: null },
  errors: [expect.objectContaining({ extensions: expect.objectContaining({ code: 'ResourceNotFound' }) })],
});

const approve = async ({ approval, name }: LiveShare): Promise<unknown> =>
  put(scene().api, shareApprovalKind, approval, {
    ...objects.approval('sales', [ordersTable]),
    requestRef: name,
  });

const subscribed = async (who: string, by: 'session' | 'token', single = false) => {
  const { door, token, share } = scene();
  const headers: Headers = by === 'session' ? await door.session(who) : await token(who);
  const asked = await share();
  const subscription = subscribe(clientOf(door, headers, single), SHARE, { uri: asked.uri });
  await expect.poll(() => subscription.events).toHaveLength(1);
  return { headers, share: asked, ...subscription };
};

describe('A subscription to a share', () => {
  it.each([
    ['a stream of its own', false],
    ['one stream for many', true],
  ])('shows it as it is, and again when it was changed by whatever hand, on %s', async (_, single) => {
    const { share, events } = await subscribed('analyst', 'token', single);
    expect(events).toEqual([shown({ shareUri: share.uri, status: 'Submitted', requestPurpose: '' })]);
    await share.say('Because of the campaign');
    await expect.poll(() => events).toHaveLength(2);
    expect(events[1]).toEqual(shown({ requestPurpose: 'Because of the campaign' }));
  });

  it('shows what is decided about it, and that the decision is gone', async () => {
    const { share, events } = await subscribed('analyst', 'token');
    await approve(share);
    await expect.poll(() => events.at(-1)).toEqual(shown({ status: 'Approved' }));
    await scene().api.delete(shareApprovalKind, share.approval);
    await expect.poll(() => events.at(-1)).toEqual(shown({ status: 'Submitted' }));
  });

  it('sends nothing while what it selects stays as it is', async () => {
    const { gateway: start, token, share: request } = scene();
    const [gateway, share] = [await start(), await request()];
    const client = clientOf(gateway, await token('analyst'), true);
    const status = 'subscription ($uri: String!) { shareChanged(shareUri: $uri) { status } }';
    const [selected, all] = [status, SHARE].map((document) => subscribe(client, document, { uri: share.uri }));
    await expect.poll(() => [selected?.events.length, all?.events.length]).toEqual([1, 1]);
    await share.say('Because of the campaign');
    await expect.poll(() => all?.events).toHaveLength(2);
    await expect.poll(() => countOf(gateway, 'dataall_live_looks_total', { result: 'unchanged' })).toBe(1);
    expect(selected?.events).toHaveLength(1);
  });

  it('sends the last of many changes, and not each of them', async () => {
    const { gateway: start, token, share: request } = scene();
    const coalesceMs = 1_000;
    const [gateway, share] = [await start({ coalesceMs }), await request()];
    const { events } = subscribe(clientOf(gateway, await token('analyst')), SHARE, { uri: share.uri });
    await expect.poll(() => events).toHaveLength(1);
    const began = performance.now();
    for (let at = 1; at <= 20; at += 1) await share.say(`Reason ${at}`);
    await expect.poll(() => events.at(-1), { timeout: 10_000 }).toEqual(shown({ requestPurpose: 'Reason 20' }));
    // The first, the change that comes alone, and one each second.
    expect(events.length).toBeLessThanOrEqual(3 + (performance.now() - began) / coalesceMs);
  });

  it('tells who may not see it what is told of one that is nowhere, once, and nothing when it changes', async () => {
    const { door, token } = scene();
    const { share, events } = await subscribed('analyst', 'token');
    const stranger = clientOf(door, await token('stranger'), true);
    const [real, nowhere] = [share.uri, 'nowhere0'].map((uri) => subscribe(stranger, SHARE, { uri }));
    await Promise.all([real?.done, nowhere?.done]);
    expect(real?.events).toEqual([gone('shareChanged')]);
    const said = (all: readonly unknown[] | undefined): string =>
      JSON.stringify(all)
        .replaceAll(share.uri, 'nowhere0')
        .replaceAll(/"requestId":"[^"]*"/g, '');
    expect(said(real?.events)).toBe(said(nowhere?.events));
    await share.say('Because of the campaign');
    await expect.poll(() => events).toHaveLength(2);
    expect(real?.events).toHaveLength(1);
  });

  it('ends with the share', async () => {
    const { share, events, done } = await subscribed('analyst', 'token');
    await scene().api.delete(shareRequestKind, share.name);
    await done;
    expect(events.slice(1)).toEqual([gone('shareChanged')]);
  });
});

const named = {
  organization: [
    organizationKind,
    { name: 'acme' },
    objects.organization('platform', ['sales', 'marketing', 'marketing-lead']),
  ],
  environment: [environmentKind, { name: 'sales-prod' }, objects.environment('sales')],
  dataset: [datasetKind, ORDERS, objects.dataset('sales', ['stewards'])],
} as const;

describe('Subscriptions', () => {
  it.each([
    ['organizationChanged(organizationUri: $uri) { label }', 'organization'],
    ['environmentChanged(environmentUri: $uri) { label }', 'environment'],
    ['datasetChanged(datasetUri: $uri) { label restricted { S3BucketName } }', 'dataset'],
  ] as const)('%s: shown to who may see it, and again once it has changed', async (field, table) => {
    const { api, database, door, token } = scene();
    const [kind, name, spec] = named[table];
    const rows = database.selectFrom(table as 'dataset').select('uri');
    const { uri } = await rows.where('name', '=', name.name).executeTakeFirstOrThrow();
    const document = `subscription ($uri: String!) { ${field} }`;
    const operation = `${table}Changed`;
    const { events } = subscribe(clientOf(door, await token('owner')), document, { uri });
    await expect.poll(() => events).toHaveLength(1);
    await put(api, kind, name, { ...spec, label: 'Renamed' });
    await expect.poll(() => events).toHaveLength(2);
    expect(events[1]).toMatchObject({ data: { [operation]: { label: 'Renamed' } } });

    const stranger = subscribe(clientOf(door, await token('stranger')), document, { uri });
    // Everybody finds a dataset, and is told no more than that.
    const found = { data: { datasetChanged: { label: 'Renamed', restricted: null } } };
    await expect.poll(() => stranger.events).toEqual([table === 'dataset' ? found : gone(operation)]);
    if (table !== 'dataset') await stranger.done;
  });

  it('inboxChanged: shows those who decide what waits for them, until it is decided and read', async () => {
    const { door, token, share: request } = scene();
    const owner = await token('owner');
    const { events } = subscribe(clientOf(door, owner), INBOX);
    const stranger = subscribe(clientOf(door, await token('stranger')), INBOX);
    const inbox = (): unknown => events.at(-1)?.data?.['inboxChanged'];
    await expect.poll(inbox).toBeDefined();
    await door.ask(owner, 'mutation { markAllNotificationsAsRead }');
    await expect.poll(inbox).toMatchObject({ unreadNotifications: 0 });
    const { requestsToDecide: before } = inbox() as { requestsToDecide: number };

    const share = await request();
    await expect.poll(inbox).toEqual({ unreadNotifications: 1, requestsToDecide: before + 1 });
    await door.ask(owner, 'mutation { markAllNotificationsAsRead }');
    await expect.poll(inbox).toEqual({ unreadNotifications: 0, requestsToDecide: before + 1 });
    await approve(share);
    await expect.poll(inbox).toEqual({ unreadNotifications: 0, requestsToDecide: before });
    expect(stranger.events).toEqual([{ data: { inboxChanged: { unreadNotifications: 0, requestsToDecide: 0 } } }]);
  });

  it.each([
    ['on streams of their own', false],
    ['on one stream', true],
  ])('of a session that began at one gateway are told at another what is changed at either, %s', async (_, single) => {
    const { door: a, gateway: start, share: request } = scene();
    const [b, share] = [await start(), await request()];
    const session = await a.session('analyst');
    const { uri } = share;
    const [here, there] = [a, b].map((gateway) => subscribe(clientOf(gateway, session, single), SHARE, { uri }));
    await expect.poll(() => [here?.events.length, there?.events.length]).toEqual([1, 1]);
    const asked = await a.ask(
      session,
      'mutation ($uri: String!) { updateShareRequestReason(shareUri: $uri, requestPurpose: "By mutation") }',
      { uri },
    );
    expect(asked).toEqual({ data: { updateShareRequestReason: true } });
    const both = async (requestPurpose: string): Promise<void> =>
      expect
        .poll(() => [here?.events.at(-1), there?.events.at(-1)])
        .toEqual([shown({ requestPurpose }), shown({ requestPurpose })]);
    await both('By mutation');
    await share.say('By kubectl');
    await both('By kubectl');
  });
});

describe('Who loses a right', () => {
  it('by leaving a group at the provider is told that it is not there, when their session learns of it', async () => {
    const { share, events, done } = await subscribed('leaver', 'session', true);
    const { users, database } = scene();
    users[2] = { name: 'leaver', groups: ['elsewhere'] };
    await database.updateTable('session').set({ fresh_until: new Date() }).where('user_name', '=', 'leaver').execute();
    await share.say('Not for them');
    await done;
    expect(events.slice(1)).toEqual([gone('shareChanged')]);
  });

  it('because their group loses it in Kubernetes is told that it is not there, once', async () => {
    const { api } = scene();
    const { events, done } = await subscribed('owner', 'token');
    onTestFinished(async () => void (await put(api, ...named.dataset)));
    await put(api, datasetKind, ORDERS, objects.dataset('finance', ['stewards']));
    await done;
    expect(events.at(-1)).toEqual(gone('shareChanged'));
    expect(events.slice(0, -1).every(({ errors }) => errors === undefined)).toBe(true);
  });

  it.each([
    ['logs out', async (headers: Headers) => fetch(`${scene().door.url}/auth/logout`, { method: 'POST', headers })],
    ['signs everybody out in the database', async () => scene().database.deleteFrom('session').execute()],
  ])('because their session ends, since somebody %s, has no stream any more', async (_, end) => {
    const { headers, share, events, done } = await subscribed('analyst', 'session', true);
    await end(headers);
    await expect(done).rejects.toThrow();
    await share.say('Not for them');
    expect(events).toHaveLength(1);
  });

  it('while the provider cannot say whether they still have it, has no stream', async () => {
    const { provider, database } = scene();
    const { share, events, done } = await subscribed('analyst', 'session');
    provider.isDown = true;
    onTestFinished(() => void (provider.isDown = false));
    await database
      .updateTable('session')
      .set({ fresh_until: new Date(0) })
      .execute();
    await share.say('Not for them');
    await expect(done).rejects.toThrow();
    expect(events).toHaveLength(1);
  });

  it('because the installation closes for maintenance is told so, and an administrator goes on', async () => {
    const { api, door, token } = scene();
    const { share, events, done } = await subscribed('analyst', 'token');
    const admin = subscribe(clientOf(door, await token('admin')), SHARE, { uri: share.uri });
    await expect.poll(() => admin.events).toHaveLength(1);
    const tenant = async (more: object): Promise<void> =>
      void (await put(api, tenantKind, { name: 'default' }, { administrators: ['admins'], ...more }));
    onTestFinished(() => tenant({}));
    await tenant({ maintenance: { mode: 'NoAccess', message: 'until 14:00' } });
    await done;
    expect(events.slice(1)).toMatchObject([{ errors: [{ message: 'until 14:00' }] }]);
    await share.say('During maintenance');
    await expect.poll(() => admin.events.at(-1)).toEqual(shown({ requestPurpose: 'During maintenance' }));
  });
});
