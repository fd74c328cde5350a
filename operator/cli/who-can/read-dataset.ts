// Reads what says who has access to a dataset, as far as the caller may see it.

import { isKubeError, type KubeApi } from '../../kernel/client/kube-api.ts';
import type { Kind, KubeObject, ObjectName, Stored } from '../../kernel/kind.ts';
import { approvalName } from '../../resources/names.ts';
import { datasetKind } from '../../resources/dataset.ts';
import { datasetTableKind } from '../../resources/dataset-table.ts';
import { environmentKind } from '../../resources/environment.ts';
import { shareApprovalKind } from '../../resources/share-approval.ts';
import { shareRequestKind, type ShareRequest } from '../../resources/share-request.ts';
import { teamKind } from '../../resources/team.ts';
import { CommandError } from '../exit-codes.ts';
import type { NamespacedName } from '../share-reference.ts';
import type { SeenDataset } from './facts.ts';

export interface DatasetReading extends SeenDataset {
  /** What may not be read, `Kind namespace/name`; a name of `*` is of all there may be. */
  readonly hidden: readonly string[];
}

/** @throws CommandError where the dataset itself is not to be seen */
export async function readDataset(api: KubeApi, name: NamespacedName): Promise<DatasetReading> {
  const hidden: string[] = [];
  const { namespace } = name;
  const dataset = await look(api, datasetKind, name, hidden);
  if (dataset === 'hidden') throw new CommandError('forbidden', `you may not read Dataset ${namespace}/${name.name}`);
  if (dataset === undefined) throw new CommandError('notFound', `there is no Dataset ${namespace}/${name.name}`);
  const [environment, teams, tables, approvals, everybodys] = await Promise.all([
    look(api, environmentKind, { name: namespace }, hidden),
    listed(api, teamKind, namespace, hidden),
    listed(api, datasetTableKind, namespace, hidden),
    listed(api, shareApprovalKind, namespace, hidden),
    // Of all namespaces: whoever may, as administrators and auditors; who decides is told by the dataset and the approvals who asks.
    listed(api, shareRequestKind, undefined, []),
  ]);
  const decided = approvals.filter(({ spec }) => spec.datasetRef.name === name.name);
  const isOfIt = ({ spec }: ShareRequest): boolean =>
    spec.datasetRef.namespace === namespace && spec.datasetRef.name === name.name;
  const known = new Map(everybodys.filter(isOfIt).map((request) => [keyOf(request.metadata), request]));
  const names = new Map(
    [
      ...known.values().map(({ metadata }) => metadata),
      ...decided.map(({ spec }) => spec.requestRef),
      ...(dataset.status.requests?.items ?? []),
    ].map((one) => [keyOf(one), { namespace: one.namespace, name: one.name }]),
  );
  const shares = await Promise.all(
    [...names.values()].map(async (one) => {
      const found = known.get(keyOf(one)) ?? (await look(api, shareRequestKind, one, hidden));
      const approval = decided.find(({ metadata }) => metadata.name === approvalName(one));
      // An approval of what is gone gives nothing.
      return found === undefined ? [] : [{ name: one, request: found === 'hidden' ? undefined : found, approval }];
    }),
  );
  return {
    dataset,
    environment: environment === 'hidden' ? undefined : environment,
    teams,
    tables,
    shares: shares.flat(),
    hidden,
  };
}

const keyOf = ({ namespace, name }: NamespacedName): string => `${namespace}/${name}`;

async function look<T extends KubeObject>(
  api: KubeApi,
  kind: Kind<T>,
  name: ObjectName,
  hidden: string[],
): Promise<Stored<T> | 'hidden' | undefined> {
  try {
    return await api.get(kind, name);
  } catch (error) {
    if (isKubeError(error, 'NotFound')) return undefined;
    if (!isKubeError(error, 'Forbidden')) throw error;
    hidden.push(`${kind.kind} ${name.namespace === undefined ? '' : `${name.namespace}/`}${name.name}`);
    return 'hidden';
  }
}

async function listed<T extends KubeObject>(
  api: KubeApi,
  kind: Kind<T>,
  namespace: string | undefined,
  hidden: string[],
): Promise<readonly Stored<T>[]> {
  try {
    return (await api.list(kind, namespace === undefined ? {} : { namespace })).items;
  } catch (error) {
    if (!isKubeError(error, 'Forbidden')) throw error;
    hidden.push(`${kind.kind} ${namespace ?? '*'}/*`);
    return [];
  }
}
