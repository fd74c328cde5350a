// For tests of datasets: sales owns the dataset `orders`, stewards decide beside it, and marketing was given its table `orders`.

import type { DatabaseServer } from '../../../../test/support/database.ts';
import { gatewayScene, type GatewayScene, type Person } from '../../../../test/support/gateway-scene.ts';
import { dataset, populate, put } from '../../../../test/support/index-scene.ts';
import type { MemoryKubeApi } from '../../../../operator/kernel/testing/memory-kube-api.ts';
import { datasetKind, type Dataset } from '../../../../operator/resources/dataset.ts';

export interface OrdersScene extends GatewayScene {
  readonly owner: Person;
  readonly steward: Person;
  /** Of the group that was given the table. */
  readonly consumer: Person;
  readonly stranger: Person;
  readonly administrator: Person;
  /** Uris by which clients know them. */
  readonly uris: {
    readonly dataset: string;
    readonly table: string;
    readonly folder: string;
    readonly environment: string;
    readonly consumerEnvironment: string;
  };
}

export const ORDERS = { namespace: 'sales-prod', name: 'orders' };

/** What the operator says of it. */
const FOUND = {
  account: '111111111111',
  region: 'eu-west-1',
  bucket: 'acme-orders',
  glueDatabase: 'acme_orders',
  roleArn: 'arn:aws:iam::111111111111:role/dataall-orders',
  tables: { count: 1, names: ['orders'], syncedAt: '2026-11-30T12:00:00Z' },
};

/** @param parts in place of the scene's own, e.g. an operator. @param spec what the dataset says besides */
export async function ordersScene(
  postgres: DatabaseServer,
  parts: Parameters<typeof gatewayScene>[2] = {},
  spec: Partial<Dataset['spec']> = {},
): Promise<OrdersScene> {
  const furnish = async (api: MemoryKubeApi): Promise<void> => {
    await populate(api);
    await put(api, datasetKind, ORDERS, { ...dataset('sales', ['stewards']), ...spec }, FOUND);
  };
  const scene = await gatewayScene(postgres, furnish, parts);
  const { database } = scene;
  const uriOf = async (table: 'dataset' | 'environment', name: string) =>
    (await database.selectFrom(table).select('uri').where('name', '=', name).executeTakeFirstOrThrow()).uri;
  const itemOf = async (kind: 'Table' | 'Folder') =>
    (await database.selectFrom('dataset_item').select('id').where('kind', '=', kind).executeTakeFirstOrThrow()).id;
  return {
    ...scene,
    owner: scene.as('olga@example.com', 'sales'),
    steward: scene.as('stan@example.com', 'stewards'),
    consumer: scene.as('mara@example.com', 'marketing'),
    stranger: scene.as('sid@example.com', 'strangers'),
    administrator: scene.as('ada@example.com', 'admins'),
    uris: {
      dataset: await uriOf('dataset', 'orders'),
      table: await itemOf('Table'),
      folder: await itemOf('Folder'),
      environment: await uriOf('environment', 'sales-prod'),
      consumerEnvironment: await uriOf('environment', 'marketing-prod'),
    },
  };
}

/** What the catalogue says of the table `orders`, as the indexer stores it. */
export async function knowColumns({ database, uris }: OrdersScene): Promise<void> {
  const { uid } = await database.selectFrom('dataset').select('uid').executeTakeFirstOrThrow();
  const now = new Date().toISOString();
  await database
    .insertInto('dataset_catalog')
    .values({ dataset_uid: uid, etag: 'one', tables_synced: null, fetched: now })
    .execute();
  const columns = [
    { name: 'id', type: 'bigint', comment: 'Number of the order' },
    { name: 'region', type: 'string' },
    { name: 'day', type: 'date', partition: 0 },
  ];
  await database
    .insertInto('dataset_catalog_table')
    .values({
      id: uris.table,
      dataset_uid: uid,
      name: 'orders',
      location: 's3://acme-orders/orders/',
      description: null,
      type: 'EXTERNAL_TABLE',
      columns: JSON.stringify(columns),
    })
    .execute();
}
