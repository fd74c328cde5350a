// Makes values of any shape out of its schema: the material of the wire's fuzz test.
import type { NormalizedSchema } from '@smithy/core/schema';

export interface SampleSource {
  /** 0 <= n < limit, whole. */
  below(limit: number): number;
}

/** Characters that break careless codecs: reserved in URLs and XML, beyond ASCII. */
const ALPHABET = 'a b X 0 9 - _ . ~ & < " + % = / é 漢'.split(' ').concat(' ');
const PLAIN = 'a b c x y z 0 1 9'.split(' ');

const MAX_DEPTH = 6;

const text = (source: SampleSource, alphabet: readonly string[]): string =>
  // A letter at either end: protocols trim blanks around header values.
  `a${Array.from({ length: source.below(6) }, () => alphabet[source.below(alphabet.length)] ?? '').join('')}z`;

/** Places where the wire cannot carry every character: headers, host and path labels. */
const alphabetOf = (schema: NormalizedSchema): readonly string[] => {
  const { httpHeader, httpLabel, httpPrefixHeaders, httpQueryParams } = schema.getMergedTraits();
  return (httpHeader ?? httpLabel ?? httpPrefixHeaders ?? httpQueryParams) ? PLAIN : ALPHABET;
};

/**
 * A random value. Unions have one member; recursive shapes end; members in `fixed` have the given value everywhere.
 * Undefined for what cannot be sampled (documents, event streams) and for empty structures below the maximum depth.
 */
export const sample = (
  schema: NormalizedSchema,
  source: SampleSource,
  fixed: Readonly<Record<string, unknown>> = {},
  depth = 0,
): unknown => {
  if (schema.isUnitSchema() || schema.isDocumentSchema()) return undefined;
  if (schema.isStructSchema()) {
    if (depth > MAX_DEPTH) return undefined;
    const members = [...schema.structIterator()];
    const chosen = schema.isUnionSchema() ? members.slice(0, 1) : members;
    const structure: Record<string, unknown> = {};
    for (const [name, member] of chosen) {
      const value = name in fixed && !member.isStructSchema() ? fixed[name] : sample(member, source, fixed, depth + 1);
      if (value !== undefined) structure[name] = value;
    }
    return schema.isUnionSchema() && Object.keys(structure).length === 0 ? undefined : structure;
  }
  if (schema.isListSchema()) {
    const items = [1, 2].map(() => sample(schema.getValueSchema(), source, fixed, depth + 1));
    return items.includes(undefined) ? undefined : items;
  }
  if (schema.isMapSchema()) {
    const value = sample(schema.getValueSchema(), source, fixed, depth + 1);
    return value === undefined ? undefined : { [text(source, PLAIN)]: value };
  }
  if (schema.isBlobSchema())
    return new Uint8Array(Array.from({ length: 1 + source.below(5) }, () => source.below(256)));
  if (schema.isTimestampSchema()) return new Date(1_700_000_000_000 + source.below(1_000_000) * 1000);
  if (schema.isBooleanSchema()) return source.below(2) === 1;
  if (schema.isNumericSchema()) return 1 + source.below(1000);
  if (schema.isBigIntegerSchema() || schema.isBigDecimalSchema()) return undefined;
  return text(source, alphabetOf(schema));
};
