// Differences that an environment only reports are put right when its own side asks, and not when the other does.
import { beforeAll, describe, expect, it } from 'vitest';
import type { Kind, ObjectName } from '../../operator/kernel/kind.ts';
import { annotations } from '../../operator/resources/annotations.ts';
import { environmentKind } from '../../operator/resources/environment.ts';
import { shareApprovalKind } from '../../operator/resources/share-approval.ts';
import { shareRequestKind } from '../../operator/resources/share-request.ts';
import { EVERYTHING, oneShare } from '../support/one-share.ts';
import { NAMESPACES, type SharingWorld } from '../support/sharing-world.ts';
import { tamper } from '../support/tampering.ts';

const stage = oneShare();
const { reads, settled, share } = stage;
let world: SharingWorld;
beforeAll(() => {
  ({ world } = stage);
});

const request = () => world.requestName('one', 'analysts');
const approval = () => world.approvalName('one', 'analysts');

const ask = async (kind: Kind, name: ObjectName): Promise<void> => {
  const at = String(world.clock.now());
  const body = { metadata: { annotations: { [annotations.requestedAt]: at } } };
  await world.api.patch(kind, name, { type: 'merge', body });
  await world.until(async () =>
    expect(await world.api.get(kind, name)).toMatchObject({ status: { lastHandledAt: at } }),
  );
  await world.until(() => {});
};

const shared = async (reporting: keyof typeof NAMESPACES): Promise<void> => {
  await world.edit(environmentKind, { name: NAMESPACES[reporting] }, { remediation: 'Report' });
  await share();
  await settled('analysts', EVERYTHING);
};

const grantsOfRobots = async (): Promise<number> => {
  const { PrincipalResourcePermissions: found = [] } = await world.admin.call<{
    PrincipalResourcePermissions?: unknown[];
  }>('producer', 'lakeformation', 'ListPermissions', {
    Principal: { DataLakePrincipalIdentifier: world.admin.roleArn('robots') },
  });
  return found.length;
};

const links = async (): Promise<number> => {
  const found = world.admin.call<{ TableList?: unknown[] }>('consumer', 'glue', 'GetTables', {
    DatabaseName: 'orders_shared',
  });
  // Without the database there are none.
  return await found.then(({ TableList = [] }) => TableList.length).catch(() => 0);
};

describe('what the administrators of a producer changed, who wants it reported', () => {
  it('stays when who asked for the share asks for a reconcile, and goes when who decides does', async () => {
    await shared('producer');
    await tamper(world.admin, 'table granted to robots', 'analysts');
    world.verifyAll();
    await world.until(async () => expect(await grantsOfRobots()).toBe(1));
    await ask(shareRequestKind, request());
    expect(await grantsOfRobots()).toBe(1);
    await ask(shareApprovalKind, approval());
    expect(await grantsOfRobots()).toBe(0);
  });
});

describe('what the administrators of a consumer changed, who wants it reported', () => {
  it('stays when who decides asks for a reconcile, and goes when who asked for the share does', async () => {
    await shared('consumer');
    await tamper(world.admin, 'links deleted', 'analysts');
    expect(await links()).toBe(0);
    world.verifyAll();
    await world.until(() => {});
    await ask(shareApprovalKind, approval());
    expect(await links()).toBe(0);
    await ask(shareRequestKind, request());
    expect(await links()).toBe(2);
    expect(await reads('analysts')).toEqual(EVERYTHING);
  });
});
