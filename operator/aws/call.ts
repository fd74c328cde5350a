// One call to AWS as everything around it sees it: rate limiter, lease guard, hooks, faults and metrics.

/** Names of the services as IAM prefixes, `s3control` apart (its actions are `s3:`). */
export type ServiceName =
  'cloudformation' | 'glue' | 'iam' | 'kms' | 'lakeformation' | 'ram' | 's3' | 's3control' | 'sqs' | 'ssm' | 'sts';

/** Where a call goes and what it is. Never holds inputs or credentials, so it may be logged. */
export interface AwsCall {
  readonly service: ServiceName;
  /** The API's name of the operation, e.g. `PutBucketPolicy`. */
  readonly operation: string;
  /** The account whose credentials are used; `hub` before the hub's own id is known. */
  readonly account: string;
  /** Region of the endpoint, e.g. `eu-west-1`. */
  readonly region: string;
  /** True when it changes something: such a call needs the leader's lease. */
  readonly write: boolean;
}

/** A call that failed: one of those, or of the sign-in to the web console, which is no service of the SDK's. */
export interface FailedCall extends Omit<AwsCall, 'service'> {
  readonly service: ServiceName | 'signin';
}
