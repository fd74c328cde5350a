// The namespace of an Environment: made, or adopted where a platform administrator said so; left or deleted at the end.
import { getIfPresent, type KubeApi } from '../../kernel/client/kube-api.ts';
import type { KubeObject, Stored } from '../../kernel/kind.ts';
import type { ReconcileContext } from '../../kernel/runtime/reconciler.ts';
import { annotations, labels, MANAGED_BY } from '../../resources/annotations.ts';
import type { Environment, EnvironmentStatus } from '../../resources/environment.ts';
import { namespaceKind } from '../../kernel/namespace-kind.ts';

type OwnNamespace = NonNullable<EnvironmentStatus['namespace']>;

/** Why there can be no namespace yet. */
interface NamespaceObstacle {
  readonly reason: 'NamespaceNotOurs' | 'Progressing';
  readonly message: string;
}

/** The namespace as it is, before there is a right to make one. */
export const findNamespace = async (
  api: KubeApi,
  { metadata, status }: Environment,
  { signal }: ReconcileContext,
): Promise<{ readonly found: OwnNamespace | undefined } | NamespaceObstacle> => {
  const present = await getIfPresent(api, namespaceKind, { name: metadata.name }, { signal });
  const isKnown = present !== undefined && present.metadata.uid === status.namespace?.uid;
  return obstacleOf(metadata.name, present) ?? { found: isKnown ? status.namespace : undefined };
};

/** Makes or adopts the namespace and marks it with account and owner, by which policies tell foreign ARNs and needless teams. */
export const ensureNamespace = async (
  api: KubeApi,
  { metadata, spec }: Environment,
  context: ReconcileContext,
): Promise<{ readonly found: OwnNamespace } | NamespaceObstacle> => {
  const { name } = metadata;
  const present = await getIfPresent(api, namespaceKind, { name }, { signal: context.signal });
  const obstacle = obstacleOf(name, present);
  if (obstacle !== undefined) return obstacle;
  const created = present === undefined || isCreated(present);
  const marked: KubeObject = {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: {
      name,
      labels: { [labels.environment]: name, ...(created && { [labels.managedBy]: MANAGED_BY }) },
      annotations: { [annotations.account]: spec.account.id, [annotations.owner]: spec.owner },
    },
  };
  const stored = await context.writer.apply(namespaceKind, marked);
  return { found: { origin: created ? 'Created' : 'Adopted', uid: stored.metadata.uid } };
};

const obstacleOf = (name: string, present: Stored | undefined): NamespaceObstacle | undefined => {
  if (present === undefined) return undefined;
  if (present.metadata.deletionTimestamp !== undefined)
    return { reason: 'Progressing', message: `namespace ${name} of an earlier environment is still going` };
  if (present.metadata.labels?.[labels.environment] === name) return undefined;
  return {
    reason: 'NamespaceNotOurs',
    message: `namespace ${name} exists and is not ours: a platform administrator may label it ${labels.environment}=${name}, or choose another name for the Environment`,
  };
};

/** Deletes a namespace we made, and gives back one we adopted. Nothing of our kinds is in it any more. */
export const leaveNamespace = async (
  api: KubeApi,
  { metadata, status }: Environment,
  context: ReconcileContext,
): Promise<void> => {
  const { name } = metadata;
  const present = await getIfPresent(api, namespaceKind, { name }, { signal: context.signal });
  if (present === undefined || present.metadata.uid !== status.namespace?.uid) return;
  if (present.metadata.deletionTimestamp !== undefined) return;
  if (isCreated(present)) {
    await api.delete(namespaceKind, { name }, { preconditions: { uid: present.metadata.uid }, signal: context.signal });
    return;
  }
  const body = {
    metadata: {
      labels: { [labels.environment]: null },
      annotations: { [annotations.account]: null, [annotations.owner]: null },
    },
  };
  await api.patch(namespaceKind, { name }, { type: 'merge', body }, { signal: context.signal });
};

const isCreated = ({ metadata }: Stored): boolean => metadata.labels?.[labels.managedBy] === MANAGED_BY;
