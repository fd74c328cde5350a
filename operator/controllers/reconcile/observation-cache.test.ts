// What asks AWS, and what does not: shares come, change and go all the time, and each is news for five objects.
import { expect, it } from 'vitest';
import { shareApproval, shareRequest } from '../../access/testing/fixtures.ts';
import type { Kind, KubeObject, ObjectName } from '../../kernel/kind.ts';
import { annotations } from '../../resources/annotations.ts';
import { consumptionRoleKind } from '../../resources/consumption-role.ts';
import { datasetKind } from '../../resources/dataset.ts';
import { environmentKind } from '../../resources/environment.ts';
import { organizationKind } from '../../resources/organization.ts';
import { shareApprovalKind } from '../../resources/share-approval.ts';
import { shareRequestKind } from '../../resources/share-request.ts';
import { teamKind } from '../../resources/team.ts';
import { defineConsumptionRoleController } from '../consumption-role/consumption-role.ts';
import { defineDatasetController } from '../dataset/dataset.ts';
import { defineEnvironmentController } from '../environment/environment.ts';
import { ControllerTestEnv } from '../testing/controller-test-env.ts';
import { defineTeamController } from '../team/team.ts';

const MARKETING = { name: 'marketing-prod' };
const ORDERS = { namespace: 'sales-prod', name: 'orders' };
const ANALYSTS = { namespace: 'marketing-prod', name: 'analysts' };
const TEAM = { namespace: 'marketing-prod', name: 'team' };
const ROLE_ARN = 'arn:aws:iam::222222222222:role/analysts';
const TEAM_ARN = 'arn:aws:iam::222222222222:role/team';
const LOOK_AGAIN_MS = 30 * 60_000;

const principals = {
  ConsumptionRole: { name: ANALYSTS.name, arn: ROLE_ARN, requester: 'marketing' },
  Team: { name: TEAM.name, arn: TEAM_ARN, requester: 'team' },
} as const;

const started = async () => {
  const stage = new ControllerTestEnv(
    defineEnvironmentController,
    defineDatasetController,
    defineTeamController,
    defineConsumptionRoleController,
  );
  const organization = { owner: 'sales', teams: [{ group: 'marketing' }, { group: 'team' }] };
  await stage.make(organizationKind, { name: 'acme' }, organization, { id: 'org00001' });
  for (const [name, owner, id] of [
    ['sales-prod', 'sales', '111111111111'],
    ['marketing-prod', 'marketing', '222222222222'],
  ] as const) {
    const place = { account: { id, region: 'eu-west-1' }, pivotRole: { mode: 'Existing', name: 'pivot' } };
    const spec = { organization: 'acme', label: name, owner, resourcePrefix: 'dataall', ...place };
    await stage.make(environmentKind, { name }, spec);
    await stage.ready(environmentKind, { name });
  }
  await stage.make(datasetKind, ORDERS, { label: 'Orders', owner: 'sales', s3: { origin: 'Create' } });
  await stage.make(consumptionRoleKind, ANALYSTS, { owner: 'marketing', principalArn: ROLE_ARN });
  await stage.make(teamKind, TEAM, { group: 'team', permissions: [], roleArn: TEAM_ARN });
  await stage.ready(datasetKind, ORDERS);
  await stage.ready(consumptionRoleKind, ANALYSTS);
  await stage.ready(teamKind, TEAM);
  await stage.clock.advance(10_000);
  stage.calls.splice(0);
  return stage;
};

/** A request that is approved, and bound. */
const share = async (stage: ControllerTestEnv, kind: keyof typeof principals): Promise<ObjectName> => {
  const { name, arn, requester } = principals[kind];
  const both = { requester, items: [{ kind: 'Table' as const, name: 'orders' }] };
  const request = { namespace: 'marketing-prod', name: `for-${name}` };
  const { spec, status } = shareRequest({ spec: { ...both, principal: { kind, name } } });
  await stage.make(shareRequestKind, request, spec, status);
  const { metadata } = await stage.api.get(shareRequestKind, request);
  const dataset = await stage.api.get(datasetKind, ORDERS);
  const approval = shareApproval({ spec: { ...both, requestRef: request, principal: { kind, name, arn } } });
  const { boundTo } = approval.status;
  await stage.make(
    shareApprovalKind,
    { namespace: 'sales-prod', name: `marketing-prod.${request.name}` },
    approval.spec,
    {
      observedGeneration: 1,
      boundTo: {
        ...boundTo,
        requestUid: metadata.uid,
        datasetUid: dataset.metadata.uid,
        principalArn: arn,
        principalId: `AROA${arn}`,
      },
    },
  );
  return request;
};

type Used = KubeObject & { readonly status?: { readonly inUse?: number | undefined } };

const users = async (stage: ControllerTestEnv): Promise<readonly unknown[]> => {
  const objects: readonly (readonly [Kind<Used>, ObjectName])[] = [
    [consumptionRoleKind, ANALYSTS],
    [teamKind, TEAM],
    [datasetKind, ORDERS],
    [environmentKind, MARKETING],
  ];
  const found: unknown[] = [];
  for (const [kind, name] of objects) found.push((await stage.api.get(kind, name)).status?.inUse);
  return found;
};

it('counts users exactly, and asks AWS nothing about what they use', async () => {
  await using stage = await started();
  const roleAndTeam = 2;
  expect(await users(stage)).toEqual([0, 0, 0, roleAndTeam]);
  const requests = [await share(stage, 'ConsumptionRole'), await share(stage, 'Team')];
  await stage.clock.advance(3_000);
  expect(await users(stage)).toEqual([1, 1, 2, roleAndTeam + 2]);
  for (const request of requests) {
    const body = { status: { observedGeneration: 1, items: [{ kind: 'Table', name: 'orders', state: 'Granted' }] } };
    await stage.api.patch(shareRequestKind, request, { type: 'merge', body }, { subresource: 'status' });
    await stage.clock.advance(3_000);
    await stage.api.delete(shareRequestKind, request);
    await stage.clock.advance(3_000);
  }
  expect(await users(stage)).toEqual([0, 0, 0, roleAndTeam]);
  expect(stage.calls).toEqual([]);
});

it.each([
  ['ConsumptionRole', consumptionRoleKind, ANALYSTS, `222222222222 principal ${ROLE_ARN}`],
  ['Team', teamKind, TEAM, `222222222222 principal ${TEAM_ARN}`],
  ['Dataset', datasetKind, ORDERS, '111111111111 tables'],
  ['Environment', environmentKind, MARKETING, '222222222222 role pivot'],
] as const)('asks AWS about a %s when somebody wants it asked, and in time', async (_name, kind, name, call) => {
  await using stage = await started();
  const key = 'namespace' in name ? `${name.namespace}/${name.name}` : name.name;
  const asked = async (what: string): Promise<void> => {
    await stage.clock.advance(5_000);
    expect(stage.calls, what).toContain(call);
    stage.calls.splice(0);
  };
  if (kind !== datasetKind) {
    stage.platform.enqueue(kind.kind.toLowerCase(), key);
    await asked('an event of AWS');
  }
  const body = { metadata: { annotations: { [annotations.requestedAt]: 'now' } } };
  const anyKind: Kind = kind;
  await stage.api.patch(anyKind, name, { type: 'merge', body });
  await asked('a person');
  await stage.clock.advance(2 * LOOK_AGAIN_MS);
  await asked('its time is over');
});
