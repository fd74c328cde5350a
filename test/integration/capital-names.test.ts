// Databases that were named with capitals before schemas refused them. Glue folds all names: what is granted comes to rest, and of two
// datasets that write one database differently neither takes what the other gave.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { datasetKind } from '../../operator/resources/dataset.ts';
import { datasetTableKind } from '../../operator/resources/dataset-table.ts';
import { shareApprovalKind } from '../../operator/resources/share-approval.ts';
import { shareRequestKind } from '../../operator/resources/share-request.ts';
import { readyOf } from '../support/one-share.ts';
import { letEnginesIn, Reader } from '../support/reading.ts';
import { BUCKET, type RoleName } from '../support/sharing-data.ts';
import { DATASET, SharingWorld, type Item } from '../support/sharing-world.ts';

let world: SharingWorld;
beforeAll(async () => {
  world = await SharingWorld.open();
});
afterAll(async () => await world.close());
beforeEach(async () => {
  await world.reset();
  await letEnginesIn(world.admin);
  world.start();
});

const producer = async (service: string, operation: string, input: object): Promise<void> => {
  await world.admin.call('producer', service, operation, input);
};

/** A database with tables, each with a file in the bucket of the datasets, all written as they are given. */
const makeLake = async (database: string, tables: readonly string[]): Promise<void> => {
  await producer('glue', 'CreateDatabase', { DatabaseInput: { Name: database, CreateTableDefaultPermissions: [] } });
  for (const table of tables) {
    const path = `${table.toLowerCase()}/`;
    const Columns = [{ Name: 'Id', Type: 'string' }];
    await producer('glue', 'CreateTable', {
      DatabaseName: database,
      TableInput: {
        Name: table,
        TableType: 'EXTERNAL_TABLE',
        StorageDescriptor: { Location: `s3://${BUCKET}/${path}`, Columns },
      },
    });
    await producer('s3', 'PutObject', {
      Bucket: BUCKET,
      Key: `${path}part-0.csv`,
      Body: new TextEncoder().encode('1'),
    });
  }
};

/** A dataset as an older version took it, over the bucket of the scene. */
const storeDataset = async (name: string, id: string, database: string): Promise<void> => {
  const { spec, status } = await world.api.get(datasetKind, DATASET);
  const { metadata } = await world.create(datasetKind, { metadata: { ...DATASET, name }, spec });
  await world.api.patch(
    datasetKind,
    metadata,
    { type: 'merge', body: { status: { ...status, id, glueDatabase: database } } },
    { subresource: 'status' },
  );
};

const share = async (dataset: string, role: RoleName, table: Omit<Item, 'kind'>): Promise<void> => {
  const items: Item[] = [{ kind: 'Table', ...table }];
  await world.request(dataset, role, { datasetRef: { ...DATASET, name: dataset }, items });
  await world.approve(dataset, role, { datasetRef: { name: dataset }, items });
};

const isRead = async (role: RoleName, database: string, table: string): Promise<boolean> => {
  const reader = await Reader.of(world.aws, world.admin, role);
  return (await reader.read({ kind: 'Table', name: table, state: 'Granted' }, database)).readable;
};

/** What a look at every document of the datasets writes. */
const writesOfLooks = async (datasets: readonly string[]): Promise<readonly string[]> => {
  const looks = 3;
  const writes: string[] = [];
  for (let look = 0; look < looks; look += 1) writes.push(...(await world.writesOfAnotherLook(datasets)));
  return writes;
};

const readyOfShare = async (dataset: string, role: RoleName) =>
  readyOf((await world.api.get(shareRequestKind, world.requestName(dataset, role))).status);

describe.each([
  ['names-lake', 'Names-Lake', 'weekly-figures'],
  ['Names-Lake', 'names-lake', 'weekly-figures'],
  ['Names-Lake', 'Names-Lake', 'weekly-figures'],
  ['Names-Lake', 'NAMES-LAKE', 'Weekly-Figures'],
])('a database that was made as %s and that its dataset calls %s', (made, written, table) => {
  it('is granted once, read, and not written to again', async () => {
    await makeLake(made, [table]);
    await storeDataset('names', 'namesids', written);
    await share('names', 'analysts', { name: 'weekly-figures' });
    await world.until(async () => {
      expect(await readyOfShare('names', 'analysts')).toMatchObject({ status: 'True' });
      expect(await isRead('analysts', 'names-lake', 'weekly-figures')).toBe(true);
    });
    expect(await writesOfLooks(['names'])).toEqual([]);
    await world.api.delete(shareApprovalKind, world.approvalName('names', 'analysts'));
    await world.until(async () => expect(await isRead('analysts', 'names-lake', 'weekly-figures')).toBe(false));
    expect(await writesOfLooks(['names'])).toEqual([]);
  });
});

describe('a table that is written in capitals', () => {
  beforeEach(async () => {
    await makeLake('names-lake', ['weekly-figures']);
    await storeDataset('names', 'namesids', 'Names-Lake');
  });

  it('by request and approval is told its name, and nothing is written for it again', async () => {
    await share('names', 'analysts', { name: 'Weekly-Figures' });
    await world.until(async () =>
      expect(await readyOfShare('names', 'analysts')).toMatchObject({
        status: 'False',
        reason: 'ItemNotFound',
        message: expect.stringContaining('the table is called weekly-figures'),
      }),
    );
    // The database of a dataset that nothing is given of is first looked at now.
    await world.writesOfAnotherLook(['names']);
    expect(await writesOfLooks(['names'])).toEqual([]);
    expect(await isRead('analysts', 'names-lake', 'weekly-figures')).toBe(false);
  });

  it('by its DatasetTable keeps its filters, which are written once', async () => {
    await world.create(datasetTableKind, {
      metadata: { ...DATASET, name: 'names.weekly' },
      spec: { datasetRef: { name: 'names' }, table: 'Weekly-Figures', filters: [{ name: 'one', rows: "id = '1'" }] },
    });
    await share('names', 'analysts', { name: 'weekly-figures', filters: ['one'] });
    await world.until(async () =>
      expect(await readyOfShare('names', 'analysts')).toMatchObject({ status: 'True', reason: 'Granted' }),
    );
    // The whole of it opens to nobody who was given a part.
    expect(await isRead('analysts', 'names-lake', 'weekly-figures')).toBe(false);
    expect(await writesOfLooks(['names'])).toEqual([]);
  });
});

describe('two datasets that call one database lakeout and LakeOut', () => {
  it('leave each other what each of them gave, and end it by themselves', async () => {
    await makeLake('LakeOut', ['boats', 'piers']);
    await storeDataset('lower', 'loweroid', 'lakeout');
    await storeDataset('upper', 'upperoid', 'LakeOut');
    await share('lower', 'analysts', { name: 'boats' });
    await world.until(async () => expect(await isRead('analysts', 'lakeout', 'boats')).toBe(true));
    await share('upper', 'robots', { name: 'piers' });
    const reads = async (role: RoleName) => [
      await isRead(role, 'lakeout', 'boats'),
      await isRead(role, 'lakeout', 'piers'),
    ];
    await world.until(async () => {
      expect(await readyOfShare('lower', 'analysts')).toMatchObject({ status: 'True' });
      expect(await readyOfShare('upper', 'robots')).toMatchObject({ status: 'True' });
      expect(await reads('analysts')).toEqual([true, false]);
      expect(await reads('robots')).toEqual([false, true]);
    });
    expect(await writesOfLooks(['lower', 'upper'])).toEqual([]);
    await world.api.delete(shareApprovalKind, world.approvalName('lower', 'analysts'));
    await world.until(async () => {
      expect(await reads('analysts')).toEqual([false, false]);
      expect(await reads('robots')).toEqual([false, true]);
    });
    expect(await writesOfLooks(['lower', 'upper'])).toEqual([]);
  });
});
