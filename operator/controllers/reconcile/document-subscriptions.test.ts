import { describe, expect, it } from 'vitest';
import { formatDocumentKey, type DocumentKey } from '../../access/document-key.ts';
import { DocumentSubscriptions } from './document-subscriptions.ts';
import { ObservedDocuments } from './observed-documents.ts';

const key: DocumentKey = { kind: 'catalog-grants', account: '111111111111', region: 'eu-west-1', database: 'orders' };

describe('what is remembered', () => {
  it('of who waits for a document is told once', () => {
    const subscriptions = new DocumentSubscriptions();
    subscriptions.awaitRun(key, 'ns/one');
    subscriptions.awaitRun(key, 'ns/one');
    expect([subscriptions.takeWaiters(key), subscriptions.takeWaiters(key)]).toEqual([['ns/one'], []]);
  });

  it('of who asked that a document be put right holds for one run', () => {
    const subscriptions = new DocumentSubscriptions();
    expect(subscriptions.takeRepair(key)).toBe(false);
    subscriptions.askRepair(key);
    expect([subscriptions.takeRepair(key), subscriptions.takeRepair(key)]).toEqual([true, false]);
  });
});

it('what was asked of a document goes with those who asked', () => {
  const subscriptions = new DocumentSubscriptions();
  subscriptions.askRepair(key);
  subscriptions.askRenewal(key, new Set(['ns/one']));
  subscriptions.forget(key);
  expect([subscriptions.takeRepair(key), subscriptions.takeRenewals(key).size]).toEqual([false, 0]);
});

describe('a document that has nothing to look for before another', () => {
  it('waits for a run of that one which knows why, not for one that is under way', () => {
    const observed = new ObservedDocuments();
    const subscriptions = new DocumentSubscriptions();
    const then: DocumentKey = { kind: 'lake-settings', account: '222222222222', region: 'eu-west-1' };
    const underWay = observed.begin(key);
    subscriptions.follow(key, then, observed.nextRevision());
    expect(subscriptions.takeSuccessors(key, underWay)).toEqual([]);
    const next = observed.begin(key);
    expect(subscriptions.takeSuccessors(key, next)).toEqual([formatDocumentKey(then)]);
    expect(subscriptions.takeSuccessors(key, next)).toEqual([]);
  });
});
