// Brings the stack of an environment one step further.
import type { CallerIdentity } from '../aws/sts.ts';
import { annotations } from '../resources/annotations.ts';
import type { EnvironmentStatus } from '../resources/environment.ts';
import { stackOutputs } from '../stacks/stack-props.ts';
import { stopped, underWay, type EnvironmentFinding, type Passage } from './environment-finding.ts';
import {
  deploySession,
  environmentNames,
  environmentProps,
  environmentTags,
  executionRoleArn,
  type EnvironmentNames,
} from './environment-stack.ts';
import type { Platform } from './platform.ts';

/** One step towards the stack that the spec wants; what it made, once it stands. @throws AwsFault */
export const advanceStack = async (
  platform: Platform,
  passage: Passage,
  hub: CallerIdentity,
): Promise<{
  readonly names: EnvironmentNames;
  readonly finding?: EnvironmentFinding;
  readonly status: Partial<EnvironmentStatus>;
}> => {
  const { environment, context, id, externalId } = passage;
  const cloudFormation = deploySession(platform, environment).cloudFormation;
  const tags = environmentTags(platform, environment, id);
  const { deployer, synthesizer } = platform.stacks;
  const earlier = environment.status.stack === undefined ? await deployer.locate(cloudFormation, tags) : undefined;
  const names = environmentNames(platform, environment, id, earlier?.outputs);
  const props = environmentProps(platform, environment, { id, externalId, names, hub });
  const stackName = earlier?.name ?? names.stack;
  const progress = await deployer.reconcile(
    cloudFormation,
    {
      name: stackName,
      template: await synthesizer.synthesize('environment', { ...props, stackName }),
      tags,
      roleArn: executionRoleArn(platform, environment),
      attempt: environment.metadata.annotations?.[annotations.requestedAt] ?? '',
    },
    environment.status.stack,
  );
  for (const event of progress.news) context.event(environment, event);
  const status: Partial<EnvironmentStatus> = { ...passage.status, stack: progress.status };
  const { outputs } = progress;
  if (progress.state === 'Failed')
    return {
      names,
      status,
      finding: stopped('StackDeployed', 'StackFailed', progress.message, status, progress.requeueMs ?? 60_000),
    };
  if (progress.state !== 'Deployed')
    return {
      names,
      status,
      finding: underWay('StackDeployed', progress.message, status, progress.requeueMs ?? 1_000),
    };
  const { pivotRole } = props;
  if (pivotRole.mode === 'Managed')
    platform.pivotRights.give(environment.metadata.name, pivotRole.imported, context.now());
  const queueUrl = outputs[stackOutputs.queueUrl];
  const queueArn = outputs[stackOutputs.queueArn];
  return {
    names,
    status: {
      ...status,
      buckets: { environment: names.environmentBucket, logs: names.logsBucket },
      workgroup: names.workgroup,
      queue: queueUrl === undefined || queueArn === undefined ? undefined : { url: queueUrl, arn: queueArn },
      defaultRole: { arn: outputs[stackOutputs.roleArn] ?? environment.spec.defaultRoleArn ?? '' },
    },
  };
};
