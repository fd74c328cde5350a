// Plans a resource policy that we share with others (bucket policy, key policy): our statements are known by Sid, all others stay
// as they are, byte for byte (put-sid-policy.ts has the one exception).
import type { PolicyDocument, Statement } from '../../../policy/document.ts';
import { fingerprint } from '../../../policy/canonical.ts';
import { toList } from '../../../policy/one-or-many.ts';
import { byteLength } from '../../../policy/size.ts';
import type { Drift, Plan, Verdict } from '../../document.ts';
import { grantId, type Grant } from '../../grant.ts';
import { quotaExceeded, refuseAll, type Refusal } from '../refusal.ts';

/** What makes one kind of shared policy different from another. */
export interface SidPolicyRules {
  /** What people call the policy: `the policy of bucket orders-data`. */
  readonly name: string;
  /** Every Sid that is ours, whether wanted now or not. */
  readonly ownSids: ReadonlySet<string>;
  /** Roles of ours that exist as surely as we do. */
  readonly present: ReadonlySet<string>;
  /** What AWS allows, in bytes of the JSON text as we send it. */
  readonly limitBytes: number;
  /** Our statements for these grants, baseline included; statements that would be empty are left out. */
  build(grants: readonly Grant[]): readonly Statement[];
}

/** The one write there is: the whole policy, or none at all when nothing is left in it. */
export interface PutPolicy {
  readonly policy: PolicyDocument | undefined;
  /** Principals of ours that the policy did not name before: to be left out if AWS knows no such. It takes nothing from them. */
  readonly unproven: readonly string[];
  /** All grants it serves. */
  readonly grants: readonly Grant[];
  /** What was there of suspended grants that were served only in part. */
  readonly kept: readonly Statement[];
}

export const planSidPolicy = (
  rules: SidPolicyRules,
  wanted: readonly Grant[],
  observed: PolicyDocument | undefined,
): Plan<PutPolicy> => {
  const dead = wanted.filter((grant) => isDead(rules, observed, grant));
  const served = wanted.filter((grant) => !dead.includes(grant) && serves(rules, observed, grant));
  const lacking = wanted.filter((grant) => !dead.includes(grant) && !served.includes(grant));
  const added = lacking.filter(({ suspended }) => !suspended);
  const kept = remainsOf(
    rules,
    observed,
    lacking.filter(({ suspended }) => suspended),
  );
  const { grants, refused: unfit } = fit(rules, observed, served, added, kept);
  const refused = new Map([...unfit, ...refuseAll(dead, principalDeleted)]);
  const policy = compose(rules, observed, merged(rules.build(grants), kept));
  const same = sameOwnStatements(rules, observed, policy);
  return {
    actions: same ? [] : [{ policy, unproven: unprovenOf(rules, observed, policy), grants, kept }],
    drift: same ? [] : describeDrift(rules, observed, policy, added),
    refused,
  };
};

/** Verdicts by grant id: a grant is satisfied when every statement it needs is there and names it. */
export const judgeSidPolicy = (
  rules: SidPolicyRules,
  wanted: readonly Grant[],
  observed: PolicyDocument | undefined,
): ReadonlyMap<string, Verdict> =>
  new Map(
    wanted.map((grant): [string, Verdict] => [
      grantId(grant),
      serves(rules, observed, grant)
        ? { state: 'Satisfied' }
        : { state: 'Waiting', reason: 'PolicyPending', message: 'the resource policy does not name the principal yet' },
    ]),
  );

/** True when our statements in the policy are exactly those that the grants need. */
export const isSidPolicyClean = (
  rules: SidPolicyRules,
  wanted: readonly Grant[],
  observed: PolicyDocument | undefined,
): boolean => {
  const allowed = rules.build(wanted);
  return ownStatements(rules, observed).every((statement) =>
    allowed.some((candidate) => candidate.Sid === statement.Sid && covers(candidate, statement)),
  );
};

/** The policy without the principals of ours that AWS refused; used after UnknownPrincipal. */
export const withoutPrincipals = (
  rules: SidPolicyRules,
  observed: PolicyDocument | undefined,
  action: PutPolicy,
  excluded: readonly string[],
): PutPolicy => {
  const grants = action.grants.filter(({ principal }) => !excluded.includes(principal.arn));
  const own = merged(rules.build(grants), action.kept).flatMap((statement): Statement[] => {
    const named = principalsOf(statement);
    const left = named.filter((principal) => !excluded.includes(principal));
    if (left.length === named.length) return [statement];
    return left.length === 0 ? [] : [{ ...statement, Principal: { AWS: left } }];
  });
  return { ...action, policy: compose(rules, observed, own), grants };
};

const unprovenOf = (
  rules: SidPolicyRules,
  observed: PolicyDocument | undefined,
  policy: PolicyDocument | undefined,
): readonly string[] => {
  const proven = new Set(['*', ...rules.present, ...ownStatements(rules, observed).flatMap(principalsOf)]);
  const named = new Set(ownStatements(rules, policy).flatMap(principalsOf));
  return [...named].filter((principal) => !proven.has(principal));
};

/**
 * Our statements for these grants, each with those of its principals that are named there now. A statement that somebody changed in
 * anything but principals is not kept: it may give more than anybody consented to.
 */
const remainsOf = (
  rules: SidPolicyRules,
  observed: PolicyDocument | undefined,
  grants: readonly Grant[],
): readonly Statement[] =>
  rules.build(grants).flatMap((statement): Statement[] => {
    const named = ownStatements(rules, observed)
      .filter((present) => present.Sid === statement.Sid && isAlike(present, statement))
      .flatMap(principalsOf);
    const all = principalsOf(statement);
    const left = all.filter((principal) => named.includes(principal));
    if (left.length === 0) return [];
    return [left.length === all.length ? statement : { ...statement, Principal: { AWS: left } }];
  });

/** The statements, each also for the principals that the kept one of its Sid names. */
const merged = (statements: readonly Statement[], kept: readonly Statement[]): readonly Statement[] => [
  ...statements.map((statement) => {
    const more = kept.filter(({ Sid }) => Sid === statement.Sid).flatMap(principalsOf);
    const all = [...new Set([...principalsOf(statement), ...more])].toSorted();
    return all.length === principalsOf(statement).length ? statement : { ...statement, Principal: { AWS: all } };
  }),
  ...kept.filter(({ Sid }) => statements.every((statement) => statement.Sid !== Sid)),
];

/** Statements of others first and in their order, then ours: what others wrote does not move. */
const compose = (
  rules: SidPolicyRules,
  observed: PolicyDocument | undefined,
  own: readonly Statement[],
): PolicyDocument | undefined => {
  const foreign = (observed?.Statement ?? []).filter((statement) => !isOwn(rules, statement));
  if (foreign.length + own.length === 0) return undefined;
  return {
    Version: observed?.Version ?? '2012-10-17',
    ...(observed?.Id === undefined ? {} : { Id: observed.Id }),
    Statement: [...foreign, ...own],
  };
};

/** Leaves out what AWS would refuse for its size: what works stays, new grants are taken in order while they fit. */
const fit = (
  rules: SidPolicyRules,
  observed: PolicyDocument | undefined,
  served: readonly Grant[],
  added: readonly Grant[],
  kept: readonly Statement[],
): { grants: readonly Grant[]; refused: Map<string, Refusal> } => {
  const bytes = (grants: readonly Grant[]): number =>
    policyBytes(compose(rules, observed, merged(rules.build(grants), kept)));
  const refused = new Map<string, Refusal>();
  const everything = [...served, ...added];
  if (bytes(everything) <= rules.limitBytes) return { grants: everything, refused };
  const grants = [...served];
  for (const grant of added) {
    const size = bytes([...grants, grant]);
    if (size <= rules.limitBytes) grants.push(grant);
    else {
      const message = `the policy would be ${size} bytes, AWS allows ${rules.limitBytes}: share fewer items or principals of this dataset, or use fewer statements of your own`;
      refused.set(grantId(grant), quotaExceeded(message));
    }
  }
  return { grants, refused };
};

/** Size as AWS counts it for resource policies: bytes of the JSON text. */
export const policyBytes = (policy: PolicyDocument | undefined): number =>
  policy === undefined ? 0 : byteLength(JSON.stringify(policy));

export const isOwn = (rules: SidPolicyRules, statement: Statement): boolean =>
  statement.Sid !== undefined && rules.ownSids.has(statement.Sid);

const ownStatements = (rules: SidPolicyRules, policy: PolicyDocument | undefined): readonly Statement[] =>
  (policy?.Statement ?? []).filter((statement) => isOwn(rules, statement));

const sameOwnStatements = (
  rules: SidPolicyRules,
  a: PolicyDocument | undefined,
  b: PolicyDocument | undefined,
): boolean => {
  const texts = (policy: PolicyDocument | undefined): string =>
    JSON.stringify(
      ownStatements(rules, policy)
        .map((statement) => fingerprint(statement))
        .toSorted(),
    );
  return texts(a) === texts(b);
};

/**
 * AWS shows the unique id of a principal that is gone instead of its ARN. To write the ARN again would let in whoever has it now.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-roles
 */
const isDead = (rules: SidPolicyRules, observed: PolicyDocument | undefined, { principal }: Grant): boolean =>
  ownStatements(rules, observed).some((statement) => principalsOf(statement).includes(principal.uniqueId));

const principalDeleted: Refusal = {
  state: 'Failed',
  reason: 'PrincipalNotFound',
  message: 'the role was deleted: if there is one of its name again, approve again for that one',
};

const serves = (rules: SidPolicyRules, observed: PolicyDocument | undefined, grant: Grant): boolean =>
  rules
    .build([grant])
    .every((needed) =>
      ownStatements(rules, observed).some((statement) => statement.Sid === needed.Sid && covers(statement, needed)),
    );

/** Same statement but for principals, of which `statement` has at least those of `needed`. */
const covers = (statement: Statement, needed: Statement): boolean => {
  if (!isAlike(statement, needed)) return false;
  const present = principalsOf(statement);
  return principalsOf(needed).every((principal) => present.includes(principal));
};

/** The same but for the principals. */
export const isAlike = (a: Statement, b: Statement): boolean => {
  const rest = ({ Principal: _principal, ...others }: Statement): string => fingerprint(others);
  return rest(a) === rest(b);
};

export const principalsOf = (statement: Statement): readonly string[] => {
  const { Principal: principal } = statement;
  if (principal === undefined) return [];
  if (principal === '*') return ['*'];
  return toList(principal.AWS);
};

const describeDrift = (
  rules: SidPolicyRules,
  observed: PolicyDocument | undefined,
  desired: PolicyDocument | undefined,
  unserved: readonly Grant[],
): readonly Drift[] => {
  const before = new Map(ownStatements(rules, observed).map((statement) => [statement.Sid, statement]));
  const after = new Map(ownStatements(rules, desired).map((statement) => [statement.Sid, statement]));
  const grants = unserved.map(grantId);
  return [...new Set([...before.keys(), ...after.keys()])].flatMap((sid): Drift[] => {
    const was = before.get(sid);
    const wanted = after.get(sid);
    if (wanted === undefined) return [{ kind: 'extra', message: `statement ${sid} is not wanted`, grants: [] }];
    if (was === undefined) return [{ kind: 'missing', message: `statement ${sid} is missing`, grants }];
    const missing = principalsOf(wanted).filter((principal) => !principalsOf(was).includes(principal));
    const extra = principalsOf(was).filter((principal) => !principalsOf(wanted).includes(principal));
    if (missing.length > 0 && extra.length === 0)
      return [{ kind: 'missing', message: `statement ${sid} lacks ${missing.join(', ')}`, grants }];
    if (extra.length > 0 && missing.length === 0)
      return [{ kind: 'extra', message: `statement ${sid} also names ${extra.join(', ')}`, grants: [] }];
    return fingerprint(was) === fingerprint(wanted)
      ? []
      : [{ kind: 'changed', message: `statement ${sid} was changed`, grants }];
  });
};
