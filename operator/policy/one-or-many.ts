// A value that AWS accepts as one string or as a list.
import type { OneOrMany } from './document.ts';

/** The values as a list; none if the element is absent. */
export const toList = (value: OneOrMany | undefined): readonly string[] =>
  value === undefined ? [] : typeof value === 'string' ? [value] : value;

/** The shortest form: one value stands alone, as AWS itself writes it back. */
export const fromList = (values: readonly string[]): OneOrMany =>
  values.length === 1 && values[0] !== undefined ? values[0] : values;
