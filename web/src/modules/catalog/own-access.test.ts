import { expect, it } from 'vitest';
import type { OwnAccessQuery } from './operations.ts';
import { ownAccessOf } from './own-access.ts';

type Access = OwnAccessQuery['listAccess']['nodes'][number];

const table: Access = { datasetUri: 'd1', itemKind: 'Table', item: 'orders', restrictions: [] };
const filtered: Access = { ...table, restrictions: [{ name: 'eu' }] };
const folder: Access = { ...table, itemKind: 'Folder', item: 'raw' };
const bucket: Access = { ...table, itemKind: 'Bucket', item: 'acme-sales' };
const all: Access = { ...table, itemKind: null, item: null };

const dataset = { datasetUri: 'd1', resourceKind: 'dataset', name: 'orders' } as const;
const hit = { ...dataset, resourceKind: 'table' } as const;

it.each([
  ['nothing is given', hit, [], undefined],
  ['something of another dataset is', hit, [{ ...table, datasetUri: 'd2' }], undefined],
  ['another item of the name is', hit, [{ ...folder, item: 'orders' }], undefined],
  ['the table is', hit, [table], 'You have access'],
  ['some rows are', hit, [filtered], 'You have access to a part'],
  ['all rows are by one of two roles', hit, [filtered, table], 'You have access'],
  ['the bucket in which it lies is', hit, [bucket], 'You have access'],
  ['the dataset is their own', hit, [all], 'You have access'],
  ['a part of a dataset is', dataset, [table, filtered, folder], 'You have access to 2 items'],
  ['one item of it is', dataset, [folder], 'You have access to 1 item'],
  ['all of it is', dataset, [table, all], 'You have access'],
])('A hit says what the person can read of it, where %s', (_what, of, access, said) => {
  expect(ownAccessOf(of, access)).toBe(said);
});
