// The numbers accounts are held to, in one table. Services enforce what this table says; Service Quotas shows it.
import type { World } from '../../core/world.ts';
import {
  MANAGED_POLICIES_PER_IDENTITY,
  POLICIES_PER_ACCOUNT,
  ROLES_PER_ACCOUNT,
  TRUST_POLICY_SIZE,
} from '../iam/quotas.ts';

export interface Quota {
  readonly service: string;
  readonly serviceName: string;
  readonly code: string;
  readonly name: string;
  readonly value: number;
  readonly adjustable: boolean;
  /** IAM's quotas are the account's, and shown in us-east-1 only. */
  readonly global: boolean;
}

const iam = (code: string, name: string, value: number): Quota => ({
  service: 'iam',
  serviceName: 'AWS Identity and Access Management (IAM)',
  code,
  name,
  value,
  adjustable: true,
  global: true,
});

const s3 = (code: string, name: string, value: number): Quota => ({
  service: 's3',
  serviceName: 'Amazon Simple Storage Service (Amazon S3)',
  code,
  name,
  value,
  adjustable: true,
  global: false,
});

/** Sources: reference_iam-quotas of the IAM user guide; general/latest/gr/s3.html; kms/latest/developerguide/resource-limits.html */
export const quotas: readonly Quota[] = [
  iam('L-0DA4ABF3', 'Managed policies per role', MANAGED_POLICIES_PER_IDENTITY),
  iam('L-4019AD8B', 'Managed policies per user', MANAGED_POLICIES_PER_IDENTITY),
  iam('L-FE177D64', 'Roles per account', ROLES_PER_ACCOUNT),
  iam('L-E95E4862', 'Customer managed policies per account', POLICIES_PER_ACCOUNT),
  iam('L-C07B4B0D', 'Role trust policy length', TRUST_POLICY_SIZE),
  s3('L-DC2B2D3D', 'General purpose buckets', 10_000),
  s3('L-FAABEEBA', 'Access Points', 10_000),
  {
    service: 'kms',
    serviceName: 'AWS Key Management Service (AWS KMS)',
    code: 'L-C2F1777E',
    name: 'Customer Master Keys (CMKs)',
    value: 100_000,
    adjustable: true,
    global: false,
  },
];

interface AppliedQuotas {
  /** Quota code -> value that AWS granted this account. */
  readonly applied: Map<string, number>;
}

const appliedTo = (world: World, account: string, region: string): Map<string, number> =>
  world.state<AppliedQuotas>('servicequotas', account, region, () => ({ applied: new Map() })).applied;

const placeOf = (quota: Quota | undefined, region: string): string => (quota?.global === true ? 'global' : region);

const quotaOf = (code: string): Quota | undefined => quotas.find((quota) => quota.code === code);

/** The number in force for an account: granted, or the default. @throws for a code that is not in the table. */
export function quotaValue(world: World, account: string, region: string, code: string): number {
  const quota = quotaOf(code);
  if (quota === undefined) throw new Error(`no quota ${code}`);
  return appliedTo(world, account, placeOf(quota, region)).get(code) ?? quota.value;
}

/** What an approved increase does. */
export function grantQuota(world: World, account: string, region: string, code: string, value: number): void {
  appliedTo(world, account, placeOf(quotaOf(code), region)).set(code, value);
}
