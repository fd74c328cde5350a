// The Condition element: operators, set qualifiers (ForAllValues, ForAnyValue), IfExists, Null, missing keys.
// Sources: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
//          https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
import { OPERATORS, type Comparison } from './comparisons.ts';
import type { ConditionElement } from './document.ts';
import { every, not, some, type Truth } from './truth.ts';
import type { Lookup } from './variables.ts';

/** `each`: the operator without qualifier, meant for single-valued keys. */
type Quantifier = 'ForAllValues' | 'ForAnyValue' | 'each';

/** An operator name taken apart: `ForAnyValue:StringLikeIfExists`. */
export interface OperatorName {
  readonly quantifier: Quantifier;
  /** A name of OPERATORS, or `Null`. */
  readonly base: string;
  readonly ifExists: boolean;
}

/** Reads the name of a condition operator; undefined if AWS has no such operator. `Null` takes no IfExists. */
export function readOperator(name: string): OperatorName | undefined {
  const match = /^(?:(ForAllValues|ForAnyValue):)?(\w+?)(IfExists)?$/.exec(name);
  const base = match?.[2] ?? '';
  const ifExists = match?.[3] !== undefined;
  if (base === 'Null' ? ifExists : !OPERATORS.has(base)) return undefined;
  const quantifier = match?.[1] === 'ForAllValues' || match?.[1] === 'ForAnyValue' ? match[1] : 'each';
  return { quantifier, base, ifExists };
}

/** A compiled Condition element. All its conditions must hold. */
export type Condition = (lookup: Lookup) => Truth;

/** Compiles a Condition element; conditions that cannot be judged come out `unknown` (see truth.ts). */
export function compileCondition(element: ConditionElement | undefined, variables: boolean): Condition {
  const tests: Condition[] = [];
  for (const [name, keys] of Object.entries(element ?? {})) {
    const operator = readOperator(name);
    for (const [key, value] of Object.entries(keys)) {
      const expected = (typeof value === 'object' ? value : [value]).map(String);
      tests.push(
        operator === undefined ? () => 'unknown' : compileTest(operator, key.toLowerCase(), expected, variables),
      );
    }
  }
  return (lookup) => every(tests, (test) => test(lookup));
}

function compileTest(name: OperatorName, key: string, expected: readonly string[], variables: boolean): Condition {
  if (name.base === 'Null') return compileNull(key, expected);
  const operator = OPERATORS.get(name.base);
  if (operator === undefined || expected.length === 0) return () => 'unknown';
  const comparisons = expected.map((value) => operator.compile(value, variables));
  return (lookup) => {
    const values = lookup(key) ?? [];
    if (isMissing(values, name.quantifier)) return whenMissing(name, operator.negated);
    return quantify(name.quantifier, values, (value) => judge(value, comparisons, operator.negated, lookup));
  };
}

/** One value of the request against all values of the policy: any may match; for a negated operator none may. */
function judge(value: string, comparisons: readonly Comparison[], negated: boolean, lookup: Lookup): Truth {
  const matches = some(comparisons, (comparison) => comparison(value, lookup));
  return negated ? not(matches) : matches;
}

/** Set qualifiers take an empty string as no value at all. */
const isMissing = (values: readonly string[], quantifier: Quantifier): boolean =>
  values.length === 0 || (quantifier !== 'each' && values.every((value) => value === ''));

/**
 * A missing key: false, or true for negated operators and IfExists. ForAllValues is true of no values, ForAnyValue
 * false; what ForAnyValue...IfExists means for them is nowhere written.
 */
function whenMissing({ quantifier, ifExists }: OperatorName, negated: boolean): Truth {
  if (quantifier === 'ForAllValues') return true;
  if (quantifier === 'ForAnyValue') return ifExists ? 'unknown' : false;
  return ifExists || negated;
}

function quantify(quantifier: Quantifier, values: readonly string[], judgeOne: (value: string) => Truth): Truth {
  if (quantifier === 'ForAllValues') return every(values, judgeOne);
  if (quantifier === 'ForAnyValue') return some(values, judgeOne);
  // A multivalued key needs a set qualifier; without one only an answer that all values agree on is safe.
  const all = every(values, judgeOne);
  return all === some(values, judgeOne) ? all : 'unknown';
}

/** `Null: true` asks that the key is absent, `Null: false` that it is there. */
function compileNull(key: string, expected: readonly string[]): Condition {
  return (lookup) => {
    const absent = (lookup(key) ?? []).length === 0;
    if (expected.length === 0) return 'unknown';
    return some(expected, (value) => (/^(true|false)$/i.test(value) ? /^true$/i.test(value) === absent : 'unknown'));
  };
}
