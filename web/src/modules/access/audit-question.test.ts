// The address of the page about access says what is asked; nonsense in it asks nothing.

import { expect, it } from 'vitest';
import { auditFilter, daysOf } from './audit-question.ts';

const now = new Date('2026-11-30T12:00:00Z');
const asked = (search: string) => auditFilter(new URLSearchParams(search), now);

it('asks of a day about all of it, and of today about what has been of it', () => {
  expect(asked('day=2026-11-01')).toMatchObject({ since: '2026-11-01T00:00:00.000Z', at: '2026-11-01T23:59:59.999Z' });
  expect(asked('day=2026-11-30')).toMatchObject({ since: '2026-11-30T00:00:00.000Z', at: now.toISOString() });
  expect(asked('from=2026-01-01&until=2026-02-01')).toMatchObject({ since: '2026-01-01T00:00:00.000Z', at: '2026-02-01T23:59:59.999Z' }); // prettier-ignore
});

it('asks about now where the address names no day that there is', () => {
  for (const search of ['', 'day=yesterday', 'day=2026-13-45', 'from=2026-02-01&until=2026-01-01', 'from=2026-01-01'])
    expect(daysOf(new URLSearchParams(search))).toBeUndefined();
  expect(asked('day=yesterday')).not.toHaveProperty('at');
});

it('narrows by what it knows', () => {
  expect(asked('dataset=d&kind=Table&item=orders&standing=Granted&own=')).toMatchObject({
    datasetUri: 'd',
    itemKind: 'Table',
    item: 'orders',
    standing: ['Granted'],
    own: true,
  });
  expect(asked('dataset=d&kind=Thing&item=orders&standing=Perhaps')).not.toHaveProperty('item');
});
