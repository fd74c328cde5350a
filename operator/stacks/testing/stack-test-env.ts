// For tests: an account of the simulator with our stacks in it, and a deployer that is asked until it is done.
import { setImmediate } from 'node:timers/promises';
import type { AccountAws } from '../../aws/account.ts';
import { region, startAccounts, type SimulatedAccounts } from '../../aws/testing/simulated-accounts.ts';
import type { StackStatus } from '../../resources/status.ts';
import { StackDeployer, type DesiredStack, type StackProgress } from '../stack-deployer.ts';
import type {
  DatasetStackProps,
  EnvironmentStackProps,
  StackKind,
  StackPropsByKind,
  TeamStackProps,
} from '../stack-props.ts';
import { stackTags } from '../stack-tags.ts';
import { Synthesizer } from '../synthesizer.ts';

export const producerId = '222222222222';
export const hubId = '111111111111';
export const externalId = 'external-id-of-sales';
export const pivotRoleArn = `arn:aws:iam::${producerId}:role/dataallPivotRole-cdk`;

export const tagsOf = (kind: string, id: string): Readonly<Record<string, string>> =>
  stackTags({
    installation: 'test',
    owner: { kind, name: `sales/${id}`, id },
    environment: 'sales',
    team: 'Sales Analysts',
    creator: 'ann@example.com',
    user: [{ key: 'CostCentre', value: '42' }],
  });

export const environmentProps: EnvironmentStackProps = {
  partition: 'aws',
  account: producerId,
  region,
  stackName: 'dataall-sales-env00001',
  prefix: 'dataall',
  environmentId: 'env00001',
  pivotRole: {
    mode: 'Managed',
    name: 'dataallPivotRole-cdk',
    trust: { hubAccount: hubId, principalPatterns: [`arn:aws:iam::${hubId}:user/administrator`], externalId },
    imported: { buckets: ['brought-along'], namedBuckets: [], keyArns: [], roleArns: [] },
  },
  buckets: { environment: 'dataall-sales-env00001', logs: 'dataall-env-access-logs-env00001' },
  queueName: 'dataall-env-env00001-events',
  owner: {
    group: 'Sales Engineers',
    roleName: 'dataall-sales-env00001',
    workgroup: 'dataall-sales-env00001',
    environmentBucket: 'dataall-sales-env00001',
    pivotRoleArn,
    mayQuery: true,
    owned: { buckets: ['dataall-orders-data0001'], keyArns: [], databases: ['dataall_orders_data0001'] },
  },
};

export const datasetProps: DatasetStackProps = {
  partition: 'aws',
  account: producerId,
  region,
  stackName: 'dataall-orders-data0001',
  prefix: 'dataall',
  environmentId: 'env00001',
  datasetId: 'data0001',
  pivotRoleArn,
  roleName: 'dataall-orders-data0001',
  storage: {
    origin: 'Create',
    bucket: 'dataall-orders-data0001',
    keyAlias: 'dataall-orders-data0001',
    logsBucket: 'dataall-env-access-logs-env00001',
  },
  newDatabase: 'dataall_orders_data0001',
  database: 'dataall_orders_data0001',
};

/** A bucket policy of somebody's. */
export const tlsOnly = (bucket: string): string =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Deny',
        Principal: '*',
        Action: 's3:*',
        Resource: `arn:aws:s3:::${bucket}/*`,
        Condition: { Bool: { 'aws:SecureTransport': 'false' } },
      },
    ],
  });

const teamRole = 'dataall-sales-analysts-abc-env00001';
export const teamProps = {
  partition: 'aws',
  account: producerId,
  region,
  stackName: teamRole,
  prefix: 'dataall',
  environmentId: 'env00001',
  team: {
    group: 'Sales Analysts',
    roleName: teamRole,
    workgroup: teamRole,
    environmentBucket: 'dataall-sales-env00001',
    pivotRoleArn,
    mayQuery: true,
    owned: { buckets: [], keyArns: [], databases: [] },
  },
} satisfies TeamStackProps;

export interface DeployScene extends SimulatedAccounts {
  readonly synthesizer: Synthesizer;
  /** As the deploy role of the bootstrap stack. */
  readonly deploy: AccountAws;
  readonly deployer: StackDeployer;
  desired<Kind extends StackKind>(
    kind: Kind,
    props: StackPropsByKind[Kind] & { readonly stackName: string },
    tags: DesiredStack['tags'],
    attempt?: string,
  ): Promise<DesiredStack>;
  /** Asks until nothing is in progress. */
  untilSettled(desired: DesiredStack, observed?: StackStatus): Promise<StackProgress>;
  untilRemoved(desired: DesiredStack, observed?: StackStatus): Promise<StackProgress>;
  /** Calls with a session of a role of the producer's, past the adapters: what it could do if it wanted to. */
  asRole(roleName: string, sessionName: string): Call;
}

type Call = (service: string, operation: string, input: object) => Promise<unknown>;

/** The simulator moves a stack by one step in each turn of the event loop. */
const mostLooks = 300;

export async function startDeployScene(start?: Parameters<typeof startAccounts>[1]): Promise<DeployScene> {
  const accounts = await startAccounts({}, start);
  await accounts.bootstrap('producer');
  const access = { accountId: producerId, region };
  const deploy = accounts.accounts.forBootstrap({ ...access, role: 'deploy' });
  const synthesizer = new Synthesizer();
  const deployer = new StackDeployer(() => accounts.aws.world.clock.now());
  const settle = async (
    step: (observed: StackStatus | undefined) => Promise<StackProgress>,
    observed: StackStatus | undefined,
  ): Promise<StackProgress> => {
    let progress = await step(observed);
    const news = [...progress.news];
    for (let looks = 0; looks < mostLooks; looks++) {
      if (progress.state !== 'InProgress' && progress.state !== 'Deleting') return { ...progress, news };
      await setImmediate();
      progress = await step(progress.status);
      news.push(...progress.news);
    }
    throw new Error(`not settled after ${mostLooks} looks: ${progress.status.status} ${progress.message}`);
  };
  return {
    ...accounts,
    deploy,
    synthesizer,
    deployer,
    async desired(kind, props, tags, attempt = '') {
      const template = await synthesizer.synthesize(kind, props);
      const roleArn = accounts.accounts.executionRoleArn(access);
      return { name: props.stackName, template, tags, roleArn, attempt };
    },
    untilSettled: (desired, observed) =>
      settle((status) => deployer.reconcile(deploy.cloudFormation, desired, status), observed),
    untilRemoved: (desired, observed) =>
      settle((status) => deployer.remove(deploy.cloudFormation, desired, status), observed),
    asRole: (roleName, sessionName) => async (service, operation, input) => {
      const role = await accounts.producer.iam.role(roleName);
      const session = {
        kind: 'role-session',
        account: producerId,
        arn: `arn:aws:sts::${producerId}:assumed-role/${roleName}/${sessionName}`,
        roleArn: role?.arn ?? '',
        roleId: role?.id ?? '',
        roleName,
        sessionName,
      } as const;
      return await accounts.aws.invoke(service, operation, input, session, region);
    },
    async stop() {
      synthesizer.close();
      await accounts.stop();
    },
  };
}

export interface DeployedScene extends DeployScene {
  /** As the operator works in the account. */
  readonly pivot: AccountAws;
  readonly asPivot: Call;
  /** ARN of the key that the dataset's stack made. */
  readonly datasetKey: () => Promise<string>;
}

/** With the stacks of an environment and of a dataset, and two buckets of others, of which the environment imports one. */
export async function startDeployedScene(): Promise<DeployedScene> {
  const scene = await startDeployScene();
  for (const stack of [
    await scene.desired('environment', environmentProps, tagsOf('Environment', 'env00001')),
    await scene.desired('dataset', datasetProps, tagsOf('Dataset', 'data0001')),
  ]) {
    const { message } = await scene.untilSettled(stack);
    if (message !== '') throw new Error(`${stack.name} is not deployed: ${message}`);
  }
  for (const name of ['brought-along', 'not-ours'])
    await scene.administer('producer', 's3', 'CreateBucket', {
      Bucket: name,
      CreateBucketConfiguration: { LocationConstraint: region },
    });
  return {
    ...scene,
    pivot: scene.accounts.forEnvironment({ accountId: producerId, region, pivotRoleArn, externalId }),
    asPivot: scene.asRole('dataallPivotRole-cdk', 'x'),
    datasetKey: async () => {
      const { outputs = {} } = (await scene.deploy.cloudFormation.stack(datasetProps.stackName)) ?? {};
      return outputs['KeyArn'] ?? '';
    },
  };
}
