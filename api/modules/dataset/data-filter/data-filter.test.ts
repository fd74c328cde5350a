// Data filters are parts of a table that can be shared; they are written into its DatasetTable.

import { describe, expect, it } from 'vitest';
import { datasetTableKind } from '../../../../operator/resources/dataset-table.ts';
import { shareRequestKind } from '../../../../operator/resources/share-request.ts';
import { databaseServer } from '../../../../test/support/database.ts';
import { ordersTable, share } from '../../../../test/support/index-scene.ts';
import type { Mutation, Query } from '../../../graphql/schema-types.ts';
import { ordersScene, type OrdersScene } from '../testing/orders-scene.ts';

const postgres = databaseServer();

const LIST = `query ($uri: String!) { listTableDataFilters(tableUri: $uri) { count nodes { filterUri name filterType rowExpression includedCols } } }`;
const CREATE = `mutation ($uri: String!, $input: NewTableDataFilterInput!) { createTableDataFilter(tableUri: $uri, input: $input) { filterUri name filterType } }`;
const DELETE = `mutation ($uri: String!) { deleteTableDataFilter(filterUri: $uri) }`;

const eu = { filterName: 'eu', filterType: 'ROW', rowExpression: "region = 'eu'" };
const filters = async (scene: OrdersScene) =>
  (await scene.stored(datasetTableKind, { namespace: 'sales-prod', name: 'orders' }))?.spec.filters;

describe('a data filter', () => {
  it('is created once, listed, and deleted', async () => {
    const scene = await ordersScene(postgres);
    const { table: uri } = scene.uris;
    const made = await scene.owner.ask<Mutation>(CREATE, { uri, input: eu });
    expect(await scene.owner.ask(CREATE, { uri, input: eu })).toEqual(made);
    await scene.owner.ask(CREATE, { uri, input: { filterName: 'ids', filterType: 'COLUMN', includedCols: ['id'] } });
    expect(await filters(scene)).toEqual([
      { name: 'eu', rows: "region = 'eu'" },
      { name: 'ids', columns: ['id'] },
    ]);
    const { listTableDataFilters } = await scene.steward.ask<Query>(LIST, { uri });
    expect(listTableDataFilters?.nodes).toMatchObject([
      { name: 'eu', filterType: 'ROW', rowExpression: "region = 'eu'", includedCols: null },
      { name: 'ids', filterType: 'COLUMN', rowExpression: null, includedCols: ['id'] },
    ]);
    await scene.owner.ask(DELETE, { uri: made.createTableDataFilter?.filterUri });
    expect(await filters(scene)).toEqual([{ name: 'ids', columns: ['id'] }]);
    expect(await scene.owner.refused(DELETE, { uri: made.createTableDataFilter?.filterUri })).toMatchObject({
      code: 'ResourceNotFound',
    });
  });

  it.each([
    ['without rows', { ...eu, rowExpression: '' }, 'RequiredParameter'],
    ['without columns', { ...eu, filterType: 'COLUMN' }, 'RequiredParameter'],
    ['of another type', { ...eu, filterType: 'CELL' }, 'InvalidInput'],
    ['with a name in capitals', { ...eu, filterName: 'EU' }, 'InvalidInput'],
    ['with a description, for which there is no place', { ...eu, description: 'Of Europe' }, 'InvalidInput'],
  ])('is not created %s', async (_what, input, code) => {
    const scene = await ordersScene(postgres);
    expect(await scene.owner.refused(CREATE, { uri: scene.uris.table, input })).toMatchObject({ code });
    expect(await filters(scene)).toBeUndefined();
  });

  it('does not change under its name, nor goes while a share is limited to it', async () => {
    const scene = await ordersScene(postgres);
    const { table: uri } = scene.uris;
    const made = await scene.owner.ask<Mutation>(CREATE, { uri, input: eu });
    const wider = { ...eu, rowExpression: 'true' };
    expect(await scene.owner.refused(CREATE, { uri, input: wider })).toMatchObject({ code: 'ResourceAlreadyExists' });
    const item = { ...ordersTable, filters: ['eu'] };
    const status = { items: [{ ...item, state: 'Granted' }] };
    await scene.put(shareRequestKind, { namespace: 'marketing-prod', name: 'eu' }, share('marketing', [item]), status);
    await scene.indexed();
    expect(await scene.owner.refused(DELETE, { uri: made.createTableDataFilter?.filterUri })).toMatchObject({
      code: 'ResourceShared',
      message: expect.stringContaining('Filter eu of table orders'),
    });
    expect(await filters(scene)).toHaveLength(1);
  });

  it('is nothing for who was given the table, or for strangers', async () => {
    const scene = await ordersScene(postgres);
    const { table: uri } = scene.uris;
    for (const person of [scene.consumer, scene.stranger]) {
      const refusals = [
        await person.refused(LIST, { uri }),
        await person.refused(CREATE, { uri, input: eu }),
        await person.refused(DELETE, { uri: `${uri}.eu` }),
      ];
      expect(refusals.map(({ code }) => code)).toEqual([
        'UnauthorizedOperation',
        'UnauthorizedOperation',
        'UnauthorizedOperation',
      ]);
    }
  });
});
