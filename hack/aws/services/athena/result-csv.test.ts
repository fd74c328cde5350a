import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readCsv, writeCsv } from './result-csv.ts';

describe('the result file', () => {
  it('quotes values and leaves NULL empty', () => {
    expect(writeCsv([['a', undefined, 'say "hi"']])).toBe('"a",,"say ""hi"""\n');
  });

  it('is read back as it was written', () => {
    const value = fc.option(fc.string(), { nil: undefined });
    const rows = fc
      .integer({ min: 1, max: 5 })
      .chain((width) => fc.array(fc.array(value, { minLength: width, maxLength: width })));
    fc.assert(
      fc.property(rows, (table) => {
        expect(readCsv(writeCsv(table))).toEqual(table);
      }),
    );
  });
});
