// For tests of actions that ask AWS: an account with our stacks in it, and the objects that they stand for, as the caches would have them.

import { dataset, environment, team } from '../../access/testing/fixtures.ts';
import { AwsAccounts } from '../../aws/account.ts';
import { forAllServices, rateLimit } from '../../aws/rate-limits.ts';
import { partitionOf, iamArn } from '../../policy/arn.ts';
import type { Platform } from '../../controllers/reconcile/platform.ts';
import { readConfig } from '../../config.ts';
import type { Kind } from '../../kernel/kind.ts';
import type { Features } from '../../features/features.ts';
import { shippedFeatures } from '../../features/shipped.ts';
import type { Dataset } from '../../resources/dataset.ts';
import type { Environment } from '../../resources/environment.ts';
import type { Team } from '../../resources/team.ts';
import {
  datasetProps,
  environmentProps,
  externalId,
  hubId,
  pivotRoleArn,
  producerId,
  startDeployedScene,
  tagsOf,
  teamProps,
  type DeployedScene,
} from '../../stacks/testing/stack-test-env.ts';
import type { Action } from '../action.ts';
import { ActionTestEnv } from './action-test-env.ts';

export const REGION = 'eu-west-1';
const READY = {
  type: 'Ready',
  status: 'True',
  reason: 'Ready',
  message: '',
  observedGeneration: 1,
  lastTransitionTime: '2026-01-01T00:00:00Z',
} as const;
const conditions = [READY, { ...READY, type: 'Trusted' }];

const typed = <T extends { kind: string }>(kind: T['kind'], object: T): T => ({ ...object, kind });

export const roleArn = (name: string): string => iamArn(partitionOf(REGION), producerId, `role/${name}`);

export interface DeployedWorld extends AsyncDisposable {
  readonly scene: DeployedScene;
  /** By name; tests change them as controllers and people would. */
  readonly environments: Map<string, Environment>;
  readonly teams: Map<string, Team>;
  readonly datasets: Map<string, Dataset>;
  /** Objects as they were at first, and AWS as it is. */
  reset(): void;
  /** The internal API over it. */
  serve(actions: readonly Action[], features?: Features): ActionTestEnv;
}

/** Environment `sales-prod` of group `sales`, team `analysts`, dataset `orders`. Takes some seconds. */
export const openDeployedWorld = async (): Promise<DeployedWorld> => {
  const scene = await startDeployedScene();
  const { message } = await scene.untilSettled(await scene.desired('team', teamProps, tagsOf('Team', 'team0001')));
  if (message !== '') throw new Error(message);
  const [environments, teams, datasets] = [
    new Map<string, Environment>(),
    new Map<string, Team>(),
    new Map<string, Dataset>(),
  ];
  const uniqueId = async (name: string): Promise<string> => (await scene.producer.iam.role(name))?.id ?? '';
  const ids = {
    owner: await uniqueId(environmentProps.owner.roleName ?? ''),
    team: await uniqueId(teamProps.team.roleName),
  };
  const stack = (name: string) => ({ name, status: 'CREATE_COMPLETE' });
  const reset = (): void => {
    const account = { id: producerId, region: REGION };
    environments.set(
      'sales-prod',
      typed(
        'Environment',
        environment('sales-prod', {
          spec: { account },
          status: {
            conditions,
            pivotRole: { arn: pivotRoleArn },
            externalId,
            defaultRole: { arn: roleArn(environmentProps.owner.roleName ?? ''), id: ids.owner },
            stack: stack(environmentProps.stackName),
          },
        }),
      ),
    );
    teams.set(
      'analysts',
      typed(
        'Team',
        team('sales-prod', {
          spec: { group: 'analysts' },
          status: {
            conditions: [READY],
            roleArn: roleArn(teamProps.team.roleName),
            roleId: ids.team,
            workgroup: teamProps.stackName,
          },
        }),
      ),
    );
    datasets.set(
      'orders',
      typed(
        'Dataset',
        dataset({
          status: {
            conditions: [READY],
            account: producerId,
            roleArn: roleArn(datasetProps.roleName ?? ''),
            bucket: 'dataall-orders-data0001',
            glueDatabase: datasetProps.database,
            stack: stack(datasetProps.stackName),
          },
        }),
      ),
    );
  };
  reset();
  const inSales =
    <T>(objects: ReadonlyMap<string, T>) =>
    (namespace: string, name: string): T | undefined =>
      namespace === 'sales-prod' ? objects.get(name) : undefined;
  const hub = scene.aws.accounts['hub'];
  // A replica that does not lead: no action needs the Lease.
  const accounts = new AwsAccounts({
    installation: 'test',
    epoch: () => 2,
    hub: { accountId: hubId, region: REGION },
    mayWrite: () => false,
    rateLimits: forAllServices(rateLimit(1_000)),
    credentials: { accessKeyId: hub?.accessKeyId ?? '', secretAccessKey: hub?.secretAccessKey ?? '' },
    requestHandler: scene.aws.requestHandler,
  });
  const config = readConfig({ aws: { hub: { accountId: hubId, region: REGION } } });
  const platform = {
    aws: accounts,
    accountOf: ({ spec, status }: Environment) =>
      status.pivotRole &&
      accounts.forEnvironment({
        accountId: spec.account.id,
        region: spec.account.region,
        pivotRoleArn: status.pivotRole.arn,
        externalId: status.externalId ?? '',
      }),
    stores: {
      get: ({ kind }: Kind) => ({ list: () => [...(kind === 'Dataset' ? datasets : environments).values()] }),
    },
    specs: {
      environment: (name: string) => environments.get(name),
      team: inSales(teams),
      dataset: inSales(datasets),
    },
  } as unknown as Partial<Platform>;
  return {
    scene,
    environments,
    teams,
    datasets,
    reset,
    serve: (actions, features = shippedFeatures()) =>
      new ActionTestEnv({ actions, platform: { ...platform, config: { ...config, features } } }),
    [Symbol.asyncDispose]: async () => {
      accounts.close();
      await scene.stop();
    },
  };
};
