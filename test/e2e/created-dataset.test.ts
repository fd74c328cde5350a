import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findCondition, isTrue } from '../../operator/kernel/conditions.ts';
import type { Stored } from '../../operator/kernel/kind.ts';
import { datasetKind, type Dataset } from '../../operator/resources/dataset.ts';
import { environmentKind } from '../../operator/resources/environment.ts';
import { organizationKind } from '../../operator/resources/organization.ts';
import { openEnvironmentScene, type EnvironmentScene } from '../support/environment-scene.ts';
import { REGION } from '../support/operator-in-process.ts';

const OWNER = 'Sales Engineers';
const NAMESPACE = 'sales';
let scene: EnvironmentScene;

beforeAll(async () => {
  scene = await openEnvironmentScene();
  await scene.apply(
    organizationKind,
    { name: 'acme' },
    { label: 'ACME', owner: 'platform', teams: [{ group: OWNER, permissions: ['LINK_ENVIRONMENT'] }] },
  );
  const environment = { name: NAMESPACE };
  await scene.apply(environmentKind, environment, {
    organization: 'acme',
    label: 'Sales',
    owner: OWNER,
    account: { id: scene.accountId('producer'), region: REGION },
    pivotRole: { mode: 'Managed' },
  });
  const { status } = await scene.until(
    environmentKind,
    environment,
    (found) => found.status.externalId !== undefined && reasonOf(found) === 'ConsentMissing',
  );
  await administer('ssm', 'PutParameter', {
    Name: '/dataall/dataall/consent',
    Value: status.externalId,
    Type: 'String',
  });
  await scene.until(environmentKind, environment, (found) => isTrue(found.status.conditions, 'Ready'));
}, 120_000);
afterAll(() => scene[Symbol.asyncDispose]());

const reasonOf = ({
  status,
}: {
  readonly status: { readonly conditions?: Dataset['status']['conditions'] };
}): string | undefined => findCondition(status.conditions, 'Ready')?.reason;

const administer = async <O = unknown>(service: string, operation: string, input: object): Promise<O> =>
  await scene.administer<O>('producer', service, operation, input);

/** A dataset with everything made for it, as it is once it is ready. */
const create = async (name: string, deletionPolicy: string, s3: object = {}): Promise<Stored<Dataset>> => {
  const key = { namespace: NAMESPACE, name };
  await scene.apply(datasetKind, key, {
    label: name,
    owner: OWNER,
    s3: { origin: 'Create', ...s3 },
    confidentiality: 'Official',
    deletionPolicy,
  });
  return await scene.until(datasetKind, key, ({ status }) => isTrue(status.conditions, 'Ready'));
};

const end = async (name: string): Promise<void> => await scene.end(datasetKind, { namespace: NAMESPACE, name });

interface Left {
  readonly bucket: boolean;
  readonly key: string | undefined;
  readonly stack: string | undefined;
  readonly database: boolean;
}

/** What AWS has of a dataset. */
const leftOf = async ({ status }: Dataset): Promise<Left> => {
  // Lake Formation shows the database to those alone whom the dataset is for.
  const exists = async (service: string, operation: string, input: object): Promise<boolean> =>
    await administer(service, operation, input).then(
      () => true,
      ({ code = '' }: { code?: string }) => code.startsWith('AccessDenied'),
    );
  const { KeyMetadata } = await administer<{ KeyMetadata: { KeyState?: string } }>('kms', 'DescribeKey', {
    KeyId: status.keyArn,
  });
  const { Stacks } = await administer<{ Stacks: { StackStatus?: string }[] }>('cloudformation', 'DescribeStacks', {
    StackName: status.stack?.arn,
  });
  return {
    bucket: await exists('s3', 'HeadBucket', { Bucket: status.bucket }),
    key: KeyMetadata.KeyState,
    stack: Stacks[0]?.StackStatus,
    database: await exists('glue', 'GetDatabase', { Name: status.glueDatabase }),
  };
};

const everything = { bucket: true, key: 'Enabled', stack: 'CREATE_COMPLETE', database: true };
const nothing = { bucket: false, key: 'PendingDeletion', stack: 'DELETE_COMPLETE', database: false };
/** Data that nobody said could go, and what it takes to read it. */
const dataAlone = { bucket: true, key: 'Enabled', stack: 'DELETE_COMPLETE', database: false };

describe('a dataset whose bucket and key were made for it', () => {
  it('takes its data along when it may', async () => {
    const dataset = await create('orders', 'DeleteWithData');
    expect(await leftOf(dataset)).toEqual(everything);
    await administer('s3', 'PutObject', { Bucket: dataset.status.bucket, Key: 'raw/1.csv', Body: '1' });
    await end('orders');
    expect(await leftOf(dataset)).toEqual(nothing);
  });

  it('may give its bucket a name without our prefix', async () => {
    const dataset = await create('named', 'DeleteWithData', { bucket: { name: 'orders-of-our-own' } });
    expect(dataset.status.bucket).toBe('orders-of-our-own');
    await administer('s3', 'PutObject', { Bucket: dataset.status.bucket, Key: 'raw/1.csv', Body: '1' });
    await end('named');
    expect(await leftOf(dataset)).toEqual(nothing);
  });

  it('leaves nothing where there was no data', async () => {
    const dataset = await create('empty', 'Delete');
    await end('empty');
    expect(await leftOf(dataset)).toEqual(nothing);
  });

  it.each([
    ['present', false],
    ['deleted, of which old versions are there', true],
  ])('leaves bucket and key where there is data: %s', async (_, deleted) => {
    const name = deleted ? 'versions' : 'objects';
    const dataset = await create(name, 'Delete');
    const object = { Bucket: dataset.status.bucket, Key: 'raw/1.csv' };
    await administer('s3', 'PutObject', { ...object, Body: '1' });
    if (deleted) await administer('s3', 'DeleteObject', object);
    await end(name);
    expect(await leftOf(dataset)).toEqual(dataAlone);
  });
});
