// IAM's limits. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
import { AwsError } from '../../core/aws-error.ts';

export const ACCESS_KEYS_PER_USER = 2;
/** Default of an adjustable quota (up to 20). */
export const MANAGED_POLICIES_PER_IDENTITY = 10;
export const VERSIONS_PER_POLICY = 5;
export const MANAGED_POLICY_SIZE = 6144;
/** Inline policies of one role, together. */
export const ROLE_INLINE_SIZE = 10_240;
export const USER_INLINE_SIZE = 2048;
/** Default of an adjustable quota (up to 4096). */
export const TRUST_POLICY_SIZE = 2048;
/** Default of an adjustable quota (up to 5000). */
export const ROLES_PER_ACCOUNT = 1000;
/** Default of an adjustable quota (up to 5000). */
export const POLICIES_PER_ACCOUNT = 1500;
export const TAGS_PER_RESOURCE = 50;

export const limitExceeded = (message: string): AwsError => new AwsError('LimitExceededException', message);
