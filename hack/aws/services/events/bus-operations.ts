// Events that callers put on the bus, and trying patterns out.
import type {
  DescribeEventBusRequest,
  DescribeEventBusResponse,
  PutEventsRequest,
  PutEventsRequestEntry,
  PutEventsResponse,
  PutEventsResultEntry,
  TestEventPatternRequest,
  TestEventPatternResponse,
} from '@aws-sdk/client-eventbridge';
import { AwsError } from '../../core/aws-error.ts';
import { operation, type Call, type AnyOperation } from '../../core/operation.ts';
import { deliver } from './delivery.ts';
import { matchesPattern, parsePattern } from './pattern.ts';
import { busArn, demandDefaultBus } from './rule.ts';

/** https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html */
const MAX_ENTRIES = 10;

const PutEvents = operation<PutEventsRequest, PutEventsResponse>({
  access: 'write',
  dataPlane: true,
  needs: (input, call) =>
    (input.Entries ?? []).map((entry) => ({
      action: 'events:PutEvents',
      resource: busArn(call),
      context: { 'events:source': entry.Source ?? '', 'events:detail-type': entry.DetailType ?? '' },
    })),
  handle: (input, call) => {
    const entries = input.Entries ?? [];
    if (entries.length === 0 || entries.length > MAX_ENTRIES) {
      throw new AwsError(
        'ValidationException',
        `1 validation error detected: Value at 'entries' failed to satisfy constraint: Member must have length between 1 and ${MAX_ENTRIES}`,
        { status: 400 },
      );
    }
    const results = entries.map((entry) => putOne(call, entry));
    return { FailedEntryCount: results.filter(({ ErrorCode }) => ErrorCode !== undefined).length, Entries: results };
  },
});

function putOne(call: Call, entry: PutEventsRequestEntry): PutEventsResultEntry {
  demandDefaultBus(call, entry.EventBusName);
  const refuse = (ErrorCode: string, ErrorMessage: string): PutEventsResultEntry => ({ ErrorCode, ErrorMessage });
  const { Source, DetailType, Detail } = entry;
  if (!Source)
    return refuse('InvalidArgument', 'Parameter Source is not valid. Reason: Source is a required argument.');
  if (!DetailType)
    return refuse('InvalidArgument', 'Parameter DetailType is not valid. Reason: DetailType is a required argument.');
  if (Detail === undefined)
    return refuse('InvalidArgument', 'Parameter Detail is not valid. Reason: Detail is a required argument.');
  if (Source.startsWith('aws.')) return refuse('NotAuthorizedForSourceException', 'Not authorized for the source.');
  let detail: unknown;
  try {
    detail = JSON.parse(Detail);
  } catch {
    return refuse('MalformedDetail', 'Detail is malformed.');
  }
  const id = crypto.randomUUID();
  const time = (entry.Time ?? new Date(call.world.clock.now())).toISOString().replace(/\.\d+Z$/, 'Z');
  deliver(call.world, call, {
    version: '0',
    id,
    'detail-type': DetailType,
    source: Source,
    account: call.account,
    time,
    region: call.region,
    resources: entry.Resources ?? [],
    detail,
  });
  return { EventId: id };
}

const DescribeEventBus = operation<DescribeEventBusRequest, DescribeEventBusResponse>({
  access: 'read',
  needs: (_, call) => [{ action: 'events:DescribeEventBus', resource: busArn(call) }],
  handle: (input, call) => {
    demandDefaultBus(call, input.Name);
    return { Name: 'default', Arn: busArn(call) };
  },
});

const TestEventPattern = operation<TestEventPatternRequest, TestEventPatternResponse>({
  access: 'read',
  needs: () => [{ action: 'events:TestEventPattern', resource: '*' }],
  handle: (input) => ({
    Result: matchesPattern(parsePattern(input.EventPattern ?? ''), JSON.parse(input.Event ?? '{}')),
  }),
});

export const busOperations: Readonly<Record<string, AnyOperation>> = {
  PutEvents,
  DescribeEventBus,
  TestEventPattern,
};
