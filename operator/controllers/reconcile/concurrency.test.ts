import { expect, it } from 'vitest';
import type { Condition } from '../../kernel/conditions.ts';
import type { Kind, KubeObject, Stored } from '../../kernel/kind.ts';
import { FakeClock } from '../../kernel/testing/fake-clock.ts';
import { PriorityQueue } from '../../kernel/runtime/priority-queue.ts';
import { Priority, type ControllerDefinition } from '../../kernel/runtime/reconciler.ts';
import { consumptionRoleKind } from '../../resources/consumption-role.ts';
import { datasetTableKind } from '../../resources/dataset-table.ts';
import { datasetKind } from '../../resources/dataset.ts';
import { environmentKind } from '../../resources/environment.ts';
import { organizationKind } from '../../resources/organization.ts';
import { teamKind } from '../../resources/team.ts';
import { defineConsumptionRoleController } from '../consumption-role/consumption-role.ts';
import { defineDatasetController } from '../dataset/dataset.ts';
import { defineDatasetTableController } from '../dataset/dataset-table.ts';
import { defineEnvironmentController } from '../environment/environment.ts';
import type { Platform } from './platform.ts';
import { ControllerTestEnv } from '../testing/controller-test-env.ts';
import { defineTeamController } from '../team/team.ts';
import { perEnvironment, perTeam } from './concurrency.ts';

const SILENT = '222222222222';
const ANSWERING = '111111111111';
const accounts = { silent: SILENT, answering: ANSWERING } as const;

interface Case {
  readonly kind: Kind<KubeObject & { status?: { conditions?: readonly Condition[] } }>;
  readonly define: (platform: Platform) => ControllerDefinition;
  readonly spec: (account: string, index: number) => object;
}
const cases = [
  {
    kind: consumptionRoleKind,
    define: defineConsumptionRoleController,
    spec: (account: string, index: number) => ({ principalArn: `arn:aws:iam::${account}:role/r${index}` }),
  },
  {
    kind: teamKind,
    define: defineTeamController,
    spec: (account: string, index: number) => ({
      group: `g${index}`,
      permissions: [],
      roleArn: `arn:aws:iam::${account}:role/r${index}`,
    }),
  },
  {
    kind: datasetKind,
    define: defineDatasetController,
    spec: (_account: string, index: number) => ({ label: `D${index}`, owner: 'sales', s3: { origin: 'Create' } }),
  },
  {
    kind: datasetTableKind,
    define: defineDatasetTableController,
    spec: (_account: string, index: number) => ({ datasetRef: { name: 'lake' }, table: `t${index}` }),
  },
] as unknown as readonly Case[];

const READY: Condition = {
  type: 'Ready',
  status: 'True',
  reason: 'Succeeded',
  message: '',
  observedGeneration: 1,
  lastTransitionTime: '2026-01-01T00:00:00Z',
};
const groups = Array.from({ length: 20 }, (_, index) => ({ group: `g${index}` }));

it.each(cases.map((one) => [one.kind.kind, one] as const))(
  'a %s is looked at while an account with many of them does not answer',
  async (_kind, { kind, define, spec }) => {
    await using stage = new ControllerTestEnv(define);
    stage.silent.add(SILENT);
    await stage.make(organizationKind, { name: 'acme' }, { owner: 'sales', teams: groups }, { id: 'org00001' });
    for (const [name, id] of Object.entries(accounts)) {
      const status = {
        observedGeneration: 1,
        id: name,
        externalId: 'x',
        pivotRole: { arn: `arn:aws:iam::${id}:role/pivot` },
        conditions: [READY],
      };
      const account = { id, region: 'eu-west-1' };
      const place = { organization: 'acme', owner: 'sales', resourcePrefix: 'dataall', account };
      await stage.make(environmentKind, { name }, place, status);
      if (kind.kind === 'DatasetTable')
        await stage.make(
          datasetKind,
          { namespace: name, name: 'lake' },
          { owner: 'sales', s3: { origin: 'Create' } },
          { glueDatabase: 'lake' },
        );
    }
    for (const [index] of groups.entries())
      await stage.make(kind, { namespace: 'silent', name: `one-${index}` }, spec(SILENT, index));
    for (let step = 0; step < 10; step++) await stage.clock.advance(100);
    expect(stage.calls.filter((call) => call.startsWith(SILENT)).length).toBeGreaterThan(1);
    await stage.make(kind, { namespace: 'answering', name: 'one' }, spec(ANSWERING, 0));
    await stage.until(kind, { namespace: 'answering', name: 'one' }, isReady);
  },
);

it('an Environment is looked at while many accounts do not answer', async () => {
  await using stage = new ControllerTestEnv(defineEnvironmentController);
  await stage.make(organizationKind, { name: 'acme' }, { owner: 'sales' }, { id: 'org00001' });
  const make = async (name: string, id: string): Promise<void> => {
    const spec = { organization: 'acme', label: name, owner: 'sales', resourcePrefix: 'dataall' };
    const pivotRole = { mode: 'Existing', name: 'pivot' };
    await stage.make(environmentKind, { name }, { ...spec, account: { id, region: 'eu-west-1' }, pivotRole });
  };
  for (let index = 0; index < 20; index++) {
    const id = `3333333333${index + 10}`;
    stage.silent.add(id);
    await make(`silent-${index}`, id);
  }
  await stage.clock.advance(1_000);
  await make('answering', ANSWERING);
  await stage.ready(environmentKind, { name: 'answering' });
});

it.each([
  ['shares and approvals', perTeam],
  ['what an environment has', perEnvironment],
])('%s of one namespace wait for no flood of another one', async (_what, { concurrencyGroups }) => {
  const clock = new FakeClock();
  const queue = new PriorityQueue(clock, { concurrencyGroups });
  for (let index = 0; index < 1_000; index++) queue.add(`flooding/${index}`);
  await clock.advance(1_000);
  queue.add('asking/one');
  const taken: string[] = [];
  while (!taken.includes('asking/one') && taken.length < 100) {
    const item = await queue.get();
    taken.push(item?.key ?? '');
    queue.done(item?.key ?? '');
  }
  expect(taken).toContain('asking/one');
  queue.close();
});

it.each([
  ['shares and approvals', 'normal', perTeam],
  ['shares and approvals', 'revocation', perTeam],
  ['what an environment has', 'normal', perEnvironment],
  ['what an environment has', 'revocation', perEnvironment],
] as const)(
  '%s of one namespace find a worker while %s work of another one waits for answers',
  async (_what, priority, { maxConcurrentReconciles = 0, concurrencyGroups }) => {
    const clock = new FakeClock();
    const queue = new PriorityQueue(clock, { concurrencyGroups });
    for (let index = 0; index < 1_000; index++) queue.add(`flooding/${index}`, { priority: Priority[priority] });
    const taken: string[] = [];
    for (let worker = 0; worker < maxConcurrentReconciles; worker++)
      void queue.get().then((item) => taken.push(item?.key.split('/', 1)[0] ?? ''));
    await clock.advance(1_000);
    queue.add('asking/one');
    await clock.advance(0);
    expect(taken).toContain('asking');
    queue.close();
  },
);

const isReady = (
  object: Stored<KubeObject & { status?: { conditions?: readonly Condition[] } }> | undefined,
): boolean => object?.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') === true;
