import { expect, it } from 'vitest';
import { sortsOf } from './page.ts';

it('A list that is to be ordered by one field again and again is ordered by it once, the first time', () => {
  const by = (field: string, direction: 'asc' | 'desc') => ({ field, direction });
  const asked = [
    by('label', 'desc'),
    null,
    by('created', 'asc'),
    ...Array.from({ length: 4_000 }, () => by('label', 'asc')),
  ];
  expect(sortsOf(asked)).toEqual([by('label', 'desc'), by('created', 'asc')]);
  expect(sortsOf(null)).toEqual([]);
});
