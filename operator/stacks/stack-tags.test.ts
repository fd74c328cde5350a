import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { tagValue } from './stack-tags.ts';

it('a group whose name AWS takes as a tag is called by it', () => {
  for (const group of ['sales-engineers', 'Marketing Analysts/EMEA@acme.example', 'x'.repeat(256)])
    expect(tagValue(group)).toBe(group);
});

const replaced = 'Finance (EU)';
const mark = createHash('sha256').update(replaced).digest('hex').slice(0, 16);

it.each([
  ['Finance (EU)', 'Finance [EU]'],
  ['R&D', 'R*D'],
  ['R&D', 'R_D'],
  ['x'.repeat(256), 'x'.repeat(257)],
  // Named after the value of the other.
  [replaced, `Finance _EU_-${mark}`],
])('%s and %s are told apart, and their values are values of tags', (one, other) => {
  expect(tagValue(one)).not.toBe(tagValue(other));
  for (const value of [tagValue(one), tagValue(other)]) expect(value).toMatch(/^[\p{L}\p{N} _.:/=+@-]{1,256}$/u);
});
