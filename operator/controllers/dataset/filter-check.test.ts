// Filters are judged by Lake Formation (the simulated one) when they are written, and nothing of that stays in it.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AccountAws } from '../../aws/account.ts';
import { AwsFault } from '../../aws/fault.ts';
import type { DataCellsFilter } from '../../aws/services/lakeformation-resource.ts';
import {
  administerLake,
  makeSales,
  startAccounts,
  type SimulatedAccounts,
} from '../../aws/testing/simulated-accounts.ts';
import { checkFilters, type FilterCheck } from './filter-check.ts';

const asked: string[] = [];
let refuseDeletes = false;
let world: SimulatedAccounts;
beforeAll(async () => {
  world = await startAccounts();
  await administerLake(world.producer);
  await makeSales(world, ['orders']);
});
afterAll(async () => await world.stop());

/** The producer's account, of which every question is noted and which may lose its answers. */
const watched = (): AccountAws => {
  const { producer } = world;
  return {
    ...producer,
    lakeFormation: {
      async createFilter(filter: DataCellsFilter) {
        asked.push(filter.name);
        await producer.lakeFormation.createFilter(filter);
      },
      async deleteFilter(filter: DataCellsFilter) {
        if (refuseDeletes) throw unavailable;
        return await producer.lakeFormation.deleteFilter(filter);
      },
    },
  } as unknown as AccountAws;
};

const unavailable = new AwsFault(
  { service: 'lakeformation', operation: 'DeleteDataCellsFilter', account: '1', region: 'eu-west-1', write: true },
  { kind: 'Unavailable', code: '500', reason: 'down', retryable: true, outcomeUnknown: true },
);

const check = async (changes: Partial<FilterCheck>) => {
  asked.length = 0;
  const aws = watched();
  const [table] = (await aws.glue.tables('sales')) ?? [];
  if (table === undefined) throw new Error('the table is there');
  const name = { catalogId: aws.account, database: 'sales', table: 'orders' };
  const { signal } = new AbortController();
  return await checkFilters({ aws, table, name, filters: [], known: [], paused: false, signal, ...changes });
};

const filtersLeft = async () => await world.producer.lakeFormation.filters();
const good = { name: 'eu', rows: "region = 'eu'", columns: ['id'] };
const bad = { name: 'broken', rows: 'regoin === 1' };

describe('a filter', () => {
  it('that Lake Formation takes is valid, one that it refuses is not, in its own words, and neither stays there', async () => {
    const judged = await check({ filters: [good, bad, { name: 'columns', columns: ['salary'] }] });
    expect(judged).toEqual([
      { name: 'eu', valid: true, checked: expect.any(String) },
      {
        name: 'broken',
        valid: false,
        message: expect.stringMatching(/^Lake Formation does not take the condition: .*\w/),
        checked: expect.any(String),
      },
      { name: 'columns', valid: false, message: 'table orders has no column salary' },
    ]);
    expect(await filtersLeft()).toEqual([]);
  });

  it('is asked about once for the same content and columns', async () => {
    const known = await check({ filters: [good, bad] });
    expect(await check({ filters: [good, bad], known })).toEqual(known);
    expect(asked).toEqual([]);
    await check({ filters: [{ ...good, rows: "region = 'us'" }], known });
    expect(asked).not.toEqual([]);
  });

  it('of columns alone needs no question, and none is asked while nothing may be made', async () => {
    expect(await check({ filters: [{ name: 'columns', columns: ['id'] }] })).toEqual([
      { name: 'columns', valid: true },
    ]);
    expect(await check({ filters: [bad], paused: true })).toEqual([{ name: 'broken', valid: true }]);
    expect(asked).toEqual([]);
  });

  it('whose trial could not be taken away is tried again, and then nothing stays', async () => {
    refuseDeletes = true;
    await expect(check({ filters: [good] })).rejects.toBe(unavailable);
    expect(await filtersLeft()).toHaveLength(1);
    refuseDeletes = false;
    expect(await check({ filters: [good] })).toMatchObject([{ valid: true }]);
    expect(await filtersLeft()).toEqual([]);
  });
});
