// Opt-ins of hybrid access mode: for whom Lake Formation decides about a table although everybody else is left to IAM. One for each principal
// that has a grant on it. https://docs.aws.amazon.com/lake-formation/latest/dg/hybrid-access-mode.html
import { arnOf } from '../../../policy/arn.ts';
import { isFault, type AwsFault } from '../../../aws/fault.ts';
import type { LakeOptIn } from '../../../aws/services/lakeformation-resource.ts';
import type { CatalogGrantsClaims } from '../../desired.ts';
import type { ActionOutcome } from '../../document.ts';
import type { CatalogGrantsKey } from '../../document-key.ts';
import { grantId, type Grant } from '../../grant.ts';
import { resourceKey } from './lake-rights.ts';
import { principalUnknown } from '../refusal.ts';

/** What is to be made, and the grants that need it. */
export interface OptInEntry {
  readonly optIn: Pick<LakeOptIn, 'principal' | 'resource'>;
  readonly grants: readonly string[];
}

export interface OptInsDifference {
  readonly missing: readonly OptInEntry[];
  /** Ours, and of nobody's any more. */
  readonly extra: readonly LakeOptIn[];
  /** Whether Lake Formation decides about the table of a grant for its principal, as far as opt-ins tell. */
  readonly covers: (grant: Grant) => boolean;
}

type Key = CatalogGrantsKey;
type Claims = CatalogGrantsClaims;

/** Whether those who rely on IAM alone go on as they did. Datasets of one database say the same of it; where they do not, nobody loses what they had. */
export const isHybrid = ({ datasets }: Pick<Claims, 'datasets'>): boolean =>
  datasets.some(({ present, lakeFormation }) => present && lakeFormation === 'Hybrid');

/** Only an import was ever open to IAM. */
export const mayHaveOptIns = ({ datasets }: Pick<Claims, 'datasets'>): boolean =>
  datasets.some(({ origin }) => origin === 'Import');

/**
 * An opt-in that somebody else made restricts its principal to what Lake Formation gives, so to take it away would open the table: it stays, and
 * serves a grant as well as ours would. Yields the size of each piece of work, in grants.
 * @param served grants that are not refused
 */
export function* compareOptIns(
  { account: catalogId, database }: Key,
  claims: Claims,
  optIns: readonly LakeOptIn[],
  served: readonly Grant[],
): Generator<number, OptInsDifference> {
  const present = new Set(optIns.map(optInKey));
  const wanted = new Map<string, { readonly grants: string[]; isActive: boolean } & Pick<OptInEntry, 'optIn'>>();
  const optInOf = ({ principal, item }: Grant): OptInEntry['optIn'] => ({
    principal: principal.arn,
    resource: { kind: 'Table', catalogId, database, table: item.name },
  });
  const hybrid = isHybrid(claims);
  for (const grant of hybrid ? served : []) {
    const optIn = optInOf(grant);
    const known = wanted.get(optInKey(optIn));
    if (known === undefined)
      wanted.set(optInKey(optIn), { optIn, grants: [grantId(grant)], isActive: !grant.suspended });
    else {
      known.grants.push(grantId(grant));
      known.isActive ||= !grant.suspended;
    }
    yield 1;
  }
  const pivots = claims.datasets.map(({ pivotRoleArn }) => pivotRoleArn);
  return {
    missing: [...wanted]
      .filter(([key, { isActive }]) => isActive && !present.has(key))
      .map(([, { optIn, grants }]) => ({ optIn, grants })),
    extra: optIns.filter((one) => !wanted.has(optInKey(one)) && isBy(pivots, one.by)),
    covers: (grant) => !hybrid || present.has(optInKey(optInOf(grant))),
  };
}

export const optInKey = ({ principal, resource }: Pick<LakeOptIn, 'principal' | 'resource'>): string =>
  `${principal} ${resourceKey(resource)}`;

/** AWS names who made it by the role or by the session in which it was worked as. */
const isBy = (roles: readonly string[], by: string): boolean =>
  roles.some((role) => {
    const [, partition = '', account = '', name] = /^arn:([^:]+):iam::(\d+):role\/(?:.*\/)?([^/]+)$/.exec(role) ?? [];
    const session = arnOf({ partition, service: 'sts', account, resource: `assumed-role/${name}/` });
    return by === role || (name !== undefined && by.startsWith(session));
  });

/** What fails fails alone. @throws AwsFault that may pass */
export const makeOptIns = async (
  entries: readonly OptInEntry[],
  make: (optIn: OptInEntry['optIn']) => Promise<unknown>,
): Promise<ActionOutcome> => {
  const failed = await oneByOne(entries, async ({ optIn }) => make(optIn));
  const [first] = failed;
  if (first === undefined) return { done: true };
  const { fault, entry } = first;
  const message = `Lake Formation refused to decide about ${resourceKey(entry.optIn.resource)} for ${entry.optIn.principal}: ${fault.reason}. ${fault.advice}`;
  return {
    done: false,
    grants: failed.flatMap(({ entry: { grants } }) => grants),
    verdict:
      fault.kind === 'UnknownPrincipal' ? principalUnknown(message) : { state: 'Failed', reason: 'AwsError', message },
  };
};

/** The same of those that are nobody's any more: one that AWS keeps does not keep the others. @throws AwsFault that may pass */
export const endOptIns = async (
  optIns: readonly LakeOptIn[],
  end: (optIn: LakeOptIn) => Promise<unknown>,
): Promise<ActionOutcome> => {
  const [first] = await oneByOne(optIns, end);
  if (first === undefined) return { done: true };
  const { fault, entry } = first;
  const message = `Lake Formation refused to leave ${resourceKey(entry.resource)} to IAM for ${entry.principal} again: ${fault.reason}. ${fault.advice}`;
  return { done: false, grants: [], verdict: { state: 'Failed', reason: 'AwsError', message }, problem: 'extra' };
};

interface Failure<Entry> {
  readonly entry: Entry;
  readonly fault: AwsFault;
}

/** AWS takes one in a call. */
const oneByOne = async <Entry>(
  entries: readonly Entry[],
  call: (entry: Entry) => Promise<unknown>,
): Promise<readonly Failure<Entry>[]> => {
  const failed: Failure<Entry>[] = [];
  for (const entry of entries)
    try {
      await call(entry);
    } catch (error) {
      if (!isFault(error) || error.retryable || error.kind === 'NotLeader') throw error;
      failed.push({ entry, fault: error });
    }
  return failed;
};
