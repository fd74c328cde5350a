// Decisions whose name is that of another dataset's request: by them nobody is told, shown or kept from anything.

import { describe, expect, it } from 'vitest';
import { datasetKind } from '../../../operator/resources/dataset.ts';
import { shareApprovalKind } from '../../../operator/resources/share-approval.ts';
import { shareRequestKind } from '../../../operator/resources/share-request.ts';
import { databaseServer } from '../../../test/support/database.ts';
import { gatewayScene } from '../../../test/support/gateway-scene.ts';
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
import { environmentKind } from '../../../operator/resources/environment.ts';

const postgres = databaseServer();
const REQUEST = { namespace: 'marketing-prod', name: 'asked' };
const NAME = 'marketing-prod.asked';

/** Of the request of marketing for `orders` of sales: what those who ask and those who decide see. */
async function scene() {
  const { as, put: write } = await gatewayScene(postgres, async (api) => {
    await populate(api);
    await put(api, environmentKind, { name: 'mallory-prod' }, environment('mallory'), READY_NAMESPACE);
    await put(api, datasetKind, { namespace: 'sales-prod', name: 'hers' }, dataset('mallory'));
    await put(api, datasetKind, { namespace: 'mallory-prod', name: 'orders' }, dataset('mallory'));
    const waiting = { items: [{ ...ordersTable, state: 'PendingApproval' }] };
    await put(api, shareRequestKind, REQUEST, share('marketing', [ordersTable]), waiting);
  });
  const [analyst, owner] = [as('ann', 'marketing'), as('sally', 'sales')];
  const seen = async () => ({
    status: await analyst.ask('{ getShareRequestsFromMe(filter: {term: "asked"}) { nodes { status rejectPurpose } } }'),
    told: await analyst.ask('{ listNotifications { nodes { message } } }'),
    waits: await owner.ask('{ getShareRequestsToMe(filter: {status: ["Submitted"]}) { count } }'),
  });
  return { seen, write };
}

const decision = (of: string, rest: object): object => ({
  ...approval('mallory', [ordersTable]),
  datasetRef: { name: of },
  requestRef: REQUEST,
  reason: 'Call 555-0100 to have it after all',
  ...rest,
});

describe('A decision about one dataset that bears the name of a request for another', () => {
  it.each([
    ['approves, beside the dataset that is asked for', 'sales-prod', 'hers', 'Approved'],
    ['rejects, beside the dataset that is asked for', 'sales-prod', 'hers', 'Rejected'],
    ['rejects, about one of the same name elsewhere', 'mallory-prod', 'orders', 'Rejected'],
  ])('changes nothing of that request and tells nobody where it %s', async (_, namespace, of, said) => {
    const { seen, write } = await scene();
    const before = await seen();
    expect(before).toMatchObject({
      status: { getShareRequestsFromMe: { nodes: [{ status: 'Submitted' }] } },
      waits: { getShareRequestsToMe: { count: 1 } },
    });
    await write(shareApprovalKind, { namespace, name: NAME }, decision(of, { decision: said }));
    expect(await seen()).toEqual(before);
  });

  it('is told of where it is about the dataset that is asked for', async () => {
    const { seen, write } = await scene();
    const { told: before } = await seen();
    const name = { namespace: 'sales-prod', name: NAME };
    await write(shareApprovalKind, name, decision('orders', { decision: 'Approved', approver: 'sales' }));
    const { status, told, waits } = await seen();
    expect(status).toMatchObject({ getShareRequestsFromMe: { nodes: [{ status: 'Approved' }] } });
    expect(waits).toEqual({ getShareRequestsToMe: { count: 0 } });
    expect(told).not.toEqual(before);
  });
});
