// What a request asks for, as who decides can see it: the request itself, or what the dataset tells its deciders of it.

import { isKubeError, type KubeApi } from '../../kernel/client/kube-api.ts';
import type { DatasetRequest } from '../../resources/dataset-status.ts';
import { consumptionRoleKind } from '../../resources/consumption-role.ts';
import { datasetKind, type Dataset } from '../../resources/dataset.ts';
import type { ShareItem, SharePermission } from '../../resources/share-item.ts';
import { shareRequestKind, type ShareRequest } from '../../resources/share-request.ts';
import { CommandError } from '../exit-codes.ts';
import { itemOf, principalOf, type NamespacedName } from '../share-reference.ts';

export interface Asked {
  readonly request: NamespacedName & { readonly uid: string };
  readonly dataset: NamespacedName;
  readonly requester: string;
  readonly principal: {
    readonly kind: 'Team' | 'ConsumptionRole';
    readonly name: string;
    readonly arn?: string | undefined;
  };
  readonly permissions: readonly SharePermission[];
  readonly items: readonly ShareItem[];
  readonly expiresAt?: string | undefined;
}

/**
 * @param namespace of the datasets that are looked through where the request itself may not be read
 * @throws CommandError where nothing of the request is to be seen, or not all of it
 */
export async function readAsked(api: KubeApi, request: NamespacedName, namespace: string): Promise<Asked> {
  try {
    const found = await api.get(shareRequestKind, request);
    return ofRequest(found, await arnOf(api, found));
  } catch (error) {
    if (isKubeError(error, 'NotFound'))
      throw new CommandError('notFound', `there is no ShareRequest ${request.namespace}/${request.name}`);
    if (!isKubeError(error, 'Forbidden')) throw error;
  }
  const { items: datasets } = await api.list(datasetKind, { namespace });
  return toldToDeciders(datasets, request, namespace);
}

/** Whose ARN the approval names; of a Team none. */
async function arnOf(api: KubeApi, { metadata, spec, status }: ShareRequest): Promise<string | undefined> {
  if (spec.principal.kind === 'Team') return undefined;
  const { namespace } = metadata;
  return (
    status.principalArn ??
    (await api.get(consumptionRoleKind, { namespace, name: spec.principal.name })).spec.principalArn
  );
}

function ofRequest({ metadata, spec }: ShareRequest, arn: string | undefined): Asked {
  const { namespace, name, uid } = metadata;
  const { datasetRef, requester, principal, permissions, items, expiresAt } = spec;
  return {
    request: { namespace, name, uid },
    dataset: datasetRef,
    requester,
    principal: { ...principal, arn },
    permissions,
    items: items.map(({ kind, name, filters }) => ({ kind, name, ...(filters && { filters }) })),
    expiresAt,
  };
}

/** Pure. */
export function toldToDeciders(datasets: readonly Dataset[], request: NamespacedName, namespace: string): Asked {
  const isIt = (one: DatasetRequest): boolean => one.namespace === request.namespace && one.name === request.name;
  const dataset = datasets.find(({ status }) => status.requests?.items.some(isIt) === true);
  const told = dataset?.status.requests?.items.find(isIt);
  if (dataset === undefined || told === undefined)
    throw new CommandError(
      'forbidden',
      `you may not read ShareRequest ${request.namespace}/${request.name}, and no Dataset in namespace ${namespace} tells of it: name the dataset's namespace with -n`,
    );
  const asks = told.asks ?? [];
  // As the status writes them: `Table orders: eu, slim`, cut to 128 characters.
  if (asks.length < told.items || asks.some((text) => text.length >= 128))
    throw new CommandError('failed', `the dataset shows ${asks.length} of the ${told.items} items of ${request.namespace}/${request.name} in full: decide in the browser, or write the ShareApproval`); // prettier-ignore
  return {
    request: { ...request, uid: told.uid },
    dataset: { namespace: dataset.metadata.namespace, name: dataset.metadata.name },
    requester: told.requester,
    principal: {
      ...principalOf(told.principal),
      ...(!told.principal.startsWith('Team/') && { arn: told.principalArn }),
    },
    permissions: told.permissions ?? ['Read'],
    items: asks.map((text) => itemOf(text.replace(' ', '/').replaceAll(/(:|,) /g, '$1'))),
    expiresAt: told.expiresAt,
  };
}
