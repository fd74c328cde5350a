// What ends with its dataset: approvals and tables, which speak of one dataset and not of the next one that has its name.
import type { Kind, Stored } from '../../kernel/kind.ts';
import { deleteIfPresent, getIfPresent, isKubeError } from '../../kernel/client/kube-api.ts';
import { labels, MANAGED_BY } from '../../resources/annotations.ts';
import { objectRolePrefix } from '../../resources/authority/rbac.ts';
import { datasetKind, type Dataset } from '../../resources/dataset.ts';
import { datasetTableKind, type DatasetTable } from '../../resources/dataset-table.ts';
import { shareApprovalKind, type ShareApproval } from '../../resources/share-approval.ts';
import type { Platform } from '../reconcile/platform.ts';
import { rbacKinds } from '../../kernel/rbac-kinds.ts';
import { ALL_RIGHTS, rbacController } from '../rbac/controller-name.ts';

type Dependent = Stored<ShareApproval> | Stored<DatasetTable>;

/** So many are deleted in one go: a team's flood of tables holds up none of the others. */
const AT_ONCE = 100;
/** Objects of one page. */
const PAGE = 500;

const kinds: Readonly<Record<Dependent['kind'], Kind<ShareApproval> | Kind<DatasetTable>>> = {
  ShareApproval: shareApprovalKind,
  DatasetTable: datasetTableKind,
};

/**
 * Takes the rights on the dataset from everybody, then deletes what ends with it. In this order: who holds a right on the name could
 * write another one at the last moment.
 * @returns what is being waited for; undefined when nothing is left
 */
export const deleteDependents = async (platform: Platform, dataset: Stored<Dataset>): Promise<string | undefined> => {
  if (await mayAnybodyAct(platform, dataset)) return 'takes the rights on it from people';
  const known = [...inStore(platform, shareApprovalKind, dataset), ...inStore(platform, datasetTableKind, dataset)];
  // What the stores do not show yet.
  const left = known.length > 0 ? known : await atServer(platform, dataset);
  for (const one of left.slice(0, AT_ONCE)) await deleteDependent(platform, one);
  return left.length === 0 ? undefined : `deletes ${left.length} approvals and tables that end with it`;
};

const mayAnybodyAct = async ({ api, rights, enqueue }: Platform, dataset: Stored<Dataset>): Promise<boolean> => {
  if (!rights.end(dataset)) {
    enqueue(rbacController, ALL_RIGHTS);
    return true;
  }
  const { namespace, name } = dataset.metadata;
  const labelSelector = `${labels.managedBy}=${MANAGED_BY}`;
  const { items } = await api.list(rbacKinds.RoleBinding, { namespace, labelSelector });
  return items.some(({ metadata }) => metadata.name.startsWith(objectRolePrefix(dataset.kind, name)));
};

const inStore = <T extends ShareApproval | DatasetTable>(
  { stores }: Platform,
  kind: Kind<T>,
  { metadata }: Stored<Dataset>,
): readonly Stored<T>[] =>
  stores
    .get(kind)
    .byIndex('dataset', `${metadata.namespace} ${metadata.name}`)
    .filter((one) => one.metadata.deletionTimestamp === undefined);

const atServer = async ({ api }: Platform, { metadata }: Stored<Dataset>): Promise<readonly Dependent[]> => {
  const found: Dependent[] = [];
  for (const kind of Object.values<Kind<Dependent>>(kinds)) {
    let page: string | undefined;
    do {
      const { items, continue: next } = await api.list(kind, {
        namespace: metadata.namespace,
        limit: PAGE,
        ...(page !== undefined && { continue: page }),
      });
      found.push(...items.filter(({ spec }) => spec.datasetRef.name === metadata.name));
      page = next;
    } while (page !== undefined);
  }
  return found.filter((one) => one.metadata.deletionTimestamp === undefined);
};

/** Exactly this object, as it was seen: one that somebody writes to at this moment is looked at again. */
const deleteDependent = async ({ api }: Pick<Platform, 'api'>, { kind, metadata }: Dependent): Promise<void> => {
  try {
    await deleteIfPresent(api, kinds[kind], metadata, { preconditions: { uid: metadata.uid } });
  } catch (error) {
    if (!isKubeError(error, 'Conflict')) throw error;
  }
};

/**
 * Deletes what was given for a dataset that is no more: what came too late to go with it.
 * @param datasetUid of the dataset it is about
 * @returns whether it was; nothing is deleted for what only a store does not show yet
 */
export const deleteWithoutDataset = async (
  platform: Pick<Platform, 'api' | 'specs'>,
  dependent: Dependent,
  datasetUid: string | undefined,
): Promise<boolean> => {
  const { namespace } = dependent.metadata;
  const { name } = dependent.spec.datasetRef;
  if (datasetUid === undefined || platform.specs.dataset(namespace, name)?.metadata.uid === datasetUid) return false;
  const current = await getIfPresent(platform.api, datasetKind, { namespace, name });
  if (current?.metadata.uid === datasetUid) return false;
  await deleteDependent(platform, dependent);
  return true;
};
