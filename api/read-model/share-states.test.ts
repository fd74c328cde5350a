// The column says where a share stands, whichever side of it was written last, and by whom.

import { describe, expect, it } from 'vitest';
import { shareApprovalKind } from '../../operator/resources/share-approval.ts';
import { shareRequestKind } from '../../operator/resources/share-request.ts';
import { databaseServer } from '../../test/support/database.ts';
import { approval, memoryCluster, ordersTable, populate, put, share, startIndexer } from '../../test/support/index-scene.ts'; // prettier-ignore
import type { Database } from './database.ts';
import { migrate } from './migrate.ts';
import { projectNow } from './project-now.ts';

const postgres = databaseServer();
const REQUEST = { namespace: 'marketing-prod', name: 'for-us' };
const DECISION = { namespace: 'sales-prod', name: 'marketing-prod.for-us' };
const asked = { phase: 'Submitted', items: [{ ...ordersTable, state: 'PendingApproval' }] };

const stateIn = async (database: Database): Promise<string | undefined> =>
  (await database.selectFrom('share_request').select('state').executeTakeFirst())?.state;

async function scene() {
  const api = await memoryCluster();
  const { database, url } = await postgres.fresh();
  await populate(api);
  await put(api, shareRequestKind, REQUEST, share('marketing', [ordersTable]), asked);
  return { api, database, url };
}

describe('The state of a share', () => {
  it('follows the request, the decision, and the end of the decision', async () => {
    const { api, database } = await scene();
    startIndexer(api, database);
    await expect.poll(() => stateIn(database)).toBe('Approved');
    await put(api, shareApprovalKind, DECISION, approval('sales', [], 'Rejected'));
    await expect.poll(() => stateIn(database)).toBe('Rejected');
    await api.delete(shareApprovalKind, DECISION);
    await expect.poll(() => stateIn(database)).toBe('Submitted');
    await put(api, shareRequestKind, REQUEST, share('marketing', [ordersTable], { draftItems: [ordersTable] }));
    await expect.poll(() => stateIn(database)).toBe('Draft');
  });

  it('is right when both sides are written at the same time by two processes', async () => {
    const { api, database, url } = await scene();
    const other = postgres.connect(url);
    await migrate(database);
    const states: (string | undefined)[] = [];
    for (let round = 0; round < 30; round++) {
      await put(api, shareRequestKind, REQUEST, share('marketing', []), {});
      await put(api, shareApprovalKind, DECISION, approval('sales', []));
      await projectNow(database, await api.get(shareRequestKind, REQUEST));
      await projectNow(database, await api.get(shareApprovalKind, DECISION));
      const request = await put(api, shareRequestKind, REQUEST, share('marketing', [ordersTable]), asked);
      const decision = await put(api, shareApprovalKind, DECISION, approval('sales', [ordersTable]));
      await Promise.all([projectNow(database, request), projectNow(other, decision)]);
      states.push(await stateIn(database));
    }
    expect(new Set(states)).toEqual(new Set(['Approved']));
  });
});
