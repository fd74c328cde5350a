// "Slower" in all the ways AWS says it.
import { AwsError } from '../core/aws-error.ts';
import type { Call } from '../core/operation.ts';

export type ThrottleShape =
  | 'Throttling'
  | 'ThrottlingException'
  | 'TooManyRequestsException'
  | 'RequestLimitExceeded'
  | 'RequestThrottled'
  | 'SlowDown'
  | 'ServiceUnavailable'
  /** Lake Formation passing on another service's throttle as if the caller's input were at fault. */
  | 'InvalidInputException';

interface Wording {
  readonly message: string;
  readonly status: number;
}

const WORDINGS: Readonly<Record<ThrottleShape, Wording>> = {
  Throttling: { message: 'Rate exceeded', status: 400 },
  ThrottlingException: { message: 'Rate exceeded', status: 400 },
  TooManyRequestsException: { message: 'Too Many Requests', status: 429 },
  RequestLimitExceeded: { message: 'Request limit exceeded.', status: 503 },
  RequestThrottled: { message: 'Request is throttled.', status: 403 },
  // https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
  SlowDown: { message: 'Please reduce your request rate.', status: 503 },
  ServiceUnavailable: { message: 'Reduce your request rate.', status: 503 },
  InvalidInputException: {
    message:
      'Rate exceeded (Service: AmazonIdentityManagement; Status Code: 400; Error Code: Throttling; Request ID: 00000000-0000-0000-0000-000000000000; Proxy: null)',
    status: 400,
  },
};

/**
 * How each service says it. Query services (IAM, STS, CloudFormation) say Throttling, JSON services ThrottlingException:
 * https://docs.aws.amazon.com/IAM/latest/APIReference/CommonErrors.html, https://docs.aws.amazon.com/athena/latest/APIReference/API_TooManyRequestsException.html
 */
const OWN: Readonly<Record<string, ThrottleShape>> = {
  athena: 'TooManyRequestsException',
  cloudformation: 'Throttling',
  iam: 'Throttling',
  s3: 'SlowDown',
  s3control: 'SlowDown',
  servicequotas: 'TooManyRequestsException',
  sns: 'Throttling',
  sqs: 'RequestThrottled',
  sts: 'Throttling',
};

export function throttleError(call: Call, shape: ThrottleShape = OWN[call.service] ?? 'ThrottlingException'): AwsError {
  const { message, status } = WORDINGS[shape];
  return new AwsError(shape, message, { status });
}
