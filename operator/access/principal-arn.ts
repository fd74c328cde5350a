// Whose policies a document holds.
import { iamArn, partitionOf } from '../policy/arn.ts';
import type { SharePoliciesKey } from './document-key.ts';
import type { Specs } from './specs.ts';

/** IAM has no region: its partition is that of the account's environments. */
export const principalArnOf = (specs: Specs, { account, principal }: SharePoliciesKey): string => {
  const [environment] = specs.environmentsOfAccount(account);
  return iamArn(partitionOf(environment?.spec.account.region ?? ''), account, principal);
};
