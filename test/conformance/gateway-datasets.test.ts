// What admission decides about datasets on a real API server is decided for who asks by GraphQL, and told in data.all's words.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Mutation } from '../../api/graphql/schema-types.ts';
import { kubeConfigCredentials } from '../../operator/kernel/client/credentials.ts';
import { HttpKubeApi } from '../../operator/kernel/client/http-kube-api.ts';
import { annotations } from '../../operator/resources/annotations.ts';
import { GATEWAY_SERVICE_ACCOUNT } from '../../operator/resources/authority/gateway-role.ts';
import { defaultInstallation } from '../../operator/resources/authority/installation.ts';
import { datasetKind } from '../../operator/resources/dataset.ts';
import { allowed } from '../support/authority-actor.ts';
import { people, startScene, type Scene } from '../support/authority-scene.ts';
import { databaseServer } from '../support/database.ts';
import { gatewayScene, type Person } from '../support/gateway-scene.ts';
import { startIndexer } from '../support/index-scene.ts';

const postgres = databaseServer();
let scene: Scene;
/** As the gateway's ServiceAccount. */
let gateway: HttpKubeApi;

beforeAll(async () => {
  scene = await startScene();
  // The operator has found one table.
  const tables = { count: 1, names: ['orders'], syncedAt: '2026-11-30T12:00:00Z' };
  const status = { observedGeneration: 1, tables };
  const orders = { namespace: 'sales-prod', name: 'orders' };
  const { api } = scene.as.operator;
  const manager = { fieldManager: 'test', force: true, subresource: 'status' } as const;
  const { spec: _, ...object } = scene.variant('Dataset/orders');
  await api.apply(datasetKind, { ...object, metadata: orders, status }, manager);
  const { controlPlane } = scene.harness;
  const config = await controlPlane.serviceAccount(defaultInstallation.namespace, GATEWAY_SERVICE_ACCOUNT);
  gateway = new HttpKubeApi({ credentials: kubeConfigCredentials(config) });
});
afterAll(async () => {
  await gateway?.close();
  await scene?.stop();
});

type Name = keyof typeof people;

/** The gateway before this API server, and the uris that its people know. */
async function open() {
  const { database } = await postgres.fresh();
  startIndexer(gateway, database);
  const uriOf = async (table: 'dataset' | 'environment', name: string) =>
    (await database.selectFrom(table).select('uri').where('name', '=', name).executeTakeFirst())?.uri;
  for (const name of ['orders', 'invoices'])
    await expect.poll(() => uriOf('dataset', name), { timeout: 30_000 }).toBeDefined();
  await expect.poll(() => uriOf('environment', 'sales-prod'), { timeout: 30_000 }).toBeDefined();
  const { as } = await gatewayScene(postgres, async () => undefined, { api: gateway, database });
  const table = await database.selectFrom('dataset_item').select('id').where('kind', '=', 'Table').executeTakeFirst();
  return {
    ask: (name: Name): Person => as(name, people[name]),
    uriOf,
    dataset: await uriOf('dataset', 'orders'),
    environment: await uriOf('environment', 'sales-prod'),
    table: table?.id,
  };
}

const IMPORT = `mutation ($input: ImportDatasetInput) { importDataset(input: $input) { name } }`;
const CREATE = `mutation ($input: NewDatasetInput!) { createDataset(input: $input) { name owner } }`;
const UPDATE = `mutation ($uri: String, $input: ModifyDatasetInput) { updateDataset(datasetUri: $uri, input: $input) { label owner } }`;
const FILTER = `mutation ($uri: String!, $input: NewTableDataFilterInput!) { createTableDataFilter(tableUri: $uri, input: $input) { name } }`;
const DESCRIBE = `mutation ($uri: String, $input: ModifyDatasetTableInput) { updateDatasetTable(tableUri: $uri, input: $input) { description } }`;

const named = (environmentUri: string | undefined, owner: string, label: string) => ({
  label,
  organizationUri: 'acme',
  environmentUri,
  SamlAdminGroupName: owner,
  confidentiality: 'Official',
});

describe('a dataset', () => {
  it('is imported by a team for the owner of the environment to allow, who imports at once, and alone brings a role along', async () => {
    const { ask, environment } = await open();
    const imported = async (person: Name, bucketName: string) => {
      const more = { bucketName, KmsKeyAlias: '', owner: 'somebody' };
      const input = { ...named(environment, people[person], 'Web logs'), ...more };
      const { importDataset } = await ask(person).ask<Mutation>(IMPORT, { input });
      const name = { namespace: 'sales-prod', name: importDataset?.name ?? '' };
      const { spec, metadata } = await scene.as.root.api.get(datasetKind, name);
      expect(spec.s3).toEqual({ origin: 'Import', bucket: { name: bucketName } });
      return metadata.annotations?.[annotations.importAuthorized];
    };
    expect(await imported('eve', 'acme-web-logs')).toBe('eve');
    expect(await imported('sam', 'acme-app-logs')).toBeUndefined();
    const input = {
      ...named(environment, 'sales-analysts', 'Admin logs'),
      bucketName: 'acme-admin-logs',
      KmsKeyAlias: '',
      owner: 'sam',
      adminRoleName: 'logs',
    };
    expect(await ask('sam').refused(IMPORT, { input })).toMatchObject({
      code: 'UnauthorizedOperation',
      message: expect.stringContaining('only the owner of environment sales-prod may import one'),
    });
  });

  it('is made for a group of one’s own, and for no other', async () => {
    const { ask, environment } = await open();
    const foreign = await ask('sam').refused(CREATE, { input: named(environment, 'sales-finance', 'Theirs') });
    expect(foreign).toMatchObject({ code: 'UnauthorizedOperation', message: expect.stringContaining('sales-finance') });
    const { createDataset } = await ask('sam').ask<Mutation>(CREATE, {
      input: named(environment, 'sales-analysts', 'Ours'),
    });
    expect(createDataset).toMatchObject({ owner: 'sam' });
  });

  it('is changed by its owner, and by its stewards only as far as they may', async () => {
    const { ask, dataset, table } = await open();
    const input = { KmsAlias: '', label: 'All orders' };
    expect(await ask('stu').refused(UPDATE, { uri: dataset, input })).toMatchObject({ code: 'UnauthorizedOperation' });
    expect(await ask('sam').ask(UPDATE, { uri: dataset, input })).toEqual({
      updateDataset: { label: 'All orders', owner: 'sam' },
    });
    // A steward describes a table; what a filter shows is what approved shares show, so that is the owner's.
    const filter = { filterName: 'eu', filterType: 'ROW', rowExpression: "region = 'eu'" };
    expect(await ask('stu').refused(FILTER, { uri: table, input: filter })).toMatchObject({
      code: 'UnauthorizedOperation',
      message: expect.stringContaining('its owner alone may'),
    });
    const description = 'One line an order';
    expect(await ask('stu').ask(DESCRIBE, { uri: table, input: { description } })).toEqual({
      updateDatasetTable: { description },
    });
    expect(await ask('sam').ask(FILTER, { uri: table, input: filter })).toEqual({
      createTableDataFilter: { name: 'eu' },
    });
    expect(await ask('zoe').refused(DESCRIBE, { uri: table, input: { description } })).toMatchObject({
      code: 'UnauthorizedOperation',
    });
  });

  it('that a repository keeps is not changed behind its back', async () => {
    await allowed(scene.as.finn.applyAs('kustomize-controller', scene.variant('Dataset/invoices')));
    const { ask, uriOf } = await open();
    const uri = await uriOf('dataset', 'invoices');
    const input = { KmsAlias: '', label: 'Bills' };
    expect(await ask('finn').refused(UPDATE, { uri, input })).toMatchObject({
      code: 'Conflict',
      message: expect.stringContaining('spec.label (kustomize-controller)'),
    });
    // What it does not keep is free.
    await ask('finn').ask(UPDATE, { uri, input: { KmsAlias: '', description: 'Of all customers' } });
  });
});
