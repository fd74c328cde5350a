// The names by which data is read are told to both sides of a share, while it is given.

import { describe, expect, it } from 'vitest';
import { databaseServer } from '../../../../test/support/database.ts';
import { ask, givenShare } from '../testing/share-scene.ts';

const postgres = databaseServer();

const address = `query ($share: String!) { getShareObject(shareUri: $share) { consumerAccount athenaWorkgroup
  items(filter: {isShared: true}) { nodes { itemName address { database table accessPointAlias bucket prefix } } } } }`;

const table = { kind: 'Table', name: 'orders', state: 'Granted' };

describe('What is given', () => {
  it('has the names by which it is read, once it is given and no longer', async () => {
    const { mary, sally, zoe, share, say } = await givenShare(postgres);
    const expected = [{ itemName: 'orders', address: { database: 'sales_shared', table: 'orders' } }];
    for (const person of [mary, sally])
      expect(await ask(person, address, { share })).toMatchObject({ items: { nodes: expected } });
    expect(await zoe.refused(address, { share })).toMatchObject({ code: 'ResourceNotFound' });
    await say({ observedGeneration: 9, items: [{ ...table, state: 'Revoking' }] });
    expect(await ask(mary, address, { share })).toMatchObject({ items: { nodes: [{ address: null }] } });
  });

  it('is in an environment that is named to who may see it, and not to who gave it', async () => {
    const { mary, sally, share } = await givenShare(postgres);
    const place = `query ($share: String!) { getShareObject(shareUri: $share) { principal { environmentUri } } }`;
    expect(await ask(mary, place, { share })).toEqual({ principal: { environmentUri: 'markprod' } });
    expect(await ask(sally, place, { share })).toEqual({ principal: { environmentUri: null } });
  });
});
