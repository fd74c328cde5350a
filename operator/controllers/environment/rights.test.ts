// What has room in the stack of an environment, and what is left out.
import { expect, it } from 'vitest';
import { dataset, environment } from '../../access/testing/fixtures.ts';
import type { Stores } from '../../kernel/cache/store.ts';
import type { Dataset } from '../../resources/dataset.ts';
import { environmentRights } from './rights.ts';

const place = { partition: 'aws', account: '111111111111', region: 'eu-west-1', prefix: 'dataall' };
const owner = {
  group: 'sales',
  roleName: 'dataall-sales',
  workgroup: 'dataall-sales',
  environmentBucket: 'dataall-sales',
  pivotRoleArn: 'arn:aws:iam::111111111111:role/pivot',
  mayQuery: true,
};
const many = (count: number, bucket: string, group: string): Dataset[] =>
  Array.from({ length: count }, (_, index) => {
    const id = String(index).padStart(8, '0');
    return dataset({
      metadata: { name: `${bucket}-${id}`, creationTimestamp: `2026-02-01T00:00:00.${id.slice(5)}Z` },
      spec: { owner: group },
      status: { id, bucket: `${bucket}-${'long'.repeat(8)}-${id}`, glueDatabase: `${bucket}_${id}` },
    });
  });
const rightsOf = (datasets: readonly Dataset[]) => {
  const stores = { get: () => ({ list: () => datasets }) } as unknown as Stores;
  return environmentRights({ stores }, environment('sales-prod'), { place, owner, pivotRole: 'pivot' });
};

it("the owner's role has room for more while the pivot role needs little, and less when it does not", () => {
  const alone = rightsOf(many(200, 'dataall', 'sales'));
  const beside = rightsOf([...many(200, 'dataall', 'sales'), ...many(200, 'lake', 'others')]);
  expect(alone.leftOut.imports).toEqual([]);
  expect(alone.owned.length).toBeGreaterThan(beside.owned.length);
  expect(beside.owned.length).toBeGreaterThan(30);
});

it('the newest imports are left out by name, and nothing that needs no right of the pivot role', () => {
  const imports = many(200, 'lake', 'others');
  const { imported, leftOut } = rightsOf([...imports, ...many(50, 'dataall', 'others')]);
  expect(imported.namedBuckets.length).toBeGreaterThan(100);
  expect(leftOut.imports).toEqual(imports.slice(imported.namedBuckets.length));
  expect(leftOut.imported.namedBuckets).toEqual(leftOut.imports.map(({ status }) => status.bucket));
});
