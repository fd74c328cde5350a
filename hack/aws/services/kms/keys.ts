// How keys come to be: those of customers, and those AWS makes for its services.
import type { PolicyDocument } from '../../../../operator/policy/document.ts';
import type { World } from '../../core/world.ts';
import { kmsState, type Key } from './state.ts';

/** https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html */
export const defaultKeyPolicy = (account: string): PolicyDocument => ({
  Version: '2012-10-17',
  Id: 'key-default-1',
  Statement: [
    {
      Sid: 'Enable IAM User Permissions',
      Effect: 'Allow',
      Principal: { AWS: `arn:aws:iam::${account}:root` },
      Action: 'kms:*',
      Resource: '*',
    },
  ],
});

/** 8-4-4-4-12 hexadecimal digits out of the world's randomness. */
const keyIdFrom = (world: World): string => {
  const hex = (digits: number): string =>
    Array.from({ length: digits }, () => Math.floor(world.random() * 16).toString(16)).join('');
  return [8, 4, 4, 4, 12].map(hex).join('-');
};

export interface NewKey {
  readonly account: string;
  readonly region: string;
  readonly policy: PolicyDocument;
  readonly manager: Key['manager'];
  readonly description?: string;
  readonly tags?: Map<string, string>;
}

export const addKey = (world: World, { account, region, policy, manager, description, tags }: NewKey): Key => {
  const id = keyIdFrom(world);
  const key: Key = {
    id,
    arn: `arn:aws:kms:${region}:${account}:key/${id}`,
    account,
    createdAt: new Date(world.clock.now()),
    manager,
    description: description ?? '',
    enabled: true,
    deletionAt: undefined,
    rotation: manager === 'AWS',
    policy,
    tags: tags ?? new Map(),
    grants: new Map(),
  };
  kmsState(world, account, region).keys.set(id, key);
  return key;
};

/** An AWS managed key serves its own account, through its service, and nobody can change its policy. */
const managedKeyPolicy = (account: string, region: string, service: string): PolicyDocument => ({
  Version: '2012-10-17',
  Id: `auto-${service}-2`,
  Statement: [
    {
      Sid: `Allow access through ${service} for all principals in the account that are authorized to use it`,
      Effect: 'Allow',
      Principal: { AWS: '*' },
      Action: [
        'kms:Encrypt',
        'kms:Decrypt',
        'kms:ReEncrypt*',
        'kms:GenerateDataKey*',
        'kms:CreateGrant',
        'kms:DescribeKey',
      ],
      Resource: '*',
      Condition: {
        StringEquals: { 'kms:CallerAccount': account, 'kms:ViaService': `${service}.${region}.amazonaws.com` },
      },
    },
    {
      Sid: 'Allow direct access to key metadata to the account',
      Effect: 'Allow',
      Principal: { AWS: `arn:aws:iam::${account}:root` },
      Action: ['kms:Describe*', 'kms:Get*', 'kms:List*', 'kms:RevokeGrant'],
      Resource: '*',
    },
  ],
});

/** The AWS managed key of a service (`aws/s3`), made at its first use as AWS does. @param service `s3`, `glue`, `sqs`... */
export const awsManagedKey = (world: World, account: string, region: string, service: string): Key => {
  const state = kmsState(world, account, region);
  const alias = `alias/aws/${service}`;
  const known = state.keys.get(state.aliases.get(alias)?.keyId ?? '');
  if (known !== undefined) return known;
  const key = addKey(world, {
    account,
    region,
    policy: managedKeyPolicy(account, region, service),
    manager: 'AWS',
    description: `Default key that protects my ${service.toUpperCase()} resources when no other key is defined`,
  });
  state.aliases.set(alias, { keyId: key.id, createdAt: key.createdAt });
  return key;
};
