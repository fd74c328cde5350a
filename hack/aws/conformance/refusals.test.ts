// Nothing is silently ignored: what the simulator cannot heed it refuses, and what AWS refuses it refuses as AWS does.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startAws, type SimulatedAws } from '../aws.ts';
import { actor, answerTo, policy, PRODUCER, REGION, type Actor } from './cast.ts';

let aws: SimulatedAws;
let producer: Actor;

beforeAll(async () => {
  aws = await startAws({ inProcess: true });
  producer = actor(aws, 'producer');
  await producer.s3.createBucket({ Bucket: 'refusals', CreateBucketConfiguration: { LocationConstraint: REGION } });
  await producer.iam.createRole({
    RoleName: 'worker',
    AssumeRolePolicyDocument: policy({ Effect: 'Allow', Principal: { AWS: PRODUCER }, Action: 'sts:AssumeRole' }),
  });
});
afterAll(async () => aws.stop());

const object = { Bucket: 'refusals', Key: 'k', Body: 'x' };
const assumption = { RoleArn: `arn:aws:iam::${PRODUCER}:role/worker`, RoleSessionName: 'test' };

describe('what the simulator does not have', () => {
  it.each<[string, (by: Actor) => Promise<unknown>]>([
    [
      'session policies by ARN',
      (by) => by.sts.assumeRole({ ...assumption, PolicyArns: [{ arn: 'arn:aws:iam::aws:policy/ReadOnlyAccess' }] }),
    ],
    [
      'keys of customers',
      (by) => by.s3.putObject({ ...object, SSECustomerAlgorithm: 'AES256', SSECustomerKey: 'k'.repeat(32) }),
    ],
    ['object lock', (by) => by.s3.putObject({ ...object, ObjectLockLegalHoldStatus: 'ON' })],
    ['keys of many regions', (by) => by.kms.createKey({ MultiRegion: true })],
    [
      'S3 Select',
      (by) =>
        by.s3.selectObjectContent({
          ...object,
          Expression: 'x',
          ExpressionType: 'SQL',
          InputSerialization: {},
          OutputSerialization: {},
        }),
    ],
    ['instance profiles', (by) => by.iam.createInstanceProfile({ InstanceProfileName: 'x' })],
  ])('%s: NotImplemented', async (_, call) => {
    expect(await answerTo(call(producer))).toBe('NotImplemented');
  });
});

describe('what AWS does not take', () => {
  it.each<[string, string, (by: Actor) => Promise<unknown>]>([
    [
      'an ACL on an object of a bucket without ACLs',
      'AccessControlListNotSupported',
      (by) => by.s3.putObject({ ...object, ACL: 'public-read' }),
    ],
    [
      'a bucket name in upper case',
      'InvalidBucketName',
      (by) => by.s3.createBucket({ Bucket: 'Refusals', CreateBucketConfiguration: { LocationConstraint: REGION } }),
    ],
    [
      'a bucket for another region than the one asked',
      'IllegalLocationConstraintException',
      (by) =>
        by.s3.createBucket({ Bucket: 'elsewhere', CreateBucketConfiguration: { LocationConstraint: 'us-west-2' } }),
    ],
    [
      'a bucket that is there',
      'BucketAlreadyOwnedByYou',
      (by) => by.s3.createBucket({ Bucket: 'refusals', CreateBucketConfiguration: { LocationConstraint: REGION } }),
    ],
    [
      'a key of more than 1,024 bytes',
      'KeyTooLongError',
      (by) => by.s3.putObject({ ...object, Key: 'k'.repeat(1025) }),
    ],
    [
      'a bucket policy of more than 20 KB',
      'PolicyTooLarge',
      (by) => by.s3.putBucketPolicy({ Bucket: 'refusals', Policy: JSON.stringify({ padding: 'x'.repeat(20_480) }) }),
    ],
    [
      'an access point name in upper case',
      'InvalidURI',
      (by) => by.s3control.createAccessPoint({ AccountId: PRODUCER, Name: 'Share', Bucket: 'refusals' }),
    ],
    [
      'an access point on a bucket that is not there',
      'InvalidRequest',
      (by) => by.s3control.createAccessPoint({ AccountId: PRODUCER, Name: 'share', Bucket: 'nobody' }),
    ],
    [
      'a managed policy of more than 6,144 characters',
      'LimitExceededException',
      (by) =>
        by.iam.createPolicy({
          PolicyName: 'big',
          PolicyDocument: policy({
            Effect: 'Allow',
            Action: 's3:GetObject',
            Resource: Array.from({ length: 300 }, (_, n) => `arn:aws:s3:::bucket-${n}/*`),
          }),
        }),
    ],
    [
      'a role name with a blank',
      'ValidationError',
      (by) => by.iam.createRole({ RoleName: 'a b', AssumeRolePolicyDocument: '{}' }),
    ],
    [
      'a key that waits less than a week for its deletion',
      'ValidationException',
      async (by) =>
        by.kms.scheduleKeyDeletion({ KeyId: (await by.kms.createKey({})).KeyMetadata?.KeyId, PendingWindowInDays: 3 }),
    ],
    [
      'an alias of AWS',
      'NotAuthorizedException',
      async (by) =>
        by.kms.createAlias({
          AliasName: 'alias/aws/mine',
          TargetKeyId: (await by.kms.createKey({})).KeyMetadata?.KeyId,
        }),
    ],
  ])('%s: %s', async (_, code, call) => {
    expect(await answerTo(call(producer))).toBe(code);
  });
});
