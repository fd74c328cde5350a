import { expect, it } from 'vitest';
import { dataset, environment, shareRequest } from '../access/sharing-cast.ts';
import type { Specs } from '../access/specs.ts';
import type { Stores } from '../kernel/store.ts';
import { shareSources } from './share-sources.ts';

const share = shareRequest();
const sources = shareSources({
  specs: {
    sharesOfDataset: (namespace: string) => (namespace === 'sales-prod' ? [share] : []),
    sharesOfEnvironment: (name: string) => (name === 'marketing-prod' ? [share] : []),
  } as Partial<Specs> as Specs,
  stores: {
    get: () => ({ list: (namespace: string) => (namespace === 'sales-prod' ? [dataset()] : []) }),
  } as unknown as Stores,
});

it.each(['sales-prod', 'marketing-prod'] as const)('a share looks again when %s, one of its sides, goes on', (name) => {
  const before = environment(name, { spec: { suspend: true }, metadata: { generation: 1 } });
  const after = environment(name, { spec: { suspend: false }, metadata: { generation: 2 } });
  const [source] = sources.filter(({ kind }) => kind.kind === 'Environment');
  const woken = source?.toKeys(after, before, 'updated').map(({ key }) => key);
  expect(woken).toEqual([`${share.metadata.namespace}/${share.metadata.name}`]);
});
