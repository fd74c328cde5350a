// Brings the stack of an environment one step further.
import { isFault } from '../../aws/fault.ts';
import type { CallerIdentity } from '../../aws/services/sts.ts';
import { transient, type ReconcileContext } from '../../kernel/runtime/reconciler.ts';
import type { Stored } from '../../kernel/kind.ts';
import { requestedAtOf } from '../../resources/annotations.ts';
import type { Environment, EnvironmentStatus } from '../../resources/environment.ts';
import type { StackProgress } from '../../stacks/stack-deployer.ts';
import { stackOutputs } from '../../stacks/stack-props.ts';
import { faultReason } from '../reconcile/fault-reason.ts';
import { blockedAt, progressingAt, type EnvironmentOutcome, type PhaseInput } from './phases.ts';
import {
  deploySession,
  environmentNames,
  environmentProps,
  environmentTags,
  executionRoleArn,
  rightsIn,
  type EnvironmentNames,
} from './stack-props.ts';
import { eitherOf, hasTooMuch, ownedDatasets, type Extent } from '../reconcile/owned-data.ts';
import type { Platform } from '../reconcile/platform.ts';

/** One step towards the stack that the spec wants; what it made, once it stands. @throws AwsFault */
export const advanceStack = async (
  platform: Platform,
  input: PhaseInput,
  hub: CallerIdentity,
  extent: Extent = 'All',
): Promise<{
  readonly outcome?: EnvironmentOutcome;
  readonly status: Partial<EnvironmentStatus>;
}> => {
  const { environment, context, id, externalId } = input;
  const cloudFormation = deploySession(platform, environment).cloudFormation;
  const tags = environmentTags(platform, environment, id);
  const { deployer, synthesizer } = platform.stacks;
  const earlier = environment.status.stack === undefined ? await deployer.locate(cloudFormation, tags) : undefined;
  const names = environmentNames(platform, environment, id, earlier?.outputs);
  const props = environmentProps(platform, environment, { id, externalId, names, hub }, extent);
  const stackName = earlier?.name ?? names.stack;
  const progress = await deployer.reconcile(
    cloudFormation,
    {
      name: stackName,
      template: await synthesizer.synthesize('environment', { ...props, stackName }),
      tags,
      roleArn: executionRoleArn(platform, environment),
      attempt: requestedAtOf(environment.metadata) ?? '',
    },
    environment.status.stack,
  );
  for (const event of progress.news) context.event(environment, event);
  const { owned: wanted, leftOut } = rightsIn(platform, environment, names, extent);
  const datasets = eitherOf(progress.state === 'Deployed' ? { datasets: [] } : environment.status, wanted);
  const status = { ...input.status, stack: progress.status, datasets };
  if (progress.state !== 'Deployed') return { status, outcome: notDeployed(progress, status) };
  const { pivotRole } = props;
  if (pivotRole.mode === 'Managed')
    platform.pivotRights.give(environment.metadata.name, pivotRole.imported, context.now(), leftOut.imported);
  return { status: { ...status, ...partsOf(environment, names, progress.outputs) } };
};

const notDeployed = (
  { state, message, requeueMs }: StackProgress,
  status: Partial<EnvironmentStatus>,
): EnvironmentOutcome =>
  state === 'Failed'
    ? blockedAt('StackDeployed', 'StackFailed', message, status, requeueMs ?? 60_000)
    : progressingAt('StackDeployed', message, status, requeueMs ?? 1_000);

/** What a stack that stands has made. */
const partsOf = (
  { spec }: Environment,
  names: EnvironmentNames,
  outputs: StackProgress['outputs'],
): Partial<EnvironmentStatus> => {
  const queueUrl = outputs[stackOutputs.queueUrl];
  const queueArn = outputs[stackOutputs.queueArn];
  return {
    buckets: { environment: names.environmentBucket, logs: names.logsBucket },
    workgroup: names.workgroup,
    queue: queueUrl === undefined || queueArn === undefined ? undefined : { url: queueUrl, arn: queueArn },
    defaultRole: { arn: outputs[stackOutputs.roleArn] ?? spec.defaultRoleArn ?? '' },
  };
};

/**
 * For an environment that does not get as far as its stack: what its owner does not own any more is taken from its role all the same, and
 * nothing is added for it.
 */
export const revokeFormerRights = async (
  platform: Platform,
  environment: Stored<Environment>,
  held: EnvironmentOutcome,
  hub: () => Promise<CallerIdentity>,
  context: ReconcileContext,
): Promise<EnvironmentOutcome> => {
  const { metadata, spec, status } = environment;
  const { id, externalId } = status;
  if (status.stack === undefined || id === undefined || externalId === undefined) return held;
  if (!hasTooMuch(status, ownedDatasets(platform, metadata.name, spec.owner, status, 'Known'))) return held;
  const rightsGo = (message: string, more: Partial<EnvironmentOutcome>): EnvironmentOutcome => ({
    ...held,
    ...more,
    message: `${held.message}; its owner's role loses what it is not to have any more: ${message}`,
  });
  try {
    const own = { name: status.stack.name, tags: environmentTags(platform, environment, id) };
    // One that somebody deleted gives nothing, and is not made anew for that.
    if (!(await platform.stacks.deployer.stands(deploySession(platform, environment).cloudFormation, own)))
      return { ...held, status: { ...held.status, datasets: [] } };
    const input = { environment, context, id, externalId, status: {} };
    const advanced = await advanceStack(platform, input, await hub(), 'Known');
    const known = { ...held.status, stack: advanced.status.stack, datasets: advanced.status.datasets };
    return advanced.outcome === undefined
      ? { ...held, status: known }
      : rightsGo(advanced.outcome.message, { status: known, result: advanced.outcome.result });
  } catch (error) {
    if (!isFault(error)) throw error;
    return rightsGo(`${error.message}. ${error.advice}`, { result: transient(faultReason(error), error.message) });
  }
};
