import { describe, expect, it } from 'vitest';
import { wrap } from '../control-plane/wrap.ts';
import { layOutAnswer } from './layout.ts';

const TABLE = [
  'NAME                     FROM         PHASE       ITEMS   STATUS',
  'catalogue-for-analysts   sales-prod   Submitted   1       PendingApproval',
  'orders-for-analysts      sales-prod   Submitted   3',
].join('\n');

describe('a table', () => {
  it('that fits stays as it is', () => {
    expect(layOutAnswer(TABLE, 80).join('\n')).toBe(TABLE);
  });

  it('that is too wide is parted between its columns, and none is lost', () => {
    expect(layOutAnswer(TABLE, 56)).toEqual([
      'NAME                     FROM         PHASE       ITEMS',
      'catalogue-for-analysts   sales-prod   Submitted   1',
      'orders-for-analysts      sales-prod   Submitted   3',
      '  STATUS',
      '  PendingApproval',
      '',
    ]);
    for (const width of [30, 40, 60, 70])
      for (const line of layOutAnswer(TABLE, width)) expect(line.length).toBeLessThanOrEqual(width);
    const words = (text: string): string[] => text.trim().split(/\s+/).toSorted();
    expect(words(layOutAnswer(TABLE, 30).join(' '))).toEqual(words(TABLE));
  });

  it('is parted on its own where there are two', () => {
    const two = `${TABLE}\n\n${TABLE}`;
    expect(layOutAnswer(two, 56)).toEqual([...layOutAnswer(TABLE, 56), '', ...layOutAnswer(TABLE, 56)]);
  });

  it('is not seen in prose that happens to have two blanks', () => {
    const prose = 'Error:  the request was refused because of this\nand of that and of many things besides';
    expect(layOutAnswer(prose, 30)).toEqual(wrap(prose, 30));
  });
});
