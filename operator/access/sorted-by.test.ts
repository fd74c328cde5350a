import { expect, it } from 'vitest';
import { sortedBy } from './sorted-by.ts';

it('asks each thing once for its key, however many there are, and minds case as code units do', () => {
  const things = Array.from({ length: 1_000 }, (_, index) => `n${(index * 7_919) % 1_000}`);
  let asked = 0;
  const sorted = sortedBy(things, (thing) => {
    asked += 1;
    return thing.padStart(5, '0');
  });
  expect(asked).toBe(things.length);
  expect(sorted.slice(0, 2)).toEqual(['n0', 'n1']);
  expect(sortedBy(['b', 'a', 'B', 'a'], (thing) => thing)).toEqual(['B', 'a', 'a', 'b']);
});
