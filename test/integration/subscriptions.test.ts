// Subscriptions as people have them: over HTTP, from gateways as they are started, signed in at a real provider, told by a real PostgreSQL.

import { describe, expect, it } from 'vitest';
import { shareRequestKind } from '../../operator/resources/share-request.ts';
import { databaseServer } from '../support/database.ts';
import { ordersTable, put, share } from '../support/index-scene.ts';
import { clientOf, liveScene, subscribe, type LiveScene } from '../support/live-scene.ts';

const postgres = databaseServer();

const SHARE = 'subscription ($uri: String!) { shareChanged(shareUri: $uri) { shareUri status requestPurpose } }';

const shareUri = async ({ database }: LiveScene): Promise<string> =>
  (await database.selectFrom('share_request').select('uri').where('name', '=', 'for-us').executeTakeFirstOrThrow()).uri;

/** What the request says, changed as by kubectl. */
const sayPurpose = async ({ api }: LiveScene, purpose: string): Promise<unknown> =>
  put(
    api,
    shareRequestKind,
    { namespace: 'marketing-prod', name: 'for-us' },
    share('marketing', [ordersTable, { kind: 'Folder', name: 'raw' }], { purpose }),
  );

const shown = (requestPurpose: string | null, uri: string) =>
  expect.objectContaining({ data: { shareChanged: expect.objectContaining({ shareUri: uri, requestPurpose }) } });

describe('A subscription', () => {
  it.each([
    ['a stream of its own', false],
    ['one stream for many', true],
  ])('shows a share as it is, and again when it was changed by whatever hand, on %s', async (_, single) => {
    const scene = await liveScene(postgres);
    const gateway = await scene.gateway();
    const uri = await shareUri(scene);
    const { events } = subscribe(clientOf(gateway, await scene.token('analyst'), single), SHARE, { uri });
    await expect.poll(() => events).toEqual([shown(null, uri)]);
    await sayPurpose(scene, 'Because of the campaign');
    await expect.poll(() => events).toEqual([shown(null, uri), shown('Because of the campaign', uri)]);
  });
});
