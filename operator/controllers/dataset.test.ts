import { describe, expect, it } from 'vitest';
import { dataset } from '../access/sharing-cast.ts';
import type { Specs } from '../access/specs.ts';
import type { Stored } from '../kernel/kind.ts';
import { datasetKind, type Dataset } from '../resources/dataset.ts';
import { defineDatasetController } from './dataset.ts';
import type { Platform } from './platform.ts';

const s3 = { origin: 'Import', bucket: { name: 'orders-data' }, glueDatabase: { name: 'orders' } } as const;
const first = (generation: number, coOwners: string[]) =>
  dataset({ metadata: { generation }, spec: { s3: { ...s3, coOwners } } }) as Stored<Dataset>;
const second = dataset({ metadata: { name: 'refunds', uid: 'uid-refunds' } });

/** The Datasets that are looked at again when one becomes another. */
const woken = (changed: Stored<Dataset>, old: Stored<Dataset>): readonly string[] => {
  const specs: Partial<Specs> = { datasetsOfDatabase: (_a, _r, name) => (name === 'orders' ? [changed, second] : []) };
  const { sources } = defineDatasetController({ specs, stores: {} } as Platform);
  return sources
    .filter(({ kind }) => kind.kind === datasetKind.kind)
    .flatMap((source) => source.toKeys(changed, old, 'updated').map(({ key }) => key));
};

describe('Datasets of one Glue database', () => {
  it('learn at once that their group is no co-owner any more', () => {
    expect(woken(first(2, []), first(1, ['others']))).toEqual(['sales-prod/orders', 'sales-prod/refunds']);
  });

  it('do not follow each other’s status', () => {
    expect(woken(first(1, []), first(1, []))).toEqual(['sales-prod/orders']);
  });
});
