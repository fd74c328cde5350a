// Brings events to the queues that rules send them to, as events.amazonaws.com and on behalf of the rule.
import type { Backstage } from '../../core/operation.ts';
import type { ServicePrincipal } from '../../core/principal.ts';
import type { TrailEvent, World } from '../../core/world.ts';
import { matchesPattern, parsePattern } from './pattern.ts';
import { rulesOf, type Rule, type RuleTarget } from './rule.ts';

/** https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-events-structure.html */
export interface BusEvent {
  readonly version: '0';
  readonly id: string;
  readonly 'detail-type': string;
  readonly source: string;
  readonly account: string;
  readonly time: string;
  readonly region: string;
  readonly resources: readonly string[];
  readonly detail: unknown;
}

/** How a message gets to a queue: a `Call`, or `Backstage` with its region bound. */
export interface Sender {
  invoke(service: string, operation: string, input: object, as: ServicePrincipal): Promise<unknown>;
}

/**
 * Rules see the CloudTrail management events of their account and region. (In AWS a trail must exist as well; here every
 * account has one.) https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail.html
 */
export function connectTrail(backstage: Backstage): void {
  backstage.world.onTrail((event) => {
    const sender: Sender = {
      invoke: (service, operation, input, as) => backstage.invoke(service, operation, input, as, event.awsRegion),
    };
    deliver(backstage.world, sender, fromTrail(event));
  });
}

function fromTrail(event: TrailEvent): BusEvent {
  return {
    version: '0',
    id: event.eventID,
    'detail-type': 'AWS API Call via CloudTrail',
    source: `aws.${event.eventSource.split('.')[0] ?? ''}`,
    account: event.recipientAccountId,
    time: event.eventTime,
    region: event.awsRegion,
    resources: [],
    detail: {
      eventVersion: '1.11',
      ...event,
      sourceIPAddress: '127.0.0.1',
      responseElements: null,
      eventType: 'AwsApiCall',
      managementEvent: true,
      eventCategory: 'Management',
    },
  };
}

/** Starts the delivery to every rule that wants the event; failures go to dead letter queues, never to the sender. */
export function deliver(world: World, sender: Sender, event: BusEvent): void {
  for (const rule of rulesOf(world, event.account, event.region).values()) {
    if (rule.state !== 'ENABLED' || !matchesPattern(parsePattern(rule.eventPattern), event)) continue;
    for (const target of rule.targets.values()) void send(sender, rule, target, event);
  }
}

/** The queue policy must let events.amazonaws.com in: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html#eb-sqs-permissions */
async function send(sender: Sender, rule: Rule, target: RuleTarget, event: BusEvent): Promise<void> {
  const as: ServicePrincipal = {
    kind: 'service',
    account: rule.account,
    service: 'events.amazonaws.com',
    sourceArn: rule.arn,
  };
  const body = target.input ?? JSON.stringify(selected(event, target.inputPath));
  const group = target.messageGroupId === undefined ? {} : { MessageGroupId: target.messageGroupId };
  try {
    await sender.invoke('sqs', 'SendMessage', { QueueUrl: urlOf(target.arn), MessageBody: body, ...group }, as);
  } catch (error) {
    if (target.deadLetterArn === undefined) return;
    const attribute = (StringValue: string): object => ({ DataType: 'String', StringValue });
    const MessageAttributes = {
      RULE_ARN: attribute(rule.arn),
      TARGET_ARN: attribute(target.arn),
      ERROR_CODE: attribute(error instanceof Error ? error.name : 'UNKNOWN'),
      ERROR_MESSAGE: attribute(error instanceof Error ? error.message : String(error)),
    };
    // A dead letter queue that refuses loses the event, as in AWS: the failure is in the request log.
    await sender
      .invoke('sqs', 'SendMessage', { QueueUrl: urlOf(target.deadLetterArn), MessageBody: body, MessageAttributes }, as)
      .catch(() => undefined);
  }
}

function urlOf(queueArn: string): string {
  const [, , , region = '', account = '', name = ''] = queueArn.split(':');
  return `https://sqs.${region}.amazonaws.com/${account}/${name}`;
}

/** InputPath, as far as it names members: `$`, `$.detail`, `$.detail.requestParameters`. */
function selected(event: BusEvent, path: string | undefined): unknown {
  let value: unknown = event;
  for (const key of (path ?? '$').split('.').slice(1))
    value = (value as Readonly<Record<string, unknown>> | undefined)?.[key];
  return value;
}
