import { describe, expect, it } from 'vitest';
import type { DocumentKey } from '../access/document-key.ts';
import type { DocumentOutcome } from '../access/reconcile-document.ts';
import { DocumentOutcomes } from './document-outcomes.ts';

const key: DocumentKey = { kind: 'catalog-grants', account: '111111111111', region: 'eu-west-1', database: 'orders' };

const outcome = (changes: Partial<DocumentOutcome> = {}): DocumentOutcome => ({
  verdicts: new Map([['a', { state: 'Satisfied' }]]),
  clean: true,
  drift: [],
  reported: false,
  writes: 0,
  facts: new Map(),
  discovered: [],
  verifiedAt: 0,
  ...changes,
});

describe('drift', () => {
  it('is a difference under the same claims; new claims over the same grants, such as a narrowed filter, are a wish', () => {
    const outcomes = new DocumentOutcomes();
    outcomes.record({ key, outcome: outcome(), grants: [], claims: 'wide', tick: outcomes.tick() });
    expect(outcomes.isDrift(key, 'wide')).toBe(true);
    expect(outcomes.isDrift(key, 'narrow')).toBe(false);
  });

  it('is not what an unfinished run left, nor anything before the first good run', () => {
    const outcomes = new DocumentOutcomes();
    expect(outcomes.isDrift(key, undefined)).toBe(false);
    outcomes.record({ key, outcome: outcome({ clean: false }), grants: [], claims: 'wide', tick: outcomes.tick() });
    expect(outcomes.isDrift(key, 'wide')).toBe(false);
  });
});
