// Writes down what happened: a line of the request log for every call, CloudTrail events for management writes.
import { iamEventsRegion } from '../../../operator/policy/arn.ts';
import type { ServiceSchema } from '../wire/service-schema.ts';
import { AwsError } from './aws-error.ts';
import { Denied, nameOf } from './authorization.ts';
import type { MemoryWorld } from './memory-world.ts';
import type { AnyOperation, Call, ServiceModule } from './operation.ts';
import { requestParametersOf, userIdentityOf, withoutBytes } from './trail.ts';
import type { RequestRecord } from './world.ts';

export interface LoadedService {
  readonly module: ServiceModule;
  readonly schema: ServiceSchema;
}

/** One call, as the pipeline knows it when it is over. */
export interface Visit {
  readonly call: Call;
  readonly service: LoadedService;
  /** Undefined when there is no such operation, or the call was turned away before it was known. */
  readonly spec: AnyOperation | undefined;
  readonly input: unknown;
  readonly nested: boolean;
  readonly calledVia: readonly string[];
  /** Accounts whose resources the call needed. */
  readonly owners: Set<string>;
}

export type Result = { readonly output: unknown } | { readonly error: unknown };

/** Codes by which AWS says "slower". Source: the retryable throttling codes of the AWS SDKs' standard retry mode. */
const throttlingCode = /Throttl|TooManyRequests|SlowDown|RequestLimitExceeded|BandwidthLimit/;

const outcomeOf = (error: unknown): RequestRecord['outcome'] => {
  if (error instanceof Denied) return 'denied';
  if (!(error instanceof AwsError)) return 'error';
  if (error.code === 'AccessDenied' || error.code === 'AccessDeniedException') return 'denied';
  return throttlingCode.test(error.code) || error.message.startsWith('Rate exceeded') ? 'throttled' : 'error';
};

/** IAM's events are recorded in one region of the partition, wherever it is called from. */
const globalServices: ReadonlySet<string> = new Set(['iam']);

export const writeDown = (world: MemoryWorld, visit: Visit, result: Result): void => {
  const { call, spec } = visit;
  const { principal, account, region, service, operation, requestId, userAgent } = call;
  const error = 'error' in result ? result.error : undefined;
  world.record({
    at: world.clock.now(),
    requestId,
    principal: nameOf(principal),
    account,
    region,
    service,
    operation,
    access: spec?.access ?? 'read',
    userAgent,
    outcome: 'error' in result ? outcomeOf(error) : 'ok',
    ...errorCodeOf(result),
    ...(error instanceof Denied ? { reason: error.reason } : {}),
    input: withoutBytes(visit.input),
    nested: visit.nested,
  });
  if (spec === undefined || spec.access === 'read' || spec.dataPlane === true || account === '') return;
  publish(world, visit, spec, result);
};

const errorCodeOf = (result: Result): { readonly errorCode?: string } => {
  if (!('error' in result)) return {};
  return { errorCode: result.error instanceof Error ? result.error.name : 'InternalFailure' };
};

/** One event for the caller's account, and one for every other account whose resource it was about, tied by the request id. */
const publish = (world: MemoryWorld, visit: Visit, spec: AnyOperation, result: Result): void => {
  const { call, service, input } = visit;
  const requestParameters =
    spec.trail?.(input, 'output' in result ? result.output : undefined) ??
    requestParametersOf(service.schema.operations.get(call.operation)?.input, input);
  const invokedBy = visit.calledVia.at(-1);
  for (const recipientAccountId of new Set([call.account, ...visit.owners])) {
    if (!world.accounts.has(recipientAccountId)) continue;
    world.publish({
      eventID: crypto.randomUUID(),
      eventTime: new Date(world.clock.now()).toISOString().replace(/\.\d+Z$/, 'Z'),
      eventSource: service.module.eventSource,
      eventName: call.operation,
      awsRegion: globalServices.has(call.service) ? iamEventsRegion(call.region) : call.region,
      recipientAccountId,
      userIdentity: {
        ...userIdentityOf(call.principal, call.accessKeyId),
        ...(invokedBy === undefined ? {} : { invokedBy }),
      },
      userAgent: invokedBy ?? call.userAgent,
      requestID: call.requestId,
      requestParameters,
      ...errorCodeOf(result),
      readOnly: false,
    });
  }
};
