import { describe, expect, it } from 'vitest';
import { ProgressPace } from './progress-pace.ts';

const T0 = 1_800_000_000_000;

const request = (ready: string | undefined, changes: { generation?: number; requestedAt?: string } = {}) => ({
  metadata: {
    uid: 'u',
    generation: changes.generation ?? 1,
    ...(changes.requestedAt !== undefined && { annotations: { 'dataall.io/requested-at': changes.requestedAt } }),
  },
  status: {
    observedGeneration: ready === undefined ? -1 : 1,
    ...(ready !== undefined && {
      conditions: [
        {
          type: 'Ready',
          status: 'False' as const,
          reason: ready,
          message: '',
          lastTransitionTime: '',
          observedGeneration: 1,
        },
      ],
    }),
  },
});

const summary = (reason: string) => [
  { type: 'Ready', status: reason === 'Granted' ? ('True' as const) : ('False' as const), reason },
];

describe('how often a share tells of its progress', () => {
  it('tells the first step at once, and further ones after a while', () => {
    const pace = new ProgressPace();
    expect(pace.wait(request('PendingApproval'), summary('Granting'), T0)).toBe(0);
    expect(pace.wait(request('Granting'), summary('Granting'), T0 + 100)).toBe(29_900);
    expect(pace.wait(request('Granting'), summary('Granting'), T0 + 30_000)).toBe(0);
    expect(pace.wait(request('Granting'), summary('Granting'), T0 + 30_001)).toBe(29_999);
  });

  it('tells the end, and what stands in its way, at once', () => {
    for (const reason of ['Granted', 'QuotaExceeded', 'Revoking', 'PrincipalNotFound']) {
      const pace = new ProgressPace();
      expect(pace.wait(request('PendingApproval'), summary('Granting'), T0)).toBe(0);
      expect(pace.wait(request('Granting'), summary(reason), T0 + 1)).toBe(0);
    }
  });

  it('does not tell of a binding that is made within a moment, but tells when it is not', () => {
    const pace = new ProgressPace();
    expect(pace.wait(request('PrincipalNotFound'), summary('PrincipalNotFound'), T0)).toBe(0);
    expect(pace.wait(request('PrincipalNotFound'), summary('Progressing'), T0 + 5_000)).toBe(2_000);
    expect(pace.wait(request('PrincipalNotFound'), summary('Progressing'), T0 + 5_400)).toBe(1_600);
    expect(pace.wait(request('PrincipalNotFound'), summary('Progressing'), T0 + 7_000)).toBe(0);
  });

  it('gives objects that were applied together a moment to find each other, at first only', () => {
    const pace = new ProgressPace();
    expect(pace.wait(request(undefined), summary('PrincipalNotFound'), T0)).toBe(2_000);
    expect(pace.wait(request(undefined), summary('DatasetNotReady'), T0 + 500)).toBe(1_500);
    expect(pace.wait(request(undefined), summary('DatasetNotReady'), T0 + 2_000)).toBe(0);
    expect(pace.wait(request('Granted'), summary('PrincipalNotFound'), T0 + 9_000)).toBe(0);
  });

  it('counts each binding anew', () => {
    const pace = new ProgressPace();
    expect(pace.wait(request(undefined), summary('Progressing'), T0)).toBe(2_000);
    expect(pace.wait(request(undefined), summary('Granting'), T0 + 10)).toBe(0);
    expect(pace.wait(request('Granting'), summary('Progressing'), T0 + 60_000)).toBe(2_000);
  });

  it('answers an edit and a request to look at once', () => {
    const pace = new ProgressPace();
    expect(pace.wait(request('PendingApproval'), summary('Granting'), T0)).toBe(0);
    expect(pace.wait(request('Granting', { generation: 2 }), summary('Granting'), T0 + 1)).toBe(0);
    expect(pace.wait(request('Granting', { requestedAt: 'now' }), summary('Granting'), T0 + 2)).toBe(0);
  });
});
