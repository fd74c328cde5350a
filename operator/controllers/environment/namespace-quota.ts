// The ResourceQuota of each environment's namespace: the API server refuses one object more, so that no team fills etcd and our memory.
import { deleteIfPresent } from '../../kernel/client/kube-api.ts';
import type { Kind, KubeObject } from '../../kernel/kind.ts';
import {
  done,
  type ControllerDefinition,
  type ReconcileContext,
  type Result,
} from '../../kernel/runtime/reconciler.ts';
import { labels, MANAGED_BY } from '../../resources/annotations.ts';
import { environmentKind } from '../../resources/environment.ts';
import { hardLimits } from '../../resources/object-quota.ts';
import { environmentController } from './environment.ts';
import { UNCOUNTED_MS } from './object-counts.ts';
import type { Platform } from '../reconcile/platform.ts';
import { watch } from '../reconcile/watch.ts';
import type { Caches } from '../reconcile/specs.ts';

type Quantities = Readonly<Record<string, string>>;

interface ResourceQuota extends KubeObject {
  spec?: { hard?: Quantities };
  status?: { hard?: Quantities; used?: Quantities };
}

export const quotaKind: Kind<ResourceQuota> = {
  group: '',
  version: 'v1',
  plural: 'resourcequotas',
  kind: 'ResourceQuota',
  scope: 'Namespaced',
};

/** Others may add quotas of their own; all of them count. */
const NAME = 'dataall';

export const defineNamespaceQuotaController = (
  { stores, api, enqueue, objectCounts }: Pick<Platform, 'stores' | 'api' | 'enqueue' | 'objectCounts'>,
  caches: Caches,
): ControllerDefinition => {
  objectCounts.track();
  const quotas = caches.cache(quotaKind, { labelSelector: `${labels.managedBy}=${MANAGED_BY}` });

  const reconcile = async (namespace: string, { writer, now }: ReconcileContext): Promise<Result> => {
    const environment = stores.get(environmentKind).get(undefined, namespace);
    if (environment?.status.namespace !== undefined) {
      await writer.apply(quotaKind, {
        apiVersion: 'v1',
        kind: 'ResourceQuota',
        metadata: { namespace, name: NAME, labels: { [labels.managedBy]: MANAGED_BY } },
        spec: { hard: hardLimits(environment.spec.quota) },
      });
      // Says then that nothing counts, if that is so.
      if (objectCounts.awaits(namespace, now())) enqueue(environmentController, namespace, { afterMs: UNCOUNTED_MS });
    }
    // An adopted namespace stays when its environment goes.
    else if (quotas.get(namespace, NAME) !== undefined)
      await deleteIfPresent(api, quotaKind, { namespace, name: NAME });
    return done;
  };

  return {
    name: 'namespace-quota',
    watches: [
      watch(environmentKind, ({ metadata, spec, status }, old) =>
        old !== undefined &&
        JSON.stringify([old.spec.quota, old.status.namespace]) === JSON.stringify([spec.quota, status.namespace])
          ? []
          : [{ key: metadata.name }],
      ),
      watch(environmentKind, ({ metadata }, _old, event) => (event === 'deleted' ? [{ key: metadata.name }] : [])),
      // Its status is counted all the time, and is not ours.
      watch(quotaKind, (quota, old, event) => {
        const { metadata, spec } = quota;
        const { namespace = '' } = metadata;
        if (objectCounts.tell(namespace, event !== 'deleted' && isCounted(quota)))
          enqueue(environmentController, namespace);
        return old !== undefined && JSON.stringify(old.spec) === JSON.stringify(spec) ? [] : [{ key: namespace }];
      }),
    ],
    reconcile,
  };
};

/** The API server refuses what a quota limits for as long as the quota's status does not say how many there are. */
export const isCounted = ({ spec, status }: ResourceQuota): boolean =>
  Object.keys(spec?.hard ?? {}).every(
    (name) => status?.hard?.[name] !== undefined && status.used?.[name] !== undefined,
  );
