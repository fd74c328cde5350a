// Whose viewers may differ once an object has changed: rows of these are made anew.

import { isDeepStrictEqual } from 'node:util';
import { objectKey } from '../../../operator/kernel/kind.ts';
import type { Dataset } from '../../../operator/resources/dataset.ts';
import type { Environment } from '../../../operator/resources/environment.ts';
import type { Organization } from '../../../operator/resources/organization.ts';
import type { Team } from '../../../operator/resources/team.ts';
import { projections } from '../projections.ts';
import type { Projection } from '../projection.ts';
import type { IndexedChange, IndexedObject, IndexedStores } from './indexed-stores.ts';

/** Told of each object whose row is to be made anew. */
export type Mark = (table: Projection['table'], key: string) => void;

/** What of an object decides who may see others; the same as long as that stays. */
const rulesOf = (kind: string, object: IndexedObject): unknown => {
  switch (kind) {
    case 'Organization': {
      const { owner, teams } = (object as unknown as Organization).spec;
      return [owner, teams?.map(({ group }) => group)];
    }
    case 'Environment': {
      const { spec, status } = object as unknown as Environment;
      return [spec.owner, spec.organization, status.namespace !== undefined];
    }
    case 'Team':
      return (object as unknown as Team).spec.group;
    case 'Dataset': {
      const { metadata, spec } = object as unknown as Dataset;
      return [spec.owner, spec.stewards, metadata.deletionTimestamp !== undefined];
    }
    default:
      return undefined;
  }
};

/** Marks what depends on the object, if that changed by which it decides. */
export function markDependents(stores: IndexedStores, { kind }: Projection, change: IndexedChange, mark: Mark): void {
  const rules = rulesOf(kind.kind, change.object);
  if (rules === undefined) return;
  if (change.type === 'updated' && isDeepStrictEqual(rules, rulesOf(kind.kind, change.old))) return;
  const { name, namespace } = change.object.metadata;
  switch (kind.kind) {
    case 'Organization':
      for (const environment of stores.byIndex('Environment', 'organization', name))
        markEnvironment(stores, environment.metadata.name, mark);
      break;
    case 'Environment':
      markNamespace(stores, name, mark);
      for (const dataset of stores.inNamespace('Dataset', name)) markRequests(stores, dataset, mark);
      break;
    case 'Team':
      markEnvironment(stores, namespace ?? '', mark);
      break;
    case 'Dataset':
      markNamespace(stores, namespace ?? '', mark);
      markRequests(stores, change.object, mark);
      break;
  }
}

function markEnvironment(stores: IndexedStores, name: string, mark: Mark): void {
  mark('environment', name);
  markNamespace(stores, name, mark);
}

function markNamespace(stores: IndexedStores, namespace: string, mark: Mark): void {
  for (const { kind, table } of projections.filter(({ kind }) => kind.scope === 'Namespaced'))
    for (const { metadata } of stores.inNamespace(kind.kind, namespace)) mark(table, objectKey(metadata));
}

/** Those who decide about a request see it, wherever it was made. */
function markRequests(stores: IndexedStores, dataset: IndexedObject, mark: Mark): void {
  const requests = projections.find(({ kind }) => kind.kind === 'ShareRequest');
  if (requests === undefined) return;
  for (const { metadata } of stores.byIndex('ShareRequest', 'dataset', objectKey(dataset.metadata)))
    mark(requests.table, objectKey(metadata));
}
