// The stack of an environment as its spec wants it: names that stay once given, props, tags.
import { iamArn, partitionOf } from '../../policy/arn.ts';
import type { AccountAws } from '../../aws/account.ts';
import type { CallerIdentity } from '../../aws/services/sts.ts';
import type { InstallationConfig } from '../../config.ts';
import type { Environment } from '../../resources/environment.ts';
import {
  accessLogsBucketName,
  environmentBucketName,
  environmentRoleName,
  environmentStackName,
  environmentWorkgroupName,
  eventQueueName,
} from '../../resources/names.ts';
import { stackOutputs, type EnvironmentStackProps, type GroupResources } from '../../stacks/stack-props.ts';
import { stackTags } from '../../stacks/stack-tags.ts';
import { pivotModeOf, pivotRoleNameOf } from './account-link.ts';
import { environmentRights } from './rights.ts';
import { ownedData, type Extent } from '../reconcile/owned-data.ts';
import type { Platform } from '../reconcile/platform.ts';

export interface EnvironmentNames {
  readonly stack: string;
  readonly environmentBucket: string;
  readonly logsBucket: string;
  readonly workgroup: string;
  /** Undefined: imported. */
  readonly role: string | undefined;
  readonly queue: string;
  readonly pivotRole: string;
  readonly pivotRoleArn: string;
}

/**
 * Names follow label and prefix when they are first given, and never again: a new name would be a new bucket.
 * @param outputs of the deployed stack, for a status that was lost
 */
export const environmentNames = (
  { config }: Platform,
  environment: Environment,
  id: string,
  outputs: Readonly<Record<string, string>> = {},
): EnvironmentNames => {
  const { spec, status } = environment;
  const naming = { prefix: spec.resourcePrefix, label: spec.label, id };
  const pivotRole = pivotRoleNameOf(config, environment);
  const roleArn = status.defaultRole?.arn ?? outputs[stackOutputs.roleArn];
  return {
    stack: status.stack?.name ?? environmentStackName(naming),
    environmentBucket:
      status.buckets?.environment ?? outputs[stackOutputs.environmentBucket] ?? environmentBucketName(naming),
    logsBucket: status.buckets?.logs ?? outputs[stackOutputs.logsBucket] ?? accessLogsBucketName(naming),
    workgroup: status.workgroup ?? outputs[stackOutputs.workgroup] ?? environmentWorkgroupName(naming),
    role: spec.defaultRoleArn === undefined ? (nameInArn(roleArn) ?? environmentRoleName(naming)) : undefined,
    queue:
      status.queue?.arn.split(':').at(-1) ?? nameInArn(outputs[stackOutputs.queueArn], ':') ?? eventQueueName(naming),
    pivotRole,
    pivotRoleArn: pivotRoleArnOf(config, environment),
  };
};

export const pivotRoleArnOf = (config: InstallationConfig, environment: Environment): string =>
  iamArn(
    partitionOf(environment.spec.account.region),
    environment.spec.account.id,
    `role/${pivotRoleNameOf(config, environment)}`,
  );

export const environmentProps = (
  platform: Platform,
  environment: Environment,
  { id, externalId, names, hub }: { id: string; externalId: string; names: EnvironmentNames; hub: CallerIdentity },
  extent: Extent = 'All',
): EnvironmentStackProps => {
  const { config } = platform;
  const { spec } = environment;
  const { owned, imported } = rightsIn(platform, environment, names, extent);
  return {
    ...placeInAws(config, environment),
    stackName: names.stack,
    environmentId: id,
    permissionsBoundaryArn: spec.permissionsBoundaryArn,
    pivotRole:
      pivotModeOf(config, environment) === 'Existing'
        ? { mode: 'Existing', name: names.pivotRole }
        : {
            mode: 'Managed',
            name: names.pivotRole,
            trust: { hubAccount: config.aws.hub.accountId, principalPatterns: principalPatterns(hub), externalId },
            imported,
          },
    buckets: { environment: names.environmentBucket, logs: names.logsBucket },
    queueName: names.queue,
    owner: { ...ownerOf(environment, names), owned: ownedData(owned) },
  };
};

/** For which datasets the stack has room. */
export const rightsIn = (
  platform: Pick<Platform, 'stores' | 'config'>,
  environment: Environment,
  names: EnvironmentNames,
  extent: Extent = 'All',
): ReturnType<typeof environmentRights> => {
  const { config } = platform;
  const pivotRole = pivotModeOf(config, environment) === 'Existing' ? undefined : names.pivotRole;
  const place = placeInAws(config, environment);
  return environmentRights(platform, environment, { place, owner: ownerOf(environment, names), pivotRole }, extent);
};

const placeInAws = (
  config: InstallationConfig,
  { spec }: Environment,
): Pick<EnvironmentStackProps, 'partition' | 'account' | 'region' | 'prefix'> => ({
  partition: partitionOf(spec.account.region),
  account: spec.account.id,
  region: spec.account.region,
  prefix: spec.resourcePrefix,
});

const ownerOf = ({ spec }: Environment, names: EnvironmentNames): Omit<GroupResources, 'owned'> => ({
  group: spec.owner,
  roleName: names.role,
  importedRoleArn: spec.defaultRoleArn,
  workgroup: names.workgroup,
  environmentBucket: names.environmentBucket,
  pivotRoleArn: names.pivotRoleArn,
  mayQuery: true,
});

export const environmentTags = (
  { config }: Platform,
  environment: Environment,
  id: string,
): Readonly<Record<string, string>> => {
  const { metadata, spec } = environment;
  return stackTags({
    installation: config.installation,
    owner: { kind: 'Environment', name: metadata.name, id },
    environment: metadata.name,
    team: spec.owner,
    creator: spec.owner,
    user: spec.tags ?? [],
  });
};

/**
 * Patterns of `aws:PrincipalArn` for the identity the operator has in the hub. The ARN of a session does not show the path of its role.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-arns
 */
export const principalPatterns = ({ arn }: CallerIdentity): readonly string[] => {
  const [, partition = '', service, , account = '', resource = ''] = arn.split(':');
  const [type, name] = resource.split('/');
  if (service !== 'sts' || type !== 'assumed-role') return [arn];
  const role = iamArn(partition, account, 'role/');
  return [`${role}${name}`, `${role}*/${name}`];
};

/** Session of the CDK bootstrap role through which stacks are deployed. */
export const deploySession = ({ aws, config }: Platform, environment: Environment): AccountAws =>
  aws.forBootstrap({ ...placeOf(environment), role: 'deploy', qualifier: config.aws.bootstrap.qualifier });

/** Session that may only read. */
export const lookupSession = ({ aws, config }: Platform, environment: Environment): AccountAws =>
  aws.forBootstrap({ ...placeOf(environment), role: 'lookup', qualifier: config.aws.bootstrap.qualifier });

export const executionRoleArn = ({ aws, config }: Platform, environment: Environment): string =>
  aws.executionRoleArn({ ...placeOf(environment), qualifier: config.aws.bootstrap.qualifier });

const placeOf = ({ spec }: Environment): { readonly accountId: string; readonly region: string } => ({
  accountId: spec.account.id,
  region: spec.account.region,
});

const nameInArn = (arn: string | undefined, separator = '/'): string | undefined => arn?.split(separator).at(-1);
