// Tables of a database whose data lies in the bucket of another dataset, or of nobody.
import { describe, expect, it } from 'vitest';
import type { GlueTable } from '../../../aws/services/glue.ts';
import { grantId, type Grant } from '../../grant.ts';
import { baseline, grant, PRODUCER, table } from '../../testing/fixtures.ts';
import { catalogGrants } from './catalog-grants.ts';
import type { ObservedCatalog } from './observe-catalog.ts';
import {
  key,
  claims,
  glueTable,
  fresh,
  onTable,
  held,
  applied,
  plan,
  settled,
  rights,
} from '../../testing/catalog-fixtures.ts';

const lying = (name: string, ...locations: readonly string[]): GlueTable => ({ ...glueTable(name), locations });
const OWN_ROLES = [baseline().datasetRoleArn, ...baseline().ownerRoleArns];

describe('grants on a database that names data of others, too', () => {
  const stray = lying('customers', 's3://acme-treasury/ledger/');
  const mixed: ObservedCatalog = { ...fresh, tables: [glueTable('orders'), stray] };
  const both = [grant(table('orders')), grant(table('customers'))];

  it.each([
    ['another bucket', 's3://acme-treasury/ledger/', 's3://acme-treasury/'],
    ['another bucket by the scheme of Hadoop', 's3a://acme-treasury/ledger', 's3a://acme-treasury/'],
    ['another bucket by the old scheme of Hadoop', 's3n://acme-treasury/', 's3n://acme-treasury/'],
    ['a bucket whose name begins alike', 's3://orders-data-evil/orders/', 's3://orders-data-evil/'],
    ['a bucket whose name ends alike', 's3://evil.orders-data/orders/', 's3://evil.orders-data/'],
    [
      'a bucket behind a name that looks like a user',
      's3://orders-data@acme-treasury/',
      's3://orders-data@acme-treasury/',
    ],
    ['a bucket behind a port', 's3://orders-data:acme-treasury/', 's3://orders-data:acme-treasury/'],
    ['another spelling of the bucket', 's3://Orders-Data/', 's3://Orders-Data/'],
    ['whatever bucket a partition names', 's3://${dt}/', 's3://${dt}/'],
    ['something that is no bucket', 'jdbc:mysql://orders-data/x', 'jdbc:mysql://orders-data/'],
  ])('refuse a table that lies in %s', (_, location, shown) => {
    const observed = { ...fresh, tables: [glueTable('orders'), lying('customers', location)] };
    const { refused } = plan(claims(both), observed);
    expect(refused.get(grantId(both[1] as Grant))).toEqual({
      state: 'Failed',
      reason: 'ItemNotFound',
      message: `table customers lies in ${shown}, not in bucket orders-data of this dataset: share it from the dataset of that bucket`,
    });
    expect(refused.size).toBe(1);
    expect(rights(settled(claims(both), observed))).toEqual([
      'DESCRIBE table/orders/orders',
      'SELECT table/orders/orders',
    ]);
  });

  it.each([['s3://orders-data'], ['S3://orders-data/customers/'], ['s3a://orders-data/x'], ['s3n://orders-data/']])(
    'serve a table that lies in the bucket as %s',
    (location) => {
      const observed = { ...fresh, tables: [glueTable('orders'), lying('customers', location)] };
      expect(plan(claims(both), observed).refused.size).toBe(0);
    },
  );

  it('refuse a table of which one place of many lies elsewhere', () => {
    const observed = { ...fresh, tables: [lying('orders', 's3://orders-data/orders/', 's3://acme-treasury/')] };
    expect(plan(claims([both[0] as Grant]), observed).refused.size).toBe(1);
  });

  it('are taken back when a table is moved, and no run calls the document clean before', () => {
    const before = settled(claims(both));
    const moved = { ...before, tables: mixed.tables };
    expect(catalogGrants.isClean(key, claims(both), moved)).toBe(false);
    const after = settled(claims(both), moved);
    expect(rights(after)).toEqual(['DESCRIBE table/orders/orders', 'SELECT table/orders/orders']);
    expect(catalogGrants.isClean(key, claims(both), after)).toBe(true);
    expect(plan(claims(both), after).actions).toEqual([]);
  });

  it("give the dataset's own roles the tables of its bucket alone, and all again once no other is there", () => {
    const closed = settled(claims([]), { ...settled(claims([])), tables: mixed.tables });
    for (const role of OWN_ROLES)
      expect(rights(closed, role)).toEqual(['ALL database/orders', 'ALL table/orders/orders']);
    const open = settled(claims([]), { ...closed, tables: fresh.tables });
    for (const role of OWN_ROLES) expect(rights(open, role)).toContain('ALL tables/orders');
  });

  it("take from the dataset's own roles what making a table over data of others gave them, at whatever level", () => {
    const [role = ''] = baseline().ownerRoleArns;
    const permissions = [
      held(role, onTable('customers'), ['ALL'], ['ALL']),
      held(role, { kind: 'Columns', catalogId: PRODUCER, database: 'orders', table: 'customers', columns: ['id'] }, [
        'SELECT',
      ]),
      held(role, onTable('orders'), ['ALL'], ['ALL']),
    ];
    const after = settled(claims([]), { ...mixed, permissions });
    expect(rights(after, role)).toEqual([
      'ALL table/orders/orders',
      'ALL table/orders/orders with grant option',
      'ALL database/orders',
    ]);
  });

  it('are taken back at once also where differences are reported only, and nobody loses what is theirs', () => {
    const before = settled(claims(both));
    const moved = { ...before, tables: mixed.tables };
    const { urgent = [] } = plan(claims(both), moved);
    const after = applied(moved, urgent);
    expect(rights(after)).toEqual(['DESCRIBE table/orders/orders', 'SELECT table/orders/orders']);
    for (const role of OWN_ROLES)
      expect(rights(after, role)).toEqual(['ALL database/orders', 'ALL table/orders/orders']);
    const drifted = {
      ...before,
      permissions: [...before.permissions, held('arn:else', onTable('orders'), ['SELECT'])],
    };
    expect(plan(claims(both), drifted).urgent).toEqual([]);
  });

  it('part the tables of two datasets of one database by their buckets', () => {
    const hr = 'arn:aws:iam::111111111111:role/hr';
    const second = baseline({ name: 'people', bucket: 'acme-treasury', datasetRoleArn: hr, ownerRoleArns: [] });
    const after = settled(claims(both, { datasets: [baseline(), second] }), mixed);
    expect(rights(after, hr)).toEqual(['ALL database/orders', 'ALL table/orders/customers']);
    for (const role of OWN_ROLES)
      expect(rights(after, role)).toEqual(['ALL database/orders', 'ALL table/orders/orders']);
    const ours = grant(table('customers'), { source: { ...(both[0] as Grant).source, bucket: 'acme-treasury' } });
    expect(plan(claims([ours], { datasets: [baseline(), second] }), mixed).refused.size).toBe(0);
  });

  it("leave nothing of what was given by table to the dataset's roles at its end, and what they made themselves", () => {
    const [role = ''] = baseline().ownerRoleArns;
    const made = held(role, onTable('made'), ['ALL'], ['ALL']);
    const tables = [...(mixed.tables ?? []), glueTable('made')];
    const before = settled(claims([]), { ...mixed, tables, permissions: [made] });
    const ended = settled(claims([], { datasets: [baseline({ present: false })] }), before);
    expect(rights(ended, role)).toEqual(['ALL table/orders/made', 'ALL table/orders/made with grant option']);
  });
});
