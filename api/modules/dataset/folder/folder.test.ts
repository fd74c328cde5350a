// Folders are written into their Dataset, in the name of who asks.

import { describe, expect, it } from 'vitest';
import { databaseServer } from '../../../../test/support/database.ts';
import { datasetKind } from '../../../../operator/resources/dataset.ts';
import { shareRequestKind } from '../../../../operator/resources/share-request.ts';
import { share } from '../../../../test/support/index-scene.ts';
import type { Mutation, Query } from '../../../graphql/schema-types.ts';
import { ordersScene, ORDERS, type OrdersScene } from '../testing/orders-scene.ts';

const postgres = databaseServer();

const GET = `query ($uri: String!) { getDatasetStorageLocation(locationUri: $uri) {
  locationUri label name S3Prefix userRoleForStorageLocation dataset { label } restricted { S3BucketName } } }`;
const CREATE = `mutation ($uri: String!, $input: NewDatasetStorageLocationInput) {
  createDatasetStorageLocation(datasetUri: $uri, input: $input) { locationUri name S3Prefix } }`;
const UPDATE = `mutation ($uri: String, $input: ModifyDatasetStorageLocationInput) {
  updateDatasetStorageLocation(locationUri: $uri, input: $input) { description } }`;
const DELETE = `mutation ($uri: String!) { deleteDatasetStorageLocation(locationUri: $uri) }`;

const folders = async (scene: OrdersScene) => (await scene.stored(datasetKind, ORDERS))?.spec.folders;

describe('a folder', () => {
  it('is found by everybody, and its bucket is told to who may see the dataset or was given the folder', async () => {
    const scene = await ordersScene(postgres);
    const read = async (person: typeof scene.owner) =>
      (await person.ask<Query>(GET, { uri: scene.uris.folder })).getDatasetStorageLocation;
    expect(await read(scene.owner)).toEqual({
      locationUri: scene.uris.folder,
      label: 'raw',
      name: 'raw',
      S3Prefix: 'raw/',
      userRoleForStorageLocation: 'Admin',
      dataset: { label: 'Orders' },
      restricted: { S3BucketName: 'acme-orders' },
    });
    expect(await read(scene.stranger)).toMatchObject({ label: 'raw', dataset: null, restricted: null });
    expect(await read(scene.consumer)).toMatchObject({ restricted: null });
    const raw = { kind: 'Folder', name: 'raw' };
    const granted = { phase: 'Granted', items: [{ ...raw, state: 'Granted' }] };
    await scene.put(shareRequestKind, { namespace: 'marketing-prod', name: 'raw' }, share('marketing', [raw]), granted);
    expect(await read(scene.consumer)).toMatchObject({ dataset: null, restricted: { S3BucketName: 'acme-orders' } });
    expect(await scene.owner.refused(GET, { uri: 'none' })).toMatchObject({ code: 'ResourceNotFound' });
  });

  it('is created once, with a name that requests can use, and is there at once', async () => {
    const scene = await ordersScene(postgres);
    const input = { label: 'Year 2026', prefix: '/year=2026', description: 'This year' };
    const made = await scene.owner.ask<Mutation>(CREATE, { uri: scene.uris.dataset, input });
    expect(made.createDatasetStorageLocation).toMatchObject({ name: 'Year_2026', S3Prefix: 'year=2026/' });
    expect(await scene.owner.ask(CREATE, { uri: scene.uris.dataset, input })).toEqual(made);
    expect(await folders(scene)).toEqual([
      { name: 'raw', prefix: 'raw/' },
      { name: 'Year_2026', prefix: 'year=2026/', description: 'This year' },
    ]);
    const uri = made.createDatasetStorageLocation?.locationUri;
    expect((await scene.owner.ask<Query>(GET, { uri })).getDatasetStorageLocation?.name).toBe('Year_2026');
  });

  it.each([
    ['a prefix that is offered already', { label: 'other', prefix: 'raw' }, 'ResourceAlreadyExists'],
    ['a name that is taken', { label: 'raw', prefix: 'other' }, 'ResourceAlreadyExists'],
    ['a prefix with a wildcard', { label: 'all', prefix: '*' }, 'InvalidInput'],
    ['no prefix', { label: 'all', prefix: ' ' }, 'RequiredParameter'],
    ['a label without a letter', { label: '—', prefix: 'x' }, 'InvalidInput'],
    ['tags, for which there is no place', { label: 'all', prefix: 'x', tags: ['a'] }, 'InvalidInput'],
  ])('is not created with %s', async (_what, input, code) => {
    const scene = await ordersScene(postgres);
    expect(await scene.owner.refused(CREATE, { uri: scene.uris.dataset, input })).toMatchObject({ code });
    expect(await folders(scene)).toEqual([{ name: 'raw', prefix: 'raw/' }]);
  });

  it('is described by the owner, and called as it is', async () => {
    const scene = await ordersScene(postgres);
    const input = { label: 'raw', description: 'As they come' };
    await scene.owner.ask(UPDATE, { uri: scene.uris.folder, input });
    expect(await folders(scene)).toEqual([{ name: 'raw', prefix: 'raw/', description: 'As they come' }]);
    await scene.owner.ask(UPDATE, { uri: scene.uris.folder, input: { description: '' } });
    expect(await folders(scene)).toEqual([{ name: 'raw', prefix: 'raw/' }]);
    expect(await scene.owner.refused(UPDATE, { uri: scene.uris.folder, input: { label: 'new' } })).toMatchObject({
      code: 'InvalidInput',
    });
  });

  it('is written by no steward and no stranger', async () => {
    const scene = await ordersScene(postgres);
    const { dataset: uri, folder } = scene.uris;
    for (const person of [scene.steward, scene.consumer, scene.stranger]) {
      const refusals = [
        await person.refused(CREATE, { uri, input: { label: 'all', prefix: 'all' } }),
        await person.refused(UPDATE, { uri: folder, input: { description: 'Mine' } }),
        await person.refused(DELETE, { uri: folder }),
      ];
      expect(refusals.map(({ code, message }) => [code, /perform: (\w+)/.exec(message)?.[1]])).toEqual([
        ['UnauthorizedOperation', 'CREATE_DATASET_FOLDER'],
        ['UnauthorizedOperation', 'UPDATE_DATASET_FOLDER'],
        ['UnauthorizedOperation', 'DELETE_DATASET_FOLDER'],
      ]);
    }
  });

  it('is taken out unless somebody was given it', async () => {
    const scene = await ordersScene(postgres);
    const raw = { kind: 'Folder', name: 'raw' };
    const name = { namespace: 'marketing-prod', name: 'raw' };
    await scene.put(shareRequestKind, name, share('marketing', [raw]), { items: [{ ...raw, state: 'Granted' }] });
    expect(await scene.owner.refused(DELETE, { uri: scene.uris.folder })).toMatchObject({ code: 'ResourceShared' });
    await scene.put(shareRequestKind, name, share('marketing', [raw]), { items: [{ ...raw, state: 'Revoked' }] });
    expect(await scene.owner.ask(DELETE, { uri: scene.uris.folder })).toEqual({ deleteDatasetStorageLocation: true });
    expect(await folders(scene)).toBeUndefined();
  });
});
