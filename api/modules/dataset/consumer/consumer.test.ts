// Who was given some of a dataset sees of it what the share shows.

import { describe, expect, it } from 'vitest';
import { datasetTableKind } from '../../../../operator/resources/dataset-table.ts';
import { shareRequestKind } from '../../../../operator/resources/share-request.ts';
import { databaseServer } from '../../../../test/support/database.ts';
import type { Person } from '../../../../test/support/gateway-scene.ts';
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

  it('shows no more by another request of theirs that asks for all, and no other operation does', async () => {
    const scene = await filteredScene();
    await scene.give(['ids']);
    const items = [{ ...ordersTable, state: 'PendingApproval' }];
    const second = { namespace: 'marketing-prod', name: 'all-of-it' };
    await scene.put(shareRequestKind, second, share('marketing', [ordersTable]), { items });
    const { uri } = await scene.database
      .selectFrom('share_request')
      .select('uri')
      .where('name', '=', second.name)
      .executeTakeFirstOrThrow();
    const names = (page: Query['listDatasetTableColumns']) => page?.nodes?.map((column) => column?.name);
    const { table } = scene.uris;
    const asked = await scene.consumer.ask<Query>(COLUMNS, { table, share: uri });
    expect(names(asked.listSharedDatasetTableColumns)).toEqual(['id']);
    const all = `query ($table: String!) { getDatasetTable(tableUri: $table) { columns { nodes { name } } }
      listDatasetTableColumns(tableUri: $table) { nodes { name } } }`;
    const told = await scene.consumer.ask<Query>(all, { table });
    expect([names(told.getDatasetTable?.columns), names(told.listDatasetTableColumns)]).toEqual([['id'], ['id']]);
    const edit = `mutation ($column: String!) { updateDatasetTableColumn(columnUri: $column, input: {}) { name } }`;
    expect(await scene.consumer.refused(edit, { column: `${table}.region` })).toMatchObject({
      code: 'ResourceNotFound',
    });
    const owners = await scene.owner.ask<Query>(all, { table });
    expect(names(owners.listDatasetTableColumns)).toEqual(['id', 'region', 'day']);
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

  it('tells who only asks for a table by a filter nothing of what that shows', async () => {
    const scene = await filteredScene();
    const item = { ...ordersTable, filters: ['eu'] };
    const items = [{ ...ordersTable, state: 'PendingApproval' }];
    await scene.put(shareRequestKind, NAME, share('marketing', [item]), { items });
    const told = async (person: Person) => person.ask<Query>(FILTERS, { uri: scene.attached });
    expect(await told(scene.consumer)).toEqual({ listTableDataFiltersByAttached: { nodes: [] } });
    expect(await told(scene.owner)).toMatchObject({ listTableDataFiltersByAttached: { nodes: [{ name: 'eu' }] } });
  });

  it('tells strangers nothing', async () => {
    const scene = await filteredScene();
    expect(await scene.stranger.refused(FILTERS, { uri: scene.attached })).toMatchObject({ code: 'ResourceNotFound' });
    expect(await scene.consumer.refused(FILTERS, {})).toMatchObject({ code: 'RequiredParameter' });
  });
});
