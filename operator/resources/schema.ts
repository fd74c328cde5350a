// Building blocks of schemas that say the same to zod, to the API server and to the person whose manifest is wrong.

import { z } from 'zod';
import type { CelRule } from './kind.ts';

/** What JSON Schema has no word for and the API server reads from a schema node. */
interface KubernetesExtensions {
  readonly rules?: readonly CelRule[];
  readonly listType?: 'atomic';
  readonly maxProperties?: number;
}

function extensions({ rules, listType, maxProperties }: KubernetesExtensions) {
  return {
    ...(rules && { 'x-kubernetes-validations': rules }),
    ...(listType && { 'x-kubernetes-list-type': listType }),
    ...(maxProperties !== undefined && { maxProperties }),
  };
}

/** Adds rules to a schema; they join those it already has. */
export function withRules<S extends z.ZodType>(schema: S, rules: readonly CelRule[]): S {
  const before = (z.globalRegistry.get(schema)?.['x-kubernetes-validations'] ?? []) as readonly CelRule[];
  return schema.meta({ ...z.globalRegistry.get(schema), ...extensions({ rules: [...before, ...rules] }) });
}

/**
 * A string with a format. The pattern must be one that JavaScript and RE2 read alike; the API server checks it by CEL and not by
 * OpenAPI `pattern`, because only CEL lets us say `hint` instead of showing a regular expression.
 */
export function text(format: { max: number; min?: number; pattern?: RegExp; hint?: string }): z.ZodString {
  const { max, min = 1, pattern, hint } = format;
  const bounded = z.string().min(min).max(max);
  if (!pattern) return bounded;
  const message = hint ?? `must match ${pattern.source}`;
  return bounded
    .regex(pattern, message)
    .meta(extensions({ rules: [{ rule: `self.matches(${celString(pattern.source)})`, message }] }));
}

/** A CEL string literal of any text, in ASCII. https://github.com/google/cel-spec/blob/master/doc/langdef.md#string-and-bytes-values */
export function celString(value: string): string {
  const escaped = value.replaceAll('\\', '\\\\').replaceAll("'", "\\'");
  return `'${escaped.replaceAll(/[^ -~]/gu, (character) => {
    const code = (character.codePointAt(0) ?? 0).toString(16);
    return code.length > 4 ? `\\U${code.padStart(8, '0')}` : `\\u${code.padStart(4, '0')}`;
  })}'`;
}

interface Bounds {
  readonly max: number;
  /** Given where the list must have an entry: what the author of an empty one is told to do. */
  readonly nonEmpty?: string;
}

/**
 * A list. Server-side apply replaces each of ours as a whole: were entries owned one by one, whoever applied the same list as another
 * manager would keep an entry there that its author strikes, and nobody would be told. So a list that two wrote is a conflict.
 * https://kubernetes.io/docs/reference/using-api/server-side-apply/#merge-strategy
 */
export function list<S extends z.ZodType>(
  item: S,
  { max, nonEmpty }: Bounds,
  rules: readonly CelRule[] = [],
): z.ZodArray<S> {
  const array = z.array(item).max(max);
  // Like formats, the lower bound is checked by CEL, which can say what to do.
  const all = [...(nonEmpty === undefined ? [] : [{ rule: 'self.size() > 0', message: nonEmpty }]), ...rules];
  const meta = extensions({ listType: 'atomic', ...(all.length > 0 && { rules: all }) });
  return (nonEmpty === undefined ? array : array.min(1, nonEmpty)).meta(meta);
}

/** A list of scalars without duplicates. */
export function set<S extends z.ZodType>(item: S, bounds: Bounds): z.ZodArray<S> {
  return list(item, bounds, [
    { rule: 'self.distinct().size() == self.size()', message: 'an entry is listed twice: remove one of the two' },
  ]);
}

/** A list of objects told apart by `keys`, which must be required fields of type string. */
export function keyedList<S extends z.ZodType>(
  item: S,
  keys: readonly string[],
  bounds: Bounds,
  rules: readonly CelRule[] = [],
): z.ZodArray<S> {
  const key = keys.map((name) => `entry.${celField(name)}`).join(` + '/' + `);
  return list(item, bounds, [
    {
      rule: `self.map(entry, ${key}).distinct().size() == self.size()`,
      message: `two entries have the same ${keys.join(' and ')}: remove one, or make them one`,
    },
    ...rules,
  ]);
}

/** A map from bounded keys to values. */
export function record<S extends z.ZodType>(value: S, bounds: { max: number }): z.ZodRecord<z.ZodString, S> {
  return z.record(z.string(), value).meta(extensions({ maxProperties: bounds.max }));
}

/** A point in time that we write, RFC 3339. */
export const time = (): z.ZodISODateTime => z.iso.datetime({ offset: true }).max(40);

/** A point in time that people write, RFC 3339. In CEL a string: `timestamp(self.expiresAt)`. */
export const deadline = (): z.ZodString =>
  withRules(
    text({
      max: 40,
      pattern:
        /^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]{1,9})?(Z|[+-]([01][0-9]|2[0-3]):[0-5][0-9])$/,
      hint: 'a time is written with day, time and zone, like 2027-03-31T00:00:00Z',
    }),
    [{ rule: `timestamp(self) > timestamp('2000-01-01T00:00:00Z')`, message: 'there is no such day or time' }],
  );

/** A number of things. */
export const count = (): z.ZodNumber => z.int().min(0).max(2_147_483_647);

/** How many objects there may be. etcd is not made for more than some ten thousand of one tenant. */
export const quota = (): z.ZodNumber => z.int().min(0).max(100_000);

/** Forbids a field to change once the object exists, which includes setting and unsetting it. */
export function immutable(field: string, why: string): CelRule {
  const name = celField(field);
  return {
    rule: `has(self.${name}) == has(oldSelf.${name}) && (!has(self.${name}) || self.${name} == oldSelf.${name})`,
    message: `${field} cannot be changed, set or removed after creation: ${why}`,
    fieldPath: `.${field}`,
  };
}

/** As CEL spells a field whose name is one of its reserved words. */
export function celField(field: string): string {
  return ['namespace', 'package', 'function', 'in', 'as', 'let', 'var', 'void'].includes(field)
    ? `__${field}__`
    : field;
}
