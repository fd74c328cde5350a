// Every error of AWS, of the network and of our own guards as one typed fault: what happened, what to do, whether to try again.
import type { FailedCall } from './call.ts';
import { deniedAdvice } from './denied-advice.ts';

/**
 * - `Throttled` too fast, also when AWS hides it in another code; the rate limiter has already slowed down
 * - `AccessDenied` the session may not do this
 * - `NoTrust` the role cannot be assumed (missing, another external id, not trusting us)
 * - `NoCredentials` the hub itself has no identity
 * - `ExpiredCredentials` AWS no longer accepts the session (it has been dropped; the next call makes a new one)
 * - `NotFound`, `AlreadyExists` as they say
 * - `Conflict` something else is changing the resource (`retryable`), or it is in use (not `retryable`)
 * - `UnknownPrincipal` a policy or grant names a principal that does not exist
 * - `Invalid` AWS does not accept the input: a defect of ours or of the spec
 * - `QuotaExceeded` a size or a number is over its limit
 * - `Unavailable` 5xx or the network; `Timeout` no answer in time
 * - `NotLeader` our own guard: the lease is not (surely) ours, nothing was sent
 * - `Cancelled` the work was aborted
 * - `Unsupported` this endpoint does not have the operation
 * - `Unknown` none of these
 */
export type FaultKind =
  | 'Throttled'
  | 'AccessDenied'
  | 'NoTrust'
  | 'NoCredentials'
  | 'ExpiredCredentials'
  | 'NotFound'
  | 'AlreadyExists'
  | 'Conflict'
  | 'UnknownPrincipal'
  | 'Invalid'
  | 'QuotaExceeded'
  | 'Unavailable'
  | 'Timeout'
  | 'NotLeader'
  | 'Cancelled'
  | 'Unsupported'
  | 'Unknown';

/** What is known of an error besides the call it belongs to. */
export interface FaultDetail {
  readonly kind: FaultKind;
  /** AWS's error code (`NoSuchBucketPolicy`), or Node's (`ECONNREFUSED`). */
  readonly code: string;
  /** AWS's own words, made safe to show. */
  readonly reason: string;
  /** The same call may succeed later although nobody changes anything. */
  readonly retryable: boolean;
  /** A write that may or may not have happened: read before writing again. */
  readonly outcomeUnknown: boolean;
  readonly requestId?: string | undefined;
}

/** The only error that leaves operator/aws. Its message holds no secret and may go into a status, an Event or a log. */
export class AwsFault extends Error implements FaultDetail {
  override readonly name = 'AwsFault';
  readonly kind: FaultKind;
  readonly service: FailedCall['service'];
  readonly operation: string;
  readonly account: string;
  readonly region: string;
  readonly code: string;
  readonly reason: string;
  /** What a person can do about it, one sentence. */
  readonly advice: string;
  readonly retryable: boolean;
  readonly outcomeUnknown: boolean;
  readonly requestId: string | undefined;

  constructor(call: FailedCall, detail: FaultDetail) {
    super(
      `${call.service}:${call.operation} in ${call.account} ${call.region}: ${detail.kind} (${detail.code}) ${detail.reason}`.trimEnd(),
    );
    this.kind = detail.kind;
    this.service = call.service;
    this.operation = call.operation;
    this.account = call.account;
    this.region = call.region;
    this.code = detail.code;
    this.reason = detail.reason;
    this.advice = advice[detail.kind](call, detail.reason);
    this.retryable = detail.retryable;
    this.outcomeUnknown = detail.outcomeUnknown;
    this.requestId = detail.requestId;
  }
}

/** Whether `error` is a fault, of one of `kinds` if any are named. */
export const isFault = (error: unknown, ...kinds: readonly FaultKind[]): error is AwsFault =>
  error instanceof AwsFault && (kinds.length === 0 || kinds.includes(error.kind));

/** AWS has understood, and does not do it for us, or not as things are: asking again changes nothing. */
export const isRefusal = (error: unknown): error is AwsFault =>
  isFault(error, 'AccessDenied', 'Invalid', 'UnknownPrincipal');

const advice: Readonly<Record<FaultKind, (call: FailedCall, reason: string) => string>> = {
  Throttled: ({ service, account }) =>
    `Nothing: calls to ${service} in account ${account} have been slowed down and go on.`,
  AccessDenied: (call, reason) => deniedAdvice(call, actionOf(call), reason),
  NoTrust: ({ account }) =>
    `Link the account again: the role must exist in account ${account} and its trust policy must name the operator's role and the external id shown in the Environment's status (and the operator's own role must be allowed sts:AssumeRole on it).`,
  NoCredentials: () =>
    'Give the operator an AWS identity: an IAM role for its ServiceAccount, or credentials in its environment.',
  ExpiredCredentials: () =>
    'Nothing if it happens once: a new session is made. If it stays, check the clock of the node and whether the role was deleted.',
  NotFound: ({ account, region }) => `Check that the resource exists in account ${account}, region ${region}.`,
  AlreadyExists: () => 'Choose another name, or import the existing resource.',
  Conflict: () => 'Nothing if another change is under way; else remove what still uses the resource.',
  UnknownPrincipal: () => 'Create the principal again, or remove what is shared with it.',
  Invalid: () => 'Correct the value AWS names; if it is not yours, report a defect with this message.',
  QuotaExceeded: ({ service, account }) =>
    `Ask for a higher quota of ${service} in account ${account}, or share less with this principal.`,
  Unavailable: checkHealth,
  Timeout: checkHealth,
  NotLeader: () => 'Nothing: the replica that holds the lease does this work.',
  Cancelled: () => 'Nothing: the work was stopped and starts again.',
  Unsupported: (call) => `Check the configured AWS endpoint: it does not offer ${actionOf(call)}.`,
  Unknown: () => 'Report this message as a defect: the error is not in the classification.',
};

function checkHealth({ service, region }: FailedCall): string {
  return `Nothing: it is tried again. If it stays, check AWS Health and the network between the cluster and ${service} in ${region}.`;
}

/** The IAM action of an operation, where they have the same name (nearly everywhere). */
function actionOf({ service, operation }: FailedCall): string {
  return `${service === 's3control' ? 's3' : service}:${operation}`;
}
