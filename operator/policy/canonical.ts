// One form for all ways to write the same policy: order, single value or list, case of actions, account ids.
import type { ConditionElement, OneOrMany, PolicyDocument, PrincipalElement, Statement } from './document.ts';
import { fromList, toList } from './one-or-many.ts';
import { accountPrincipal } from './principal-match.ts';

/**
 * The canonical form: lists sorted and without repetition, one value instead of a list of one, account principals as
 * account ids, `{"AWS": "*"}` as `*`, condition values as strings, statements sorted (Sid first), equal ones once.
 * Id is left out, and Version says 2012-10-17 where the language version makes no difference. Spelling of actions and
 * keys stays as it is. Evaluates as the given policy does; canonical(canonical(p)) equals canonical(p).
 */
export function canonical(policy: PolicyDocument): PolicyDocument {
  const statements = new Map(
    policy.Statement.map((statement) => {
      const form = canonicalStatement(statement);
      return [JSON.stringify(form), form];
    }),
  );
  return {
    Version: languageVersion(policy),
    Statement: [...statements].toSorted(([a], [b]) => order(a, b)).map(([, statement]) => statement),
  };
}

/** Stable JSON for writing and hashing: equal canonical forms give equal text, without white space. */
export const canonicalJson = (policy: PolicyDocument): string => JSON.stringify(canonical(policy));

/**
 * Whether two policies are the same but for how they are written, letter case of actions and condition keys included.
 * Sids count: people and tools find statements by them. Policies that differ in wording but happen to allow the same
 * are not equivalent here.
 */
export const equivalent = (a: PolicyDocument, b: PolicyDocument): boolean =>
  policyFingerprint(a) === policyFingerprint(b);

function policyFingerprint(policy: PolicyDocument): string {
  return JSON.stringify([languageVersion(policy), [...new Set(policy.Statement.map(fingerprint))].toSorted(order)]);
}

/** Equal for statements that are the same but for how they are written. */
export const fingerprint = (statement: Statement): string => JSON.stringify(elementValues(statement));

/**
 * A statement taken apart into element -> sorted values, with what is not case-sensitive in lower case, e.g.
 * `Principal` -> `AWS 123456789012`, `Condition` -> `StringLike s3:prefix ["raw/*"]`.
 */
export function elementValues(statement: Statement): Readonly<Record<string, readonly string[]>> {
  const { Sid, Effect, Principal, NotPrincipal, Action, NotAction, Resource, NotResource, Condition } =
    canonicalStatement(statement);
  const lowerCase = (value: OneOrMany | undefined) => sorted(toList(value).map((text) => text.toLowerCase()));
  const values = {
    Sid: toList(Sid),
    Effect: [Effect],
    Principal: principalValues(Principal),
    NotPrincipal: principalValues(NotPrincipal),
    Action: lowerCase(Action),
    NotAction: lowerCase(NotAction),
    Resource: toList(Resource),
    NotResource: toList(NotResource),
    Condition: conditionValues(Condition),
  };
  return Object.fromEntries(Object.entries(values).filter(([, list]) => list.length > 0));
}

function principalValues(element: PrincipalElement | undefined): readonly string[] {
  if (element === undefined) return [];
  if (typeof element === 'string') return [element];
  return Object.entries(element).flatMap(([type, values]) => toList(values).map((value) => `${type} ${value}`));
}

/** Never merges keys that differ in case only: conditions are joined by AND, values by OR. */
const conditionValues = (element: ConditionElement | undefined): readonly string[] =>
  sorted(
    Object.entries(element ?? {}).flatMap(([operator, keys]) =>
      Object.entries(keys).map(
        ([key, value]) => `${operator} ${key.toLowerCase()} ${JSON.stringify(toStrings(value))}`,
      ),
    ),
  );

function canonicalStatement(statement: Statement): Statement {
  const { Sid, Effect, Principal, NotPrincipal, Action, NotAction, Resource, NotResource, Condition } = statement;
  return {
    ...(Sid === undefined || Sid === '' ? {} : { Sid }),
    Effect,
    ...(Principal === undefined ? {} : { Principal: canonicalPrincipal(Principal) }),
    ...(NotPrincipal === undefined ? {} : { NotPrincipal: canonicalPrincipal(NotPrincipal) }),
    ...(Action === undefined ? {} : { Action: canonicalActions(Action) }),
    ...(NotAction === undefined ? {} : { NotAction: canonicalActions(NotAction) }),
    ...(Resource === undefined ? {} : { Resource: canonicalValues(toList(Resource)) }),
    ...(NotResource === undefined ? {} : { NotResource: canonicalValues(toList(NotResource)) }),
    ...(Condition === undefined || isEmpty(Condition) ? {} : { Condition: canonicalCondition(Condition) }),
  };
}

/** Variables (and with them the escapes) are what tells the two language versions apart. */
const languageVersion = (policy: PolicyDocument): '2012-10-17' | '2008-10-17' =>
  policy.Version === '2012-10-17' || !JSON.stringify(policy.Statement).includes('${') ? '2012-10-17' : '2008-10-17';

const PRINCIPAL_TYPES = ['AWS', 'CanonicalUser', 'Federated', 'Service'] as const;

function canonicalPrincipal(element: PrincipalElement): PrincipalElement {
  if (typeof element === 'string') return element;
  const form: Partial<Record<(typeof PRINCIPAL_TYPES)[number], OneOrMany>> = {};
  for (const type of PRINCIPAL_TYPES) {
    const values = element[type];
    if (values === undefined) continue;
    form[type] = canonicalValues(toList(values).map((value) => (type === 'AWS' && accountPrincipal(value)) || value));
  }
  // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-anonymous
  return form.AWS === '*' && Object.keys(form).length === 1 ? '*' : form;
}

/** Sorted by folded spelling; of two spellings of one action the first in code order stays. */
function canonicalActions(actions: OneOrMany): OneOrMany {
  const spellings = new Map<string, string>();
  for (const action of sorted(toList(actions))) {
    const folded = action.toLowerCase();
    if (!spellings.has(folded)) spellings.set(folded, action);
  }
  return fromList([...spellings].toSorted(([a], [b]) => order(a, b)).map(([, action]) => action));
}

function canonicalCondition(element: ConditionElement): ConditionElement {
  const operators = Object.entries(element)
    .filter(([, keys]) => Object.keys(keys).length > 0)
    .toSorted(([a], [b]) => order(a, b));
  return Object.fromEntries(
    operators.map(([operator, keys]) => [
      operator,
      Object.fromEntries(
        Object.entries(keys)
          .toSorted(([a], [b]) => order(a, b))
          .map(([key, value]) => [key, canonicalValues(toStrings(value))]),
      ),
    ]),
  );
}

const isEmpty = (element: ConditionElement): boolean =>
  Object.values(element).every((keys) => Object.keys(keys).length === 0);

const toStrings = (value: OneOrMany | boolean | number): readonly string[] =>
  sorted(typeof value === 'object' ? value.map(String) : [String(value)]);

const canonicalValues = (values: readonly string[]): OneOrMany => fromList(sorted(values));

const sorted = (values: readonly string[]): readonly string[] => [...new Set(values)].toSorted(order);

/** By UTF-16 code units, so that the order depends on no locale. */
const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
