import { describe, expect, it } from 'vitest';
import type { ShareRequest } from '../resources/share-request.ts';
import { ProgressPace } from './progress-pace.ts';
import type { ShareSummary } from './share-status.ts';

const T0 = 1_800_000_000_000;

const request = (ready: string | undefined, extra: object = {}): ShareRequest =>
  ({
    metadata: { uid: 'u', name: 's', namespace: 'n', generation: 1, ...extra },
    status: {
      observedGeneration: ready === undefined ? -1 : 1,
      ...(ready !== undefined && { conditions: [{ type: 'Ready', status: 'False', reason: ready }] }),
    },
  }) as unknown as ShareRequest;

const summary = (reason: string): ShareSummary =>
  ({
    conditions: [{ type: 'Ready', status: reason === 'Granted' ? 'True' : 'False', reason }],
  }) as unknown as ShareSummary;

describe('how often a share tells of its progress', () => {
  it('tells the first step at once, and further ones after a while', () => {
    const pace = new ProgressPace();
    expect(pace.wait(request('PendingApproval'), summary('Granting'), T0)).toBe(0);
    expect(pace.wait(request('Granting'), summary('Granting'), T0 + 100)).toBe(9_900);
    expect(pace.wait(request('Granting'), summary('Granting'), T0 + 10_000)).toBe(0);
    expect(pace.wait(request('Granting'), summary('Granting'), T0 + 10_001)).toBe(9_999);
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
    expect(pace.wait(request('PrincipalNotFound'), summary('Progressing'), T0 + 5_000)).toBe(1_000);
    expect(pace.wait(request('PrincipalNotFound'), summary('Progressing'), T0 + 5_400)).toBe(600);
    expect(pace.wait(request('PrincipalNotFound'), summary('Progressing'), T0 + 6_000)).toBe(0);
  });

  it('counts each binding anew', () => {
    const pace = new ProgressPace();
    expect(pace.wait(request(undefined), summary('Progressing'), T0)).toBe(1_000);
    expect(pace.wait(request(undefined), summary('Granting'), T0 + 10)).toBe(0);
    expect(pace.wait(request('Granting'), summary('Progressing'), T0 + 60_000)).toBe(1_000);
  });

  it('answers an edit and a request to look at once', () => {
    const pace = new ProgressPace();
    expect(pace.wait(request('PendingApproval'), summary('Granting'), T0)).toBe(0);
    expect(pace.wait(request('Granting', { generation: 2 }), summary('Granting'), T0 + 1)).toBe(0);
    const asked = { annotations: { 'dataall.io/requested-at': 'now' } };
    expect(pace.wait(request('Granting', asked), summary('Granting'), T0 + 2)).toBe(0);
  });
});
