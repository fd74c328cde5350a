// Changes of datasets are written as objects, in the name of who asks.

import { describe, expect, it } from 'vitest';
import type { ObjectName } from '../../../operator/kernel/kind.ts';
import { annotations } from '../../../operator/resources/annotations.ts';
import { datasetKind } from '../../../operator/resources/dataset.ts';
import type { Mutation, Query } from '../../graphql/schema-types.ts';
import { databaseServer } from '../../../test/support/database.ts';
import { dataset } from '../../../test/support/index-scene.ts';
import { ordersScene, ORDERS, type OrdersScene } from './testing/orders-scene.ts';

const postgres = databaseServer();

const CREATE = `mutation ($input: NewDatasetInput!) { createDataset(input: $input) { datasetUri name label userRoleForDataset } }`;
const IMPORT = `mutation ($input: ImportDatasetInput) { importDataset(input: $input) { name imported restricted { S3BucketName KmsAlias } } }`;
const UPDATE = `mutation ($uri: String, $input: ModifyDatasetInput) { updateDataset(datasetUri: $uri, input: $input) {
  label description stewards stewardGroups topicNames expirySetting } }`;
const DELETE = `mutation ($uri: String!, $fromAws: Boolean) { deleteDataset(datasetUri: $uri, deleteFromAWS: $fromAws) }`;
const SYNC = `mutation ($uri: String!) { syncTables(datasetUri: $uri) }`;

const newDataset = ({ uris }: OrdersScene, more: object = {}) => ({
  label: 'Web logs',
  organizationUri: 'any',
  environmentUri: uris.environment,
  SamlAdminGroupName: 'sales',
  confidentiality: 'Official',
  ...more,
});
const imported = (scene: OrdersScene, more: object = {}) =>
  newDataset(scene, { bucketName: 'acme-web', KmsKeyAlias: '', owner: 'olga', ...more });

const created = async (scene: OrdersScene, name: string | null | undefined) =>
  (await scene.stored(datasetKind, { namespace: 'sales-prod', name: name ?? '' }))?.spec;

describe('createDataset', () => {
  it('makes a Dataset in the namespace of the environment, once however often it is sent', async () => {
    const scene = await ordersScene(postgres);
    const input = newDataset(scene, {
      description: 'Of the shop',
      tags: ['web', ''],
      topics: ['Sales'],
      topicNames: ['Wind power'],
      language: 'German',
      stewards: 'stewards',
      autoApprovalEnabled: true,
      enableExpiration: true,
      expirySetting: 'Quartely',
      expiryMinDuration: 1,
      expiryMaxDuration: 4,
    });
    const { createDataset } = await scene.owner.ask<Mutation>(CREATE, { input });
    expect(createDataset).toMatchObject({ label: 'Web logs', userRoleForDataset: 'Admin' });
    expect(await created(scene, createDataset?.name)).toEqual({
      deletionPolicy: 'Retain',
      label: 'Web logs',
      description: 'Of the shop',
      owner: 'sales',
      stewards: ['stewards'],
      s3: { origin: 'Create' },
      confidentiality: 'Official',
      topics: ['Sales', 'Wind power'],
      language: 'German',
      catalogTags: ['web'],
      sharing: { autoApproval: true, expiration: { setting: 'Quarterly', min: 1, max: 4 } },
    });
    expect((await scene.owner.ask<Mutation>(CREATE, { input })).createDataset?.datasetUri).toBe(
      createDataset?.datasetUri,
    );
    // At once, before the indexer has heard of it.
    const { listOwnedDatasets } = await scene.owner.ask<Query>('{ listOwnedDatasets { count } }');
    expect(listOwnedDatasets?.count).toBe(2);
  });

  it('is refused to who may not create in the environment, and to who may not see it', async () => {
    const scene = await ordersScene(postgres);
    const input = newDataset(scene, { SamlAdminGroupName: 'platform' });
    // The organization's owner sees the environment, and has no right in it.
    expect(await scene.as('pia', 'platform').refused(CREATE, { input })).toMatchObject({
      code: 'UnauthorizedOperation',
      message: expect.stringContaining('CREATE_DATASET'),
    });
    expect(await scene.stranger.refused(CREATE, { input })).toMatchObject({ code: 'ResourceNotFound' });
  });

  it.each([
    ['a blank label', { label: ' ' }, 'RequiredParameter', 'label'],
    ['no confidentiality', { confidentiality: null }, 'RequiredParameter', 'confidentiality'],
    ['a label of 65 characters', { label: 'x'.repeat(65) }, 'InvalidInput', 'label'],
    ['an unknown expiration', { enableExpiration: true, expirySetting: 'Daily' }, 'InvalidInput', 'Monthly'],
    ['an expiration without its bounds', { enableExpiration: true, expirySetting: 'Monthly' }, 'RequiredParameter', 'expiryMin'], // prettier-ignore
    ['bounds upside down', { enableExpiration: true, expirySetting: 'Monthly', expiryMinDuration: 3, expiryMaxDuration: 2 }, 'InvalidInput', 'at most'], // prettier-ignore
    ['an e-mail address, for which there is no place', { businessOwnerEmail: 'a@b.c' }, 'InvalidInput', 'stewards'],
  ])('refuses %s', async (_what, more, code, text) => {
    const scene = await ordersScene(postgres);
    expect(await scene.owner.refused(CREATE, { input: newDataset(scene, more) })).toMatchObject({
      code,
      message: expect.stringContaining(text),
    });
  });

  it('keeps nothing of a dry run, and answers what would be', async () => {
    const scene = await ordersScene(postgres);
    const dry = CREATE.replace(' { createDataset', ' @dryRun { createDataset');
    const { createDataset } = await scene.owner.ask<Mutation>(dry, { input: newDataset(scene) });
    expect(createDataset?.label).toBe('Web logs');
    expect(await created(scene, createDataset?.name)).toBeUndefined();
    expect((await scene.owner.ask<Query>('{ listOwnedDatasets { count } }')).listOwnedDatasets?.count).toBe(1);
  });
});

describe('importDataset', () => {
  it('names what is there, and does not say Enforced for who did not', async () => {
    const scene = await ordersScene(postgres);
    const input = imported(scene, { KmsKeyAlias: 'web-key', glueDatabaseName: 'web', adminRoleName: 'web-admin' });
    const { importDataset } = await scene.owner.ask<Mutation>(IMPORT, { input });
    expect(importDataset).toMatchObject({
      imported: true,
      restricted: { S3BucketName: 'acme-web', KmsAlias: 'web-key' },
    });
    expect((await created(scene, importDataset?.name))?.s3).toEqual({
      origin: 'Import',
      bucket: { name: 'acme-web' },
      kmsKey: { alias: 'web-key' },
      glueDatabase: { name: 'web' },
      roleArn: 'arn:aws:iam::111111111111:role/web-admin',
    });
  });

  it('takes data.all’s word for no key', async () => {
    const scene = await ordersScene(postgres);
    const { importDataset } = await scene.owner.ask<Mutation>(IMPORT, {
      input: imported(scene, { KmsKeyAlias: 'Undefined' }),
    });
    expect((await created(scene, importDataset?.name))?.s3).toEqual({ origin: 'Import', bucket: { name: 'acme-web' } });
  });

  it('refuses an ARN for a bucket, and who may not create datasets', async () => {
    const scene = await ordersScene(postgres);
    const arn = imported(scene, { bucketName: 'arn:aws:s3:::acme-web' });
    expect(await scene.owner.refused(IMPORT, { input: arn })).toMatchObject({ code: 'InvalidInput' });
    const foreign = imported(scene, { SamlAdminGroupName: 'platform' });
    expect(await scene.as('pia', 'platform').refused(IMPORT, { input: foreign })).toMatchObject({
      code: 'UnauthorizedOperation',
    });
    expect(await scene.owner.refused(IMPORT, {})).toMatchObject({ code: 'RequiredParameter' });
  });
});

describe('updateDataset', () => {
  it('changes what is given and nothing else', async () => {
    const scene = await ordersScene(postgres);
    const input = { KmsAlias: 'Undefined', description: 'All of them', tags: ['shop'], confidentiality: 'Secret' };
    const before = await created(scene, 'orders');
    const { updateDataset } = await scene.owner.ask<Mutation>(UPDATE, { uri: scene.uris.dataset, input });
    expect(updateDataset?.description).toBe('All of them');
    const changes = { description: 'All of them', catalogTags: ['shop'], confidentiality: 'Secret' };
    expect(await created(scene, 'orders')).toEqual({ ...before, ...changes });
  });

  it('keeps what a client of data.all cannot name, when that sends back what it was shown', async () => {
    const scene = await ordersScene(postgres);
    const rich = { ...dataset('sales', ['stewards', 'auditors']), topics: ['Sales', 'Wind power'], language: 'Welsh' };
    const expiration = { setting: 'Quarterly', min: 1, max: 2 };
    await scene.put(datasetKind, ORDERS, { ...rich, sharing: { expiration } });
    const shown = { stewards: 'stewards', topics: ['Sales'], enableExpiration: true, expirySetting: 'Quarterly' };
    const input = { KmsAlias: '', label: 'Orders', expiryMinDuration: 1, expiryMaxDuration: 2, ...shown };
    await scene.owner.ask<Mutation>(UPDATE, { uri: scene.uris.dataset, input });
    expect(await created(scene, 'orders')).toEqual({ ...rich, sharing: { expiration } });
  });

  it('replaces stewards, and takes away stewards, topics and expiration', async () => {
    const scene = await ordersScene(postgres);
    const change = async (input: object) =>
      (await scene.owner.ask<Mutation>(UPDATE, { uri: scene.uris.dataset, input: { KmsAlias: '', ...input } }))
        .updateDataset;
    expect((await change({ stewardGroups: ['auditors', 'stewards'] }))?.stewardGroups).toEqual([
      'auditors',
      'stewards',
    ]);
    expect((await change({ stewards: 'legal' }))?.stewardGroups).toEqual(['legal']);
    expect((await change({ stewards: 'sales' }))?.stewards).toBe('sales');
    await change({ topicNames: ['Wind power'], enableExpiration: true, expirySetting: 'Monthly', expiryMinDuration: 1, expiryMaxDuration: 2 }); // prettier-ignore
    await change({ topicNames: [], enableExpiration: false });
    const spec = await created(scene, 'orders');
    expect([spec?.stewards, spec?.topics, spec?.sharing]).toEqual([undefined, undefined, undefined]);
  });

  it('is refused to stewards and strangers, and where it would change the key', async () => {
    const scene = await ordersScene(postgres);
    const input = { KmsAlias: '', label: 'Ours' };
    for (const person of [scene.steward, scene.consumer, scene.stranger])
      expect(await person.refused(UPDATE, { uri: scene.uris.dataset, input })).toMatchObject({
        code: 'UnauthorizedOperation',
        message: expect.stringContaining('UPDATE_DATASET'),
      });
    const otherKey = { KmsAlias: 'other' };
    expect(await scene.owner.refused(UPDATE, { uri: scene.uris.dataset, input: otherKey })).toMatchObject({
      code: 'InvalidInput',
    });
    expect((await created(scene, 'orders'))?.label).toBe('Orders');
  });
});

describe('deleteDataset', () => {
  it('says in the object what becomes of AWS before it deletes it', async () => {
    const scene = await ordersScene(postgres);
    // As admission adds it, so that the operator sees it go.
    await scene.put(datasetKind, { ...ORDERS, finalizers: ['dataall.io/finalizer'] } as ObjectName, dataset('sales'));
    await scene.owner.ask(DELETE, { uri: scene.uris.dataset, fromAws: true });
    expect(await scene.stored(datasetKind, ORDERS)).toMatchObject({
      metadata: { deletionTimestamp: expect.any(String) },
      spec: { deletionPolicy: 'Delete' },
    });
  });

  it('is refused while somebody was given some of it, and to who does not own it', async () => {
    const scene = await ordersScene(postgres);
    expect(await scene.steward.refused(DELETE, { uri: scene.uris.dataset })).toMatchObject({
      code: 'UnauthorizedOperation',
      message: expect.stringContaining('DELETE_DATASET'),
    });
    await scene.put(datasetKind, ORDERS, dataset('sales'), { inUse: 2, bucket: 'acme-orders' });
    expect(await scene.owner.refused(DELETE, { uri: scene.uris.dataset, fromAws: true })).toMatchObject({
      code: 'ResourceShared',
      message: expect.stringContaining('2 approved shares'),
    });
    expect((await created(scene, 'orders'))?.deletionPolicy).toBeUndefined();
  });
});

describe('syncTables', () => {
  it('asks the operator to look now, and answers how many tables are known', async () => {
    const scene = await ordersScene(postgres);
    expect(await scene.owner.ask(SYNC, { uri: scene.uris.dataset })).toEqual({ syncTables: 1 });
    const object = await scene.stored(datasetKind, ORDERS);
    expect(object?.metadata.annotations?.[annotations.requestedAt]).toMatch(/^\d{4}-/);
  });

  it('is refused to who may only read the dataset', async () => {
    const scene = await ordersScene(postgres);
    expect(await scene.steward.refused(SYNC, { uri: scene.uris.dataset })).toMatchObject({
      code: 'UnauthorizedOperation',
      message: expect.stringContaining('SYNC_DATASET'),
    });
  });
});
