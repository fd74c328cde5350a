import { expect, it } from 'vitest';
import { formatDocumentKey } from '../../access/document-key.ts';
import { sharePoliciesKeyOf } from '../../access/documents-of-share.ts';
import { environment, shareRequest } from '../../access/testing/fixtures.ts';
import { findCondition } from '../../kernel/conditions.ts';
import { consumptionRoleKind } from '../../resources/consumption-role.ts';
import { environmentKind } from '../../resources/environment.ts';
import { teamRoleName } from '../../resources/names.ts';
import { shareRequestKind } from '../../resources/share-request.ts';
import { teamKind } from '../../resources/team.ts';
import { defineConsumptionRoleController } from './consumption-role.ts';
import { ControllerTestEnv } from '../testing/controller-test-env.ts';
import { defineTeamController } from '../team/team.ts';

const ENVIRONMENT = environment('marketing-prod');
const namespace = ENVIRONMENT.metadata.name;
const principalArn = `arn:aws:iam::${ENVIRONMENT.spec.account.id}:role/analysts`;
const FIRST = { namespace, name: 'first' };
const SECOND = { namespace, name: 'second' };

const linked = async () => {
  const stage = new ControllerTestEnv(defineConsumptionRoleController, defineTeamController);
  await stage.make(environmentKind, { name: namespace }, ENVIRONMENT.spec, {
    ...ENVIRONMENT.status,
    observedGeneration: 1,
  });
  return stage;
};

it('has a role that another object had until it was deleted', async () => {
  await using stage = await linked();
  for (const name of [FIRST, SECOND]) {
    await stage.make(consumptionRoleKind, name, { owner: 'marketing', principalArn });
    await stage.clock.advance(1_000);
  }
  await stage.until(
    consumptionRoleKind,
    SECOND,
    (object) => findCondition(object?.status.conditions, 'Ready')?.reason === 'PrincipalTaken',
  );
  await stage.remove(consumptionRoleKind, FIRST);
  await stage.ready(consumptionRoleKind, SECOND);
});

it("has a role that was a team's until the team was deleted", async () => {
  await using stage = await linked();
  await stage.make(teamKind, FIRST, { group: 'g', permissions: [] }, { observedGeneration: 1, roleArn: principalArn });
  await stage.make(consumptionRoleKind, SECOND, { owner: 'marketing', principalArn });
  await stage.until(
    consumptionRoleKind,
    SECOND,
    (object) => findCondition(object?.status.conditions, 'Ready')?.reason === 'PrincipalTaken',
  );
  await stage.remove(teamKind, FIRST);
  await stage.ready(consumptionRoleKind, SECOND);
});

it('does not take the role that the stack of a team is about to make', async () => {
  await using stage = await linked();
  const name = teamRoleName({ prefix: ENVIRONMENT.spec.resourcePrefix, id: ENVIRONMENT.status.id ?? '' }, 'to come');
  const made = `arn:aws:iam::${ENVIRONMENT.spec.account.id}:role/${name}`;
  await stage.make(consumptionRoleKind, FIRST, { owner: 'marketing', principalArn: made });
  await stage.until(
    consumptionRoleKind,
    FIRST,
    (object) => findCondition(object?.status.conditions, 'Ready')?.reason === 'PrincipalTaken',
  );
  expect((await stage.api.get(consumptionRoleKind, FIRST)).status.principalId).toBeUndefined();
});

it('that ends looks at its policies and waits for its shares without looking again and again', async () => {
  await using stage = await linked();
  await stage.make(consumptionRoleKind, FIRST, { owner: 'marketing', principalArn });
  const held = shareRequest({ spec: { principal: { kind: 'ConsumptionRole', name: FIRST.name } } });
  await stage.make(shareRequestKind, { namespace, name: held.metadata.name }, held.spec, {
    observedGeneration: 1,
    items: [{ kind: 'Bucket', name: 'orders', state: 'Shared' }],
  });
  await stage.ready(consumptionRoleKind, FIRST);
  stage.documents.splice(0);
  await stage.api.delete(consumptionRoleKind, FIRST);
  await stage.clock.advance(60_000);
  expect((await stage.api.get(consumptionRoleKind, FIRST)).metadata.finalizers).toHaveLength(1);
  expect(stage.documents).toHaveLength(1);
});

it('says that nobody here knows its owner, and is of use all the same', async () => {
  await using stage = await linked();
  await stage.make(consumptionRoleKind, FIRST, { owner: 'marktting', principalArn });
  await stage.ready(consumptionRoleKind, FIRST);
  const { status } = await stage.api.get(consumptionRoleKind, FIRST);
  expect(findCondition(status.conditions, 'WordsUnknown')?.message).toMatch(/knows a group marktting: is it a typo\?$/);
});

it('asks for its policies once it is found, but not where they are being read already', async () => {
  for (const isUnderWay of [false, true]) {
    await using stage = await linked();
    const policies = sharePoliciesKeyOf(principalArn);
    if (isUnderWay) stage.platform.observed.begin(policies);
    await stage.make(consumptionRoleKind, FIRST, { owner: 'marketing', principalArn });
    await stage.ready(consumptionRoleKind, FIRST);
    await stage.clock.advance(1_000);
    expect(stage.documents.includes(formatDocumentKey(policies))).toBe(!isUnderWay);
  }
});

const reasonsOf = async (stage: ControllerTestEnv, type: string): Promise<string | undefined> =>
  findCondition((await stage.api.get(consumptionRoleKind, FIRST)).status.conditions, type)?.reason;

it('is told where its role is in another account, and where its namespace is no environment', async () => {
  const elsewhere = 'arn:aws:iam::999999999999:role/analysts';
  for (const [make, arn, reason] of [
    [linked, elsewhere, 'ForeignAccount'],
    [() => new ControllerTestEnv(defineConsumptionRoleController), principalArn, 'EnvironmentNotFound'],
  ] as const) {
    await using stage = await make();
    await stage.make(consumptionRoleKind, FIRST, { owner: 'marketing', principalArn: arn });
    await stage.until(
      consumptionRoleKind,
      FIRST,
      (object) => findCondition(object?.status.conditions, 'Ready')?.reason === reason,
    );
  }
});

it('that AWS does not let us look at says so in Ready, and in Reconciling that it is tried again', async () => {
  await using stage = await linked();
  stage.denied.add(`${ENVIRONMENT.spec.account.id} principal ${principalArn}`);
  await stage.make(consumptionRoleKind, FIRST, { owner: 'marketing', principalArn });
  await stage.until(
    consumptionRoleKind,
    FIRST,
    (object) => findCondition(object?.status.conditions, 'Ready')?.reason === 'AccessDenied',
  );
  expect(await reasonsOf(stage, 'Reconciling')).toBe('ProgressingWithRetry');
  stage.denied.clear();
  await stage.ready(consumptionRoleKind, FIRST);
  expect(await reasonsOf(stage, 'Reconciling')).toBeUndefined();
});
