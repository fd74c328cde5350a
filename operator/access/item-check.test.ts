// What both sides are told of a request before anybody decides.
import { describe, expect, it } from 'vitest';
import type { ShareItem } from '../resources/share-item.ts';
import { checkRequest, textOfProblems, type CheckedObjects } from './item-check.ts';
import { dataset, datasetTable, environment, shareRequest } from './testing/fixtures.ts';

const syncedAt = '2026-06-01T00:00:00Z';
const known = dataset({ status: { tables: { count: 2, names: ['orders', 'weekly-figures'], syncedAt } } });

const problems = (items: readonly ShareItem[], objects: Partial<CheckedObjects> = {}) =>
  textOfProblems(
    checkRequest(shareRequest({ spec: { items: [...items] } }), {
      dataset: known,
      tables: [],
      consumer: environment('marketing-prod'),
      allowWrite: true,
      ...objects,
    }),
  );

describe('a request', () => {
  it('that asks for what is there has no problem', () => {
    expect(
      problems([
        { kind: 'Table', name: 'orders' },
        { kind: 'Folder', name: 'raw' },
        { kind: 'Bucket', name: 'orders-data' },
      ]),
    ).toEqual([]);
  });

  it('is told each thing that is not there, of every kind', () => {
    expect(
      problems([
        { kind: 'Table', name: 'order' },
        { kind: 'Folder', name: 'rav' },
        { kind: 'Bucket', name: 'other-data' },
        { kind: 'Table', name: 'orders', filters: ['eu'] },
      ]),
    ).toEqual([
      'Table order: the dataset has no table of this name with its data in its bucket: correct the name, or have the table created',
      'Folder rav: the dataset has no folder of this name: correct the name, or have its owner add it to spec.folders',
      'Bucket other-data: the bucket of the dataset has another name: ask its owner for it, who has it in status.bucket',
      'Table orders: no DatasetTable defines a filter eu of it: correct the name, or have its owner define it',
    ]);
  });

  it('is told no name of AWS that it does not have', () => {
    const items: ShareItem[] = [
      { kind: 'Table', name: 'any' },
      { kind: 'Folder', name: 'any' },
      { kind: 'Bucket', name: 'any' },
    ];
    const { bucket, bucketArn, glueDatabase, keyArn, roleArn, account } = known.status;
    const names = [bucket, bucketArn, glueDatabase && ` ${glueDatabase} `, keyArn, roleArn, account];
    const told = problems(items).join('\n');
    expect(names.filter((name) => name !== undefined && told.includes(name))).toEqual([]);
    expect(told.split('\n')).toHaveLength(3);
  });

  it('for a table in capitals is told its name as Glue has it', () => {
    expect(problems([{ kind: 'Table', name: 'Weekly-Figures' }])).toEqual([
      'Table Weekly-Figures: the table is called weekly-figures, as Glue writes all names: ask for that',
    ]);
  });

  it('is told that a filter that it names cannot be made, and not what is in it', () => {
    const table = datasetTable('orders', [{ name: 'eu', rows: 'regoin = 1' }]);
    const told = {
      ...table,
      status: { ...table.status, filters: [{ name: 'eu', valid: false, message: 'no regoin' }] },
    };
    expect(problems([{ kind: 'Table', name: 'orders', filters: ['eu'] }], { tables: [told] })).toEqual([
      'Table orders: filter eu cannot be made as it is defined: have its owner mend it, who reads why in the DatasetTable',
    ]);
    expect(problems([{ kind: 'Table', name: 'orders', filters: ['eu'] }], { tables: [table] })).toEqual([]);
  });

  it('is told nothing of tables that nobody has listed yet, or of which only some are listed', () => {
    const asked: ShareItem[] = [{ kind: 'Table', name: 'order' }];
    expect(problems(asked, { dataset: dataset() })).toEqual([]);
    const many = dataset({ status: { tables: { count: 501, names: ['orders'], syncedAt } } });
    expect(problems(asked, { dataset: many })).toEqual([]);
    expect(problems(asked, { dataset: undefined })).toEqual([]);
  });

  it('to write is told where that is not allowed', () => {
    const write = shareRequest({ spec: { permissions: ['Read', 'Write'], items: [] } });
    const check = (objects: Partial<CheckedObjects>) =>
      checkRequest(write, {
        dataset: known,
        tables: [],
        consumer: environment('marketing-prod'),
        allowWrite: true,
        ...objects,
      }).permissions;
    expect(check({ allowWrite: false })).toBe('Write is not allowed in this installation: ask for Read');
    expect(check({})).toBe('Write is given within one account only, and the data is in another: ask for Read');
    expect(check({ consumer: environment('sales-prod') })).toBeUndefined();
  });
});
