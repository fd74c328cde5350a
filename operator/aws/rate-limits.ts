// Where each service's pace starts. The throttle learns the rest: most limits are undocumented and differ between accounts.
import type { ServiceName } from './call.ts';

/** How fast one account's calls to one service may go. Rates are calls per second. */
export interface Pace {
  /** Before anything is known. */
  readonly start: number;
  /** Never slower, or it would take too long to notice that AWS answers again. */
  readonly floor: number;
  /** Never faster: a courtesy to the account's other users. */
  readonly ceiling: number;
  /** Calls that may go at once after a pause. */
  readonly burst: number;
  /** Calls in flight at once: a service that hangs holds so many sockets and no more. */
  readonly inFlight: number;
}

/** A pace around `start` calls a second. */
export const pace = (start: number, ceiling = start * 4): Pace => ({
  start,
  floor: Math.min(0.5, start),
  ceiling,
  burst: Math.max(5, Math.ceil(start / 2)),
  inFlight: 32,
});

/** Documented where a page is named, else assumed: low enough to be polite, high enough that one share takes no noticeable time. */
export const defaultPaces: Readonly<Record<ServiceName, Pace>> = {
  cloudformation: pace(5),
  glue: pace(20),
  iam: pace(15),
  // PutKeyPolicy 15/s: https://docs.aws.amazon.com/kms/latest/developerguide/requests-per-second.html
  kms: pace(15),
  // A share of three tables is some twenty calls in each account.
  lakeformation: { ...pace(20), burst: 20 },
  ram: { ...pace(10), burst: 10 },
  s3: pace(50),
  s3control: pace(20),
  // Practically unlimited for standard queues; the long polls set the pace.
  sqs: pace(100),
  // GetParameter 40/s, PutParameter 3/s: https://docs.aws.amazon.com/general/latest/gr/ssm.html
  ssm: pace(20),
  // 600/s per account and region: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html#reference_iam-quotas-sts-requests
  sts: pace(100, 300),
};

/** One pace for every service: for an endpoint of one's own, such as the simulator. */
export const everywhere = (pace: Pace): Readonly<Record<ServiceName, Pace>> =>
  Object.fromEntries(Object.keys(defaultPaces).map((service) => [service, pace])) as Record<ServiceName, Pace>;
