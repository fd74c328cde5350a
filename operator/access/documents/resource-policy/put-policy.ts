// Writes a resource policy that we share with others, although AWS refuses all of it for the sake of one principal: ours or theirs.
import { isFault } from '../../../aws/fault.ts';
import type { PolicyDocument } from '../../../policy/document.ts';
import type { ActionOutcome } from '../../document.ts';
import { grantId } from '../../grant.ts';
import { deadStatements, withoutDead } from './dead-principals.ts';
import { principalUnknown, quotaExceeded } from '../refusal.ts';
import { isOwn, withoutPrincipals, type PutPolicy, type OwnedStatementRules } from './owned-statements.ts';
import { putWithoutUnknown } from './unknown-principal.ts';

/**
 * Writes the policy. Where others have filled it, so that not even what is ours by rights has room, what has to go goes all the same, and the
 * document says what is missing.
 */
export const putPolicy = async (
  rules: OwnedStatementRules,
  action: PutPolicy,
  write: (policy: PolicyDocument | undefined) => Promise<void>,
): Promise<ActionOutcome> => {
  try {
    return await putWhole(rules, action, write);
  } catch (error) {
    const { reduced } = action;
    if (!isFault(error, 'QuotaExceeded') || reduced === undefined) throw error;
    if (reduced.takes) await write(reduced.policy);
    const message = `${rules.name} has no room for all that is ours in it: ${error.reason} Use fewer statements of your own there`;
    return { done: false, grants: [], verdict: quotaExceeded(message), problem: 'missing' };
  }
};

/**
 * Writes the policy, leaving out what AWS refuses of it: principals of ours that it does not know, and, where it would not even take the
 * policy without any of them, roles and users that are gone, whom statements of others name. Where a statement of others would mean
 * something else without them, nothing was written, and the statement is told.
 */
const putWhole = async (
  rules: OwnedStatementRules,
  action: PutPolicy,
  write: (policy: PolicyDocument | undefined) => Promise<void>,
): Promise<ActionOutcome> => {
  const { policy, unproven } = action;
  const put =
    (whole: PolicyDocument | undefined) =>
    async (excluded: readonly string[]): Promise<void> =>
      await write(withoutPrincipals(rules, whole, action, excluded).policy);
  const alive = policy === undefined ? undefined : withoutDead(policy, (statement) => isOwn(rules, statement));
  const omittedPrincipals = alive?.omittedPrincipals ?? [];
  const isTaken = omittedPrincipals.length === 0 || (await isKnown(async () => put(policy)(unproven)));
  const told = !isTaken && { omittedPrincipals };
  const written = isTaken ? policy : alive?.policy;
  try {
    return { ...leftOut(action, await putWithoutUnknown(unproven, put(written))), ...told };
  } catch (error) {
    const stuck = written === undefined ? [] : deadStatements(written);
    if (!isFault(error, 'UnknownPrincipal') || stuck.length === 0) throw error;
    const statements = stuck.map(({ sid, index, ids }) => `${sid ?? `number ${index + 1}`} names ${ids.join(' and ')}`);
    const message = `AWS takes no change of ${rules.name}, of which statement ${statements.join(', ')}, which is gone: remove the statement`;
    const verdict = { state: 'Failed', reason: 'AwsError', message } as const;
    return { done: false, grants: addedBy(action, unproven), verdict, problem: 'extra' };
  }
};

/** What became of a write that had to leave out principals of ours whom AWS does not know. */
const leftOut = (action: PutPolicy, unknown: readonly string[]): ActionOutcome => {
  if (unknown.length === 0) return { done: true };
  const grants = addedBy(action, unknown);
  const users = new Set(action.grants.map(({ principal }) => principal.arn));
  const own = unknown.filter((arn) => !users.has(arn));
  const [first] = own.length > 0 ? own : unknown;
  const whose = own.length > 0 ? 'its Team or Dataset' : 'its ConsumptionRole or Team';
  const verdict = principalUnknown(
    `AWS does not know ${first}: a new role is known within minutes, of one that is gone ${whose} tells`,
  );
  return { done: false, grants, verdict, ...(own.length > 0 && { problem: 'missing' as const }) };
};

const addedBy = ({ grants }: PutPolicy, arns: readonly string[]): readonly string[] => {
  const those = new Set(arns);
  return grants.filter(({ principal }) => those.has(principal.arn)).map(grantId);
};

const isKnown = async (write: () => Promise<void>): Promise<boolean> => {
  try {
    await write();
    return true;
  } catch (error) {
    if (isFault(error, 'UnknownPrincipal')) return false;
    throw error;
  }
};
