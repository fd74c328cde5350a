// AWS that does not answer is told on the object that asked, within ten seconds, and taken back once it answers.
import { describe, expect, it } from 'vitest';
import { dataset, datasetTable, environment } from '../../access/testing/fixtures.ts';
import { findCondition, type Condition } from '../../kernel/conditions.ts';
import { checkConditions } from '../../kernel/testing/condition-checks.ts';
import type { Kind, KubeObject, ObjectName } from '../../kernel/kind.ts';
import { annotations } from '../../resources/annotations.ts';
import { consumptionRoleKind } from '../../resources/consumption-role.ts';
import { datasetKind } from '../../resources/dataset.ts';
import { datasetTableKind } from '../../resources/dataset-table.ts';
import { environmentKind } from '../../resources/environment.ts';
import { organizationKind } from '../../resources/organization.ts';
import { teamKind } from '../../resources/team.ts';
import { defineConsumptionRoleController } from '../consumption-role/consumption-role.ts';
import { defineDatasetController } from '../dataset/dataset.ts';
import { defineDatasetTableController } from '../dataset/dataset-table.ts';
import { defineEnvironmentController } from '../environment/environment.ts';
import { ControllerTestEnv } from '../testing/controller-test-env.ts';
import { defineTeamController } from '../team/team.ts';

const SALES = environment('sales-prod');
const account = SALES.spec.account.id;
const TABLE = datasetTable('orders', []);
const SOON_MS = 10_000;

interface Asking {
  readonly kind: Kind<KubeObject & { status: { conditions?: readonly Condition[] } }>;
  readonly name: ObjectName;
  readonly spec: object;
  readonly status: object;
}
const inside = { namespace: SALES.metadata.name, name: 'orders' };
const ASKING = [
  {
    kind: environmentKind,
    name: { name: SALES.metadata.name },
    spec: { ...SALES.spec, label: 'Sales', pivotRole: { mode: 'Existing', name: 'pivot' } },
    status: {},
  },
  { kind: datasetKind, name: inside, spec: { ...dataset().spec, label: 'Orders' }, status: dataset().status },
  { kind: datasetTableKind, name: inside, spec: TABLE.spec, status: {} },
  { kind: teamKind, name: inside, spec: { group: 'analysts', permissions: [] }, status: {} },
  {
    kind: consumptionRoleKind,
    name: inside,
    spec: { owner: 'sales', principalArn: `arn:aws:iam::${account}:role/analysts` },
    status: {},
  },
] as unknown as readonly Asking[];

const ready: Condition = {
  type: 'Ready',
  status: 'True',
  reason: 'Succeeded',
  message: '',
  observedGeneration: 1,
  lastTransitionTime: '2026-01-01T00:00:00Z',
};

/** The object in an environment that is ready, both as they were seen last. */
const staged = async (
  { kind, name, spec, status }: Asking,
  conditions: readonly Condition[],
): Promise<ControllerTestEnv> => {
  const stage = new ControllerTestEnv(
    ...(kind.kind === 'Environment'
      ? [defineEnvironmentController]
      : [defineConsumptionRoleController, defineTeamController, defineDatasetController, defineDatasetTableController]),
  );
  stage.silent.add(account);
  stage.silent.add('999999999999');
  const seen = { observedGeneration: 1 };
  await stage.make(
    organizationKind,
    { name: SALES.spec.organization },
    { label: 'Acme', owner: SALES.spec.owner, teams: [{ group: 'analysts', permissions: [] }] },
    { ...seen, id: 'org00001' },
  );
  if (kind.kind !== 'Environment') {
    await stage.make(environmentKind, { name: SALES.metadata.name }, SALES.spec, {
      ...SALES.status,
      ...seen,
      conditions: [ready],
    });
    if (kind.kind === 'DatasetTable')
      await stage.make(
        datasetKind,
        { ...inside, name: 'orders' },
        { ...dataset().spec, suspend: true },
        dataset().status,
      );
  }
  await stage.make(kind, name, spec, { ...status, ...seen, conditions });
  return stage;
};

const readyOf = async (stage: ControllerTestEnv, { kind, name }: Asking): Promise<Condition | undefined> => {
  const object = await stage.api.get(kind, name);
  expect(checkConditions(object)).toEqual([]);
  return findCondition(object.status.conditions, 'Ready');
};

const unanswered = expect.stringMatching(/^AWS has not answered iam:.* for 8 seconds\./) as string;

describe.each(ASKING)('$kind.kind', (asking) => {
  it('says within ten seconds what AWS does not answer, and goes on when it does', async () => {
    await using stage = await staged(asking, []);
    await stage.clock.advance(SOON_MS);
    expect(await readyOf(stage, asking)).toMatchObject({ status: 'False', reason: 'AwsError', message: unanswered });
    stage.silent.clear();
    await stage.until(
      asking.kind,
      asking.name,
      (object) => findCondition(object?.status.conditions, 'Ready')?.reason !== 'AwsError',
    );
  });

  it('says nothing anew where the last look failed for want of an answer, which would wake it at once', async () => {
    const failed: Condition = { ...ready, status: 'False', reason: 'AwsError', message: 'no answer' };
    await using stage = await staged(asking, [failed]);
    await stage.clock.advance(60_000);
    expect(await readyOf(stage, asking)).toMatchObject({ status: 'False', message: 'no answer' });
  });

  it('that is Ready stays so while AWS does not answer, says what it waits for, and takes it back', async () => {
    await using stage = await staged(asking, [ready]);
    // Whoever has just begun finds them so; a person wants to know how it is now.
    const body = { metadata: { annotations: { [annotations.requestedAt]: 'now' } } };
    await stage.api.patch(asking.kind, asking.name, { type: 'merge', body });
    await stage.clock.advance(SOON_MS);
    expect(await readyOf(stage, asking)).toMatchObject({ status: 'True', message: unanswered });
    stage.silent.clear();
    await stage.until(
      asking.kind,
      asking.name,
      (object) => findCondition(object?.status.conditions, 'Ready')?.message.startsWith('AWS') === false,
    );
    await readyOf(stage, asking);
  });
});
