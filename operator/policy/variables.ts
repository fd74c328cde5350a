// Policy variables: `${aws:username}`, `${aws:PrincipalTag/team, 'none'}` and the escapes `${*}`, `${?}`, `${$}`.
// Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
import type { PolicyDocument } from './document.ts';

/**
 * A piece of a policy value. `text` may hold wildcards, `literal` stands for itself, `variable` stands for the value of
 * a context key.
 */
export type Piece =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'literal'; readonly text: string }
  | { readonly kind: 'variable'; readonly key: string; readonly fallback: string | undefined };

/** Values of a context key (lower case), or undefined where the request has none. */
export type Lookup = (key: string) => readonly string[] | undefined;

const WITH_DEFAULT = /^(.*?),\s*'(.*)'$/s;

/** Variables exist since language version 2012-10-17; in older policies (and without Version) `${x}` is plain text. */
export const hasVariables = (version: PolicyDocument['Version']): boolean => version === '2012-10-17';

/** Cuts a policy value into pieces. With `variables` false the whole value is text. */
export function pieces(value: string, variables: boolean): readonly Piece[] {
  if (!variables || !value.includes('${')) return [{ kind: 'text', text: value }];
  const found: Piece[] = [];
  let end = 0;
  // By hand: an expression would look for the end of each of a thousand openings anew, to the end of the text.
  for (;;) {
    const start = value.indexOf('${', end);
    const close = start === -1 ? -1 : value.indexOf('}', start);
    if (close === -1) break;
    if (start > end) found.push({ kind: 'text', text: value.slice(end, start) });
    found.push(pieceOf(value.slice(start + 2, close)));
    end = close + 1;
  }
  if (end < value.length) found.push({ kind: 'text', text: value.slice(end) });
  return found;
}

function pieceOf(name: string): Piece {
  if (name === '*' || name === '?' || name === '$') return { kind: 'literal', text: name };
  const withDefault = name.endsWith("'") ? WITH_DEFAULT.exec(name) : null;
  const key = (withDefault?.[1] ?? name).trim().toLowerCase();
  return { kind: 'variable', key, fallback: withDefault?.[2] };
}

/**
 * The value a variable stands for, or undefined: "effectively null", which equals nothing. Multivalued keys cannot be
 * used as variables.
 */
export function resolveVariable(variable: Extract<Piece, { kind: 'variable' }>, lookup: Lookup): string | undefined {
  const values = lookup(variable.key);
  if (values === undefined || values.length === 0) return variable.fallback;
  return values.length === 1 ? values[0] : undefined;
}

const ESCAPED = /[*?$]/g;

/**
 * Text as a policy value that matches exactly this text and nothing else: `a*` becomes `a${*}`. For everything a person
 * chose (prefixes, names) that goes into a Resource or a Condition value. Only for policies of Version 2012-10-17, and
 * in a Resource only after the fifth colon: AWS knows variables nowhere else.
 */
export const literal = (text: string): string => text.replace(ESCAPED, (character) => `\${${character}}`);
