import { expect, it } from 'vitest';
import type { AwsCall, ServiceName } from './call.ts';
import { AwsFault } from './fault.ts';

const adviceFor = (service: ServiceName, operation: string, reason = 'not authorized'): string => {
  const call: AwsCall = { service, operation, account: '111111111111', region: 'eu-west-1', write: false };
  const detail = {
    kind: 'AccessDenied',
    code: 'AccessDenied',
    reason,
    retryable: false,
    outcomeUnknown: false,
  } as const;
  return new AwsFault(call, detail).advice;
};

it.each<[ServiceName, string, string | undefined, RegExp]>([
  ['kms', 'DescribeKey', undefined, /add to the key's policy a statement that lets the role .*kms:PutKeyPolicy/],
  ['s3', 'PutBucketPolicy', undefined, /Take out of the policy of the bucket .* what denies .* s3:PutBucketPolicy/],
  ['s3control', 'CreateAccessPoint', undefined, /policy of the bucket or access point/],
  [
    'lakeformation',
    'RegisterResource',
    'User is not authorized to perform: iam:PassRole on resource x',
    /do what AWS names/,
  ],
  ['glue', 'GetTable', 'Insufficient Lake Formation permission(s): Required Describe on t', /data lake administrator/],
  ['glue', 'GetPartitions', undefined, /do glue:GetPartitions: update its stack or template/],
  ['cloudformation', 'CreateChangeSet', undefined, /bootstrap the account again/],
  ['iam', 'GetRole', undefined, /do iam:GetRole: update its stack or template/],
])('a denial of %s:%s is told with what mends it', (service, operation, reason, advice) => {
  expect(adviceFor(service, operation, reason)).toMatch(advice);
});

it.each<[ServiceName, string]>([
  ['kms', 'GetKeyPolicy'],
  ['s3', 'GetObject'],
])('nobody is sent to a stack first for a denial of %s:%s', (service, operation) => {
  expect(adviceFor(service, operation)).not.toMatch(/^Let .*update its stack/);
});
