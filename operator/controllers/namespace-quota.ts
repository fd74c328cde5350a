// The ResourceQuota of each environment's namespace: the API server refuses one object more, so that no team fills etcd and our memory.
import { deleteIfPresent } from '../kernel/kube-api.ts';
import type { Kind, KubeObject } from '../kernel/kind.ts';
import { done, type ControllerDefinition, type ReconcileContext, type Result } from '../kernel/reconciler.ts';
import { labels, MANAGED_BY } from '../resources/annotations.ts';
import { environmentKind } from '../resources/environment.ts';
import { hardLimits } from '../resources/object-quota.ts';
import type { Platform } from './platform.ts';
import { source } from './sources.ts';
import type { Caches } from './spec-store.ts';

const quotaKind: Kind<KubeObject & { spec?: { hard?: Readonly<Record<string, string>> } }> = {
  group: '',
  version: 'v1',
  plural: 'resourcequotas',
  kind: 'ResourceQuota',
  scope: 'Namespaced',
};

/** Others may add quotas of their own; all of them count. */
const NAME = 'dataall';

export const defineNamespaceQuotaController = (
  { stores, api }: Pick<Platform, 'stores' | 'api'>,
  caches: Caches,
): ControllerDefinition => {
  const quotas = caches.cache(quotaKind, { labelSelector: `${labels.managedBy}=${MANAGED_BY}` });

  const reconcile = async (namespace: string, { write }: ReconcileContext): Promise<Result> => {
    const environment = stores.get(environmentKind).get(undefined, namespace);
    if (environment?.status.namespace !== undefined)
      await write.apply(quotaKind, {
        apiVersion: 'v1',
        kind: 'ResourceQuota',
        metadata: { namespace, name: NAME, labels: { [labels.managedBy]: MANAGED_BY } },
        spec: { hard: hardLimits(environment.spec.quota) },
      });
    // An adopted namespace stays when its environment goes.
    else if (quotas.get(namespace, NAME) !== undefined)
      await deleteIfPresent(api, quotaKind, { namespace, name: NAME });
    return done;
  };

  return {
    name: 'namespace-quota',
    sources: [
      source(environmentKind, ({ metadata, spec, status }, old) =>
        old !== undefined &&
        JSON.stringify([old.spec.quota, old.status.namespace]) === JSON.stringify([spec.quota, status.namespace])
          ? []
          : [{ key: metadata.name }],
      ),
      source(environmentKind, ({ metadata }, _old, event) => (event === 'deleted' ? [{ key: metadata.name }] : [])),
      // Its status is counted all the time, and is not ours.
      source(quotaKind, ({ metadata, spec }, old) =>
        old !== undefined && JSON.stringify(old.spec) === JSON.stringify(spec)
          ? []
          : [{ key: metadata.namespace ?? '' }],
      ),
    ],
    reconcile,
  };
};
