// An approver who narrows nothing gives all that waits; one who does names what is given, and nothing else is.

import { describe, expect, it } from 'vitest';
import { approvalOf, type Choice } from './choice.ts';

const choice = (shareItemUri: string, changes: Partial<Choice> = {}): Choice => ({
  shareItemUri,
  isGiven: true,
  filters: undefined,
  ...changes,
});

describe('what an approver gives', () => {
  it('is all that waits, where nothing was narrowed', () => {
    expect(approvalOf({ shareUri: 's', asked: 'as seen' }, [choice('a'), choice('b')], 'yes')).toEqual({
      shareUri: 's',
      asked: 'as seen',
      verdict: 'Approve',
      note: 'yes',
    });
  });

  it('is what stays ticked', () => {
    expect(
      approvalOf({ shareUri: 's', asked: 'as seen' }, [choice('a'), choice('b', { isGiven: false })], '').items,
    ).toEqual([{ shareItemUri: 'a' }]);
  });

  it('is given by the filters that were chosen, and whole where they were taken away', () => {
    const choices = [choice('a', { filters: ['eu_only'] }), choice('b', { filters: [] })];
    expect(approvalOf({ shareUri: 's', asked: 'as seen' }, choices, '').items).toEqual([
      { shareItemUri: 'a', filters: ['eu_only'] },
      { shareItemUri: 'b', filters: [] },
    ]);
  });
});
