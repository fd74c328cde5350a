// Access control lists: off in every new bucket; where they are on, an object is its writer's, and the bucket's owner may not open it.
import { S3 } from '@aws-sdk/client-s3';
import { beforeEach, describe, expect, it } from 'vitest';
import { startAws, type SimulatedAws } from '../../aws.ts';

const REGION = 'eu-west-1';
const CONSUMER = '333333333333';
const Bucket = 'inbox';
const object = { Bucket, Key: 'parcel.csv' };
const closed = { name: 'AccessDenied' };

let aws: SimulatedAws;
let owner: S3;
let writer: S3;
let reader: S3;

const clientOf = (account: string): S3 => new S3({ ...aws.clientConfig(account, REGION), maxAttempts: 1 });

/** A bucket of the producer's into which the consumer may write, and from which the hub may read. */
beforeEach(async () => {
  aws = await startAws({ inProcess: true });
  [owner, writer, reader] = [clientOf('producer'), clientOf('consumer'), clientOf('hub')];
  await owner.createBucket({ Bucket, CreateBucketConfiguration: { LocationConstraint: REGION } });
  await owner.putBucketPolicy({
    Bucket,
    Policy: JSON.stringify({
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: { AWS: [`arn:aws:iam::${CONSUMER}:root`] },
          Action: ['s3:PutObject', 's3:PutObjectAcl'],
          Resource: `arn:aws:s3:::${Bucket}/*`,
        },
        {
          Effect: 'Allow',
          Principal: { AWS: 'arn:aws:iam::111111111111:root' },
          Action: 's3:GetObject',
          Resource: `arn:aws:s3:::${Bucket}/*`,
        },
      ],
    }),
  });
  return async () => aws.stop();
});

const withLists = async (ObjectOwnership: 'BucketOwnerPreferred' | 'ObjectWriter') =>
  owner.putBucketOwnershipControls({ Bucket, OwnershipControls: { Rules: [{ ObjectOwnership }] } });

const textOf = async (client: S3) => (await client.getObject(object)).Body?.transformToString();

describe('a bucket whose owner owns everything in it', () => {
  it('takes no access control lists, on writes or afterwards, but the one that changes nothing on writes', async () => {
    await writer.putObject({ ...object, Body: 'a', ACL: 'bucket-owner-full-control' });
    const refused = expect.objectContaining({ name: 'AccessControlListNotSupported' }) as unknown;
    await expect(writer.putObject({ ...object, Body: 'b', ACL: 'public-read' })).rejects.toEqual(refused);
    await expect(writer.putObject({ ...object, Body: 'b', GrantRead: 'id=1' })).rejects.toEqual(refused);
    await expect(writer.putObjectAcl({ ...object, ACL: 'bucket-owner-full-control' })).rejects.toEqual(refused);
    await expect(owner.putBucketAcl({ Bucket, ACL: 'private' })).rejects.toEqual(refused);
    expect(await textOf(owner)).toBe('a');
    expect(await textOf(reader)).toBe('a');
    const { Owner, Grants } = await owner.getObjectAcl(object);
    expect([Owner, Grants?.length]).toEqual([(await owner.getBucketAcl({ Bucket })).Owner, 1]);
  });
});

describe('an object of another account', () => {
  it('is opened neither to the owner of the bucket nor by its policy, until its own list says so', async () => {
    await withLists('ObjectWriter');
    await writer.putObject({ ...object, Body: 'theirs' });
    await expect(textOf(owner)).rejects.toMatchObject(closed);
    await expect(textOf(reader)).rejects.toMatchObject(closed);
    expect(await textOf(writer)).toBe('theirs');
    await expect(owner.putObjectAcl({ ...object, ACL: 'bucket-owner-full-control' })).rejects.toMatchObject(closed);

    await writer.putObjectAcl({ ...object, ACL: 'bucket-owner-full-control' });
    expect(await textOf(owner)).toBe('theirs');
    await expect(textOf(reader)).rejects.toMatchObject(closed);
  });

  it('is closed by a Deny of the bucket all the same, and deleted by its owner', async () => {
    await withLists('ObjectWriter');
    await writer.putObject({ ...object, Body: 'theirs' });
    await owner.putBucketPolicy({
      Bucket,
      Policy: JSON.stringify({
        Version: '2012-10-17',
        Statement: [{ Effect: 'Deny', Principal: '*', Action: 's3:GetObject', Resource: `arn:aws:s3:::${Bucket}/*` }],
      }),
    });
    await expect(textOf(writer)).rejects.toMatchObject(closed);
    await owner.deleteObject(object);
    expect((await owner.listObjectsV2({ Bucket })).KeyCount).toBe(0);
  });

  it("becomes the bucket owner's when it is given as a whole, where that is preferred", async () => {
    await withLists('BucketOwnerPreferred');
    await writer.putObject({ ...object, Body: 'given', ACL: 'bucket-owner-full-control' });
    expect(await textOf(owner)).toBe('given');
    expect(await textOf(reader)).toBe('given');
    await expect(textOf(writer)).rejects.toMatchObject(closed);
  });

  it("becomes the bucket owner's when lists are switched off", async () => {
    await withLists('ObjectWriter');
    await writer.putObject({ ...object, Body: 'theirs' });
    await owner.putBucketOwnershipControls({
      Bucket,
      OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
    });
    expect(await textOf(reader)).toBe('theirs');
  });

  it('is the same after its upload in parts', async () => {
    await withLists('ObjectWriter');
    const { UploadId } = await writer.createMultipartUpload({ ...object, ACL: 'bucket-owner-read' });
    const { ETag } = await writer.uploadPart({ ...object, UploadId, PartNumber: 1, Body: 'theirs' });
    await writer.completeMultipartUpload({
      ...object,
      UploadId,
      MultipartUpload: { Parts: [{ PartNumber: 1, ETag }] },
    });
    expect(await textOf(owner)).toBe('theirs');
    await expect(owner.getObjectAcl(object)).rejects.toMatchObject(closed);
    await expect(textOf(reader)).rejects.toMatchObject(closed);
  });
});

it('ownership controls are one rule of a kind that exists, and lists that open to others are not had', async () => {
  const OwnershipControls = { Rules: [{ ObjectOwnership: 'Everybody' as 'ObjectWriter' }] };
  await expect(owner.putBucketOwnershipControls({ Bucket, OwnershipControls })).rejects.toMatchObject({
    name: 'MalformedXML',
  });
  await withLists('ObjectWriter');
  await expect(writer.putObject({ ...object, Body: 'a', ACL: 'public-read' })).rejects.toMatchObject({
    name: 'NotImplemented',
    message: expect.stringContaining('public-read') as unknown,
  });
});
