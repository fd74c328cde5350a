// Event patterns: does a rule want an event? Pure.
// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
import { AwsError } from '../../core/aws-error.ts';

export type Pattern = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const invalid = (why: string): AwsError =>
  new AwsError('InvalidEventPatternException', `Event pattern is not valid. Reason: ${why}`);

/**
 * Reads and checks a pattern.
 * @throws InvalidEventPatternException
 */
export function parsePattern(text: string): Pattern {
  let pattern: unknown;
  try {
    pattern = JSON.parse(text);
  } catch {
    throw invalid('Filter is not an object');
  }
  if (!isObject(pattern) || Object.keys(pattern).length === 0) throw invalid('Filter is not an object');
  checkObject(pattern);
  return pattern;
}

function checkObject(pattern: Pattern): void {
  for (const [key, value] of Object.entries(pattern)) {
    if (key === '$or') {
      if (!Array.isArray(value) || value.length < 2 || !value.every(isObject))
        throw invalid('$or must be a list of at least two objects');
      for (const branch of value as Pattern[]) checkObject(branch);
    } else if (isObject(value)) {
      if (Object.keys(value).length === 0) throw invalid(`Empty objects are not allowed (${key})`);
      checkObject(value);
    } else if (!Array.isArray(value)) throw invalid(`"${key}" must be an object or an array`);
    else if (value.length === 0) throw invalid(`Empty arrays are not allowed (${key})`);
    else for (const matcher of value) checkMatcher(matcher);
  }
}

function checkMatcher(matcher: unknown): void {
  if (!isObject(matcher)) {
    if (Array.isArray(matcher)) throw invalid('Match value must be String, number, true, false, or null');
    return;
  }
  const [operator, operand] = onlyEntry(matcher);
  if (Object.keys(matcher).length !== 1) throw invalid('Only one key allowed in match expression');
  const test = OPERATORS[operator];
  if (test === undefined) throw invalid(`Unrecognized match type ${operator}`);
  test.check(operand);
}

/** Whether every field of the pattern is satisfied by the event; lists in the event match when any element does. */
export function matchesPattern(pattern: Pattern, event: unknown): boolean {
  return Object.entries(pattern).every(([key, wanted]) => {
    if (key === '$or') return (wanted as Pattern[]).some((branch) => matchesPattern(branch, event));
    const value = isObject(event) ? event[key] : undefined;
    if (isObject(wanted)) {
      return Array.isArray(value) ? value.some((item) => matchesPattern(wanted, item)) : matchesPattern(wanted, value);
    }
    return (wanted as unknown[]).some((matcher) => matchesField(matcher, value));
  });
}

function matchesField(matcher: unknown, value: unknown): boolean {
  if (isObject(matcher)) {
    const [operator, operand] = onlyEntry(matcher);
    if (operator === 'exists') return (value !== undefined) === operand;
    const test = OPERATORS[operator];
    return test !== undefined && elements(value).some((item) => test.matches(operand, item));
  }
  return elements(value).some((item) => item === matcher);
}

const elements = (value: unknown): readonly unknown[] => {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
};

/** `{"prefix": "x"}` as its operator and operand. */
const onlyEntry = (matcher: Pattern): readonly [string, unknown] => Object.entries(matcher)[0] ?? ['', undefined];

interface MatchOperator {
  /** Throws for operands AWS refuses. */
  check(operand: unknown): void;
  matches(operand: unknown, value: unknown): boolean;
}

const foldCase = (value: unknown): unknown => (typeof value === 'string' ? value.toLowerCase() : value);

/** `{"equals-ignore-case": x}` as the operand of prefix and suffix. */
const ignoreCaseOperand = (operand: unknown): string | undefined => {
  const inner = isObject(operand) ? operand['equals-ignore-case'] : undefined;
  return typeof inner === 'string' ? inner : undefined;
};

const affix = (name: string, test: (value: string, affix: string) => boolean): MatchOperator => ({
  check: (operand) => {
    if (typeof operand !== 'string' && ignoreCaseOperand(operand) === undefined)
      throw invalid(`${name} match pattern must be a string`);
  },
  matches: (operand, value) => {
    if (typeof value !== 'string') return false;
    const folded = ignoreCaseOperand(operand);
    return folded === undefined ? test(value, String(operand)) : test(value.toLowerCase(), folded.toLowerCase());
  },
});

const NUMERIC: Readonly<Record<string, (value: number, bound: number) => boolean>> = {
  '=': (value, bound) => value === bound,
  '<': (value, bound) => value < bound,
  '<=': (value, bound) => value <= bound,
  '>': (value, bound) => value > bound,
  '>=': (value, bound) => value >= bound,
};

/** `[">", 0, "<=", 5]` as pairs. */
function bounds(operand: unknown): [string, number][] {
  const flat: unknown[] = Array.isArray(operand) ? operand : [];
  return Array.from({ length: Math.ceil(flat.length / 2) }, (_, index) => [
    String(flat[index * 2]),
    flat[index * 2 + 1] as number,
  ]);
}

const wildcardExpression = (operand: unknown): RegExp =>
  new RegExp(
    `^${String(operand)
      .replace(/[.+?^${}()|[\]\\]/g, '\\$&')
      .replace(/\*/g, '.*')}$`,
    's',
  );

const toAddress = (text: string): number => text.split('.').reduce((sum, byte) => sum * 256 + Number(byte), 0);

const OPERATORS: Readonly<Record<string, MatchOperator>> = {
  prefix: affix('prefix', (value, prefix) => value.startsWith(prefix)),
  suffix: affix('suffix', (value, suffix) => value.endsWith(suffix)),
  'equals-ignore-case': {
    check: (operand) => {
      if (typeof operand !== 'string') throw invalid('equals-ignore-case match pattern must be a string');
    },
    matches: (operand, value) => foldCase(operand) === foldCase(value),
  },
  wildcard: {
    check: (operand) => {
      if (typeof operand !== 'string' || operand.includes('**'))
        throw invalid('wildcard match pattern must be a string without consecutive wildcards');
    },
    matches: (operand, value) => typeof value === 'string' && wildcardExpression(operand).test(value),
  },
  exists: {
    check: (operand) => {
      if (typeof operand !== 'boolean') throw invalid('exists match pattern must be either true or false.');
    },
    // Presence is a question about the field, not about its values: matchesField answers it.
    matches: () => true,
  },
  numeric: {
    check: (operand) => {
      const pairs = bounds(operand);
      if (
        pairs.length === 0 ||
        !pairs.every(([operator, bound]) => NUMERIC[operator] !== undefined && typeof bound === 'number')
      ) {
        throw invalid('Value of numeric must be an array of operators and numbers.');
      }
    },
    matches: (operand, value) =>
      typeof value === 'number' &&
      bounds(operand).every(([operator, bound]) => NUMERIC[operator]?.(value, bound) === true),
  },
  cidr: {
    check: (operand) => {
      if (!/^\d+\.\d+\.\d+\.\d+\/\d+$/.test(String(operand))) throw invalid('the AWS simulator matches IPv4 cidr only');
    },
    matches: (operand, value) => {
      if (typeof value !== 'string' || !/^\d+\.\d+\.\d+\.\d+$/.test(value)) return false;
      const [network = '', length = '32'] = String(operand).split('/');
      const size = 2 ** (32 - Number(length));
      return Math.floor(toAddress(network) / size) === Math.floor(toAddress(value) / size);
    },
  },
  'anything-but': {
    check: (operand) => {
      const values: unknown[] = isObject(operand) ? Object.values(operand).flat() : [operand].flat();
      if (
        isObject(operand) &&
        !['prefix', 'suffix', 'equals-ignore-case', 'wildcard'].includes(Object.keys(operand)[0] ?? '')
      ) {
        throw invalid('Unsupported anything-but pattern');
      }
      if (values.length === 0 || values.some((value) => typeof value !== 'string' && typeof value !== 'number')) {
        throw invalid('Value of anything-but must be an array or single string/number value.');
      }
    },
    matches: (operand, value) => {
      if (!isObject(operand)) return ![operand].flat().includes(value);
      const [operator, values] = onlyEntry(operand);
      return ![values].flat().some((inner) => OPERATORS[operator]?.matches(inner, value));
    },
  },
};
