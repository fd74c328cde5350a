import { describe, expect, it } from 'vitest';
import { LARGEST_EVENT_BYTES, MOST_NAMES, parseAccountEvent, touchedBy, type Touched } from './cloudtrail-event.ts';

const message = (eventSource: string, eventName: string, requestParameters: object): string =>
  JSON.stringify({
    'detail-type': 'AWS API Call via CloudTrail',
    account: '111111111111',
    detail: {
      eventSource,
      eventName,
      awsRegion: 'eu-west-1',
      recipientAccountId: '111111111111',
      userIdentity: { type: 'AssumedRole', principalId: 'AROAEXAMPLE:someone' },
      requestParameters,
    },
  });

const touched = (body: string): readonly Touched[] => {
  const event = parseAccountEvent(body);
  if (event === undefined) throw new Error('no event');
  return touchedBy(event);
};

describe('touchedBy', () => {
  it.each<[string, string, string, object, readonly Touched[]]>([
    [
      'a bucket policy',
      's3',
      'PutBucketPolicy',
      { bucketName: 'orders', bucketPolicy: {} },
      [{ kind: 'bucket', name: 'orders' }],
    ],
    [
      'an access point',
      's3',
      'PutAccessPointPolicy',
      { name: 'a1b2c3d4-x', accountId: '1' },
      [{ kind: 'access-point', name: 'a1b2c3d4-x' }],
    ],
    [
      'a key by ARN',
      'kms',
      'PutKeyPolicy',
      { keyId: 'arn:aws:kms:eu-west-1:1:key/abc' },
      [{ kind: 'key', name: 'abc' }],
    ],
    ['a key by id', 'kms', 'PutKeyPolicy', { keyId: 'abc' }, [{ kind: 'key', name: 'abc' }]],
    [
      'a table',
      'glue',
      'DeleteTable',
      { databaseName: 'sales', name: 'orders' },
      [{ kind: 'database', name: 'sales' }],
    ],
    ['a database', 'glue', 'DeleteDatabase', { name: 'sales' }, [{ kind: 'database', name: 'sales' }]],
    ['a role', 'iam', 'DeleteRole', { roleName: 'analysts' }, [{ kind: 'principal', name: 'analysts' }]],
    [
      'an attachment',
      'iam',
      'DetachRolePolicy',
      { roleName: 'analysts', policyArn: 'arn:aws:iam::1:policy/p' },
      [
        { kind: 'principal', name: 'analysts' },
        { kind: 'policy', name: 'arn:aws:iam::1:policy/p' },
      ],
    ],
    ['lake settings', 'lakeformation', 'PutDataLakeSettings', { dataLakeSettings: {} }, [{ kind: 'lake-settings' }]],
    [
      'a registration',
      'lakeformation',
      'DeregisterResource',
      { resourceArn: 'arn:aws:s3:::orders/x' },
      [{ kind: 'bucket', name: 'orders' }],
    ],
    [
      'a grant on a table',
      'lakeformation',
      'GrantPermissions',
      { resource: { table: { databaseName: 'sales', name: 'orders' } } },
      [{ kind: 'database', name: 'sales' }],
    ],
    [
      'a grant on a database',
      'lakeformation',
      'GrantPermissions',
      { resource: { database: { name: 'sales' } } },
      [{ kind: 'database', name: 'sales' }],
    ],
    [
      'a batch over two databases, once each',
      'lakeformation',
      'BatchRevokePermissions',
      {
        entries: [
          { resource: { table: { databaseName: 'sales', name: 'a' } } },
          { resource: { dataCellsFilter: { databaseName: 'sales', tableName: 'a' } } },
          { resource: { database: { name: 'hr' } } },
        ],
      },
      [
        { kind: 'database', name: 'sales' },
        { kind: 'database', name: 'hr' },
      ],
    ],
    ['nothing of ours', 'ec2', 'RunInstances', { name: 'x' }, []],
  ])('finds %s', (_what, service, name, parameters, expected) => {
    expect(touched(message(`${service}.amazonaws.com`, name, parameters))).toEqual(expected);
  });

  it('finds what is named beside something that is nested without end', () => {
    const body = message('glue.amazonaws.com', 'CreateTable', { nested: 'deep', databaseName: 'sales' });
    const deep = '['.repeat(100_000) + ']'.repeat(100_000);
    expect(touched(body.replace('"deep"', deep))).toEqual([{ kind: 'database', name: 'sales' }]);
  });

  it('reads no more names of an event than those of AWS have', () => {
    const bucket = Array.from({ length: 8_000 }, (_, index) => ({ bucketName: `bucket-${index}` }));
    const found = touched(message('s3.amazonaws.com', 'PutBucketPolicy', { bucket: bucket }));
    expect(found).toEqual(
      Array.from({ length: MOST_NAMES }, (_, index) => ({ kind: 'bucket', name: `bucket-${index}` })),
    );
  });

  it('looks at a part of what is wide without end', () => {
    const wide = Array.from({ length: 50_000 }, () => 1);
    expect(touched(message('s3.amazonaws.com', 'PutBucketPolicy', { wide, bucketName: 'late' }))).toEqual([]);
  });

  it.each([
    ['s3.amazonaws.com', 'PutBucketPolicy', 'bucketName'],
    ['lakeformation.amazonaws.com', 'RegisterResource', 'resourceArn'],
    ['glue.amazonaws.com', 'CreateTable', 'databaseName'],
  ])(
    'leaves alone what is longer than any name of AWS, which takes ever longer to look into: %s',
    (source, name, key) => {
      const longest = `${'_shared/'.repeat(250)}\nx`;
      expect(touched(message(source, name, { [key]: longest }))).toHaveLength(1);
      expect(touched(message(source, name, { [key]: longest.repeat(2) }))).toEqual([]);
    },
  );

  it('leaves alone what is larger than an event can be', () => {
    const body = message('s3.amazonaws.com', 'PutBucketPolicy', { bucketName: 'orders' });
    expect(parseAccountEvent(body.padEnd(LARGEST_EVENT_BYTES))).toBeDefined();
    expect(parseAccountEvent(body.padEnd(LARGEST_EVENT_BYTES + 1))).toBeUndefined();
  });

  it.each(['', 'no json', '{}', '[]', '{"detail":{"eventName":1}}'])('leaves alone what is no event: %s', (body) => {
    expect(parseAccountEvent(body)).toBeUndefined();
  });
});
