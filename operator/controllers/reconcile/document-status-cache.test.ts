import { describe, expect, it } from 'vitest';
import type { Verdict } from '../../access/document.ts';
import { formatDocumentKey, type DocumentKey } from '../../access/document-key.ts';
import type { DocumentOutcome } from '../../access/reconcile-document.ts';
import { documentOutcome } from '../../access/testing/fixtures.ts';
import { DocumentOutcomes } from './document-status-cache.ts';

const key: DocumentKey = { kind: 'catalog-grants', account: '111111111111', region: 'eu-west-1', database: 'orders' };

const outcome = (changes: Partial<DocumentOutcome> = {}): DocumentOutcome => ({
  ...documentOutcome({ verdicts: new Map([['a', { state: 'Satisfied' }]]), verifiedAt: 0 }),
  ...changes,
});

describe('drift', () => {
  it('is a difference under the same claims; new claims over the same grants, such as a narrowed filter, are a wish', () => {
    const outcomes = new DocumentOutcomes();
    outcomes.record({ key, outcome: outcome(), claims: 'wide', tick: outcomes.tick() });
    expect(outcomes.isDrift(key, 'wide')).toBe(true);
    expect(outcomes.isDrift(key, 'narrow')).toBe(false);
  });

  it('is not what an unfinished run left, nor anything before the first good run', () => {
    const outcomes = new DocumentOutcomes();
    expect(outcomes.isDrift(key, undefined)).toBe(false);
    outcomes.record({ key, outcome: outcome({ clean: false }), claims: 'wide', tick: outcomes.tick() });
    expect(outcomes.isDrift(key, 'wide')).toBe(false);
  });
});

describe('what is remembered', () => {
  const good = (changes: Partial<DocumentOutcome> = {}) => {
    const outcomes = new DocumentOutcomes();
    outcomes.record({ key, outcome: outcome(changes), claims: 'wide', tick: outcomes.tick() });
    return outcomes;
  };

  it('of a run that could not finish is what the last one that did found', () => {
    const outcomes = good();
    outcomes.recordFailure({ key, failure: { reason: 'AccessDenied', message: 'no' } });
    expect(outcomes.get(key)).toMatchObject({ failure: { reason: 'AccessDenied' }, isUnread: true });
    expect(outcomes.verdict(key, 'a')).toEqual({ state: 'Satisfied' });
    expect(outcomes.isCleanSince(key, 0)).toBe(true);
    expect(outcomes.isDrift(key, 'wide')).toBe(true);
  });

  it('of a part that AWS refuses is told, and does not make the rest unread', () => {
    const outcomes = good({ clean: false, problem: { reason: 'AwsError', message: 'refused' } });
    expect(outcomes.get(key)).toMatchObject({ failure: { message: 'refused' }, isUnread: false });
    expect(outcomes.isCleanSince(key, 0)).toBe(false);
  });

  it('of what a run left for later is why it failed before, and nothing else of before', () => {
    const failed = { state: 'Failed', reason: 'AwsError', message: 'refused for good' } as const;
    const waiting = { state: 'Waiting', reason: 'GrantPending', message: 'not yet' } as const;
    const refused = { reason: 'AwsError', message: 'owner' };
    const outcomes = good({
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
    outcomes.record({ key, outcome: part, claims: 'wide', tick: outcomes.tick() });
    expect(['a', 'b', 'c'].map((id) => outcomes.verdict(key, id)?.state)).toEqual(['Failed', 'Waiting', 'Satisfied']);
    expect(outcomes.get(key)?.failure).toEqual(refused);
    outcomes.record({ key, outcome: outcome(), claims: 'wide', tick: outcomes.tick() });
    expect(outcomes.get(key)?.failure).toBeUndefined();
  });

  it('is nothing once it is forgotten', () => {
    const outcomes = good();
    outcomes.forget(key);
    expect([outcomes.get(key), outcomes.verdict(key, 'a'), outcomes.isCleanSince(key, 0)]).toEqual([
      undefined,
      undefined,
      false,
    ]);
  });

  it('of a share goes with it', () => {
    const [mine, other] = ['ns/one/Table/a', 'ns/other/Table/a'];
    const outcomes = good({ outputs: new Map([mine, other].map((id) => [id, { database: 'orders_shared' }])) });
    outcomes.rememberOutputs(mine, { database: 'older', link: 'a' });
    expect(outcomes.outputs(mine)).toEqual({ database: 'orders_shared' });
    outcomes.forgetShare('ns/one');
    expect([outcomes.outputs(mine), outcomes.outputs(other)?.database]).toEqual([undefined, 'orders_shared']);
  });

  it('of who waits for a document is told once', () => {
    const outcomes = good();
    outcomes.awaitRun(key, 'ns/one');
    outcomes.awaitRun(key, 'ns/one');
    expect([outcomes.takeWaiters(key), outcomes.takeWaiters(key)]).toEqual([['ns/one'], []]);
  });
});

describe('what a share may have in a document', () => {
  const SHARE = 'marketing-prod/orders-for-analysts';
  const given = new Map<string, Verdict>([[`${SHARE}/Table/orders`, { state: 'Waiting', reason: 'x', message: '' }]]);
  const read = (changes: Partial<DocumentOutcome> = {}) => {
    const outcomes = new DocumentOutcomes();
    outcomes.record({ key, outcome: outcome(changes), claims: 'wide', tick: outcomes.begin(key) });
    return outcomes;
  };

  it('is nothing where the last run finished, was clean, and was not for it', () => {
    expect([read().mayHold(key, SHARE), read().isUntouched(key, SHARE)]).toEqual([false, true]);
  });

  it('is not known before the first run', () => {
    const outcomes = new DocumentOutcomes();
    expect([outcomes.mayHold(key, SHARE), outcomes.isUntouched(key, SHARE)]).toEqual([false, false]);
  });

  it.each(['of its own', 'that nobody wants', 'by a run under way', 'by a run that failed'])(
    'is something %s',
    (what) => {
      const outcomes =
        what === 'of its own'
          ? read({ verdicts: given })
          : read({ verdicts: new Map(), clean: what !== 'that nobody wants' });
      if (what.startsWith('by')) outcomes.begin(key);
      if (what === 'by a run that failed')
        outcomes.recordFailure({ key, failure: { reason: 'AwsError', message: 'no' } });
      expect([outcomes.mayHold(key, SHARE), outcomes.isUntouched(key, SHARE)]).toEqual([true, false]);
    },
  );
});

describe('a document that has nothing to look for before another', () => {
  it('waits for a run of that one which knows why, not for one that is under way', () => {
    const outcomes = new DocumentOutcomes();
    const then: DocumentKey = { kind: 'lake-settings', account: '222222222222', region: 'eu-west-1' };
    const underWay = outcomes.begin(key);
    outcomes.follow(key, then);
    expect(outcomes.takeSuccessors(key, underWay)).toEqual([]);
    const next = outcomes.begin(key);
    expect(outcomes.takeSuccessors(key, next)).toEqual([formatDocumentKey(then)]);
    expect(outcomes.takeSuccessors(key, next)).toEqual([]);
  });
});

describe('the parts of a document', () => {
  it('are known of a run that ended, and not while or after one may write others', () => {
    const outcomes = new DocumentOutcomes();
    expect(outcomes.parts(key)).toBeUndefined();
    outcomes.record({ key, outcome: outcome({ parts: ['0'] }), tick: outcomes.begin(key) });
    expect(outcomes.parts(key)).toEqual(['0']);
    outcomes.begin(key);
    expect(outcomes.parts(key)).toBeUndefined();
    outcomes.recordFailure({ key, failure: { reason: 'AwsError', message: 'no' } });
    expect(outcomes.parts(key)).toBeUndefined();
  });
});
