// Enumerations through GraphQL, with the values that data.all's clients show.

import { expect, it } from 'vitest';
import { databaseServer } from '../../../test/support/database.ts';
import { gatewayScene } from '../../../test/support/gateway-scene.ts';

const postgres = databaseServer();

it('Enumerations are told by name and value; what is none is left out, and nothing is told without names', async () => {
  const { as } = await gatewayScene(postgres, async () => undefined);
  const query = `query ($names: [String]) { queryEnums(enums_names: $names) { name items { name value } } }`;
  const ask = async (...names: string[]) => as('somebody').ask(query, { names });
  expect(await ask('ShareableType', 'Nothing', 'Environment', '__TypeKind', 'SortDirection', 'SortDirection')).toEqual({
    queryEnums: [
      {
        name: 'ShareableType',
        items: [
          { name: 'Table', value: 'DatasetTable' },
          { name: 'StorageLocation', value: 'DatasetStorageLocation' },
          { name: 'S3Bucket', value: 'S3Bucket' },
          { name: 'RedshiftTable', value: 'RedshiftTable' },
        ],
      },
      {
        name: 'SortDirection',
        items: [
          { name: 'asc', value: 'asc' },
          { name: 'desc', value: 'desc' },
        ],
      },
    ],
  });
  expect(await ask('EnvironmentPermission', 'PolicyManagementOptions')).toMatchObject({
    queryEnums: [
      { items: expect.arrayContaining([{ name: 'Owner', value: '999' }]) },
      { items: expect.arrayContaining([{ name: 'FULLY_MANAGED', value: 'Fully-Managed' }]) },
    ],
  });
  expect(await ask()).toEqual({ queryEnums: [] });
});
