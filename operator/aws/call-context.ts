// Who asks: the work item on whose behalf calls are made, carried to every call inside it without passing it by hand.
import { AsyncLocalStorage } from 'node:async_hooks';
import type { AwsCall } from './call.ts';

/** The work that a call belongs to. CloudTrail shows it as `dataall/<item>/<reconcileId>` in the user agent. */
export interface CallContext {
  /** Key of the work item, e.g. `BucketPolicy:arn:aws:s3:::orders`. */
  readonly item: string;
  /** Names one run of it; the audit record carries the same. */
  readonly reconcileId: string;
  /** Higher goes first in the rate limiter's queues. Revocation is highest. Default 0. */
  readonly priority?: number;
  /** Ends waiting and calls of this work. */
  readonly signal?: AbortSignal;
  /** Told of a call that AWS has not answered for {@link SLOW_MS}; it goes on being waited for. */
  readonly onSlow?: (call: AwsCall) => void;
}

/** What takes longer is told to people, who would take it for our silence. Milliseconds. */
export const SLOW_MS = 8_000;

/** For whoever waits for it. */
export const unanswered = ({ service, operation, account, region }: AwsCall): string =>
  `AWS has not answered ${service}:${operation} in ${account} ${region} for ${SLOW_MS / 1000} seconds. It is waited for and tried again. If it stays, check AWS Health and the network between the cluster and ${service} in ${region}.`;

const current = new AsyncLocalStorage<CallContext>();

/** Runs `body` so that every AWS call in it, however deep, belongs to `work`. */
export const withCallContext = <T>(work: CallContext, body: () => Promise<T>): Promise<T> => current.run(work, body);

/** The work of the caller; undefined outside `withCallContext`. */
export const callContext = (): CallContext | undefined => current.getStore();

// RFC 9110 tokens plus `:` and `/`, which ARNs need; spaces would end the product, commas and semicolons confuse log parsers.
const unsafe = /[^A-Za-z0-9!#$%&'*+.^_`|~:/@=-]/g;
// CloudTrail cuts userAgent at 1 KB; the SDK's own part takes up to 250 characters.
const longestPart = 300;

/** `dataall/<item>/<reconcile id>`: first product of the user agent header. */
export const userAgentOf = (work: CallContext | undefined): string =>
  ['dataall', work?.item ?? '-', work?.reconcileId ?? '-']
    .map((part) => part.replace(unsafe, '_').slice(0, longestPart))
    .join('/');
