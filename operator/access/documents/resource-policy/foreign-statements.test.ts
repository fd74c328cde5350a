// Statements of others under our Sids, and keys that do not leave their policy to IAM: what was there stays, and ours goes.
import { describe, expect, it } from 'vitest';
import type { PolicyDocument, Statement } from '../../../policy/document.ts';
import { grantId } from '../../grant.ts';
import { baseline, bucket, CONSUMER, folder, grant, PRODUCER, REGION } from '../../testing/fixtures.ts';
import {
  bucketClaims,
  bucketKey,
  inBucket,
  keyKey,
  onlyPut,
  textOf,
  writtenTo,
} from '../../testing/resource-policies.ts';
import { bucketPolicy, bucketStatements } from './bucket-policy.ts';
import { foreignSids } from './foreign-statements.ts';
import { keyPolicy, keyStatements, lastStatement } from './key-policy.ts';

const dataset = baseline();

const OTHER: Statement = { Sid: 'TheirOwn', Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: '*' };

describe('statements of others that bear Sids of ours', () => {
  const theirs: Statement = {
    Sid: 'DataAll-Bucket-ReadOnly',
    Effect: 'Allow',
    Principal: { AWS: `arn:aws:iam::${CONSUMER}:role/old-consumer` },
    Action: ['s3:List*', 's3:GetObject'],
    Resource: ['arn:aws:s3:::orders-data', 'arn:aws:s3:::orders-data/*'],
  };
  const found: PolicyDocument = { Version: '2012-10-17', Statement: [theirs] };
  const beside = baseline({ foreignSids: { bucket: ['DataAll-Bucket-ReadOnly'], key: ['KMSPivotRolePermissions'] } });

  it('stay as they are, with ours beside them, and alone at the end', () => {
    const one = grant(bucket);
    const claims = bucketClaims([one], { dataset: beside });
    const written = writtenTo(found, claims);
    expect(textOf(written?.Statement[0])).toBe(textOf(theirs));
    expect(written?.Statement.map(({ Sid }) => Sid)).toEqual([
      'DataAll-Bucket-ReadOnly',
      'RequiredSecureTransport',
      'DataAll-Bucket-ReadOnly-2',
    ]);
    expect(bucketPolicy.judge(bucketKey, claims, inBucket(written)).get(grantId(one))).toEqual({ state: 'Satisfied' });
    expect(bucketPolicy.judge(bucketKey, claims, inBucket(found)).get(grantId(one))?.state).toBe('Waiting');
    const ended = bucketClaims([], { dataset: { ...beside, present: false } });
    expect(writtenTo(written, ended)).toEqual(found);
  });

  it('are told apart from what an installation that was lost left of us', () => {
    const own = bucketStatements(bucketKey);
    const ours = writtenTo(undefined, bucketClaims([grant(bucket), grant(folder('raw'))]));
    const deny = (ours?.Statement ?? []).filter(({ Effect }) => Effect === 'Deny').map(({ Sid }) => Sid);
    expect(foreignSids(ours, own)).toEqual(deny);
    expect(foreignSids(found, own)).toEqual(['DataAll-Bucket-ReadOnly']);
    expect(foreignSids({ ...found, Statement: [OTHER] }, own)).toEqual([]);
    const key = keyPolicy.plan(
      keyKey,
      { datasets: [dataset], grants: [grant(bucket), grant(folder('raw'))] } as never,
      {
        exists: true,
        policy: { Version: '2012-10-17', Statement: [] },
      },
    );
    expect(foreignSids(onlyPut(key.actions).policy, keyStatements)).toEqual([]);
  });
});

describe('the policy of a key that does not leave it to IAM', () => {
  const administrators: Statement = {
    Sid: 'KeyAdmins',
    Effect: 'Allow',
    Principal: { AWS: `arn:aws:iam::${PRODUCER}:user/administrator` },
    Action: 'kms:*',
    Resource: '*',
  };
  const ended = { datasets: [baseline({ present: false })], grants: [], remediation: 'Repair' } as const;
  const policyOf = (...Statement: readonly Statement[]): PolicyDocument => ({ Version: '2012-10-17', Statement });
  const left = (...others: readonly Statement[]): readonly (string | undefined)[] => {
    const before = policyOf(...others);
    const live = { datasets: [baseline()], grants: [grant(bucket)], remediation: 'Repair' } as const;
    const policy = onlyPut(keyPolicy.plan(keyKey, live, { exists: true, policy: before }).actions).policy;
    const after = onlyPut(keyPolicy.plan(keyKey, ended, { exists: true, policy }).actions).policy;
    const observed = { exists: true, policy: after };
    expect(keyPolicy.plan(keyKey, ended, observed).actions).toEqual([]);
    expect(keyPolicy.isClean(keyKey, ended, observed)).toBe(true);
    expect(lastStatement(after)).toBe(
      after?.Statement.length === others.length ? undefined : 'KMSPivotRolePermissions',
    );
    return (after?.Statement ?? []).map(({ Sid }) => Sid);
  };

  it('keeps what AWS lets nobody take from themselves, and nothing else of ours', () => {
    expect(left(administrators)).toEqual(['KeyAdmins', 'KMSPivotRolePermissions']);
  });

  it.each<[string, Partial<Statement>]>([
    ['the role itself', { Principal: { AWS: dataset.pivotRoleArn }, Action: ['kms:PutKeyPolicy'] }],
    ['its account', { Principal: { AWS: `arn:aws:iam::${PRODUCER}:root` }, Action: 'kms:*' }],
    ['its account by number', { Principal: { AWS: [PRODUCER] }, Action: 'kms:Put*' }],
  ])('keeps nothing of ours where the policy lets %s change it', (_, changes) => {
    const others = { ...administrators, Sid: 'Others', ...changes };
    expect(left(administrators, others)).toEqual(['KeyAdmins', 'Others']);
  });

  it('does not count on what a condition decides', () => {
    const others = {
      ...administrators,
      Sid: 'Others',
      Principal: { AWS: dataset.pivotRoleArn },
      Condition: { StringEquals: { 'aws:RequestedRegion': REGION } },
    };
    expect(left(others)).toEqual(['Others', 'KMSPivotRolePermissions']);
  });
});
