// What a browser has kept is read with suspicion: it may be of another version, or of nobody.

import { expect, it } from 'vitest';
import { itemsIn } from './remembered.ts';

const isName = (value: unknown): value is string => typeof value === 'string';

it.each([
  ['', []],
  ['{', []],
  ['{"a":1}', []],
  ['["a",1,null,"b"]', ['a', 'b']],
])('of %j what is of the right kind is remembered', (text, items) => {
  expect(itemsIn(text, isName)).toEqual(items);
});
