// What CloudFormation may do with our stacks where an account wants it to do no more.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lateKeyLabels } from '../../aws/testing/simulated-accounts.ts';
import {
  datasetProps,
  environmentProps,
  externalId,
  pivotRoleArn,
  producerId,
  startDeployedScene,
  startDeployScene,
  tagsOf,
  type DeployedScene,
  type DeployScene,
} from '../testing/stack-test-env.ts';

const region = 'eu-west-1';
/** A stack is done within a few turns of the event loop, however slow they are. */
const PATIENCE = { timeout: 20_000 };

let scene: DeployedScene;
beforeAll(async () => {
  scene = await startDeployedScene();
}, 60_000);
afterAll(() => scene.stop());

const denied = { kind: 'AccessDenied' };

const policy = (actions: string): string =>
  JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: actions, Resource: '*' }] });

/** CloudFormation works with our policy from now on. */
const narrowExecution = async (on: DeployScene): Promise<void> => {
  const { template } = await on.synthesizer.synthesize('execution-policy', null);
  await on.administer('producer', 'cloudformation', 'CreateStack', {
    StackName: 'DataAllCustomCDKExecPolicyStack',
    TemplateBody: template,
    Capabilities: ['CAPABILITY_NAMED_IAM'],
  });
  await expect
    .poll(
      () =>
        on.administer('producer', 'cloudformation', 'DescribeStacks', {
          StackName: 'DataAllCustomCDKExecPolicyStack',
        }),
      PATIENCE,
    )
    .toMatchObject({ Stacks: [{ StackStatus: 'CREATE_COMPLETE' }] });
  await on.bootstrap('producer', `arn:aws:iam::${producerId}:policy/DataAllCustomCDKPolicy`);
};

describe('the execution policy', () => {
  it('is enough for our stacks, and for nothing else', async () => {
    await narrowExecution(scene);

    const rename = <T>(value: T): T => JSON.parse(JSON.stringify(value).replaceAll(/0001\b/g, '0002')) as T;
    const { pivotRole } = environmentProps;
    const second = { ...rename(environmentProps), pivotRole: { mode: 'Existing' as const, name: pivotRole.name } };
    const stacks = [
      await scene.desired('environment', second, tagsOf('Environment', 'env00002')),
      await scene.desired('dataset', rename(datasetProps), tagsOf('Dataset', 'data0002')),
      await scene.desired(
        'team',
        {
          ...rename(datasetProps),
          stackName: 'dataall-analysts-env00002',
          team: { ...second.owner, roleName: 'dataall-analysts-env00002', workgroup: 'dataall-analysts-env00002' },
        },
        tagsOf('Team', 'team0002'),
      ),
      // The pivot role of the first environment, changed by the new policy's hand.
      await scene.desired('environment', environmentProps, { ...tagsOf('Environment', 'env00001'), CostCentre: '43' }),
    ];
    for (const desired of stacks)
      expect(await scene.untilSettled(desired)).toMatchObject({ state: 'Deployed', message: '' });
    for (const desired of stacks.slice(0, 3))
      expect(await scene.untilRemoved(desired)).toMatchObject({ state: 'Deleted' });

    const role = {
      Type: 'AWS::IAM::Role',
      Properties: { RoleName: 'somebody', AssumeRolePolicyDocument: JSON.parse(policy('*')) as object },
    };
    const [first] = stacks;
    const foreign = await scene.untilSettled({
      name: 'foreign',
      template: { template: JSON.stringify({ Resources: { Role: role } }), hash: 'h' },
      tags: tagsOf('Environment', 'foreign1'),
      roleArn: first?.roleArn ?? '',
      attempt: '',
    });
    expect(foreign).toMatchObject({ state: 'Failed', message: expect.stringContaining('iam:CreateRole') as string });
  });
});

describe('while aliases and tags of a new key do not count yet', () => {
  const lag = 5 * 60_000;
  let late: DeployScene;
  beforeAll(async () => {
    late = await startDeployScene({ inProcess: true, interceptors: [lateKeyLabels(lag)] });
  }, 60_000);
  afterAll(() => late.stop());

  it('the stack of a dataset is made all the same, and the pivot role keeps its key once they do', async () => {
    await narrowExecution(late);
    const environment = await late.desired('environment', environmentProps, tagsOf('Environment', 'env00001'));
    expect(await late.untilSettled(environment)).toMatchObject({ state: 'Deployed', message: '' });
    const dataset = await late.desired('dataset', datasetProps, tagsOf('Dataset', 'data0001'));
    expect(await late.untilSettled(dataset)).toMatchObject({ state: 'Deployed', message: '' });
    const { outputs = {} } = (await late.deploy.cloudFormation.stack(datasetProps.stackName)) ?? {};
    const keyArn = outputs['KeyArn'] ?? '';
    const { kms } = late.accounts.forEnvironment({ accountId: producerId, region, pivotRoleArn, externalId });
    await expect(kms.keyPolicy(keyArn)).rejects.toMatchObject({
      ...denied,
      advice: expect.stringContaining('five minutes') as string,
    });
    late.aws.world.clock.advance(lag);
    expect(await kms.keyPolicy(keyArn)).toContain('EnableIamUserPermissions');
  });
});
