// The resource policy of a Data Catalog: what it lets others do, and its coexistence with Lake Formation's shares.
// https://docs.aws.amazon.com/glue/latest/dg/security_iam_resource-based-policy-examples.html
import type { PolicyDocument, Statement } from '../../../../operator/policy/document.ts';
import type { World } from '../../core/world.ts';
import { catalogSharePolicies } from '../ram/shares.ts';
import type { CatalogRef } from './catalog-arn.ts';
import type { CatalogPolicy } from './catalog-state.ts';
import { catalogState } from './catalog-state.ts';

/** The evaluator remembers policies by object, so a policy is parsed once. */
const parsed = new WeakMap<CatalogPolicy, PolicyDocument>();

const policyDocument = (policy: CatalogPolicy): PolicyDocument => {
  const known = parsed.get(policy) ?? (JSON.parse(policy.json) as PolicyDocument);
  parsed.set(policy, known);
  return known;
};

/** All resource policies in force on a catalog for callers of one account: its own, and those of accepted RAM shares. */
export const catalogPolicies = (world: World, ref: CatalogRef, callerAccount: string): PolicyDocument[] => {
  if (!world.accounts.has(ref.catalogId)) return [];
  const { policy } = catalogState(world, ref);
  const own = policy ? [policyDocument(policy)] : [];
  return [...own, ...catalogSharePolicies(world, ref.catalogId, ref.region, callerAccount)];
};

/**
 * A catalog with a policy of its own must let RAM share: statement for ram.amazonaws.com with glue:ShareResource, put with
 * EnableHybrid. https://docs.aws.amazon.com/lake-formation/latest/dg/hybrid-cross-account.html
 */
export const ramSharingAllowed = (policy: CatalogPolicy): boolean =>
  policy.hybrid && policyDocument(policy).Statement.some(letsRamShare);

const letsRamShare = (statement: Statement): boolean => {
  const { Effect, Principal, Action } = statement;
  if (Effect !== 'Allow' || typeof Principal !== 'object') return false;
  return list(Principal.Service).includes('ram.amazonaws.com') && list(Action).some((action) => SHARING.has(action));
};

const SHARING = new Set(['glue:ShareResource', 'glue:*', '*']);

const list = (value: string | readonly string[] | undefined): readonly string[] =>
  typeof value === 'string' ? [value] : (value ?? []);
