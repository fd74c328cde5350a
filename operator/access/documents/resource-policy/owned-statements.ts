// Plans a resource policy that we share with others (bucket policy, key policy): our statements are known by Sid, all others stay
// as they are, byte for byte (put-policy.ts has the one exception).
import type { PolicyDocument, Statement } from '../../../policy/document.ts';
import { fingerprint } from '../../../policy/canonical.ts';
import { byteLength } from '../../../policy/size.ts';
import type { Plan, Verdict } from '../../document.ts';
import type { Grant } from '../../grant.ts';
import { quotaExceeded, type Refusal } from '../refusal.ts';
import { examplesOf, grantsIn, groupAlike, refuseAlike, type AlikeGrants } from './alike-grants.ts';
import { describeDrift, sufferersOf } from './statement-drift.ts';
import { principalsOf, StatementIndex } from './statement-index.ts';

/** What makes one kind of shared policy different from another. */
export interface OwnedStatementRules {
  /** What people call the policy: `the policy of bucket orders-data`. */
  readonly name: string;
  /** Every Sid that is ours, whether wanted now or not. */
  readonly ownSids: ReadonlySet<string>;
  /** Roles of ours that exist as surely as we do. */
  readonly present: ReadonlySet<string>;
  /** What AWS allows, in bytes of the JSON text as we send it. */
  readonly limitBytes: number;
  /**
   * Our statements for these grants, baseline included; statements that would be empty are left out. Of a grant, only the principal, the
   * kind of item and the permissions count, and which statement says what does not depend on who else is named.
   */
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
  readonly retained: readonly Statement[];
  /**
   * Where not even what is served, or ours whether or not anything is shared, has room beside what others wrote: the policy without what has to
   * go, and whether anything has to.
   */
  readonly reduced: { readonly policy: PolicyDocument | undefined; readonly takes: boolean } | undefined;
}

export interface OwnedStatementsView {
  readonly plan: Plan<PutPolicy>;
  /** A grant is satisfied when every statement it needs is there and names it. */
  readonly verdicts: ReadonlyMap<string, Verdict>;
  /** Our statements in the policy are exactly those that the grants need. */
  readonly isClean: boolean;
}

/** Yields the size of each piece of work, in grants. */
export function* viewOwnedStatements(
  rules: OwnedStatementRules,
  wanted: readonly Grant[],
  observed: PolicyDocument | undefined,
): Generator<number, OwnedStatementsView> {
  const own = ownStatements(rules, observed);
  const index = new StatementIndex(own);
  // What is there whether or not anything is shared serves nobody.
  const baseline = new Set(rules.build([]).map(fingerprint));
  const isBaseline = (statement: Statement): boolean => baseline.has(fingerprint(statement));
  const named = new Set(own.flatMap(principalsOf));
  const verdicts = new Map<string, Verdict>();
  const dead: AlikeGrants[] = [];
  const served: AlikeGrants[] = [];
  const lacking: AlikeGrants[] = [];
  const all = yield* groupAlike(wanted, asked);
  for (const alike of all) {
    const { example, ids } = alike;
    const isServed = rules.build([example]).every((needed) => isBaseline(needed) || index.covers(needed));
    for (const id of ids) verdicts.set(id, isServed ? SATISFIED : PENDING);
    (named.has(example.principal.uniqueId) ? dead : isServed ? served : lacking).push(alike);
    yield ids.length;
  }
  const added = lacking.filter(({ example }) => !example.suspended);
  const retained = retainedStatements(
    rules.build(examplesOf(lacking.filter(({ example }) => example.suspended))),
    index,
  );
  const { fitting, refused: unfit } = yield* fit(rules, observed, served, added, retained);
  const policy = compose(rules, observed, merged(rules.build(examplesOf(fitting)), retained));
  const same = sameOwnStatements(rules, observed, policy);
  const permitted = rules.build(examplesOf(all));
  const allowed = new StatementIndex(permitted);
  const hasRoom = policyBytes(policy) <= rules.limitBytes;
  const reduced = hasRoom ? undefined : reducedOf(rules, observed, retainedStatements(permitted, index));
  return {
    plan: {
      actions: same
        ? []
        : [{ policy, unproven: unprovenOf(rules, observed, policy), grants: grantsIn(fitting), retained, reduced }],
      drift: same
        ? []
        : describeDrift(
            own,
            ownStatements(rules, policy),
            sufferersOf(
              (grants) => rules.build(grants),
              added,
              (needed) => isBaseline(needed) || index.covers(needed),
            ),
          ),
      refused: new Map([...unfit, ...refuseAlike(dead, principalDeleted)]),
    },
    verdicts,
    isClean: own.every((statement) => allowed.covers(statement)),
  };
}

/** What of a grant counts for a statement. */
const asked = ({ principal, item, permissions, suspended }: Grant): string =>
  [principal.arn, principal.uniqueId, item.kind, suspended, ...permissions].join(' ');

const SATISFIED: Verdict = { state: 'Satisfied' };
const PENDING: Verdict = {
  state: 'Waiting',
  reason: 'PolicyPending',
  message: 'the resource policy does not name the principal yet',
};

/** The policy without the principals of ours that AWS refused; used after UnknownPrincipal. */
export const withoutPrincipals = (
  rules: OwnedStatementRules,
  observed: PolicyDocument | undefined,
  action: PutPolicy,
  excluded: readonly string[],
): PutPolicy => {
  const leftOut = new Set(excluded);
  const grants = action.grants.filter(({ principal }) => !leftOut.has(principal.arn));
  const own = merged(rules.build(grants), action.retained).flatMap((statement): Statement[] => {
    const named = principalsOf(statement);
    const others = named.filter((principal) => !leftOut.has(principal));
    if (others.length === named.length) return [statement];
    return others.length === 0 ? [] : [{ ...statement, Principal: { AWS: others } }];
  });
  return { ...action, policy: compose(rules, observed, own), grants };
};

const unprovenOf = (
  rules: OwnedStatementRules,
  observed: PolicyDocument | undefined,
  policy: PolicyDocument | undefined,
): readonly string[] => {
  const proven = new Set(['*', ...rules.present, ...ownStatements(rules, observed).flatMap(principalsOf)]);
  const named = new Set(ownStatements(rules, policy).flatMap(principalsOf));
  return [...named].filter((principal) => !proven.has(principal));
};

/**
 * Of our statements for some grants, each with those of its principals that are named there now. A statement that somebody changed in
 * anything but principals is not retained: it may give more than anybody consented to.
 */
const retainedStatements = (statements: readonly Statement[], observed: StatementIndex): readonly Statement[] =>
  statements.flatMap((statement): Statement[] => {
    const left = observed.namedOf(statement);
    if (left.length === 0) return [];
    return [left.length === principalsOf(statement).length ? statement : { ...statement, Principal: { AWS: left } }];
  });

/** The statements, each also for the principals that the retained one of its Sid names. */
const merged = (statements: readonly Statement[], retained: readonly Statement[]): readonly Statement[] => [
  ...statements.map((statement) => {
    const more = retained.filter(({ Sid }) => Sid === statement.Sid).flatMap(principalsOf);
    const all = [...new Set([...principalsOf(statement), ...more])].toSorted();
    return all.length === principalsOf(statement).length ? statement : { ...statement, Principal: { AWS: all } };
  }),
  ...retained.filter(({ Sid }) => statements.every((statement) => statement.Sid !== Sid)),
];

/** Statements of others first and in their order, then ours: what others wrote does not move. */
const compose = (
  rules: OwnedStatementRules,
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

const reducedOf = (
  rules: OwnedStatementRules,
  observed: PolicyDocument | undefined,
  left: readonly Statement[],
): PutPolicy['reduced'] => {
  const policy = compose(rules, observed, left);
  return { policy, takes: !sameOwnStatements(rules, observed, policy) };
};

/** Leaves out what AWS would refuse for its size: what works stays, new grants are taken in order while they fit. */
function* fit(
  rules: OwnedStatementRules,
  observed: PolicyDocument | undefined,
  served: readonly AlikeGrants[],
  added: readonly AlikeGrants[],
  retained: readonly Statement[],
): Generator<number, { fitting: readonly AlikeGrants[]; refused: Map<string, Refusal> }> {
  const bytes = (groups: readonly AlikeGrants[]): number =>
    policyBytes(compose(rules, observed, merged(rules.build(examplesOf(groups)), retained)));
  const refused = new Map<string, Refusal>();
  const everything = [...served, ...added];
  if (bytes(everything) <= rules.limitBytes) return { fitting: everything, refused };
  const fitting = [...served];
  for (const group of added) {
    const size = bytes([...fitting, group]);
    if (size <= rules.limitBytes) fitting.push(group);
    else {
      const message = `the policy would be ${size} bytes, AWS allows ${rules.limitBytes}: share fewer items or principals of this dataset, or use fewer statements of your own`;
      for (const [grant, refusal] of refuseAlike([group], quotaExceeded(message))) refused.set(grant, refusal);
    }
    yield 1 + fitting.length;
  }
  return { fitting, refused };
}

/** Size as AWS counts it for resource policies: bytes of the JSON text. */
export const policyBytes = (policy: PolicyDocument | undefined): number =>
  policy === undefined ? 0 : byteLength(JSON.stringify(policy));

export const isOwn = (rules: OwnedStatementRules, statement: Statement): boolean =>
  statement.Sid !== undefined && rules.ownSids.has(statement.Sid);

const ownStatements = (rules: OwnedStatementRules, policy: PolicyDocument | undefined): readonly Statement[] =>
  (policy?.Statement ?? []).filter((statement) => isOwn(rules, statement));

const sameOwnStatements = (
  rules: OwnedStatementRules,
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
const principalDeleted: Refusal = {
  state: 'Failed',
  reason: 'PrincipalNotFound',
  message: 'the role was deleted: if there is one of its name again, approve again for that one',
};
