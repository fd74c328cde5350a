// The stack of a dataset once the engine owns its database: CloudFormation has lost what making it gave, and has to change it all the same.
import { setImmediate } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { dataset, environment } from '../../access/testing/fixtures.ts';
import type { ReconcileContext } from '../../kernel/runtime/reconciler.ts';
import type { Dataset } from '../../resources/dataset.ts';
import {
  environmentProps,
  producerId,
  startDeployScene,
  tagsOf,
  type DeployScene,
} from '../../stacks/testing/stack-test-env.ts';
import { deployDataset, type DatasetStack } from './stack.ts';
import type { Platform } from '../reconcile/platform.ts';

const region = 'eu-west-1';
const sales = environment('sales-prod', {
  spec: { account: { id: producerId, region }, resourcePrefix: 'dataall' },
  status: { id: 'env00001', buckets: environmentProps.buckets },
});
const orders = (status: Partial<Dataset['status']>) =>
  dataset({ spec: { label: 'Orders', s3: { origin: 'Create' } }, status: { observedGeneration: 1, ...status } });
/** The simulator moves a stack by one step in each turn of the event loop. */
const mostLooks = 300;
let scene: DeployScene;

beforeAll(async () => {
  scene = await startDeployScene();
  const desired = await scene.desired('environment', environmentProps, tagsOf('Environment', 'env00001'));
  expect(await scene.untilSettled(desired)).toMatchObject({ state: 'Deployed' });
  const { lakeFormation, iam } = scene.producer;
  const { arn = '' } = (await iam.role('dataallPivotRole')) ?? {};
  await lakeFormation.putSettings({ ...(await lakeFormation.settings()), administrators: [arn] });
}, 60_000);
afterAll(() => scene.stop());

type Template = Awaited<ReturnType<DeployScene['synthesizer']['synthesize']>>;

/** Deploys until nothing is in progress. @param synthesized what becomes of the template */
const deploy = async (
  status: Partial<Dataset['status']>,
  synthesized: (template: Template) => Template,
): Promise<DatasetStack> => {
  const platform = {
    config: { installation: 'test', aws: { partition: 'aws', bootstrap: {} } },
    aws: scene.accounts,
    accountOf: () => scene.producer,
    stacks: {
      deployer: scene.deployer,
      synthesizer: {
        synthesize: async (...input: Parameters<DeployScene['synthesizer']['synthesize']>) =>
          synthesized(await scene.synthesizer.synthesize(...input)),
      },
    },
  } as unknown as Platform;
  const context = { event: () => undefined } as unknown as ReconcileContext;
  let known = status;
  for (let looks = 0; looks < mostLooks; looks++) {
    const inputs = { dataset: orders(known), environment: sales, id: 'data0001', keyArn: undefined };
    const stack = await deployDataset(platform, inputs, context);
    if (stack.state !== 'InProgress') return stack;
    known = { ...known, stack: stack.status };
    await setImmediate();
  }
  throw new Error(`not settled after ${mostLooks} looks: ${known.stack?.status}`);
};

/** As a version of the operator wrote it that knew nothing of the defaults of tables. */
const older = ({ template, hash }: Template): Template => ({
  template: template.replace('"CreateTableDefaultPermissions":[],', '').replaceAll(hash, 'older'),
  hash: 'older',
});

it('is brought up to date although the engine took from CloudFormation what it had on the database', async () => {
  const made = await deploy({}, older);
  if (made.state !== 'Deployed') throw new Error(made.message);
  const resource = { kind: 'Database', catalogId: producerId, database: made.database } as const;
  const { lakeFormation } = scene.producer;
  await lakeFormation.revoke(await lakeFormation.permissions({ resource }));

  const known = { stack: made.status, bucket: made.bucket, glueDatabase: made.database };
  expect(await deploy(known, (template) => template)).toMatchObject({
    state: 'Deployed',
    status: { status: 'UPDATE_COMPLETE' },
  });
});
