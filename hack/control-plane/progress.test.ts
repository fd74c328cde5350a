import { describe, expect, it } from 'vitest';
import { describeProgress } from './progress.ts';

describe('describeProgress', () => {
  it.each([
    [0, 0, 'Kubernetes v1.36.3: 0 of 2,500 packages compiled, 0:00 so far'],
    [1250, 65_400, 'Kubernetes v1.36.3: 1,250 of 2,500 packages compiled, 1:05 so far, about 1:05 left'],
    [2500, 180_000, 'Kubernetes v1.36.3: 2,500 of 2,500 packages compiled, 3:00 so far, linking'],
  ])('after %d packages and %d ms', (compiled, elapsedMs, expected) => {
    expect(describeProgress('v1.36.3', { compiled, expected: 2500, elapsedMs })).toBe(expected);
  });
});
