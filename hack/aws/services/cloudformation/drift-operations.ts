// Drift: whether resources still are what their template says, for the types that can tell.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-stack-drift.html
import type {
  DescribeStackDriftDetectionStatusInput,
  DescribeStackDriftDetectionStatusOutput,
  DescribeStackResourceDriftsInput,
  DescribeStackResourceDriftsOutput,
  DetectStackDriftInput,
  DetectStackDriftOutput,
} from '@aws-sdk/client-cloudformation';
import { operation, type AnyOperation } from '../../core/operation.ts';
import { AwsError } from '../../core/aws-error.ts';
import { assumeExecutionRole } from './execution-role.ts';
import { changedProperties } from './properties.ts';
import { resourceTypes } from './resource-types.ts';
import { contextOf, type Run } from './run.ts';
import { refuseWhileBusy, stackNamed, stackNeed, stacksOf, type StackResource } from './stack.ts';
import { validationError } from './template.ts';

const DetectStackDrift = operation<DetectStackDriftInput, DetectStackDriftOutput>({
  access: 'read',
  needs: (input, call) => [stackNeed('DetectStackDrift', call, input.StackName)],
  handle: async (input, call) => {
    const stack = stackNamed(call, input.StackName);
    refuseWhileBusy(stack);
    const run: Run = { call, stack, as: await assumeExecutionRole(call, stack.roleArn) };
    for (const resource of stack.resources.values()) {
      stack.resources.set(resource.logicalId, { ...resource, drift: await driftOf(run, resource) });
    }
    const isDrifted = [...stack.resources.values()].some(({ drift }) => drift === 'MODIFIED' || drift === 'DELETED');
    const detectionId = crypto.randomUUID();
    stack.drift = {
      status: isDrifted ? 'DRIFTED' : 'IN_SYNC',
      checkedAt: new Date(call.world.clock.now()),
      detectionId,
    };
    return { StackDriftDetectionId: detectionId };
  },
});

async function driftOf(run: Run, resource: StackResource): Promise<NonNullable<StackResource['drift']>> {
  const type = resourceTypes[resource.type];
  if (type?.read === undefined) return 'NOT_CHECKED';
  try {
    const actual = await type.read(resource.physicalId, resource.properties, contextOf(run, resource.logicalId));
    if (actual === undefined) return 'DELETED';
    const expected = Object.fromEntries(Object.keys(actual).map((name) => [name, resource.properties[name]]));
    return changedProperties(expected, actual).length === 0 ? 'IN_SYNC' : 'MODIFIED';
  } catch (error) {
    if (error instanceof AwsError && /NotFound|NoSuch/.test(error.code)) return 'DELETED';
    throw error;
  }
}

const DescribeStackDriftDetectionStatus = operation<
  DescribeStackDriftDetectionStatusInput,
  DescribeStackDriftDetectionStatusOutput
>({
  access: 'read',
  needs: () => [{ action: 'cloudformation:DescribeStackDriftDetectionStatus', resource: '*' }],
  handle: (input, call) => {
    const stack = [...stacksOf(call.world, call.account, call.region).values()].find(
      ({ drift }) => drift?.detectionId === input.StackDriftDetectionId,
    );
    if (stack?.drift === undefined)
      throw validationError(`Stack drift detection [${input.StackDriftDetectionId ?? ''}] does not exist.`);
    return {
      StackId: stack.id,
      StackDriftDetectionId: stack.drift.detectionId,
      StackDriftStatus: stack.drift.status,
      DetectionStatus: 'DETECTION_COMPLETE',
      DriftedStackResourceCount: [...stack.resources.values()].filter(
        ({ drift }) => drift === 'MODIFIED' || drift === 'DELETED',
      ).length,
      Timestamp: stack.drift.checkedAt,
    };
  },
});

const DescribeStackResourceDrifts = operation<DescribeStackResourceDriftsInput, DescribeStackResourceDriftsOutput>({
  access: 'read',
  needs: (input, call) => [stackNeed('DescribeStackResourceDrifts', call, input.StackName)],
  handle: (input, call) => {
    const stack = stackNamed(call, input.StackName);
    const wanted = new Set<string>(
      input.StackResourceDriftStatusFilters ?? ['IN_SYNC', 'MODIFIED', 'DELETED', 'NOT_CHECKED'],
    );
    return {
      StackResourceDrifts: [...stack.resources.values()]
        .filter(({ drift }) => drift !== undefined && wanted.has(drift))
        .map((resource) => ({
          StackId: stack.id,
          LogicalResourceId: resource.logicalId,
          PhysicalResourceId: resource.physicalId,
          ResourceType: resource.type,
          StackResourceDriftStatus: resource.drift,
          ExpectedProperties: JSON.stringify(resource.declared),
          Timestamp: stack.drift?.checkedAt,
        })),
    };
  },
});

export const driftOperations: Readonly<Record<string, AnyOperation>> = {
  DetectStackDrift,
  DescribeStackDriftDetectionStatus,
  DescribeStackResourceDrifts,
};
