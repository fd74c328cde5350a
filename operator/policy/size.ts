// How large policies are as AWS counts them, and how large they may be.
import type { PolicyDocument } from './document.ts';

export type PolicyPlace = 'bucket' | 'access-point' | 'key' | 'catalog' | 'managed' | 'role-inline' | 'trust';

export interface SizeLimit {
  readonly limit: number;
  /** `bytes` of the UTF-8 text; `characters` of the text; `non-white` characters: IAM does not count white space. */
  readonly unit: 'bytes' | 'characters' | 'non-white';
  readonly page: string;
}

const IAM_QUOTAS = 'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html';

/** The limits that cannot be raised (trust: the default, which AWS raises to 4,096 on request). */
export const LIMITS: Readonly<Record<PolicyPlace, SizeLimit>> = {
  bucket: {
    limit: 20 * 1024,
    unit: 'bytes',
    page: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/add-bucket-policy.html',
  },
  'access-point': {
    limit: 20 * 1024,
    unit: 'bytes',
    page: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-points-restrictions-limitations.html',
  },
  key: {
    limit: 32 * 1024,
    unit: 'bytes',
    page: 'https://docs.aws.amazon.com/kms/latest/developerguide/resource-limits.html',
  },
  catalog: {
    limit: 10_240,
    unit: 'characters',
    page: 'https://docs.aws.amazon.com/glue/latest/webapi/API_PutResourcePolicy.html',
  },
  managed: { limit: 6144, unit: 'non-white', page: IAM_QUOTAS },
  // The sum over all inline policies of the role.
  'role-inline': { limit: 10_240, unit: 'non-white', page: IAM_QUOTAS },
  trust: { limit: 2048, unit: 'non-white', page: IAM_QUOTAS },
};

/** UTF-8 bytes of the text. */
export const byteLength = (text: string): number => new TextEncoder().encode(text).length;

/** Characters of the text without white space, also not that inside strings. */
export const nonWhiteLength = (text: string): number => text.replace(/\s/g, '').length;

export interface PolicySize {
  readonly size: number;
  readonly limit: number;
  readonly unit: SizeLimit['unit'];
  readonly fits: boolean;
}

/** The size of a policy at a place. A document is measured as the compact JSON that we write. */
export function policySize(place: PolicyPlace, policy: PolicyDocument | string): PolicySize {
  const text = typeof policy === 'string' ? policy : JSON.stringify(policy);
  const { limit, unit } = LIMITS[place];
  const measure = { bytes: byteLength, characters: (all: string) => all.length, 'non-white': nonWhiteLength };
  const size = measure[unit](text);
  return { size, limit, unit, fits: size <= limit };
}
