// Wildcard matching of actions, resources, ARNs and strings.
// Linear in pattern x text, because patterns come from policies that anybody may have written: no regular expressions.
import type { Truth } from './truth.ts';
import { pieces, resolveVariable, type Lookup, type Piece } from './variables.ts';

/**
 * What `*` and `?` mean. `none`: themselves. `free`: any characters. `arn`: any but a colon in the first five segments
 * of an ARN (ArnLike). `resource`: as `arn`, but a `*` that ends a segment may run over colons (the Resource element).
 */
export type Wildcards = 'none' | 'free' | 'arn' | 'resource';

export interface PatternOptions {
  readonly wildcards: Wildcards;
  readonly variables: boolean;
  readonly ignoreCase?: boolean;
}

/** A compiled policy value. Unknown if it holds a variable without value, which equals nothing. */
export type Pattern = (text: string, lookup: Lookup) => Truth;

type Matcher = (text: string) => boolean;

// A token is one character that stands for itself, or one of these wildcards.
const ONE = 0;
const ONE_IN_SEGMENT = 1;
const MANY = 2;
const MANY_IN_SEGMENT = 3;
type Token = string | typeof ONE | typeof ONE_IN_SEGMENT | typeof MANY | typeof MANY_IN_SEGMENT;

/** arn:partition:service:region:account:resource, where the resource may hold colons itself. */
export const ARN_SEGMENTS = 6;

/** Compiles a policy value; fixed parts are prepared once, variables are filled in per request. */
export function compilePattern(value: string, options: PatternOptions): Pattern {
  const parts = pieces(value, options.variables);
  if (parts.some((part) => part.kind === 'variable')) {
    return (text, lookup) => {
      const filled = fill(parts, lookup);
      return filled === undefined ? 'unknown' : matcher(filled, options)(text);
    };
  }
  const fixed = matcher(parts, options);
  return (text) => fixed(text);
}

function fill(parts: readonly Piece[], lookup: Lookup): readonly Piece[] | undefined {
  const filled: Piece[] = [];
  for (const part of parts) {
    if (part.kind !== 'variable') {
      filled.push(part);
      continue;
    }
    const text = resolveVariable(part, lookup);
    if (text === undefined) return undefined;
    // The value stands for itself: a `*` in a tag or session name must not become a wildcard.
    filled.push({ kind: 'literal', text });
  }
  return filled;
}

function matcher(parts: readonly Piece[], options: PatternOptions): Matcher {
  const fold = options.ignoreCase === true ? (text: string) => text.toLowerCase() : (text: string) => text;
  const [only] = parts;
  if (parts.length === 1 && only?.kind === 'text' && hasFreeStars(only.text, options.wildcards)) {
    const inOrder = matchInOrder(fold(only.text).split(/\*+/));
    return (text) => inOrder(fold(text));
  }
  const tokens = tokenize(parts, options);
  const firstWildcard = tokens.findIndex((token) => typeof token !== 'string');
  if (firstWildcard === -1) {
    const exact = tokens.join('');
    return (text) => fold(text) === exact;
  }
  if (firstWildcard === tokens.length - 1 && tokens[firstWildcard] === MANY) {
    const prefix = tokens.slice(0, firstWildcard).join('');
    return (text) => fold(text).startsWith(prefix);
  }
  return (text) => simulate(tokens, fold(text));
}

/** Whether all that is wild in a value is stars that run over anything. */
export function hasFreeStars(value: string, wildcards: Wildcards): boolean {
  const star = value.indexOf('*');
  if (star === -1 || wildcards === 'none' || value.includes('?')) return false;
  if (wildcards === 'free' || (wildcards === 'resource' && star === value.length - 1)) return true;
  let segment = 1;
  for (let colon = value.indexOf(':'); colon !== -1 && colon < star; colon = value.indexOf(':', colon + 1))
    segment += 1;
  return segment >= ARN_SEGMENTS;
}

/** Each text where it is found first: with nothing but free stars between them, no later place could serve the next one better. */
function matchInOrder(texts: readonly string[]): Matcher {
  const head = texts[0] ?? '';
  const tail = texts.at(-1) ?? '';
  const inside = texts.slice(1, -1);
  return (text) => {
    if (!text.startsWith(head) || !text.endsWith(tail)) return false;
    const end = text.length - tail.length;
    let at = head.length;
    for (const one of inside) {
      const found = text.indexOf(one, at);
      if (found === -1) return false;
      at = found + one.length;
    }
    return at <= end;
  };
}

function tokenize(parts: readonly Piece[], { wildcards, ignoreCase = false }: PatternOptions): readonly Token[] {
  const tokens: Token[] = [];
  let segment = 1;
  for (const [at, part] of parts.entries()) {
    if (part.kind === 'variable') continue;
    const text = ignoreCase ? part.text.toLowerCase() : part.text;
    for (let index = 0; index < text.length;) {
      const character = String.fromCodePoint(text.codePointAt(index) ?? 0);
      index += character.length;
      if (character === ':') segment += 1;
      const isWildcard = part.kind === 'text' && wildcards !== 'none' && (character === '*' || character === '?');
      if (!isWildcard) {
        tokens.push(character);
        continue;
      }
      const ends = index === text.length ? at === parts.length - 1 : text[index] === ':';
      const free =
        wildcards === 'free' || segment >= ARN_SEGMENTS || (wildcards === 'resource' && character === '*' && ends);
      const token = character === '?' ? (free ? ONE : ONE_IN_SEGMENT) : free ? MANY : MANY_IN_SEGMENT;
      // Any number of stars is any number of characters.
      if (character === '?' || token !== tokens.at(-1)) tokens.push(token);
    }
  }
  return tokens;
}

/** Walks the text once and keeps the set of token positions that may come next. */
function simulate(tokens: readonly Token[], text: string): boolean {
  const stamp = new Int32Array(tokens.length + 1);
  let step = 1;
  let current: number[] = [];
  const add = (positions: number[], position: number): void => {
    for (let at = position; stamp[at] !== step; at += 1) {
      stamp[at] = step;
      positions.push(at);
      if (tokens[at] !== MANY && tokens[at] !== MANY_IN_SEGMENT) return;
    }
  };
  add(current, 0);
  for (const character of text) {
    step += 1;
    const next: number[] = [];
    for (const position of current) {
      const token = tokens[position];
      if (token === undefined) continue;
      if (token === MANY || (token === MANY_IN_SEGMENT && character !== ':')) add(next, position);
      else if (token === ONE || (token === ONE_IN_SEGMENT && character !== ':')) add(next, position + 1);
      else if (token === character) add(next, position + 1);
    }
    if (next.length === 0) return false;
    current = next;
  }
  return current.includes(tokens.length);
}

/**
 * Compiles an entry of Action or NotAction. Neither the service nor the name is case-sensitive.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html
 */
export function compileAction(value: string): Matcher {
  const pattern = compilePattern(value, { wildcards: 'free', variables: false, ignoreCase: true });
  return (action) => pattern(action, () => undefined) === true;
}

/**
 * Compiles an entry of Resource or NotResource. Variables are known only after the fifth colon; what one before it
 * stands for is unknown. A request without resource (`*`) is covered only by `*`.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
 */
export function compileResource(value: string, variables: boolean): Pattern {
  if (/^\*+$/.test(value)) return () => true;
  if (variables && variableBeforeResource(value)) return () => 'unknown';
  return compilePattern(value, { wildcards: 'resource', variables });
}

function variableBeforeResource(value: string): boolean {
  const at = value.indexOf('${');
  return at !== -1 && value.slice(0, at).split(':').length < ARN_SEGMENTS;
}
