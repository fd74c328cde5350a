import {
  CreateAccessPointCommand,
  DeleteAccessPointCommand,
  GetAccessPointCommand,
  S3ControlClient,
  type CreateAccessPointCommandInput,
} from '@aws-sdk/client-s3-control';
import { IAM } from '@aws-sdk/client-iam';
import { S3 } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startAws, type SimulatedAws } from '../../aws.ts';
import { blockAll } from './state.ts';

const REGION = 'eu-west-1';
const AccountId = '222222222222';
let aws: SimulatedAws;
let user: S3ControlClient;

beforeAll(async () => {
  aws = await startAws({ inProcess: true });
  const owner = aws.clientConfig('producer', REGION);
  await new S3(owner).createBucket({
    Bucket: 'orders',
    CreateBucketConfiguration: { LocationConstraint: REGION },
  });
  const iam = new IAM(owner);
  await iam.createUser({ UserName: 'maker' });
  await iam.putUserPolicy({
    UserName: 'maker',
    PolicyName: 'access-points',
    PolicyDocument: JSON.stringify({
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Action: ['s3:CreateAccessPoint', 's3:GetAccessPointPolicy'],
          Resource: `arn:aws:s3:*:${AccountId}:accesspoint/*`,
        },
        { Effect: 'Allow', Action: 's3:GetAccessPoint', Resource: '*' },
      ],
    }),
  });
  const { AccessKey } = await iam.createAccessKey({ UserName: 'maker' });
  const credentials = { accessKeyId: AccessKey?.AccessKeyId ?? '', secretAccessKey: AccessKey?.SecretAccessKey ?? '' };
  user = new S3ControlClient({ ...aws.clientConfig(credentials, REGION), maxAttempts: 1 });
});
afterAll(() => aws.stop());

const create = async (more: Partial<CreateAccessPointCommandInput>) =>
  await user.send(new CreateAccessPointCommand({ AccountId, Name: 'readers', Bucket: 'orders', ...more }));

describe('the public access block of an access point', () => {
  it('is a right of its own to set', async () => {
    await expect(create({ PublicAccessBlockConfiguration: blockAll })).rejects.toMatchObject({
      name: 'AccessDenied',
      message: expect.stringContaining('s3:PutAccessPointPublicAccessBlock') as string,
    });
  });

  it('blocks everything where nobody says otherwise', async () => {
    await create({});
    const { PublicAccessBlockConfiguration } = await user.send(
      new GetAccessPointCommand({ AccountId, Name: 'readers' }),
    );
    expect(PublicAccessBlockConfiguration).toEqual(blockAll);
  });
});

describe('an access point that is not there', () => {
  // https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html#ErrorCodeList
  const missing = { name: 'NoSuchAccessPoint', $metadata: { httpStatusCode: 404 } };
  const arnOf = (name: string) => `arn:aws:s3:${REGION}:${AccountId}:accesspoint/${name}`;
  const read = async (Bucket: string) =>
    await new S3(aws.clientConfig('producer', REGION)).getObject({ Bucket, Key: 'chair.txt' });

  it('is told apart by its ARN from a bucket that is not there, and from one whose file is not', async () => {
    await create({ Name: 'gone' });
    await expect(read(arnOf('gone'))).rejects.toMatchObject({ name: 'NoSuchKey' });
    await new S3ControlClient(aws.clientConfig('producer', REGION)).send(
      new DeleteAccessPointCommand({ AccountId, Name: 'gone' }),
    );
    await expect(read(arnOf('gone'))).rejects.toMatchObject(missing);
    await expect(read('no-such-bucket')).rejects.toMatchObject({ name: 'NoSuchBucket' });
  });

  it('is a missing bucket by its alias, which is a name among those of buckets', async () => {
    await expect(read('gone-0000000000000000000000000000000000-s3alias')).rejects.toMatchObject({
      name: 'NoSuchBucket',
    });
  });
});
