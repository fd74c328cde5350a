// Whose rights are in force, and from whom they have been taken.
import { describe, expect, it } from 'vitest';
import { Rights } from './rbac-progress.ts';

const dataset = { metadata: { uid: 'one', generation: 1 } };
const other = { metadata: { uid: 'other', generation: 1 } };

describe('the rights by an object that is about to go', () => {
  it('are taken once all rights were written without it, and not by a run that began before', () => {
    const rights = new Rights();
    const before = rights.givers([dataset, other]);
    expect(rights.end(dataset)).toBe(false);
    rights.cover(before);
    expect(rights.end(dataset)).toBe(false);
    const after = rights.givers([dataset, other]);
    expect(after).toEqual([other]);
    rights.cover(after);
    expect(rights.end(dataset)).toBe(true);
    expect([rights.covers(dataset), rights.covers(other)]).toEqual([false, true]);
  });

  it('are forgotten with it', () => {
    const rights = new Rights();
    rights.end(dataset);
    rights.cover(rights.givers([other]));
    expect(rights.end(dataset)).toBe(false);
  });
});
