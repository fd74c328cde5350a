// What wakes a dataset: itself, others on its database, who asks for it, and the environment it is in.
import { objectKey } from '../../kernel/kind.ts';
import type { Request, Watch, CacheEvent } from '../../kernel/runtime/reconciler.ts';
import { datasetKind } from '../../resources/dataset.ts';
import { environmentKind } from '../../resources/environment.ts';
import { shareApprovalKind } from '../../resources/share-approval.ts';
import { shareRequestKind } from '../../resources/share-request.ts';
import { isServing } from '../environment/serving.ts';
import { whenIdIsFree } from '../reconcile/object-id.ts';
import { ownUpdatePriority, statusOnlyPriority } from '../reconcile/observation-cache.ts';
import type { Platform } from '../reconcile/platform.ts';
import { watch } from '../reconcile/watch.ts';

export const datasetWatches = ({ specs, stores }: Pick<Platform, 'specs' | 'stores'>): readonly Watch[] => [
  watch(datasetKind, (dataset, old, event) => [
    { key: objectKey(dataset.metadata), ...ownUpdatePriority(dataset, old, event) },
  ]),
  ...whenIdIsFree(stores, datasetKind),
  // Its coOwners may use the same database, and others may not any more.
  watch(datasetKind, ({ metadata, status }, old, event) =>
    event !== 'deleted' && (old === undefined || old.metadata.generation === metadata.generation)
      ? []
      : specs
          .datasetsOfDatabase(status.account ?? '', status.region ?? '', status.glueDatabase ?? '')
          .filter((other) => other.metadata.uid !== metadata.uid)
          .map((other) => ({ key: objectKey(other.metadata) })),
  ),
  watch(shareRequestKind, ({ spec: { datasetRef } }, _old, event) =>
    usersOf(datasetRef.namespace, datasetRef.name, event),
  ),
  watch(shareApprovalKind, ({ metadata, spec }, _old, event) =>
    usersOf(metadata.namespace, spec.datasetRef.name, event),
  ),
  watch(environmentKind, (environment, old) =>
    old !== undefined && isServing(old) === isServing(environment)
      ? []
      : stores
          .get(datasetKind)
          .list(environment.metadata.name)
          .map(({ metadata }) => ({ key: objectKey(metadata) })),
  ),
];

/** Many requests about one dataset are one new status. */
const usersOf = (namespace: string, name: string, event: CacheEvent): readonly Request[] => [
  { key: objectKey({ namespace, name }), afterMs: 300, ...statusOnlyPriority(event) },
];
