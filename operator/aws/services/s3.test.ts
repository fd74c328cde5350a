import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AwsError } from '../../../hack/aws/core/aws-error.ts';
import type { Interceptor } from '../../../hack/aws/core/interceptor.ts';
import { isFault } from '../fault.ts';
import { region, startAccounts } from '../testing/simulated-accounts.ts';
import type { SimulatedAccounts } from '../testing/simulated-accounts.ts';

const interceptors: Interceptor[] = [];
let world: SimulatedAccounts;
beforeAll(async () => {
  world = await startAccounts({}, { inProcess: true, interceptors });
  for (const Bucket of ['orders', 'plain'])
    await world.administer('producer', 's3', 'CreateBucket', {
      Bucket,
      CreateBucketConfiguration: { LocationConstraint: region },
    });
});
afterAll(async () => await world.stop());

const policy = (principal: string) =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'Read',
        Effect: 'Allow',
        Principal: { AWS: principal },
        Action: 's3:GetObject',
        Resource: 'arn:aws:s3:::orders/*',
      },
    ],
  });

describe('buckets', () => {
  it('are found in their region, by their owner', async () => {
    expect(await world.producer.s3.bucketRegion('orders')).toBe(region);
    expect(await world.producer.s3.bucketRegion('no-such-bucket')).toBeUndefined();
    await expect(world.consumer.s3.bucketRegion('orders')).rejects.toSatisfy((error) => isFault(error, 'AccessDenied'));
  });

  it('are found though S3 answers that another region is to be asked', async () => {
    interceptors.push({
      around: () => {
        throw new AwsError(
          'AuthorizationHeaderMalformed',
          "The authorization header is malformed; the region 'eu-west-1' is wrong; expecting 'us-west-2'",
          {
            status: 400,
          },
        );
      },
    });
    expect(await world.producer.s3.bucketRegion('orders')).toBe('us-west-2');
    interceptors.length = 0;
  });

  it('have a policy, or none, or do not exist: three answers', async () => {
    const { s3 } = world.producer;
    expect(await s3.bucketPolicy('orders')).toBeUndefined();
    const document = policy(`arn:aws:iam::${world.consumer.account}:root`);
    await s3.putBucketPolicy('orders', document);
    expect(JSON.parse((await s3.bucketPolicy('orders')) ?? '')).toEqual(JSON.parse(document));
    await s3.deleteBucketPolicy('orders');
    expect(await s3.bucketPolicy('orders')).toBeUndefined();
    await expect(s3.bucketPolicy('no-such-bucket')).rejects.toSatisfy((error) => isFault(error, 'NotFound'));
    expect(await s3.deleteBucketPolicy('no-such-bucket')).toBe(false);
  });

  it('refuse a policy that names nobody', async () => {
    await expect(
      world.producer.s3.putBucketPolicy('orders', policy(`arn:aws:iam::${world.consumer.account}:role/gone`)),
    ).rejects.toSatisfy((error) => isFault(error, 'UnknownPrincipal'));
  });

  it('tell encryption, public access block and tags', async () => {
    const { s3 } = world.producer;
    const made = (await world.administer('producer', 'kms', 'CreateKey', {})) as { KeyMetadata: { Arn: string } };
    await world.administer('producer', 's3', 'PutBucketEncryption', {
      Bucket: 'orders',
      ServerSideEncryptionConfiguration: {
        Rules: [
          {
            ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: made.KeyMetadata.Arn },
            BucketKeyEnabled: true,
          },
        ],
      },
    });
    await world.administer('producer', 's3', 'PutBucketTagging', {
      Bucket: 'orders',
      Tagging: { TagSet: [{ Key: 'dataall:owner', Value: 'sales' }] },
    });
    expect(await s3.bucketEncryption('orders')).toEqual({
      algorithm: 'aws:kms',
      keyId: made.KeyMetadata.Arn,
      bucketKey: true,
    });
    expect(await s3.bucketTags('orders')).toEqual({ 'dataall:owner': 'sales' });
    expect(await s3.bucketTags('plain')).toEqual({});
    expect((await s3.bucketEncryption('plain'))?.algorithm ?? 'AES256').toBe('AES256');
  });
});

describe('objects', () => {
  it('make folders, and go with all their versions', async () => {
    const { s3 } = world.producer;
    await world.administer('producer', 's3', 'PutBucketVersioning', {
      Bucket: 'plain',
      VersioningConfiguration: { Status: 'Enabled' },
    });
    expect(await s3.prefixExists('plain', 'raw/')).toBe(false);
    for (const Key of ['raw/', 'raw/', 'raw2/'])
      await world.administer('producer', 's3', 'PutObject', { Bucket: 'plain', Key, Body: new Uint8Array(0) });
    expect(await s3.prefixExists('plain', 'raw/')).toBe(true);
    expect(await s3.deleteObjects('plain', 'raw/')).toBe(2);
    expect(await s3.prefixExists('plain', 'raw/')).toBe(false);
    expect(await s3.prefixExists('plain', 'raw2/')).toBe(true);
    await expect(s3.deleteBucket('plain')).rejects.toSatisfy((error) => isFault(error, 'Conflict') && !error.retryable);
    expect(await s3.deleteObjects('plain')).toBe(1);
    expect(await s3.deleteBucket('plain')).toBe(true);
    expect(await s3.deleteBucket('plain')).toBe(false);
    expect(await s3.deleteObjects('plain')).toBe(0);
  });
});
