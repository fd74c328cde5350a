import { describe, expect, it } from 'vitest';
import {
  arnNamedIn,
  accessPointArn,
  arnOf,
  bucketArn,
  dnsSuffixOf,
  iamArn,
  iamEventsRegion,
  keyArn,
  partitionInArn,
  partitionOf,
  regionalArn,
  s3Arn,
} from './arn.ts';

describe.each([
  ['eu-west-1', 'aws', 'amazonaws.com', 'us-east-1'],
  ['cn-north-1', 'aws-cn', 'amazonaws.com.cn', 'cn-north-1'],
  ['cn-northwest-1', 'aws-cn', 'amazonaws.com.cn', 'cn-north-1'],
  ['us-gov-east-1', 'aws-us-gov', 'amazonaws.com', 'us-gov-west-1'],
])('in %s', (region, partition, suffix, iamEvents) => {
  const account = '111111111111';
  const place = { account, region };

  it('everything is said of the partition', () => {
    expect(partitionOf(region)).toBe(partition);
    expect(dnsSuffixOf(region)).toBe(suffix);
    expect(iamEventsRegion(region)).toBe(iamEvents);
  });

  it.each([
    [bucketArn({ region, bucket: 'orders' }), 's3:::orders'],
    [s3Arn(partition, 'orders/raw/*'), 's3:::orders/raw/*'],
    [keyArn({ ...place, keyId: 'abc' }), `kms:${region}:${account}:key/abc`],
    [accessPointArn({ ...place, name: 'point' }), `s3:${region}:${account}:accesspoint/point`],
    [iamArn(partition, account, 'role/path/name'), `iam::${account}:role/path/name`],
    [iamArn(partition, 'aws', 'policy/AdministratorAccess'), 'iam::aws:policy/AdministratorAccess'],
    [regionalArn(place, 'glue', 'table/db/t'), `glue:${region}:${account}:table/db/t`],
    [arnOf({ partition, service: 'sqs', region: '*', account, resource: 'q' }), `sqs:*:${account}:q`],
  ])('an ARN begins with it: %s', (arn, rest) => {
    expect(arn).toBe(`arn:${partition}:${rest}`);
    expect(partitionInArn(arn)).toBe(partition);
  });

  it('the ARN of a service is found in a sentence', () => {
    const share = regionalArn(place, 'ram', 'resource-share/1');
    const sentence = `${keyArn({ ...place, keyId: 'abc' })} opens it; ${share}, which was rejected`;
    expect(arnNamedIn(sentence, 'ram')).toBe(share);
    expect(arnNamedIn(sentence, 'glue')).toBeUndefined();
  });
});
