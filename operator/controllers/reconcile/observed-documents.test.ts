import { describe, expect, it } from 'vitest';
import type { Verdict } from '../../access/document.ts';
import type { DocumentKey } from '../../access/document-key.ts';
import type { DocumentOutcome } from '../../access/reconcile-document.ts';
import { documentOutcome } from '../../access/testing/fixtures.ts';
import { ObservedDocuments } from './observed-documents.ts';

const key: DocumentKey = { kind: 'catalog-grants', account: '111111111111', region: 'eu-west-1', database: 'orders' };

const outcome = (changes: Partial<DocumentOutcome> = {}): DocumentOutcome => ({
  ...documentOutcome({ verdicts: new Map([['a', { state: 'Satisfied' }]]), verifiedAt: 0 }),
  ...changes,
});

describe('drift', () => {
  it('is a difference under the same claims; new claims over the same grants, such as a narrowed filter, are a wish', () => {
    const observed = new ObservedDocuments();
    observed.record({ key, outcome: outcome(), claims: 'wide', revision: observed.nextRevision() });
    expect(observed.get(key)?.isDrift('wide')).toBe(true);
    expect(observed.get(key)?.isDrift('narrow')).toBe(false);
  });

  it('is not what an unfinished run left, nor anything before the first good run', () => {
    const observed = new ObservedDocuments();
    expect(observed.get(key)?.isDrift(undefined) ?? false).toBe(false);
    observed.record({ key, outcome: outcome({ clean: false }), claims: 'wide', revision: observed.nextRevision() });
    expect(observed.get(key)?.isDrift('wide')).toBe(false);
  });
});

describe('what is remembered', () => {
  const good = (changes: Partial<DocumentOutcome> = {}) => {
    const observed = new ObservedDocuments();
    observed.record({ key, outcome: outcome(changes), claims: 'wide', revision: observed.nextRevision() });
    return observed;
  };

  it('of a run that could not finish is what the last one that did found', () => {
    const observed = good();
    observed.recordFailure({ key, failure: { reason: 'AccessDenied', message: 'no' } });
    expect(observed.get(key)).toMatchObject({ failure: { reason: 'AccessDenied' }, isUnread: true });
    expect(observed.get(key)?.verdict('a')).toEqual({ state: 'Satisfied' });
    expect(observed.isCleanSince(key, 0)).toBe(true);
    expect(observed.get(key)?.isDrift('wide')).toBe(true);
  });

  it('of a part that AWS refuses is told, and does not make the rest unread', () => {
    const observed = good({ clean: false, problem: { reason: 'AwsError', message: 'refused' } });
    expect(observed.get(key)).toMatchObject({ failure: { message: 'refused' }, isUnread: false });
    expect(observed.isCleanSince(key, 0)).toBe(false);
  });

  it('of what a run left for later is why it failed before, and nothing else of before', () => {
    const failed = { state: 'Failed', reason: 'AwsError', message: 'refused for good' } as const;
    const waiting = { state: 'Waiting', reason: 'GrantPending', message: 'not yet' } as const;
    const refused = { reason: 'AwsError', message: 'owner' } as const;
    const observed = good({
      verdicts: new Map<string, Verdict>([
        ['a', failed],
        ['b', { state: 'Satisfied' }],
        ['c', failed],
      ]),
      problem: refused,
    });
    const part = outcome({
      verdicts: new Map<string, Verdict>([
        ['a', waiting],
        ['b', waiting],
        ['c', { state: 'Satisfied' }],
      ]),
      deferred: new Set(['a', 'b']),
    });
    observed.record({ key, outcome: part, claims: 'wide', revision: observed.nextRevision() });
    expect(['a', 'b', 'c'].map((id) => observed.get(key)?.verdict(id)?.state)).toEqual([
      'Failed',
      'Waiting',
      'Satisfied',
    ]);
    expect(observed.get(key)?.failure).toEqual(refused);
    observed.record({ key, outcome: outcome(), claims: 'wide', revision: observed.nextRevision() });
    expect(observed.get(key)?.failure).toBeUndefined();
  });

  it('is nothing once it is forgotten', () => {
    const observed = good();
    observed.forget(key);
    expect([observed.get(key), observed.get(key)?.verdict('a'), observed.isCleanSince(key, 0)]).toEqual([
      undefined,
      undefined,
      false,
    ]);
  });

  it('of a share goes with it', () => {
    const [mine, other] = ['ns/one/Table/a', 'ns/other/Table/a'];
    const observed = good();
    for (const id of [mine, other]) observed.outputs.add(id, { database: 'orders_shared' });
    observed.outputs.remember(mine, { database: 'older', link: 'a' });
    expect(observed.outputs.get(mine)).toEqual({ database: 'orders_shared' });
    observed.outputs.forget('ns/one');
    expect([observed.outputs.get(mine), observed.outputs.get(other)?.database]).toEqual([undefined, 'orders_shared']);
  });
});

describe('what a share may have in a document', () => {
  const SHARE = 'marketing-prod/orders-for-analysts';
  const given = new Map<string, Verdict>([
    [`${SHARE}/Table/orders`, { state: 'Waiting', reason: 'GrantPending', message: '' }],
  ]);
  const read = (changes: Partial<DocumentOutcome> = {}) => {
    const observed = new ObservedDocuments();
    observed.record({ key, outcome: outcome(changes), claims: 'wide', revision: observed.begin(key) });
    return observed;
  };

  it('is nothing where the last run finished, was clean, and was not for it', () => {
    expect([read().mayHold(key, SHARE), read().isUntouched(key, SHARE)]).toEqual([false, true]);
  });

  it('is not known before the first run', () => {
    const observed = new ObservedDocuments();
    expect([observed.mayHold(key, SHARE), observed.isUntouched(key, SHARE)]).toEqual([false, false]);
  });

  it.each(['of its own', 'that nobody wants', 'by a run under way', 'by a run that failed'])(
    'is something %s',
    (what) => {
      const observed =
        what === 'of its own'
          ? read({ verdicts: given })
          : read({ verdicts: new Map(), clean: what !== 'that nobody wants' });
      if (what.startsWith('by')) observed.begin(key);
      if (what === 'by a run that failed')
        observed.recordFailure({ key, failure: { reason: 'AwsError', message: 'no' } });
      expect([observed.mayHold(key, SHARE), observed.isUntouched(key, SHARE)]).toEqual([true, false]);
    },
  );
});

describe('the parts of a document', () => {
  it('are known of a run that ended, and not while or after one may write others', () => {
    const observed = new ObservedDocuments();
    expect(observed.parts(key)).toBeUndefined();
    observed.record({ key, outcome: outcome({ parts: ['0'] }), revision: observed.begin(key) });
    expect(observed.parts(key)).toEqual(['0']);
    observed.begin(key);
    expect(observed.parts(key)).toBeUndefined();
    observed.recordFailure({ key, failure: { reason: 'AwsError', message: 'no' } });
    expect(observed.parts(key)).toBeUndefined();
  });
});
