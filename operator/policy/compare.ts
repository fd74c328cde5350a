// What tells an actual policy from a desired one, statement by statement, as evidence for drift.
import { elementValues, fingerprint } from './canonical.ts';
import type { PolicyDocument, Statement } from './document.ts';

/** Values of one element that the actual statement lacks, and values it should not have. */
interface ElementDifference {
  readonly element: string;
  /** As in elementValues (canonical.ts): lower-case actions, `AWS 123456789012`, `Bool aws:securetransport ["false"]`. */
  readonly missing: readonly string[];
  readonly extra: readonly string[];
}

export type Difference =
  | { readonly kind: 'missing'; readonly sid: string | undefined; readonly desired: Statement }
  | { readonly kind: 'extra'; readonly sid: string | undefined; readonly actual: Statement }
  | {
      readonly kind: 'changed';
      readonly sid: string;
      readonly desired: Statement;
      readonly actual: Statement;
      readonly elements: readonly ElementDifference[];
    };

/**
 * Lists what must happen to `actual` to become `desired`: statements to add, to remove, to change. Statements are the
 * same however they are written; those with the same Sid are compared element by element. Empty if and only if the
 * policies are equivalent, but for a Version that changes the meaning of `${`.
 */
export function differences(actual: PolicyDocument, desired: PolicyDocument): readonly Difference[] {
  const found = unmatched(actual.Statement, desired.Statement);
  const wanted = unmatched(desired.Statement, actual.Statement);
  const changed: Difference[] = [];
  const paired = new Set<Statement>();
  for (const statement of wanted) {
    const counterpart = found.find((other) => !paired.has(other) && hasSid(other) && other.Sid === statement.Sid);
    if (counterpart === undefined) continue;
    paired.add(counterpart).add(statement);
    changed.push(change(counterpart, statement));
  }
  return [
    ...wanted
      .filter((desired) => !paired.has(desired))
      .map((desired) => ({ kind: 'missing', sid: desired.Sid, desired }) as const),
    ...changed,
    ...found
      .filter((actual) => !paired.has(actual))
      .map((actual) => ({ kind: 'extra', sid: actual.Sid, actual }) as const),
  ];
}

/** Elements of which more values allow more. */
const WIDENING: ReadonlySet<string> = new Set(['Action', 'Principal', 'Resource']);

/**
 * Whether `desired` allows all that `actual` allows, as far as statements tell it without a request: those that allow are new, or were there with
 * fewer actions, principals or resources. False says only that something may be taken.
 */
export const onlyAllowsMore = (actual: PolicyDocument, desired: PolicyDocument): boolean =>
  differences(actual, desired).every((difference) => {
    if (difference.kind === 'extra') return false;
    if (difference.desired.Effect !== 'Allow') return false;
    if (difference.kind === 'missing') return true;
    return difference.elements.every(({ element, extra }) => WIDENING.has(element) && extra.length === 0);
  });

const hasSid = (statement: Statement): boolean => statement.Sid !== undefined && statement.Sid !== '';

/** Statements of which the others have no equal. */
function unmatched(statements: readonly Statement[], others: readonly Statement[]): readonly Statement[] {
  const known = new Set(others.map(fingerprint));
  return statements.filter((statement) => !known.has(fingerprint(statement)));
}

function change(actual: Statement, desired: Statement): Difference {
  const found = elementValues(actual);
  const wanted = elementValues(desired);
  const names = Object.keys({ ...wanted, ...found });
  const elements = names
    .map((element) => ({
      element,
      missing: without(wanted[element], found[element]),
      extra: without(found[element], wanted[element]),
    }))
    .filter(({ missing, extra }) => missing.length > 0 || extra.length > 0);
  return { kind: 'changed', sid: desired.Sid ?? '', desired, actual, elements };
}

const without = (values: readonly string[] = [], others: readonly string[] = []): readonly string[] => {
  const known = new Set(others);
  return values.filter((value) => !known.has(value));
};
