// Every action that the pivot role is allowed has code, or a page of AWS, that needs it: who lets us in gives nothing that nobody uses.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { toList } from '../../policy/one-or-many.ts';
import { pivotRoleStatements } from './pivot-role-statements.ts';

const SERVICES = join(import.meta.dirname, '..', '..', 'aws', 'services');
/** Files are named as IAM names services, but for this one. */
const prefixOf = (file: string): string => file.replace(/\.ts$/, '').replace('s3control', 's3');

/** `s3:GetBucketPolicy` of each operation that operator/aws names. */
const called = new Set(
  readdirSync(SERVICES)
    .filter((file) => !file.endsWith('.test.ts'))
    .flatMap((file) =>
      [...readFileSync(join(SERVICES, file), 'utf8').matchAll(/'([A-Z][a-z]+[A-Z][A-Za-z0-9]+)'/g)].map(
        ([, operation]) => `${prefixOf(file)}:${operation}`,
      ),
    ),
);

const REGISTER = 'https://docs.aws.amazon.com/lake-formation/latest/dg/registration-role.html';
const ACROSS_ACCOUNTS = 'https://docs.aws.amazon.com/lake-formation/latest/dg/cross-account-prereqs.html';
const LAKE_ADMINISTRATOR = 'https://docs.aws.amazon.com/lake-formation/latest/dg/permissions-reference.html';

/** Actions that are named otherwise than the operation that takes them: that operation, and where AWS says so. */
const NEEDED_BY: Readonly<Record<string, readonly [operation: string, page?: string]>> = {
  // https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html
  's3:DeleteObject': ['s3:DeleteObjects'],
  's3:DeleteObjectVersion': ['s3:DeleteObjects'],
  's3:GetEncryptionConfiguration': ['s3:GetBucketEncryption'],
  's3:ListAllMyBuckets': ['s3:ListBuckets'],
  's3:ListBucket': ['s3:ListObjectsV2'],
  's3:ListBucketVersions': ['s3:ListObjectVersions'],
  'sqs:DeleteMessage': ['sqs:DeleteMessageBatch'],
  'iam:TagPolicy': ['iam:CreatePolicy'],
  'iam:PassRole': ['lakeformation:RegisterResource', REGISTER],
  'iam:CreateServiceLinkedRole': ['lakeformation:RegisterResource', REGISTER],
  'iam:PutRolePolicy': ['lakeformation:RegisterResource', REGISTER],
  // The same right for one grant instead of several; pages of AWS ask for both.
  'lakeformation:GrantPermissions': ['lakeformation:BatchGrantPermissions', LAKE_ADMINISTRATOR],
  'lakeformation:RevokePermissions': ['lakeformation:BatchRevokePermissions', LAKE_ADMINISTRATOR],
  ...Object.fromEntries(
    [
      'glue:DeleteResourcePolicy',
      'glue:PutResourcePolicy',
      'organizations:DescribeOrganization',
      'ram:AssociateResourceShare',
      'ram:AssociateResourceSharePermission',
      'ram:CreateResourceShare',
      'ram:DeleteResourceShare',
      'ram:DisassociateResourceShare',
      'ram:GetResourceShareAssociations',
      'ram:GetResourceShares',
      'ram:UpdateResourceShare',
    ].map((action) => [action, ['lakeformation:BatchGrantPermissions', ACROSS_ACCOUNTS]]),
  ),
};

const imported = {
  buckets: ['lake'],
  namedBuckets: ['named'],
  keyArns: ['arn:aws:kms:eu-west-1:111111111111:key/1'],
  roleArns: ['aws-service-role/lakeformation.amazonaws.com/AWSServiceRoleForLakeFormationDataAccess', 'reader'].map(
    (name) => `arn:aws:iam::111111111111:role/${name}`,
  ),
};

const allowed = [
  ...new Set(
    (['all', imported] as const)
      .flatMap((some) =>
        pivotRoleStatements({
          partition: 'aws',
          account: '111111111111',
          prefix: 'dataall',
          roleName: 'pivot',
          imported: some,
        }),
      )
      .filter(({ Effect }) => Effect === 'Allow')
      .flatMap(({ Action }) => toList(Action)),
  ),
];

it('allows what an operation of ours takes, and nothing else', () => {
  const unused = allowed.filter((action) => !called.has(action) && !called.has(NEEDED_BY[action]?.[0] ?? ''));
  expect(unused).toEqual([]);
});

it('excuses nothing that is not allowed, or has the name of an operation', () => {
  const idle = Object.keys(NEEDED_BY).filter((action) => !allowed.includes(action) || called.has(action));
  expect(idle).toEqual([]);
});
