// What became of a batch of Lake Formation grants or revocations, entry by entry. What may succeed later makes the whole work item
// come again; anything else fails alone.
import type { LakeGrant, LakeGrantOutcome } from '../../../aws/services/lakeformation.ts';
import type { AwsFault } from '../../../aws/fault.ts';
import type { ActionOutcome } from '../../document.ts';
import { resourceKey } from './lake-rights.ts';
import { principalUnknown, type Refusal } from '../refusal.ts';

/** @throws AwsFault that may pass */
export const resultOfGrants = (
  outcomes: readonly LakeGrantOutcome[],
  entries: readonly { readonly entry: LakeGrant; readonly grants: readonly string[] }[],
): ActionOutcome => {
  const grantsByEntry = new Map(entries.map(({ entry, grants }) => [entry, grants]));
  const grantsOf = (entry: LakeGrant): readonly string[] => grantsByEntry.get(entry) ?? [];
  const failed = failures(outcomes);
  const [first] = failed;
  if (first === undefined) return { done: true };
  const grants = failed.flatMap(({ grant }) => grantsOf(grant));
  // What no grant asks for (rights of a dataset's own roles) is told of the document: no share's status would tell of it.
  const unasked = failed.find(({ grant }) => grantsOf(grant).length === 0);
  return unasked === undefined
    ? { done: false, grants, verdict: refusal('the grant', first.fault) }
    : { done: false, grants, verdict: refusal(`to grant ${named(unasked)}`, unasked.fault), problem: 'missing' };
};

/** @throws AwsFault that may pass */
export const resultOfRevocations = (outcomes: readonly LakeGrantOutcome[]): ActionOutcome => {
  const [first] = failures(outcomes);
  if (first === undefined) return { done: true };
  return { done: false, grants: [], verdict: refusal(`to revoke ${named(first)}`, first.fault), problem: 'extra' };
};

interface Failure {
  readonly grant: LakeGrant;
  readonly fault: AwsFault;
}

const failures = (outcomes: readonly LakeGrantOutcome[]): readonly Failure[] => {
  const failed = outcomes.flatMap(({ grant, fault }) => (fault === undefined ? [] : [{ grant, fault }]));
  // Without the lease nothing was sent, and AWS has refused nothing: it may be ours again in a moment.
  const passing = failed.find(({ fault }) => fault.retryable || fault.kind === 'NotLeader');
  if (passing !== undefined) throw passing.fault;
  return failed;
};

const refusal = (what: string, fault: AwsFault): Refusal => {
  const message = `Lake Formation refused ${what}: ${fault.reason}. ${fault.advice}`;
  return fault.kind === 'UnknownPrincipal'
    ? principalUnknown(message)
    : { state: 'Failed', reason: 'AwsError', message };
};

const named = ({ grant }: Failure): string =>
  `${[...grant.permissions, ...grant.grantable].join(' and ')} on ${resourceKey(grant.resource)} of ${grant.principal}`;
