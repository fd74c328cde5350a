// Data cells filters: what one may name, and how it changes.
import * as lake from '@aws-sdk/client-lakeformation';
import { beforeEach, describe, expect, it } from 'vitest';
import { openReaderScene } from './reader-scene.ts';
import type { Clients } from './share-scene.ts';
import * as stage from './share-scene.ts';

const { DATABASE, PRODUCER, TABLE } = stage;

let admin: Clients;
beforeEach(async () => {
  ({ admin } = await openReaderScene());
});

describe('data cells filters', () => {
  const create = async (data: Partial<lake.DataCellsFilter>) =>
    admin.lake.send(
      new lake.CreateDataCellsFilterCommand({
        TableData: {
          TableCatalogId: PRODUCER,
          DatabaseName: DATABASE,
          TableName: TABLE,
          Name: 'f',
          ColumnWildcard: {},
          ...data,
        },
      }),
    );

  it.each<[string, Partial<lake.DataCellsFilter>, string]>([
    ['an unknown column in its rows', { RowFilter: { FilterExpression: "country = 'x'" } }, 'InvalidInputException'],
    ['wrong syntax', { RowFilter: { FilterExpression: 'region =' } }, 'InvalidInputException'],
    ['an unknown column in its columns', { ColumnWildcard: undefined, ColumnNames: ['none'] }, 'InvalidInputException'],
    ['no columns', { ColumnWildcard: undefined }, 'InvalidInputException'],
    ['an unknown table', { TableName: 'none' }, 'EntityNotFoundException'],
    ['a foreign table', { TableCatalogId: stage.CONSUMER }, 'AccessDeniedException'],
  ])('are refused with %s', async (_what, data, name) => {
    await expect(create(data)).rejects.toMatchObject({ name });
  });

  it('are made once, read, changed by version, listed and deleted', async () => {
    const named = { TableCatalogId: PRODUCER, DatabaseName: DATABASE, TableName: TABLE, Name: 'f' };
    await create({ RowFilter: { FilterExpression: "region = 'eu'" } });
    await expect(create({})).rejects.toMatchObject({ name: 'AlreadyExistsException' });
    const { DataCellsFilter: made } = await admin.lake.send(new lake.GetDataCellsFilterCommand(named));
    expect(made).toMatchObject({ RowFilter: { FilterExpression: "region = 'eu'" }, ColumnWildcard: {} });
    const change = (VersionId: string | undefined) =>
      admin.lake.send(
        new lake.UpdateDataCellsFilterCommand({ TableData: { ...named, ColumnNames: ['id'], VersionId } }),
      );
    await expect(change('other')).rejects.toMatchObject({ name: 'ConcurrentModificationException' });
    await change(made?.VersionId);
    const list = new lake.ListDataCellsFilterCommand({
      Table: { CatalogId: PRODUCER, DatabaseName: DATABASE, Name: TABLE },
    });
    expect((await admin.lake.send(list)).DataCellsFilters).toMatchObject([{ Name: 'f', ColumnNames: ['id'] }]);
    await admin.lake.send(new lake.DeleteDataCellsFilterCommand(named));
    expect((await admin.lake.send(list)).DataCellsFilters).toEqual([]);
  });
});
