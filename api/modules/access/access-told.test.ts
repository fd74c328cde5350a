// What of recorded access is told to whom: not what a filter shows that is not given, or who wrote a decision, to who may not see the dataset, and of decisions
// about other requests than there are nothing to those whom they name.

import { describe, expect, it } from 'vitest';
import { annotations } from '../../../operator/resources/annotations.ts';
import { datasetKind } from '../../../operator/resources/dataset.ts';
import { datasetTableKind } from '../../../operator/resources/dataset-table.ts';
import { environmentKind } from '../../../operator/resources/environment.ts';
import { shareApprovalKind } from '../../../operator/resources/share-approval.ts';
import { shareRequestKind } from '../../../operator/resources/share-request.ts';
import type { MemoryKubeApi } from '../../../operator/kernel/testing/memory-kube-api.ts';
import { databaseServer } from '../../../test/support/database.ts';
import { gatewayScene, type Person } from '../../../test/support/gateway-scene.ts';
import {
  approval,
  dataset,
  environment,
  ordersTable,
  populate,
  put,
  READY_NAMESPACE,
  share,
} from '../../../test/support/index-scene.ts';

const postgres = databaseServer();
const REQUEST = { namespace: 'marketing-prod', name: 'filtered' };
const document = `{ listAccess { nodes { standing dataset item consent { approver decidedBy note } restrictions { name rows columns } } } }`;

interface Told {
  readonly standing: string;
  readonly dataset: string;
  readonly consent: { readonly approver: string; readonly decidedBy: string | null } | null;
  readonly restrictions: readonly object[];
}

const ask = async (person: Person): Promise<readonly Told[]> =>
  (await person.ask<{ listAccess: { nodes: readonly Told[] } }>(document)).listAccess.nodes;

/** Marketing has the table, by a filter, as sally of sales has decided. */
async function furnish(api: MemoryKubeApi): Promise<void> {
  await populate(api);
  const filters = [{ name: 'eu', rows: "customer <> 'ACME'", columns: ['id'] }];
  const table = { datasetRef: { name: 'orders' }, table: 'orders', filters };
  await put(api, datasetTableKind, { namespace: 'sales-prod', name: 'orders' }, table);
  await put(api, environmentKind, { name: 'mallory-prod' }, environment('mallory'), READY_NAMESPACE);
  await put(api, datasetKind, { namespace: 'mallory-prod', name: 'hers' }, dataset('mallory'));
  const decision = { namespace: 'sales-prod', name: 'marketing-prod.filtered' };
  await put(
    api,
    shareApprovalKind,
    { ...decision, annotations: { [annotations.changedBy]: 'sally@example.com' } } as never,
    { ...approval('sales', [ordersTable]), requestRef: REQUEST },
  );
  await put(api, shareRequestKind, REQUEST, share('marketing', [ordersTable]), {
    items: [{ ...ordersTable, state: 'Granted', health: 'Healthy', filters: ['eu'] }],
    principalArn: 'arn:aws:iam::222222222222:role/marketing',
    permissions: ['Read'],
    approval: { name: decision.name, generation: 1 },
  });
}

const filtered = (told: readonly Told[]): Told | undefined => told.find(({ restrictions }) => restrictions.length > 0);

describe('What somebody has through a filter', () => {
  it('is told to them with what it shows while it does, and after that, and who decided, to who may see the dataset alone', async () => {
    const { as, put: write } = await gatewayScene(postgres, furnish);
    const mary = as('mary', 'marketing');
    const shows = { rows: "customer <> 'ACME'", columns: ['id'] };
    expect(filtered(await ask(mary))).toMatchObject({ consent: { decidedBy: null }, restrictions: [shows] });
    await write(shareRequestKind, REQUEST, share('marketing', [ordersTable]), {
      items: [{ ...ordersTable, state: 'Revoked' }],
      permissions: ['Read'],
    });
    for (const person of [as('sally', 'sales'), as('stu', 'stewards'), as('ada', 'admins')])
      expect(filtered(await ask(person))).toMatchObject({
        consent: { approver: 'sales', decidedBy: 'sally@example.com' },
        restrictions: [{ name: 'eu', ...shows }],
      });
    for (const person of [mary, as('lea', 'marketing-lead')])
      expect(filtered(await ask(person))).toMatchObject({
        consent: { approver: 'sales', decidedBy: null },
        restrictions: [{ name: 'eu', rows: null, columns: null }],
      });
  });
});

describe('A decision about a dataset that a request does not ask for', () => {
  const misdirected = (name: string, more: object = {}): object => ({
    ...approval('mallory', [ordersTable]),
    datasetRef: { name: 'hers' },
    requestRef: { namespace: 'marketing-prod', name },
    ...more,
  });

  it('is told to nobody whom it names', async () => {
    const { as, put: write } = await gatewayScene(postgres, furnish);
    const before = await ask(as('mary', 'marketing'));
    for (const name of ['for-us', 'nowhere'])
      await write(
        shareApprovalKind,
        { namespace: 'mallory-prod', name: `marketing-prod.${name}` },
        misdirected(name, { reason: 'Call 555-0100' }),
      );
    expect(await ask(as('mary', 'marketing'))).toEqual(before);
    expect((await ask(as('lea', 'marketing-lead'))).filter((told) => told.dataset === 'mallory-prod/hers')).toEqual([]);
  });

  it('tells its author nothing of the request, such as that what it asks for was taken back', async () => {
    const { as, put: write } = await gatewayScene(postgres, furnish);
    const mallory = as('mallory', 'mallory');
    for (const [name, state] of [
      ['taken', 'Revoked'],
      ['given', 'Granted'],
    ] as const) {
      const items = [{ ...ordersTable, state }];
      await write(shareRequestKind, { namespace: 'marketing-prod', name }, share('marketing', [ordersTable]), {
        items,
      });
      await write(shareApprovalKind, { namespace: 'mallory-prod', name: `marketing-prod.${name}` }, misdirected(name));
    }
    expect((await ask(mallory)).map(({ standing }) => standing)).toEqual(['Consented', 'Consented']);
  });
});
