// From any error, whatever threw it, to one AwsFault.
import type { FailedCall } from './call.ts';
import { AwsFault } from './fault.ts';
import { kindByCode } from './fault-codes.ts';
import type { FaultDetail, FaultKind } from './fault.ts';

/** What can be read off an error: AWS's, the SDK's, Node's. */
interface ErrorFields {
  readonly code: string;
  readonly message: string;
  readonly status: number | undefined;
  readonly requestId: string | undefined;
}

/** Classifies whatever `call` threw. A fault stays what it is. */
export function classify(error: unknown, call: FailedCall): AwsFault {
  if (error instanceof AwsFault) return error;
  return faultOf(errorFieldsOf(error), call);
}

/** Classifies an error AWS reported as data: an entry of a batch, a status reason. */
export const classifyEntry = (code: string, message: string, call: FailedCall): AwsFault =>
  faultOf({ code, message, status: undefined, requestId: undefined }, call);

function faultOf(fields: ErrorFields, call: FailedCall): AwsFault {
  const kind = kindOf(fields, call);
  return new AwsFault(call, {
    kind,
    code: fields.code,
    reason: safe(fields.message),
    retryable: isRetryable(kind, fields),
    outcomeUnknown: call.write && mayHaveHappened(kind, fields),
    requestId: fields.requestId,
  } satisfies FaultDetail);
}

// --- what kind ---------------------------------------------------------------------------------------------------

function kindOf(fields: ErrorFields, call: FailedCall): FaultKind {
  const { code, message, status } = fields;
  const named = kindByCode(code);
  // An authorization message quotes names of the caller's choosing, so nothing is concluded from its words.
  if (named === 'AccessDenied') return call.operation.startsWith('AssumeRole') ? 'NoTrust' : named;
  if (throttleWords.test(message)) return 'Throttled';
  if (named === undefined || named === 'Invalid') {
    if (principalWords.test(message)) return 'UnknownPrincipal';
    // CloudFormation has one code for everything: ValidationError.
    if (call.service === 'cloudformation') {
      if (/does not exist/i.test(message)) return 'NotFound';
      if (stateWords.test(message)) return 'Conflict';
    }
    if (/(exceed|over).{0,20}(quota|limit|maximum)|too (large|long|many)/i.test(message)) return 'QuotaExceeded';
  }
  return (
    named ??
    (status !== undefined && status >= 500 ? kindByStatus(status) : undefined) ??
    kindByName(code) ??
    kindByStatus(status) ??
    'Unknown'
  );
}

/** IAM's throttle reaches Lake Formation's callers as InvalidInputException "Rate exceeded (Service: AmazonIdentityManagement...)". */
const throttleWords =
  /rate exceeded|throttl|too many requests|reduce your request rate|request rate is too high|slow ?down/i;

/** S3 "Invalid principal in policy", KMS "one or more invalid principals", Lake Formation "Invalid principal, Arn: ...". */
const principalWords =
  /invalid principal|principal\b.{0,200}\b(does not exist|not found|is not valid)|unknown principal/i;

/** CloudFormation "Stack:arn is in UPDATE_IN_PROGRESS state and can not be updated", "in its current status of [...]". */
const stateWords = /\bis in \w+ state\b|current status of/i;

/** For codes nobody listed: how AWS composes its names. */
function kindByName(code: string): FaultKind | undefined {
  if (/throttl/i.test(code)) return 'Throttled';
  if (/^NoSuch|NotFound|DoesNotExist|NonExistent/.test(code)) return 'NotFound';
  if (/Already(Exists|Owned|Accepted|Attached)|Duplicate/.test(code)) return 'AlreadyExists';
  if (/LimitExceeded|QuotaExceeded|CountExceeded|^TooMany|Too(Large|Long)/.test(code)) return 'QuotaExceeded';
  if (/Concurrent|Conflict|InProgress|InUse|NotReady|Busy|DeletedRecently/.test(code)) return 'Conflict';
  if (/Denied|Unauthorized|NotPermitted/.test(code)) return 'AccessDenied';
  if (/^Invalid|^Malformed|^Validation|^Missing/.test(code)) return 'Invalid';
  return undefined;
}

function kindByStatus(status: number | undefined): FaultKind | undefined {
  if (status === undefined) return undefined;
  if (status === 429) return 'Throttled';
  if (status === 501) return 'Unsupported';
  if (status >= 500) return 'Unavailable';
  if (status === 404) return 'NotFound';
  if (status === 401 || status === 403) return 'AccessDenied';
  if (status === 409 || status === 412) return 'Conflict';
  if (status >= 400) return 'Invalid';
  return undefined;
}

// --- what follows from it ----------------------------------------------------------------------------------------

function isRetryable(kind: FaultKind, { code, message }: ErrorFields): boolean {
  if (kind === 'Conflict') {
    // A stack's state passes only if something is under way.
    if (stateWords.test(message)) return message.includes('_IN_PROGRESS');
    // In use, or changed since it was read: repeating the same call changes nothing.
    return !finalConflict.test(code);
  }
  return passing.has(kind);
}

const passing: ReadonlySet<FaultKind> = new Set([
  'Throttled',
  'Unavailable',
  'Timeout',
  'ExpiredCredentials',
  'Cancelled',
  'Unknown',
]);
const finalConflict =
  /^(BucketNotEmpty|DeleteConflict|ResourceInUse|ConditionCheck|PreconditionFailed|VersionMismatch)/;

/** Whether a write could have taken effect although it failed. */
function mayHaveHappened(kind: FaultKind, { code, message }: ErrorFields): boolean {
  if (kind === 'Unavailable') return !neverSent.has(code);
  if (kind === 'Timeout') return !message.includes('did not establish a connection');
  return kind === 'Cancelled' || kind === 'Unknown';
}

const neverSent: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
]);

// --- reading errors ----------------------------------------------------------------------------------------------

interface ErrorLike {
  readonly name?: unknown;
  readonly code?: unknown;
  readonly Code?: unknown;
  readonly message?: unknown;
  readonly $metadata?: { readonly httpStatusCode?: number; readonly requestId?: string };
}

function errorFieldsOf(error: unknown): ErrorFields {
  if (typeof error !== 'object' || error === null)
    return { code: 'Unknown', message: String(error), status: undefined, requestId: undefined };
  const { name, code, Code, message, $metadata } = error as ErrorLike;
  return {
    code: codeOf([name, Code, code]),
    message: typeof message === 'string' ? message : '',
    status: $metadata?.httpStatusCode,
    requestId: $metadata?.requestId,
  };
}

/** AWS's code is in `name`; Node's in `code`, under a name that says nothing; a body without a code leaves only `Unknown`. */
function codeOf(candidates: readonly unknown[]): string {
  const names = candidates.filter((name): name is string => typeof name === 'string' && name !== '');
  return names.find((name) => !genericNames.has(name)) ?? names[0] ?? 'Unknown';
}

const genericNames: ReadonlySet<string> = new Set([
  'Error',
  'TypeError',
  'SyntaxError',
  'Unknown',
  'UnknownError',
  'DOMException',
]);

// --- no secrets --------------------------------------------------------------------------------------------------

// Statuses and Events hold little, and AWS never needs more to say what is wrong.
const longestReason = 400;

/** SignatureDoesNotMatch quotes the signed request, token included; some denials carry an encoded blob; URLs may be presigned. */
function safe(message: string): string {
  const text = message
    .replace(/\s*(The Canonical String|The String-to-Sign|Encoded authorization failure message:)[\s\S]*$/i, '')
    .replace(/\b(AKIA|ASIA)[A-Z0-9]{12,}\b/g, '$1...')
    .replace(/(X-Amz-(?:Security-Token|Signature|Credential)[=:]\s*)[^&\s]+/gi, '$1...')
    .replace(/[A-Za-z0-9/+=]{100,}/g, '...')
    .replace(/\s+/g, ' ')
    .trim();
  return text.length <= longestReason ? text : `${text.slice(0, longestReason - 3)}...`;
}
