// Who keeps the share policies of a consumption role: what its owner is told to attach, and what follows from it.
import { beforeAll, expect, it } from 'vitest';
import { formatDocumentKey } from '../../operator/access/document-key.ts';
import { sharePoliciesKeyOf } from '../../operator/access/documents-of-share.ts';
import { documentController } from '../../operator/controllers/aws-document/controller-names.ts';
import { findCondition } from '../../operator/kernel/conditions.ts';
import { consumptionRoleKind, type ConsumptionRole } from '../../operator/resources/consumption-role.ts';
import { shareRequestKind } from '../../operator/resources/share-request.ts';
import { NO_ACCESS } from '../support/access-probe.ts';
import { EVERYTHING, oneShare } from '../support/one-share.ts';
import { BUCKET } from '../support/sharing-data.ts';
import { NAMESPACES, type SharingWorld } from '../support/sharing-world.ts';

const stage = oneShare();
const { settled, share, statusOf, reads } = stage;
let world: SharingWorld;
beforeAll(() => {
  ({ world } = stage);
});

const ANALYSTS = { namespace: NAMESPACES.consumer, name: 'analysts' };
const manage = async (policyManagement: ConsumptionRole['spec']['policyManagement']): Promise<void> => {
  await world.api.patch(consumptionRoleKind, ANALYSTS, { type: 'merge', body: { spec: { policyManagement } } });
};
const roleStatus = async (): Promise<ConsumptionRole['status']> =>
  (await world.api.get(consumptionRoleKind, ANALYSTS)).status;
/** Policies that the status lists, and what it says of them. */
const told = async () => {
  const { policies, conditions } = await roleStatus();
  const { status, reason, message } = findCondition(conditions, 'PoliciesAttached') ?? {};
  return { policies, status, reason, message };
};

it('Partially: its status lists the policies that its owner has to attach, and gives access once they are', async () => {
  await manage('Partially');
  await share();
  await world.until(async () => {
    const { policies, ...condition } = await told();
    expect(policies).toEqual([{ name: expect.any(String), arn: expect.any(String), attached: false }]);
    expect(condition).toMatchObject({ status: 'False', reason: 'AttachmentMissing' });
    expect(condition.message).toContain(`attach ${policies?.[0]?.arn} to ${world.admin.roleArn('analysts')}`);
    const { items = [] } = await statusOf('one', 'analysts');
    expect(new Set(items.map(({ reason }) => reason))).toEqual(new Set(['AttachmentMissing']));
  });
  expect(await reads('analysts')).toEqual(NO_ACCESS);
  const [policy] = (await told()).policies ?? [];
  await world.admin.call('consumer', 'iam', 'AttachRolePolicy', { RoleName: 'analysts', PolicyArn: policy?.arn });
  // As the event of it does.
  const document = formatDocumentKey(sharePoliciesKeyOf(world.admin.roleArn('analysts')));
  world.operator?.platform.enqueue(documentController, document);
  await settled('analysts', EVERYTHING);
  await world.until(async () => {
    expect(await told()).toMatchObject({
      policies: [{ arn: policy?.arn, attached: true }],
      status: 'True',
      reason: 'Succeeded',
    });
  });
});

it('Fully: they are attached for it, and it lists none once nothing is shared', async () => {
  await share();
  await world.until(async () => {
    expect(await told()).toMatchObject({ policies: [{ attached: true }], status: 'True', reason: 'Succeeded' });
  });
  await world.api.delete(shareRequestKind, world.requestName('one', 'analysts'));
  await world.until(async () => {
    expect(await told()).toEqual({ policies: undefined, status: undefined, reason: undefined, message: undefined });
  });
});

it('Externally: what was made for it goes, and it is told what policies of its own have to allow', async () => {
  await share([{ kind: 'Bucket', name: BUCKET }]);
  await world.until(async () => {
    expect(await told()).toMatchObject({ policies: [{ attached: true }], status: 'True' });
  });
  await manage('Externally');
  await world.until(async () => {
    const { policies, status, reason, message } = await told();
    expect([policies, status, reason]).toEqual([undefined, 'Unknown', 'Unverified']);
    expect(message).toContain(`arn:aws:s3:::${BUCKET}`);
  });
  expect(await reads('analysts')).toEqual(NO_ACCESS);
});
