// Who can read what, at a time: each answer follows from what was recorded, and says how far it can be relied on.

import { describe, expect, it } from 'vitest';
import { openersOf, whoCanRead, type AccessFact, type ConsentedAccess, type GrantedAccess } from './who-can-read.ts';

const day = (number: number): Date => new Date(Date.UTC(2026, 0, number));

const granted = (rest: Partial<GrantedAccess> = {}): GrantedAccess => ({
  evidence: 'Granted',
  principal: { kind: 'Team', namespace: 'marketing-prod', name: 'marketing', group: 'marketing', arn: undefined },
  dataset: { namespace: 'sales-prod', name: 'orders' },
  request: { namespace: 'marketing-prod', name: 'for-us' },
  item: { kind: 'Table', name: 'orders' },
  filters: [],
  permissions: ['Read'],
  consent: undefined,
  from: day(10),
  until: undefined,
  state: 'Granted',
  ...rest,
});

const consented = (rest: Partial<ConsentedAccess> = {}): ConsentedAccess => {
  const { state: _, ...fact } = granted();
  return { ...fact, evidence: 'Consented', ...rest };
};

const owned: AccessFact = {
  evidence: 'Owned',
  principal: { kind: 'Dataset', namespace: 'sales-prod', name: 'orders', group: 'sales', arn: 'arn:aws:iam::1:role/o' },
  dataset: { namespace: 'sales-prod', name: 'orders' },
  from: day(1),
  until: undefined,
};

const none = () => undefined;

const standings = (facts: readonly AccessFact[], at: Date, since?: Date) =>
  whoCanRead(facts, { at, since }, none).map(({ standing }) => standing);

describe('who can read', () => {
  it('is who was granted it at that time, and neither before nor after', () => {
    const fact = granted({ until: day(20) });
    expect([9, 10, 19, 21].map((number) => standings([fact], day(number)))).toEqual([[], ['Granted'], ['Granted'], []]);
  });

  it('is who had consent, where AWS was not found so; where it was, the consent is told with that', () => {
    expect(standings([consented()], day(12))).toEqual(['Consented']);
    expect(standings([consented(), granted()], day(12))).toEqual(['Granted']);
    expect(standings([consented(), granted({ until: day(11) })], day(12))).toEqual(['Consented']);
    expect(standings([consented({ until: day(11) })], day(12))).toEqual([]);
  });

  it('is the owner by its own right', () => {
    expect(standings([owned], day(12))).toEqual(['Owned']);
  });

  it('within a span of time is also who could and cannot any more', () => {
    expect(standings([granted({ until: day(12) })], day(20), day(11))).toEqual(['Ended']);
    expect(standings([granted({ until: day(12) })], day(20), day(13))).toEqual([]);
  });

  it('is for an hour after the end of a table whoever still holds keys, and of a folder nobody', () => {
    const soon = new Date(day(12).getTime() + 60_000);
    const [answer] = whoCanRead([granted({ until: day(12) })], { at: soon }, none);
    expect(answer).toMatchObject({ standing: 'Ended', doubts: ['KeysMayLast'] });
    expect(standings([granted({ until: day(12), item: { kind: 'Folder', name: 'raw' } })], soon)).toEqual([]);
  });

  it('is in doubt where a filter was written anew or is gone, and while AWS is not as granted', () => {
    const filtered = granted({ filters: ['eu'] });
    const filter = { name: 'eu', rows: "region = 'eu'" };
    const doubts = (written: number) =>
      whoCanRead([filtered], { at: day(12) }, () => ({ filter, written: day(written) }))[0];
    expect(doubts(11)).toMatchObject({ doubts: [], restrictions: [{ name: 'eu', filter }] });
    expect(doubts(13)?.doubts).toEqual(['FilterChanged']);
    expect(whoCanRead([filtered], { at: day(12) }, none)[0]?.doubts).toEqual(['FilterUnknown']);
    expect(whoCanRead([granted({ state: 'Failed' })], { at: day(12) }, none)[0]?.doubts).toEqual(['AwsUncertain']);
  });
});

describe('what opens an item', () => {
  const layout = {
    bucket: 'acme',
    folders: [
      { name: 'all', prefix: 'lake/' },
      { name: 'raw', prefix: 'lake/raw/' },
      { name: 'raw2', prefix: 'lake/raw2/' },
    ],
    locations: [
      { table: 'orders', location: 's3://acme/lake/raw' },
      { table: 'root', location: 's3://acme/' },
      { table: 'elsewhere', location: 's3://other/lake/raw/' },
    ],
  };
  const openers = (kind: 'Table' | 'Folder' | 'Bucket', name: string) =>
    openersOf({ kind, name }, layout)?.map(({ item, reach }) => `${item.name} ${reach}`);

  it('is the item, the bucket, and each folder that its files lie in', () => {
    expect(openers('Table', 'orders')).toEqual(['orders Item', 'acme Files', 'all Files', 'raw Files']);
    expect(openers('Folder', 'raw')).toEqual(['raw Item', 'acme Files', 'all Files']);
  });

  it('is in part each folder that lies in it', () => {
    expect(openers('Folder', 'all')).toEqual(['all Item', 'acme Files', 'raw SomeFiles', 'raw2 SomeFiles']);
    expect(openers('Bucket', 'acme')).toEqual(['acme Item', 'all SomeFiles', 'raw SomeFiles', 'raw2 SomeFiles']);
    expect(openers('Table', 'root')).toEqual(['root Item', 'acme Files', 'all SomeFiles', 'raw SomeFiles', 'raw2 SomeFiles']); // prettier-ignore
  });

  it('is no folder of this bucket for a table whose files lie in another, or nobody knows where', () => {
    expect(openers('Table', 'elsewhere')).toEqual(['elsewhere Item', 'acme Files']);
    expect(openers('Table', 'unknown')).toEqual(['unknown Item', 'acme Files']);
  });

  it('shows a table by its files without its filters', () => {
    const openersOfTable = openersOf({ kind: 'Table', name: 'orders' }, layout);
    const folder = granted({ item: { kind: 'Folder', name: 'raw' } });
    const [byFolder] = whoCanRead([folder], { at: day(12), openers: openersOfTable }, none);
    expect(byFolder).toMatchObject({ reach: 'Files', restrictions: [] });
    const other = granted({ item: { kind: 'Folder', name: 'raw2' } });
    expect(whoCanRead([other], { at: day(12), openers: openersOfTable }, none)).toEqual([]);
  });
});
