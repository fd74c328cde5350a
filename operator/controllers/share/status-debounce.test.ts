import { describe, expect, it } from 'vitest';
import { StatusDebounce } from './status-debounce.ts';

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
  it('tells the first step once it is not the last, and further ones after a while', () => {
    const debounce = new StatusDebounce();
    expect(debounce.delayMs(request('PendingApproval'), summary('Granting'), T0, false)).toBe(2_000);
    expect(debounce.delayMs(request('PendingApproval'), summary('Granting'), T0 + 500, false)).toBe(1_500);
    expect(debounce.delayMs(request('PendingApproval'), summary('Granting'), T0 + 2_000, false)).toBe(0);
    expect(debounce.delayMs(request('Granting'), summary('Granting'), T0 + 2_100, false)).toBe(29_900);
    expect(debounce.delayMs(request('Granting'), summary('Granting'), T0 + 32_000, false)).toBe(0);
    expect(debounce.delayMs(request('Granting'), summary('Granting'), T0 + 32_001, false)).toBe(29_999);
  });

  it('tells nothing of the steps of what is granted within a moment', () => {
    const debounce = new StatusDebounce();
    expect(debounce.delayMs(request('PendingApproval'), summary('Granting'), T0, false)).toBe(2_000);
    expect(debounce.delayMs(request('PendingApproval'), summary('Granted'), T0 + 300, false)).toBe(0);
  });

  it('tells less of one among many', () => {
    const debounce = new StatusDebounce();
    expect(debounce.delayMs(request('PendingApproval'), summary('Granting'), T0, true)).toBe(30_000);
    expect(debounce.delayMs(request('PendingApproval'), summary('Granting'), T0 + 30_000, true)).toBe(0);
    expect(debounce.delayMs(request('Granting'), summary('Granting'), T0 + 30_100, true)).toBe(119_900);
    expect(debounce.delayMs(request('Granting'), summary('Granted'), T0 + 30_200, true)).toBe(0);
  });

  it('tells the end, and what stands in its way, at once', () => {
    for (const reason of ['Granted', 'QuotaExceeded', 'Revoking', 'PrincipalNotFound']) {
      const debounce = new StatusDebounce();
      expect(debounce.delayMs(request('PendingApproval'), summary('Granting'), T0, false)).toBe(2_000);
      expect(debounce.delayMs(request('PendingApproval'), summary(reason), T0 + 1, false)).toBe(0);
      expect(debounce.delayMs(request('Granting'), summary(reason), T0 + 2, false)).toBe(0);
    }
  });

  it('does not tell of a binding that is made within a moment, but tells when it is not', () => {
    const debounce = new StatusDebounce();
    expect(debounce.delayMs(request('PendingApproval'), summary('PendingApproval'), T0, false)).toBe(0);
    expect(debounce.delayMs(request('PendingApproval'), summary('Progressing'), T0 + 50_000, false)).toBe(30_000);
    expect(debounce.delayMs(request('PendingApproval'), summary('Progressing'), T0 + 50_400, false)).toBe(29_600);
    expect(debounce.delayMs(request('PendingApproval'), summary('Progressing'), T0 + 80_000, false)).toBe(0);
  });

  it('gives objects that were applied together a moment to find each other, at first only', () => {
    const debounce = new StatusDebounce();
    expect(debounce.delayMs(request(undefined), summary('PrincipalNotFound'), T0, false)).toBe(2_000);
    expect(debounce.delayMs(request(undefined), summary('DatasetNotReady'), T0 + 500, false)).toBe(1_500);
    expect(debounce.delayMs(request(undefined), summary('DatasetNotReady'), T0 + 2_000, false)).toBe(0);
    expect(debounce.delayMs(request('Granted'), summary('PrincipalNotFound'), T0 + 9_000, false)).toBe(0);
  });

  it('gives those that were there at the start until the others had their turn', () => {
    const debounce = new StatusDebounce();
    expect(debounce.delayMs(request(undefined), summary('PrincipalNotFound'), T0, true)).toBe(30_000);
    expect(debounce.delayMs(request(undefined), summary('Granting'), T0 + 7_000, true)).toBe(0);
  });

  it('counts each binding anew', () => {
    const debounce = new StatusDebounce();
    expect(debounce.delayMs(request('PendingApproval'), summary('Progressing'), T0, false)).toBe(30_000);
    expect(debounce.delayMs(request('PendingApproval'), summary('Granted'), T0 + 10, false)).toBe(0);
    expect(debounce.delayMs(request('Granted'), summary('Progressing'), T0 + 60_000, false)).toBe(30_000);
  });

  it('does not tell of an end that is proved at once, and then not each of its steps', () => {
    const debounce = new StatusDebounce();
    expect(debounce.delayMs(request('Succeeded', { generation: 2 }), summary('Deleting'), T0, false)).toBe(5_000);
    expect(debounce.delayMs(request('Succeeded', { generation: 2 }), summary('Deleting'), T0 + 5_000, false)).toBe(0);
    expect(debounce.delayMs(request('Deleting'), summary('Deleting'), T0 + 6_000, false)).toBe(29_000);
    expect(debounce.delayMs(request('Deleting'), summary('Deleting'), T0 + 35_000, false)).toBe(0);
    expect(debounce.delayMs(request('Succeeded'), summary('Deleting'), T0 + 40_000, true)).toBe(30_000);
  });

  it('never holds back the first status of what is about to be granted', () => {
    const debounce = new StatusDebounce();
    expect(debounce.delayMs(request(undefined), summary('Progressing'), T0, true)).toBe(0);
    expect(debounce.delayMs(request('Progressing'), summary('Granting'), T0 + 10, true)).toBe(119_990);
  });

  it('answers an edit and a request to look at once', () => {
    const debounce = new StatusDebounce();
    expect(debounce.delayMs(request('PendingApproval', { requestedAt: 'now' }), summary('Granting'), T0, false)).toBe(
      0,
    );
    expect(debounce.delayMs(request('Granting', { generation: 2 }), summary('Granting'), T0 + 1, false)).toBe(0);
    expect(debounce.delayMs(request('Granting', { requestedAt: 'now' }), summary('Granting'), T0 + 2, false)).toBe(0);
  });
});
