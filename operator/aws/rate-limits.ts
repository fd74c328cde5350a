// Where each service's rate starts. The rate limiter learns the rest: most limits are undocumented and differ between accounts.
import type { ServiceName } from './call.ts';

/** How fast one account's calls to one service may go. Rates are calls per second. */
export interface RateLimit {
  /** Before anything is known. */
  readonly initial: number;
  /** Never slower, or it would take too long to notice that AWS answers again. */
  readonly min: number;
  /** Never faster: a courtesy to the account's other users. */
  readonly max: number;
  /** Calls that may go at once after a pause. */
  readonly burst: number;
  /** Calls in flight at once: a service that hangs holds so many sockets and no more. */
  readonly maxInFlight: number;
}

/** A limit around `initial` calls a second. */
export const rateLimit = (initial: number, max = initial * 4): RateLimit => ({
  initial,
  min: Math.min(0.5, initial),
  max,
  burst: Math.max(5, Math.ceil(initial / 2)),
  maxInFlight: 32,
});

/** Documented where a page is named, else assumed: low enough to be polite, high enough that one share takes no noticeable time. */
export const defaultRateLimits: Readonly<Record<ServiceName, RateLimit>> = {
  cloudformation: rateLimit(5),
  glue: rateLimit(20),
  iam: rateLimit(15),
  // PutKeyPolicy 15/s: https://docs.aws.amazon.com/kms/latest/developerguide/requests-per-second.html
  kms: rateLimit(15),
  // A share of three tables is some twenty calls in each account.
  lakeformation: { ...rateLimit(20), burst: 20 },
  ram: { ...rateLimit(10), burst: 10 },
  s3: rateLimit(50),
  s3control: rateLimit(20),
  // Practically unlimited for standard queues; the long polls set the rate.
  sqs: rateLimit(100),
  // GetParameter 40/s, PutParameter 3/s: https://docs.aws.amazon.com/general/latest/gr/ssm.html
  ssm: rateLimit(20),
  // 600/s per account and region: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html#reference_iam-quotas-sts-requests
  sts: rateLimit(100, 300),
};

/** One limit for every service: for an endpoint of one's own, such as the simulator. */
export const forAllServices = (limit: RateLimit): Readonly<Record<ServiceName, RateLimit>> =>
  Object.fromEntries(Object.keys(defaultRateLimits).map((service) => [service, limit])) as Record<
    ServiceName,
    RateLimit
  >;
