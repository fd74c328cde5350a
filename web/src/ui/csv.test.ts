// A CSV file says what the table says, and is no program for the spreadsheet that opens it.

import { describe, expect, it } from 'vitest';
import { csvOf } from './csv.ts';

describe('a CSV file', () => {
  it('keeps commas, quotes and lines within their field', () => {
    expect(csvOf([['a,b', 'say "no"', 'two\nlines', 3, null]])).toBe('"a,b","say ""no""","two\nlines",3,\r\n');
  });

  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\tx'])('shows %j as text, which a spreadsheet would run', (text) => {
    expect(csvOf([[text]])).toBe(`'${text}\r\n`);
  });
});
