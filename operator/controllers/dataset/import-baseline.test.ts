import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { IAM_ALLOWED_PRINCIPALS } from '../../access/documents/lake-formation/lake-rights.ts';
import {
  administerLake,
  makeSales,
  startAccounts,
  type SimulatedAccounts,
} from '../../aws/testing/simulated-accounts.ts';
import { captureBaseline, inheritBaseline, restoreBaseline } from './import-baseline.ts';

const imported = { bucket: 'lake', database: 'sales', ours: [] };
const NOON = '2026-06-01T12:00:00Z';
let world: SimulatedAccounts;
let reader: string;

beforeAll(async () => {
  world = await startAccounts();
  reader = await administerLake(world.producer);
  await makeSales(world, ['orders']);
});
afterAll(async () => world.stop());

const onTable = (principal: string) => ({
  principal,
  resource: { kind: 'Table', catalogId: world.producer.account, database: 'sales', table: 'orders' } as const,
  permissions: ['SELECT'] as const,
  grantable: [],
});
const holders = async (): Promise<readonly string[]> =>
  (await world.producer.lakeFormation.permissions({ resource: onTable('').resource })).map(
    ({ principal }) => principal,
  );

describe('what an import found', () => {
  it('is for a second dataset on the database what the first found: a grant of its shares is nobody else’s', async () => {
    const first = await captureBaseline(world.producer, imported, NOON);
    await world.producer.lakeFormation.grant([onTable(reader)]);
    const found = await captureBaseline(world.producer, imported, NOON);
    expect(found.grants?.filter((text) => text.startsWith(reader))).not.toEqual([]);
    const second = inheritBaseline(found, first);
    expect([second.grants, second.iamAllowedPrincipals]).toEqual([first.grants, first.iamAllowedPrincipals]);
    expect(inheritBaseline(found, undefined).grants).toEqual([]);
  });

  it('is opened to IAM again by the last dataset on the database, not by one that leaves others there', async () => {
    const before = {
      recordedAt: NOON,
      iamAllowedPrincipals: { database: [], tables: [{ name: 'orders', permissions: ['SELECT'] }] },
    };
    const open = onTable(IAM_ALLOWED_PRINCIPALS);
    await world.producer.lakeFormation.revoke([{ ...open, permissions: ['ALL'] }, open]);
    await restoreBaseline(world.producer, imported, before, { staysAsItIs: true, isOnTheWay: false });
    expect(await holders()).not.toContain(IAM_ALLOWED_PRINCIPALS);
    await restoreBaseline(world.producer, imported, before, { staysAsItIs: false, isOnTheWay: false });
    expect(await holders()).toContain(IAM_ALLOWED_PRINCIPALS);
  });
});
