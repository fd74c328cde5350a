// How much it takes at most to ask a policy about one request, from its text alone: whoever judges policies of others knows before.
import type { PolicyDocument, Statement } from './document.ts';
import { hasFreeStars, type Wildcards } from './match.ts';
import { toList } from './one-or-many.ts';

/** What a policy holds, by what it takes to compare it with a text. */
interface Weight {
  /** Values of any kind, each of which takes one step. */
  readonly values: number;
  /** Values that are looked for piece by piece: a step for so many characters of them and of the text. */
  readonly starred: number;
  readonly starredCharacters: number;
  /** Characters of the others, which may each be compared with every character of the text. */
  readonly walkedCharacters: number;
}

/** Characters that are passed over in the time of one step. */
const PASSED = 16;
const WALKED = 2;

/** An upper bound, in steps. @param length of the longest text of the request, in characters */
export const effortOf = (policy: PolicyDocument, length: number): number => {
  const { values, starred, starredCharacters, walkedCharacters } = weightOf(policy);
  return values + (starredCharacters + starred * length) / PASSED + (walkedCharacters * length) / WALKED;
};

// Documents are never changed in place, so the object is its own key.
const weights = new WeakMap<PolicyDocument, Weight>();

const weightOf = (policy: PolicyDocument): Weight => {
  let weight = weights.get(policy);
  if (weight === undefined) {
    weight = weigh(policy);
    weights.set(policy, weight);
  }
  return weight;
};

const weigh = (policy: PolicyDocument): Weight => {
  const weight = { values: 0, starred: 0, starredCharacters: 0, walkedCharacters: 0 };
  const add = (value: string, wildcards: Wildcards): void => {
    weight.values += 1;
    const isFixed = !/[*?]|\$\{/.test(value) || /^\*+$/.test(value);
    if (isFixed) return;
    if (value.includes('${') || !hasFreeStars(value, wildcards)) weight.walkedCharacters += value.length;
    else if (value.indexOf('*') < value.length - 1) {
      weight.starred += 1;
      weight.starredCharacters += value.length;
    }
  };
  for (const statement of policy.Statement) {
    weight.values += 1;
    for (const action of [...toList(statement.Action), ...toList(statement.NotAction)]) add(action, 'free');
    for (const value of [...toList(statement.Resource), ...toList(statement.NotResource)]) add(value, 'resource');
    // Some operators let stars run over colons, others do not.
    for (const value of conditionValues(statement)) add(value, 'arn');
  }
  return weight;
};

const conditionValues = ({ Condition: condition = {} }: Statement): readonly string[] =>
  Object.values(condition).flatMap((keys) =>
    Object.values(keys).flatMap((value) => (typeof value === 'object' ? value : [value]).map(String)),
  );
