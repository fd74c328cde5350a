// A scene of shares: one dataset of sales, people of both sides, and what the operator would say.

import { consumptionRoleKind } from '../../../../operator/resources/consumption-role.ts';
import { datasetKind } from '../../../../operator/resources/dataset.ts';
import { environmentKind } from '../../../../operator/resources/environment.ts';
import type { MemoryKubeApi } from '../../../../operator/kernel/testing/memory-kube-api.ts';
import { organizationKind } from '../../../../operator/resources/organization.ts';
import { shareRequestKind } from '../../../../operator/resources/share-request.ts';
import { teamKind } from '../../../../operator/resources/team.ts';
import { itemId } from '../../../read-model/item-id.ts';
import type { DatabaseServer } from '../../../../test/support/database.ts';
import { gatewayScene, type Person } from '../../../../test/support/gateway-scene.ts';
import { dataset, environment, organization, put, READY_NAMESPACE, team } from '../../../../test/support/index-scene.ts'; // prettier-ignore

const ROLE_ARN = 'arn:aws:iam::333333333333:role/analysts';
export const orders = itemId('ordersds', 'Table', 'orders');
export const raw = itemId('ordersds', 'Folder', 'raw');

async function furnish(api: MemoryKubeApi): Promise<void> {
  await put(api, organizationKind, { name: 'acme' }, organization('platform', ['sales', 'marketing', 'analysts']));
  for (const [name, id] of [
    ['sales', 'salesprd'],
    ['marketing', 'markprod'],
  ] as const)
    // prettier-ignore
    await put(api, environmentKind, { name: `${name}-prod` }, environment(name), { ...READY_NAMESPACE, id });
  const spec = { ...dataset('sales', ['stewards']), sharing: { expiration: { setting: 'Monthly', min: 1, max: 6 } } };
  const status = {
    id: 'ordersds',
    bucket: 'acme-orders',
    account: '111111111111',
    region: 'eu-west-1',
    glueDatabase: 'orders',
    tables: { count: 1, names: ['orders'], syncedAt: '2026-01-01T00:00:00Z' },
  };
  await put(api, datasetKind, { namespace: 'sales-prod', name: 'orders' }, spec, status);
  const namespace = 'marketing-prod';
  await put(
    api,
    teamKind,
    { namespace, name: 'analysts' },
    { ...team('analysts'), permissions: ['CREATE_SHARE_OBJECT'] },
  );
  const role = { label: 'Analysts', owner: 'marketing', principalArn: ROLE_ARN, policyManagement: 'Fully' };
  await put(api, consumptionRoleKind, { namespace, name: 'analysts' }, role, {
    id: 'analystr',
    principalId: 'AROAEXAMPLE',
  });
}

export const SHARE = `shareUri status userRoleForShareObject requestPurpose rejectPurpose alreadyExisted
  statistics { sharedItems pendingItems revokedItems } items(filter: {isShared: true}) { nodes { shareItemUri itemName status attachedDataFilterUri } }`;
export const asked = (operation: string, parameters = '') =>
  `mutation ($share: String!) { ${operation}(shareUri: $share${parameters}) { ${SHARE} } }`;
export const done = (operation: string, parameters = '') =>
  `mutation ($share: String!) { ${operation}(shareUri: $share${parameters}) }`;

export interface Item {
  readonly shareItemUri: string;
  readonly itemName: string;
  readonly status: string;
}

export interface Share {
  readonly shareUri: string;
  readonly status: string;
  readonly items: { readonly nodes: readonly Item[] };
}

export const create = `mutation ($input: NewShareObjectInput!, $item: String) {
  createShareObject(datasetUri: "ordersds", itemUri: $item, itemType: "DatasetTable", input: $input) { ${SHARE} } }`;
export const input = {
  environmentUri: 'markprod',
  groupUri: 'marketing',
  principalId: 'analystr',
  principalType: 'ConsumptionRole',
  requestPurpose: 'to see what sells',
  permissions: ['Read'],
  shareExpirationPeriod: 2,
};

/** Asked of the only field. */
export const ask = async <Field>(person: Person, document: string, variables: object = {}): Promise<Field> =>
  Object.values(await person.ask<Record<string, Field>>(document, variables as Record<string, unknown>))[0] as Field;

export async function shareScene(postgres: DatabaseServer, parts: Parameters<typeof gatewayScene>[2] = {}) {
  const { as, ...rest } = await gatewayScene(postgres, furnish, parts);
  const people = {
    mary: as('mary', 'marketing'),
    ann: as('ann', 'analysts'),
    sally: as('sally', 'sales'),
    stu: as('stu', 'stewards'),
    zoe: as('zoe', 'strangers'),
  };
  /** A request for a table, submitted by mary. */
  const submitted = async (): Promise<string> => {
    const { shareUri } = await ask<Share>(people.mary, create, { input, item: orders });
    await ask(people.mary, asked('submitShareObject'), { share: shareUri });
    return shareUri;
  };
  const requestOf = async (): Promise<{ namespace: string; name: string }> => {
    const { items } = await rest.api.list(shareRequestKind);
    return { namespace: 'marketing-prod', name: items[0]?.metadata.name ?? '' };
  };
  /** As the operator says once AWS is as both sides agree. */
  const granted = async (state = 'Granted'): Promise<void> => {
    const name = await requestOf();
    const object = { apiVersion: 'dataall.io/v1alpha1', kind: 'ShareRequest', metadata: name };
    const items = [
      {
        kind: 'Table',
        name: 'orders',
        state,
        ...(state === 'Granted' && { health: 'Healthy', database: 'sales_shared', link: 'orders' }),
      },
    ];
    const status = { observedGeneration: 9, items, approval: { name: `marketing-prod.${name.name}`, generation: 9 } };
    await rest.api.apply(
      shareRequestKind,
      { ...object, status },
      {
        fieldManager: 'operator',
        force: true,
        subresource: 'status',
      },
    );
    await rest.indexed();
  };
  return { ...rest, ...people, as, submitted, granted, requestOf };
}

/** One share that is given, as the operator tells of it. */
export async function givenShare(postgres: DatabaseServer) {
  const scene = await shareScene(postgres);
  const share = await scene.submitted();
  await ask(scene.sally, asked('approveShareObject'), { share });
  await scene.granted();
  const say = async (status: object): Promise<void> => {
    const metadata = await scene.requestOf();
    const object = { apiVersion: 'dataall.io/v1alpha1', kind: 'ShareRequest', metadata, status };
    await scene.api.apply(shareRequestKind, object, { fieldManager: 'operator', force: true, subresource: 'status' });
    await scene.indexed();
  };
  return { ...scene, share, say };
}
