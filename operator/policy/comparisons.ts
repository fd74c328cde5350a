// The comparisons behind the condition operators: one value of the request against one value of the policy.
// Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
import { isIP } from 'node:net';
import { ARN_SEGMENTS, compilePattern, type PatternOptions } from './match.ts';
import type { Truth } from './truth.ts';
import type { Lookup } from './variables.ts';

/** A value of the policy, compiled: compares one value of the request with it. */
export type Comparison = (actual: string, lookup: Lookup) => Truth;

/** Compiles a value of the policy. `variables`: whether the policy's version knows policy variables. */
type Compile = (expected: string, variables: boolean) => Comparison;

/** What an operator compares, and whether it asks for the opposite (StringNotEquals is StringEquals, negated). */
export interface Operator {
  readonly compile: Compile;
  readonly negated: boolean;
}

/** A variable without value equals nothing, so negated operators match: the page on variables says so. */
const text =
  (options: Omit<PatternOptions, 'variables'>): Compile =>
  (expected, variables) => {
    const pattern = compilePattern(expected, { ...options, variables });
    return (actual, lookup) => pattern(actual, lookup) === true;
  };

const stringEquals = text({ wildcards: 'none' });
const stringEqualsIgnoreCase = text({ wildcards: 'none', ignoreCase: true });
const stringLike = text({ wildcards: 'free' });
const arnPattern = text({ wildcards: 'arn' });

/** ArnEquals and ArnLike are the same: six segments, wildcards stay within theirs. */
const arnLike: Compile = (expected, variables) => {
  const mayGrow = variables && expected.includes('${');
  if (!mayGrow && expected.split(':').length < ARN_SEGMENTS) return () => 'unknown';
  return arnPattern(expected, variables);
};

/** Only `true` and `false` are booleans, in any case. A variable may stand for one. */
const bool: Compile = (expected, variables) => {
  const equals = stringEqualsIgnoreCase(expected, variables);
  const known = (value: string) => /^(true|false)$/i.test(value);
  const constant = !(variables && expected.includes('${'));
  return (actual, lookup) => (known(actual) && (!constant || known(expected)) ? equals(actual, lookup) : 'unknown');
};

/** Compares bytes; the request's value is base64 too, because a context holds text. */
const binaryEquals: Compile = (expected) => {
  const bytes = fromBase64(expected);
  return (actual) => {
    const other = fromBase64(actual);
    return bytes === undefined || other === undefined ? 'unknown' : bytes.equals(other);
  };
};

function fromBase64(value: string): Buffer | undefined {
  return /^[A-Za-z0-9+/]*={0,2}$/.test(value) ? Buffer.from(value, 'base64') : undefined;
}

type Judge = (order: number) => boolean;
const equal: Judge = (order) => order === 0;
const less: Judge = (order) => order < 0;
const lessOrEqual: Judge = (order) => order <= 0;
const greater: Judge = (order) => order > 0;
const greaterOrEqual: Judge = (order) => order >= 0;

/** Orders two values of a kind after reading them; what cannot be read cannot be judged. */
const ordered =
  <T>(read: (value: string) => T | undefined, compare: (a: T, b: T) => number) =>
  (judge: Judge): Compile =>
  (expected) => {
    const limit = read(expected);
    return (actual) => {
      const value = read(actual);
      return limit === undefined || value === undefined ? 'unknown' : judge(compare(value, limit));
    };
  };

/** A decimal number without rounding: unscaled x 10^-scale. */
interface Decimal {
  readonly unscaled: bigint;
  readonly scale: number;
}

/** Digits beyond this are no number anybody compares; it bounds the work of scaling. */
const MAX_DIGITS = 64;

function readDecimal(value: string): Decimal | undefined {
  const match = /^([+-]?)(\d+)(?:\.(\d+))?$/.exec(value.trim());
  if (match === null || value.length > MAX_DIGITS) return undefined;
  const [, sign = '', whole = '', fraction = ''] = match;
  const digits = BigInt(whole + fraction);
  return { unscaled: sign === '-' ? -digits : digits, scale: fraction.length };
}

function compareDecimals(a: Decimal, b: Decimal): number {
  const left = a.unscaled * 10n ** BigInt(b.scale);
  const right = b.unscaled * 10n ** BigInt(a.scale);
  return left < right ? -1 : left > right ? 1 : 0;
}

// W3C date-times (https://www.w3.org/TR/NOTE-datetime): year, month, day, or day with time and zone.
const DATE_TIME = /^\d{4}(-\d{2}(-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2}))?)?)?$/;

/** Milliseconds since 1970. Digits alone are seconds since 1970, unless there are exactly four: a year. */
function readTime(value: string): number | undefined {
  if (DATE_TIME.test(value)) {
    const time = Date.parse(value);
    return Number.isNaN(time) ? undefined : time;
  }
  return /^\d{1,12}(\.\d+)?$/.test(value) ? Number(value) * 1000 : undefined;
}

const numeric = ordered(readDecimal, compareDecimals);
const date = ordered(readTime, (a, b) => a - b);

/** An address of 32 or 128 bits. */
interface Address {
  readonly bits: 32 | 128;
  readonly value: bigint;
}

const V4_MAPPED = 0xffff_0000_0000n;

/** Reads IPv4 and IPv6. `::ffff:192.0.2.1` is the IPv4 address it carries, or an IPv4 Deny could be walked around. */
function readAddress(value: string): Address | undefined {
  const kind = isIP(value);
  if (kind === 0 || value.includes('%')) return undefined;
  if (kind === 4) return { bits: 32, value: readV4(value) };
  const address = readV6(value);
  return address >> 32n === V4_MAPPED >> 32n
    ? { bits: 32, value: address & 0xffff_ffffn }
    : { bits: 128, value: address };
}

const readV4 = (value: string): bigint => value.split('.').reduce((sum, part) => (sum << 8n) | BigInt(part), 0n);

function readV6(value: string): bigint {
  const dotted = value.lastIndexOf(':') + 1;
  if (value.includes('.')) {
    const v4 = readV4(value.slice(dotted));
    return readV6(`${value.slice(0, dotted)}${(v4 >> 16n).toString(16)}:${(v4 & 0xffffn).toString(16)}`);
  }
  const [head = '', tail] = value.split('::');
  const before = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = Array.from({ length: 8 - before.length - after.length }, () => '0');
  return [...before, ...zeros, ...after].reduce((sum, part) => (sum << 16n) | BigInt(`0x${part}`), 0n);
}

/** A CIDR range, or one address. IPv4 and IPv6 never contain each other. */
const ipAddress: Compile = (expected) => {
  const [network = '', prefix, ...rest] = expected.split('/');
  const range = readAddress(network);
  const length = prefix === undefined ? range?.bits : /^\d{1,3}$/.test(prefix) ? Number(prefix) : undefined;
  if (range === undefined || length === undefined || length > range.bits || rest.length > 0) return () => 'unknown';
  const shift = BigInt(range.bits - length);
  return (actual) => {
    const address = readAddress(actual);
    if (address === undefined) return 'unknown';
    return address.bits === range.bits && address.value >> shift === range.value >> shift;
  };
};

const asked = (compile: Compile): Operator => ({ compile, negated: false });
const opposite = (compile: Compile): Operator => ({ compile, negated: true });

/** Every condition operator but Null, which compares no value. Set qualifiers and IfExists are added to these names. */
export const OPERATORS: ReadonlyMap<string, Operator> = new Map([
  ['StringEquals', asked(stringEquals)],
  ['StringNotEquals', opposite(stringEquals)],
  ['StringEqualsIgnoreCase', asked(stringEqualsIgnoreCase)],
  ['StringNotEqualsIgnoreCase', opposite(stringEqualsIgnoreCase)],
  ['StringLike', asked(stringLike)],
  ['StringNotLike', opposite(stringLike)],
  ['NumericEquals', asked(numeric(equal))],
  ['NumericNotEquals', opposite(numeric(equal))],
  ['NumericLessThan', asked(numeric(less))],
  ['NumericLessThanEquals', asked(numeric(lessOrEqual))],
  ['NumericGreaterThan', asked(numeric(greater))],
  ['NumericGreaterThanEquals', asked(numeric(greaterOrEqual))],
  ['DateEquals', asked(date(equal))],
  ['DateNotEquals', opposite(date(equal))],
  ['DateLessThan', asked(date(less))],
  ['DateLessThanEquals', asked(date(lessOrEqual))],
  ['DateGreaterThan', asked(date(greater))],
  ['DateGreaterThanEquals', asked(date(greaterOrEqual))],
  ['Bool', asked(bool)],
  ['BinaryEquals', asked(binaryEquals)],
  ['IpAddress', asked(ipAddress)],
  ['NotIpAddress', opposite(ipAddress)],
  ['ArnEquals', asked(arnLike)],
  ['ArnLike', asked(arnLike)],
  ['ArnNotEquals', opposite(arnLike)],
  ['ArnNotLike', opposite(arnLike)],
]);
