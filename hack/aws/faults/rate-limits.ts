// Rate limits per API, account and region: token buckets on the world's clock, with the numbers of limits.json.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Interceptor } from '../core/interceptor.ts';
import type { Call } from '../core/operation.ts';
import { throttleError } from './throttle.ts';

/** One line of limits.json. */
export interface RateLimit {
  readonly service: string;
  /** Operations it limits; without, every operation of the service that no other line names, reads and writes apart. */
  readonly operations?: readonly string[];
  readonly access?: 'read' | 'write';
  /** Calls a second. */
  readonly rate: number;
  /** Calls at once after a rest. */
  readonly burst: number;
  /** True when its operations share one bucket; otherwise each has its own. */
  readonly shared?: boolean;
  /** `documented` with its page, or `assumed`. */
  readonly source: 'documented' | 'assumed';
  readonly page?: string;
  readonly note?: string;
}

const text = readFileSync(new URL('../limits.json', import.meta.url), 'utf8');

export const awsRateLimits: readonly RateLimit[] = (JSON.parse(text) as { limits: RateLimit[] }).limits;

/** Names the numbers a measurement was made with. */
export const rateLimitsHash: string = createHash('sha256').update(text).digest('hex').slice(0, 12);

interface Bucket {
  tokens: number;
  at: number;
}

/** S3 is one namespace with limits per bucket or prefix; IAM and STS of an account are one place for all regions. */
const GLOBAL = new Set(['iam']);

/**
 * An interceptor that throttles callers, not AWS's own deliveries. `startAws({ interceptors: [rateLimits()] })`.
 * @param limits default: all of limits.json.
 */
export function rateLimits(limits: readonly RateLimit[] = awsRateLimits): Interceptor {
  const buckets = new Map<string, Bucket>();
  return {
    around(call, input, next) {
      const limit = call.principal.kind === 'service' ? undefined : limitFor(limits, call);
      if (limit !== undefined && !takeToken(buckets, limit, call)) return Promise.reject(throttleError(call));
      return next(input);
    },
  };
}

/** The line that names the operation, or else the service's line for reads or writes. */
export function limitFor(
  limits: readonly RateLimit[],
  call: Pick<Call, 'service' | 'operation'>,
): RateLimit | undefined {
  const ofService = limits.filter(({ service }) => service === call.service);
  const access = /^(Get|List|Describe|Head|BatchGet|Search|Test|Validate|Detect)/.test(call.operation)
    ? 'read'
    : 'write';
  return (
    ofService.find(({ operations }) => operations?.includes(call.operation)) ??
    ofService.find((limit) => limit.operations === undefined && (limit.access === undefined || limit.access === access))
  );
}

function takeToken(buckets: Map<string, Bucket>, limit: RateLimit, call: Call): boolean {
  const place = GLOBAL.has(call.service) ? 'global' : call.region;
  const name = limit.shared === true ? (limit.operations?.join() ?? limit.access ?? '*') : call.operation;
  const key = `${call.account}/${place}/${call.service}/${name}`;
  const now = call.world.clock.now();
  const bucket = buckets.get(key) ?? { tokens: limit.burst, at: now };
  bucket.tokens = Math.min(limit.burst, bucket.tokens + ((now - bucket.at) / 1000) * limit.rate);
  bucket.at = now;
  buckets.set(key, bucket);
  if (bucket.tokens < 1) return false;
  bucket.tokens -= 1;
  return true;
}
