// Who was given some of a dataset sees of it what the share shows.

import { describe, expect, it } from 'vitest';
import { datasetTableKind } from '../../../../operator/resources/dataset-table.ts';
import { shareRequestKind } from '../../../../operator/resources/share-request.ts';
import { databaseServer } from '../../../../test/support/database.ts';
import { ordersTable, share } from '../../../../test/support/index-scene.ts';
import type { Query } from '../../../graphql/schema-types.ts';
import { itemId } from '../../../read-model/item-id.ts';
import { knowColumns, ordersScene } from '../testing/orders-scene.ts';

const postgres = databaseServer();

const COLUMNS = `query ($table: String!, $share: String!) { listSharedDatasetTableColumns(tableUri: $table, shareUri: $share) { nodes { name } } }`;
const FILTERS = `query ($uri: String) { listTableDataFiltersByAttached(attachedDataFilterUri: $uri) { nodes { name rowExpression } } }`;
const NAME = { namespace: 'marketing-prod', name: 'for-us' };

async function filteredScene() {
  const scene = await ordersScene(postgres);
  await knowColumns(scene);
  const filters = [
    { name: 'ids', columns: ['id'] },
    { name: 'eu', rows: "region = 'eu'", columns: ['region'] },
  ];
  const about = { datasetRef: { name: 'orders' }, table: 'orders', filters };
  await scene.put(datasetTableKind, { namespace: 'sales-prod', name: 'orders' }, about);
  const give = (names: readonly string[]) => {
    const item = { ...ordersTable, ...(names.length > 0 && { filters: names }) };
    const items = [{ ...item, state: 'Granted' }];
    return scene.put(shareRequestKind, NAME, share('marketing', [item]), { phase: 'Granted', granted: 1, items });
  };
  const { uri } = await scene.database.selectFrom('share_request').select('uri').executeTakeFirstOrThrow();
  return { ...scene, give, share: uri, attached: `filters-${itemId(uri, 'Table', 'orders')}` };
}

describe('listSharedDatasetTableColumns', () => {
  it('shows the columns that any filter of the share shows, and all where one shows all or there is none', async () => {
    const scene = await filteredScene();
    const shown = async (filters: readonly string[]) => {
      await scene.give(filters);
      const variables = { table: scene.uris.table, share: scene.share };
      const { listSharedDatasetTableColumns } = await scene.consumer.ask<Query>(COLUMNS, variables);
      return listSharedDatasetTableColumns?.nodes?.map((column) => column?.name);
    };
    expect(await shown(['ids'])).toEqual(['id']);
    expect(await shown(['ids', 'eu'])).toEqual(['id', 'region']);
    expect(await shown(['gone'])).toEqual([]);
    expect(await shown([])).toEqual(['id', 'region', 'day']);
  });

  it('is refused to strangers, and to colleagues in the environment who were not given the table', async () => {
    const scene = await filteredScene();
    const variables = { table: scene.uris.table, share: scene.share };
    expect(await scene.stranger.refused(COLUMNS, variables)).toMatchObject({ code: 'ResourceNotFound' });
    // The owner of the consumer's environment sees the request.
    expect(await scene.as('lea', 'marketing-lead').refused(COLUMNS, variables)).toMatchObject({
      code: 'UnauthorizedOperation',
    });
  });
});

describe('listTableDataFiltersByAttached', () => {
  it('tells both sides of the share what it is limited to', async () => {
    const scene = await filteredScene();
    await scene.give(['eu']);
    for (const person of [scene.consumer, scene.owner])
      expect(await person.ask<Query>(FILTERS, { uri: scene.attached })).toEqual({
        listTableDataFiltersByAttached: { nodes: [{ name: 'eu', rowExpression: "region = 'eu'" }] },
      });
  });

  it('tells strangers nothing', async () => {
    const scene = await filteredScene();
    expect(await scene.stranger.refused(FILTERS, { uri: scene.attached })).toMatchObject({ code: 'ResourceNotFound' });
    expect(await scene.consumer.refused(FILTERS, {})).toMatchObject({ code: 'RequiredParameter' });
  });
});
