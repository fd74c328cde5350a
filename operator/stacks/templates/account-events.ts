// The queue in the account where CloudTrail's management events about what we keep arrive, so that tampering is seen within seconds.
import type { Stack } from 'aws-cdk-lib';
import { CfnRule } from 'aws-cdk-lib/aws-events';
import { CfnQueue, CfnQueuePolicy } from 'aws-cdk-lib/aws-sqs';
import { arnOf, iamEventsRegion } from '../../policy/arn.ts';
import { addOutput } from './add-output.ts';
import { stackOutputs, type EnvironmentStackProps } from '../stack-props.ts';

/** Event names by event source: the writes that can change or take away what a share stands on. */
export const watchedEvents: Readonly<Record<string, readonly string[]>> = {
  's3.amazonaws.com': [
    'CreateAccessPoint',
    'DeleteAccessPoint',
    'DeleteAccessPointPolicy',
    'DeleteBucket',
    'DeleteBucketPolicy',
    'PutAccessPointPolicy',
    'PutBucketPolicy',
  ],
  'kms.amazonaws.com': ['CancelKeyDeletion', 'DisableKey', 'EnableKey', 'PutKeyPolicy', 'ScheduleKeyDeletion'],
  'glue.amazonaws.com': [
    'BatchCreatePartition',
    'BatchDeleteTable',
    'BatchUpdatePartition',
    'CreatePartition',
    'CreateTable',
    'DeleteDatabase',
    'DeleteTable',
    'UpdatePartition',
    'UpdateTable',
  ],
  'lakeformation.amazonaws.com': [
    'BatchGrantPermissions',
    'BatchRevokePermissions',
    'CreateDataCellsFilter',
    'CreateLakeFormationOptIn',
    'DeleteDataCellsFilter',
    'DeleteLakeFormationOptIn',
    'DeregisterResource',
    'GrantPermissions',
    'PutDataLakeSettings',
    'RegisterResource',
    'RevokePermissions',
    'UpdateDataCellsFilter',
    'UpdateResource',
  ],
  'ram.amazonaws.com': ['DeleteResourceShare', 'DisassociateResourceShare'],
};

/** IAM is global, and its events exist in one region only. https://docs.aws.amazon.com/IAM/latest/UserGuide/cloudtrail-integration.html */
const iamEvents = [
  'AttachRolePolicy',
  'AttachUserPolicy',
  'CreatePolicyVersion',
  'CreateRole',
  'CreateUser',
  'DeletePolicy',
  'DeleteRole',
  'DeleteUser',
  'DetachRolePolicy',
  'DetachUserPolicy',
  'SetDefaultPolicyVersion',
];

/** Seconds. An event that waited for longer than a day says nothing that the poll has not seen. */
const retention = 86_400;
/** Seconds a batch has to be turned into work before it is delivered again. */
const visibility = 60;

/** How often a message comes before it is set aside: one that ends the process which handles it must not come for ever. */
const tries = 5;
/** Seconds that it is kept to be looked at, the most that SQS allows. */
const deadRetention = 1_209_600;
/** Bytes. EventBridge sends no larger event: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html */
const largest = 262_144;

type AccountEventsProps = Pick<EnvironmentStackProps, 'partition' | 'account' | 'region' | 'queueName'>;

export const addAccountEvents = (stack: Stack, { partition, account, region, queueName }: AccountEventsProps): void => {
  const dead = new CfnQueue(stack, 'DeadAccountEvents', {
    queueName: `${queueName}-dead`,
    messageRetentionPeriod: deadRetention,
    // What lies there came from our queue. By name, since each of the two queues names the other.
    redriveAllowPolicy: {
      redrivePermission: 'byQueue',
      sourceQueueArns: [arnOf({ partition, service: 'sqs', region, account, resource: queueName })],
    },
    sqsManagedSseEnabled: true,
  });
  const queue = new CfnQueue(stack, 'AccountEvents', {
    queueName,
    messageRetentionPeriod: retention,
    maximumMessageSize: largest,
    visibilityTimeout: visibility,
    redrivePolicy: { deadLetterTargetArn: dead.attrArn, maxReceiveCount: tries },
    sqsManagedSseEnabled: true,
  });
  const rule = new CfnRule(stack, 'AccountEventsRule', {
    name: queueName,
    description: 'Changes to what data.all shares, for the operator to look at',
    eventPattern: patternFor(region),
    targets: [{ id: 'queue', arn: queue.attrArn }],
  });
  addQueuePolicy(stack, queue, rule);
  addOutput(stack, stackOutputs.queueUrl, queue.ref);
  addOutput(stack, stackOutputs.queueArn, queue.attrArn);
};

const addQueuePolicy = (stack: Stack, queue: CfnQueue, rule: CfnRule): CfnQueuePolicy =>
  new CfnQueuePolicy(stack, 'AccountEventsPolicy', {
    queues: [queue.ref],
    policyDocument: {
      Version: '2012-10-17',
      Statement: [
        {
          Sid: 'EventsFromOurRule',
          Effect: 'Allow',
          Principal: { Service: 'events.amazonaws.com' },
          Action: 'sqs:SendMessage',
          Resource: queue.attrArn,
          Condition: { ArnEquals: { 'aws:SourceArn': rule.attrArn } },
        },
      ],
    },
  });

/** https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail.html (needs a trail that logs management events) */
const patternFor = (region: string): object => {
  const watched =
    region === iamEventsRegion(region) ? { ...watchedEvents, 'iam.amazonaws.com': iamEvents } : watchedEvents;
  return {
    'detail-type': ['AWS API Call via CloudTrail'],
    detail: {
      eventSource: Object.keys(watched),
      eventName: [...new Set(Object.values(watched).flat())].toSorted(),
    },
  };
};
