import { expect, it } from 'vitest';
import { dataset, environment, organization, shareRequest } from '../../access/testing/fixtures.ts';
import type { Specs } from '../../access/specs.ts';
import type { Kind } from '../../kernel/kind.ts';
import { Priority } from '../../kernel/runtime/reconciler.ts';
import type { Stores } from '../../kernel/cache/store.ts';
import { shareWatches } from './watches.ts';

const share = shareRequest();
const watches = shareWatches({
  specs: {
    sharesOfDataset: (namespace: string) => (namespace === 'sales-prod' ? [share] : []),
    sharesOfEnvironment: (name: string) => (name === 'marketing-prod' ? [share] : []),
  } as Partial<Specs> as Specs,
  stores: {
    get: ({ kind }: Kind) => ({
      list: (namespace: string) =>
        kind === 'Environment' ? [environment('marketing-prod')] : namespace === 'sales-prod' ? [dataset()] : [],
    }),
  } as unknown as Stores,
});

it.each(['sales-prod', 'marketing-prod'] as const)('a share looks again when %s, one of its sides, goes on', (name) => {
  const before = environment(name, { spec: { suspend: true }, metadata: { generation: 1 } });
  const after = environment(name, { spec: { suspend: false }, metadata: { generation: 2 } });
  const [watch] = watches.filter(({ kind }) => kind.kind === 'Environment');
  const woken = watch?.mapToRequests(after, before, 'updated').map(({ key }) => key);
  expect(woken).toEqual([`${share.metadata.namespace}/${share.metadata.name}`]);
});

it('a share looks again when its organization comes, which may not have its requester', () => {
  const [watch] = watches.filter(({ kind }) => kind.kind === 'Organization');
  const key = `${share.metadata.namespace}/${share.metadata.name}`;
  expect(watch?.mapToRequests(organization(['sales']), undefined, 'added')).toEqual([
    { key, priority: Priority.revocation },
  ]);
});

it('a share looks again, before everything else, when its requester leaves the organization or comes back', () => {
  const [watch] = watches.filter(({ kind }) => kind.kind === 'Organization');
  const [with_, without] = [organization(['marketing', 'sales']), organization(['sales'])];
  const key = `${share.metadata.namespace}/${share.metadata.name}`;
  expect(watch?.mapToRequests(without, with_, 'updated')).toEqual([{ key, priority: Priority.revocation }]);
  expect(watch?.mapToRequests(with_, without, 'updated')).toEqual([{ key, priority: Priority.revocation }]);
  expect(watch?.mapToRequests(without, organization([]), 'updated')).toEqual([]);
});
