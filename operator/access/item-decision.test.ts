// What each item of a share gives: what both sides name of it, and what there is of that.
import { describe, expect, it } from 'vitest';
import * as fc from 'fast-check';
import { decideShare, grantsOf, type ShareInputs } from './consent.ts';
import { annotations } from '../resources/annotations.ts';
import { commonFilters, datasetTableFor } from './item-decision.ts';
import {
  dataset,
  datasetTable,
  environment,
  PRODUCER,
  shareApproval,
  shareInputs,
  shareRequest,
} from './testing/fixtures.ts';

const bound = shareApproval().status.boundTo;
if (bound === undefined) throw new Error('the approval of the cast is bound');
const deleted = { deletionTimestamp: '2026-06-01T00:00:00Z' };

describe('items', () => {
  const filters = [
    { name: 'eu', rows: "region = 'eu'" },
    { name: 'us', rows: "region = 'us'" },
    { name: 'slim', columns: ['id'] },
  ];
  const tables = [datasetTable('orders', filters)];
  const decideTable = (asked: readonly string[] | undefined, given: readonly string[] | undefined, has = tables) => {
    const item = (names: readonly string[] | undefined) => [
      { kind: 'Table' as const, name: 'orders', ...(names && { filters: [...names] }) },
    ];
    return decideShare(
      shareInputs({
        request: shareRequest({ spec: { items: item(asked) } }),
        approval: shareApproval({ spec: { items: item(given) } }),
        tables: has,
      }),
    ).items[0];
  };
  const refused = (reason: string) => expect.objectContaining({ decision: 'Refused', reason });
  const filtered = (...names: string[]) =>
    expect.objectContaining({
      grant: expect.objectContaining({ item: { kind: 'Table', name: 'orders', filters: names } }),
    });

  it('that are not approved wait, whatever else is given', () => {
    const request = shareRequest({
      spec: {
        items: [
          { kind: 'Bucket', name: 'orders-data' },
          { kind: 'Folder', name: 'raw2' },
        ],
      },
    });
    const approval = shareApproval({
      spec: {
        items: [
          { kind: 'Bucket', name: 'orders-data' },
          { kind: 'Table', name: 'orders' },
        ],
      },
    });
    const { items } = decideShare(shareInputs({ request, approval }));
    expect(items.map(({ decision }) => decision)).toEqual(['Granted', 'PendingApproval']);
  });

  it('that were taken back or refused are not given, whatever else the approval says, until they are asked for later', () => {
    const at = '2026-06-01T10:00:00Z';
    const askedAt = (time: string | undefined) =>
      shareRequest({
        spec: {
          items: [
            { kind: 'Table', name: 'orders', askedAt: time },
            { kind: 'Folder', name: 'raw', askedAt: time },
            { kind: 'Bucket', name: 'orders-data' },
          ],
        },
      });
    const approval = shareApproval({
      spec: {
        withdrawn: [{ kind: 'Table', name: 'orders', at, reason: 'it holds names' }],
        rejected: [{ kind: 'Folder', name: 'raw', at }],
      },
    });
    const decided = (time: string | undefined) => decideShare(shareInputs({ request: askedAt(time), approval })).items;
    for (const time of [undefined, '2026-06-01T09:59:59Z', at, '2026-06-01T12:00:00+02:00', 'never'])
      expect(decided(time)).toMatchObject([
        { decision: 'Withdrawn', message: expect.stringContaining('taken back by sales: it holds names') },
        { decision: 'Rejected', message: expect.stringContaining('rejected by sales: no reason is given') },
        { decision: 'Granted' },
      ]);
    expect(decided('2026-06-01T12:00:01+02:00').map(({ decision }) => decision)).toEqual([
      'PendingApproval',
      'PendingApproval',
      'Granted',
    ]);
  });

  it('that are only being prepared are not given', () => {
    const approval = shareApproval({ spec: { items: [], prepared: [{ kind: 'Bucket', name: 'orders-data' }] } });
    expect(new Set(decideShare(shareInputs({ approval })).items.map(({ decision }) => decision))).toEqual(
      new Set(['PendingApproval']),
    );
  });

  it('follow the filters of both sides', () => {
    expect(decideTable(undefined, undefined)).toEqual(filtered());
    expect(decideTable(['eu'], undefined)).toEqual(filtered('eu'));
    expect(decideTable(undefined, ['us'])).toEqual(filtered('us'));
    expect(decideTable(['us', 'eu'], ['eu', 'slim'])).toEqual(filtered('eu'));
    expect(decideTable(['us', 'eu'], ['eu', 'us'])).toEqual(filtered('eu', 'us'));
    expect(decideTable(['eu'], ['us'])).toEqual(refused('FiltersDisagree'));
  });

  it('never fall back to the whole table when a filter is gone', () => {
    expect(decideTable(['gone'], ['gone'])).toEqual(refused('FilterNotFound'));
    expect(decideTable(['eu', 'gone'], undefined)).toEqual(refused('FilterNotFound'));
    expect(decideTable(['eu'], ['eu'], [])).toEqual(refused('FilterNotFound'));
    expect(decideTable(['eu'], ['eu'], [datasetTable('orders', filters, deleted)])).toEqual(refused('FilterNotFound'));
  });

  it('know one DatasetTable for a table: the oldest', () => {
    const older = datasetTable('orders', filters, { name: 'z', creationTimestamp: '2025-01-01T00:00:00Z' });
    const younger = datasetTable('orders', [], { name: 'a' });
    expect(datasetTableFor([younger, older], 'orders')).toBe(older);
    expect(datasetTableFor([datasetTable('orders', [], { name: 'b' }), younger], 'orders')).toBe(younger);
    expect(decideTable(['eu'], undefined, [younger, older])).toEqual(filtered('eu'));
  });

  it('know the one of the owner before an older one of a steward, whichever came first', () => {
    const byOwner = { annotations: { [annotations.byOwner]: 'sam' } };
    const stewards = datasetTable('orders', [], { name: 'a', creationTimestamp: '2025-01-01T00:00:00Z' });
    const owners = datasetTable('orders', [], { name: 'z', ...byOwner });
    const filtering = datasetTable('orders', filters, { name: 'y' });
    expect(datasetTableFor([stewards, owners], 'orders')).toBe(owners);
    expect(datasetTableFor([stewards, filtering], 'orders')).toBe(filtering);
    expect(datasetTableFor([owners, filtering], 'orders')).toBe(filtering);
  });

  it('refuse folders and buckets that the dataset does not have, or had elsewhere', () => {
    const folders = (spec: Parameters<typeof dataset>[0]) => decideShare(shareInputs({ dataset: dataset(spec) })).items;
    expect(folders({ spec: { folders: [] } })).toContainEqual(refused('ItemNotFound'));
    expect(folders({ spec: { folders: [{ name: 'raw', prefix: 'raw/secret/' }] } })).toContainEqual(
      refused('ApprovalStale'),
    );
    expect(folders({ status: { bucket: 'another' } })).toContainEqual(refused('ItemNotFound'));
  });

  it('wait when the folder came after the approval', () => {
    const approval = shareApproval({ status: { boundTo: { ...bound, folders: {} } } });
    expect(decideShare(shareInputs({ approval })).items[1]?.decision).toBe('PendingApproval');
  });

  it.each(['constructor', '__proto__', 'toString'])('wait like any other when a folder of the name %s did', (name) => {
    const items = [{ kind: 'Folder' as const, name }];
    const inputs = shareInputs({
      dataset: dataset({ spec: { folders: [{ name, prefix: 'raw/' }] } }),
      request: shareRequest({ spec: { items } }),
      approval: shareApproval({ spec: { items }, status: { boundTo: { ...bound, folders: {} } } }),
    });
    expect(decideShare(inputs).items).toEqual([expect.objectContaining({ decision: 'PendingApproval' })]);
  });
});

describe('permissions', () => {
  const all = ['Read', 'Write', 'Modify'] as const;
  const asking = (inputs: Partial<ShareInputs> = {}, approved: readonly (typeof all)[number][] = all) =>
    decideShare(
      shareInputs({
        request: shareRequest({ spec: { permissions: [...all] } }),
        approval: shareApproval({ spec: { permissions: [...approved] } }),
        ...inputs,
      }),
    );
  const sameAccount = {
    consumer: environment('marketing-prod', { spec: { account: { id: PRODUCER, region: 'eu-west-1' } } }),
  };

  it('are what both sides name', () => {
    expect(asking(sameAccount, ['Modify', 'Read']).permissions).toEqual(['Read', 'Modify']);
  });

  it('to write are given within one account only, and only where the installation allows them', () => {
    expect(asking(sameAccount).permissions).toEqual(all);
    expect(asking()).toMatchObject({ permissions: ['Read'], permissionsNotAllowed: ['Write', 'Modify'] });
    expect(asking({ ...sameAccount, allowWrite: false }).permissions).toEqual(['Read']);
  });

  it('without Read give nothing', () => {
    const decision = asking(sameAccount, ['Write']);
    expect(grantsOf(decision)).toEqual([]);
    expect(decision.items).toContainEqual(expect.objectContaining({ reason: 'PermissionNotAllowed' }));
  });
});

describe('filters of two sides (property)', () => {
  const names = fc.uniqueArray(fc.constantFrom<string>('a', 'b', 'c', 'd'), { maxLength: 4 });

  it('never show more than either side names, and are the same whoever asks', () => {
    fc.assert(
      fc.property(names, names, (a, b) => {
        const common = commonFilters(a, b);
        expect(commonFilters(b, a)).toEqual(common);
        if (common === 'disagree') return a.length > 0 && b.length > 0 && !a.some((name) => b.includes(name));
        // No filter at all is the whole table: only if neither side names one.
        if (common.length === 0) return a.length === 0 && b.length === 0;
        return [a, b].every((side) => side.length === 0 || common.every((name) => side.includes(name)));
      }),
    );
  });
});
