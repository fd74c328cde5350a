// Whose rights are in force, and from whom they have been taken.
import { describe, expect, it } from 'vitest';
import { RbacProgress } from './rbac-progress.ts';

const dataset = { metadata: { uid: 'one', generation: 1 } };
const other = { metadata: { uid: 'other', generation: 1 } };

describe('the rights by an object that is about to go', () => {
  it('are taken once all rights were written without it, and not by a run that began before', () => {
    const rights = new RbacProgress();
    const before = rights.givers([dataset, other]);
    expect(rights.end(dataset)).toBe(false);
    rights.markApplied(before);
    expect(rights.end(dataset)).toBe(false);
    const after = rights.givers([dataset, other]);
    expect(after).toEqual([other]);
    rights.markApplied(after);
    expect(rights.end(dataset)).toBe(true);
    expect([rights.isApplied(dataset), rights.isApplied(other)]).toEqual([false, true]);
  });

  it('are forgotten with it', () => {
    const rights = new RbacProgress();
    rights.end(dataset);
    rights.markApplied(rights.givers([other]));
    expect(rights.end(dataset)).toBe(false);
  });
});
