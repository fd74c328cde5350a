// Writes a resource policy that we share with others, although AWS refuses all of it for the sake of one principal: ours or theirs.
import { isFault } from '../../aws/fault.ts';
import type { PolicyDocument, Statement } from '../../policy/document.ts';
import type { ActionOutcome } from '../document.ts';
import type { Grant } from '../grant.ts';
import { unknownPrincipals } from './refusal.ts';
import { isOwn, principalsOf, withoutGrants, type PutPolicy, type SidPolicyRules } from './sid-policy.ts';
import { putWithoutUnknown } from './unknown-principal.ts';

/**
 * Writes the policy, leaving out what AWS refuses of it: grants whose principal it does not know, and, where it would not even take the
 * policy without any new grant, what statements of others still allow to roles and users that are gone.
 * @throws AwsFault UnknownPrincipal where more of what others wrote names who is gone
 */
export const putSidPolicy = async (
  rules: SidPolicyRules,
  action: PutPolicy,
  write: (policy: PolicyDocument | undefined) => Promise<void>,
): Promise<ActionOutcome> => {
  const put =
    (policy: PolicyDocument | undefined) =>
    async (excluded: readonly Grant[]): Promise<void> =>
      await write(withoutGrants(rules, policy, action, excluded).policy);
  const alive = withoutDead(rules, action.policy);
  const isTaken = alive.without.length === 0 || (await isKnown(async () => put(action.policy)(action.added)));
  const unknown = await putWithoutUnknown(action.added, put(isTaken ? action.policy : alive.policy));
  return { ...unknownPrincipals(unknown), ...(!isTaken && { without: alive.without }) };
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

/**
 * A role or user that is gone stands in a policy by its unique id alone, lets nobody in, and AWS takes no policy that names it, whoever
 * changes what. https://repost.aws/knowledge-center/iam-resource-policy-format
 * What Deny and NotPrincipal say may keep somebody out who is there.
 */
const withoutDead = (
  rules: SidPolicyRules,
  policy: PolicyDocument | undefined,
): { readonly policy: PolicyDocument | undefined; readonly without: readonly string[] } => {
  const deadOf = (statement: Statement): readonly string[] =>
    isOwn(rules, statement) || statement.Effect !== 'Allow' ? [] : principalsOf(statement).filter(isUniqueId);
  const without = [...new Set((policy?.Statement ?? []).flatMap(deadOf))];
  if (policy === undefined || without.length === 0) return { policy, without };
  const statements = policy.Statement.flatMap((statement): Statement[] => {
    const dead = deadOf(statement);
    const { Principal: principal } = statement;
    if (dead.length === 0 || principal === undefined || principal === '*') return [statement];
    const { AWS: _named, ...services } = principal;
    const alive = principalsOf(statement).filter((one) => !dead.includes(one));
    if (alive.length === 0 && Object.keys(services).length === 0) return [];
    return [{ ...statement, Principal: alive.length === 0 ? services : { ...principal, AWS: alive } }];
  });
  return { policy: { ...policy, Statement: statements }, without };
};

const isUniqueId = (principal: string): boolean => /^A(ID|RO)A[A-Z0-9]+$/.test(principal);
