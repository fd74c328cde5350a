import { describe, expect, it } from 'vitest';
import type { AwsCall, ServiceName } from './call.ts';
import { classify, classifyEntry } from './classify-error.ts';
import { AwsFault, isFault } from './fault.ts';
import type { FaultKind } from './fault.ts';

const call = (service: ServiceName, operation: string, write = true): AwsCall => ({
  service,
  operation,
  account: '111111111111',
  region: 'eu-west-1',
  write,
});

/** An error as the SDK throws it. */
const sdkError = (name: string, message: string, httpStatusCode?: number) =>
  Object.assign(new Error(message), { name, $fault: 'client', $metadata: { httpStatusCode, requestId: 'r-1' } });

/** An error as Node's sockets throw it. */
const nodeError = (code: string) =>
  Object.assign(new Error(`connect ${code} 10.0.0.1:443`), { code, errno: -1, syscall: 'connect' });

type Row = [
  kind: FaultKind,
  service: ServiceName,
  operation: string,
  code: string,
  message: string,
  status: number | undefined,
];

/** Codes and messages as AWS's API references and its answers have them. */
const table: Row[] = [
  // Throttles in all their shapes.
  ['Throttled', 'iam', 'GetRole', 'Throttling', 'Rate exceeded', 400],
  ['Throttled', 'glue', 'GetTable', 'ThrottlingException', 'Rate exceeded', 400],
  ['Throttled', 's3', 'PutBucketPolicy', 'SlowDown', 'Please reduce your request rate.', 503],
  ['Throttled', 's3', 'GetBucketPolicy', 'ServiceUnavailable', 'Please reduce your request rate.', 503],
  ['Throttled', 's3control', 'CreateAccessPoint', 'TooManyRequestsException', 'Too many requests', 429],
  ['Throttled', 'kms', 'PutKeyPolicy', 'LimitExceededException', 'Rate exceeded', 400],
  [
    'Throttled',
    'lakeformation',
    'GrantPermissions',
    'InvalidInputException',
    'Rate exceeded (Service: AmazonIdentityManagement; Status Code: 400; Error Code: Throttling; Request ID: 1; Proxy: null)',
    400,
  ],
  ['Throttled', 'ram', 'GetResourceShares', 'UnheardOf', '', 429],
  ['Throttled', 'ssm', 'PutParameter', 'TooManyUpdates', 'There are concurrent updates for a resource', 400],
  // Denials.
  ['AccessDenied', 's3', 'GetBucketPolicy', 'AccessDenied', 'Access Denied', 403],
  [
    'AccessDenied',
    'lakeformation',
    'GrantPermissions',
    'AccessDeniedException',
    'Insufficient Lake Formation permission(s): Required Describe on orders',
    400,
  ],
  [
    'AccessDenied',
    'iam',
    'GetRole',
    'AccessDenied',
    'not authorized to perform: iam:GetRole on resource: role throttle-tester',
    403,
  ],
  ['AccessDenied', 'ram', 'AcceptResourceShareInvitation', 'OperationNotPermittedException', 'not permitted', 400],
  ['AccessDenied', 's3', 'HeadBucket', 'UnknownError', '', 403],
  [
    'NoTrust',
    'sts',
    'AssumeRole',
    'AccessDenied',
    'User: arn:aws:iam::1:user/op is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::2:role/pivot',
    403,
  ],
  // Credentials.
  [
    'ExpiredCredentials',
    'glue',
    'GetTable',
    'ExpiredTokenException',
    'The security token included in the request is expired',
    400,
  ],
  ['ExpiredCredentials', 's3', 'GetBucketPolicy', 'ExpiredToken', 'The provided token has expired.', 400],
  [
    'ExpiredCredentials',
    'iam',
    'GetRole',
    'InvalidClientTokenId',
    'The security token included in the request is invalid',
    403,
  ],
  [
    'ExpiredCredentials',
    'kms',
    'DescribeKey',
    'UnrecognizedClientException',
    'The security token included in the request is invalid.',
    400,
  ],
  [
    'NoCredentials',
    'sts',
    'GetCallerIdentity',
    'CredentialsProviderError',
    'Could not load credentials from any providers',
    undefined,
  ],
  // Absence.
  ['NotFound', 'iam', 'GetRole', 'NoSuchEntityException', 'The role with name x cannot be found.', 404],
  ['NotFound', 's3', 'GetBucketPolicy', 'NoSuchBucketPolicy', 'The bucket policy does not exist', 404],
  ['NotFound', 's3control', 'GetAccessPoint', 'NoSuchAccessPoint', 'The specified accesspoint does not exist', 404],
  ['NotFound', 's3', 'GetBucketEncryption', 'ServerSideEncryptionConfigurationNotFoundError', 'not found', 404],
  ['NotFound', 'glue', 'GetTable', 'EntityNotFoundException', 'Entity Not Found', 400],
  ['NotFound', 'cloudformation', 'DescribeStacks', 'ValidationError', 'Stack with id dataall-x does not exist', 400],
  [
    'NotFound',
    'cloudformation',
    'DescribeChangeSet',
    'ChangeSetNotFoundException',
    'ChangeSet [x] does not exist',
    404,
  ],
  ['NotFound', 'ssm', 'GetParameter', 'ParameterNotFound', 'not found', 400],
  ['NotFound', 'sqs', 'GetQueueUrl', 'QueueDoesNotExist', 'The specified queue does not exist.', 400],
  ['NotFound', 'ram', 'AcceptResourceShareInvitation', 'ResourceShareInvitationArnNotFoundException', 'not found', 400],
  ['NotFound', 's3', 'HeadBucket', 'NotFound', '', 404],
  // Presence.
  ['AlreadyExists', 'iam', 'CreatePolicy', 'EntityAlreadyExistsException', 'A policy called x already exists.', 409],
  ['AlreadyExists', 'glue', 'CreateDatabase', 'AlreadyExistsException', 'Database already exists.', 400],
  [
    'AlreadyExists',
    's3control',
    'CreateAccessPoint',
    'AccessPointAlreadyOwnedByYou',
    'Your previous request to create the named accesspoint succeeded',
    409,
  ],
  [
    'AlreadyExists',
    'ram',
    'AcceptResourceShareInvitation',
    'ResourceShareInvitationAlreadyAcceptedException',
    'already accepted',
    400,
  ],
  // Others at work.
  [
    'Conflict',
    'lakeformation',
    'BatchGrantPermissions',
    'ConcurrentModificationException',
    'Concurrent modification',
    400,
  ],
  [
    'Conflict',
    's3',
    'PutBucketPolicy',
    'OperationAborted',
    'A conflicting conditional operation is currently in progress',
    409,
  ],
  ['Conflict', 'iam', 'DeletePolicy', 'DeleteConflictException', 'Cannot delete a policy attached to entities.', 409],
  ['Conflict', 'glue', 'PutResourcePolicy', 'ConditionCheckFailureException', 'policy hash mismatch', 400],
  [
    'Conflict',
    'cloudformation',
    'CreateChangeSet',
    'ValidationError',
    'Stack:arn:aws:x is in UPDATE_IN_PROGRESS state and can not be updated.',
    400,
  ],
  [
    'Conflict',
    'cloudformation',
    'ExecuteChangeSet',
    'InvalidChangeSetStatus',
    'ChangeSet cannot be executed in its current status of [CREATE_IN_PROGRESS]',
    400,
  ],
  // Principals nobody knows.
  ['UnknownPrincipal', 's3', 'PutBucketPolicy', 'MalformedPolicy', 'Invalid principal in policy', 400],
  [
    'UnknownPrincipal',
    'kms',
    'PutKeyPolicy',
    'MalformedPolicyDocumentException',
    'Policy contains a statement with one or more invalid principals.',
    400,
  ],
  [
    'UnknownPrincipal',
    'iam',
    'UpdateAssumeRolePolicy',
    'MalformedPolicyDocument',
    'Invalid principal in policy: "AWS":"arn:aws:iam::1:role/gone"',
    400,
  ],
  [
    'UnknownPrincipal',
    'lakeformation',
    'GrantPermissions',
    'InvalidInputException',
    'Invalid principal, Arn: arn:aws:iam::1:role/gone',
    400,
  ],
  // Our mistakes.
  [
    'Invalid',
    's3',
    'PutBucketPolicy',
    'MalformedPolicy',
    "Policies must be valid JSON and the first byte must be '{'",
    400,
  ],
  ['Invalid', 'glue', 'CreateTable', 'InvalidInputException', 'Column name is not valid', 400],
  [
    'Invalid',
    'cloudformation',
    'CreateChangeSet',
    'ValidationError',
    'Template format error: unsupported structure.',
    400,
  ],
  ['Invalid', 'ssm', 'PutParameter', 'ValidationException', 'Value at name failed to satisfy constraint', 400],
  // Limits.
  ['QuotaExceeded', 'iam', 'AttachRolePolicy', 'LimitExceeded', 'Cannot exceed quota for PoliciesPerRole: 10', 409],
  [
    'QuotaExceeded',
    'iam',
    'CreatePolicyVersion',
    'LimitExceededException',
    'Cannot exceed quota for PolicySize: 6144',
    409,
  ],
  [
    'QuotaExceeded',
    'glue',
    'CreateDatabase',
    'ResourceNumberLimitExceededException',
    'Number of databases exceeded',
    400,
  ],
  ['QuotaExceeded', 'ram', 'AssociateResourceShare', 'ResourceShareLimitExceededException', 'limit', 400],
  [
    'QuotaExceeded',
    's3',
    'PutBucketPolicy',
    'InvalidRequest',
    'The policy is over the maximum allowed size of 20480 bytes',
    400,
  ],
  // AWS's troubles and the network's.
  ['Unavailable', 'glue', 'GetTable', 'InternalServiceException', 'Internal failure', 500],
  ['Unavailable', 's3', 'PutBucketPolicy', 'ServiceUnavailable', 'Service is unable to handle request.', 503],
  ['Unavailable', 'ram', 'GetResourceShares', 'UnheardOf', '', 502],
  ['Timeout', 'lakeformation', 'GrantPermissions', 'OperationTimeoutException', 'timed out', 400],
  ['Timeout', 's3', 'PutBucketPolicy', 'RequestTimeout', 'Your socket connection was not read', 400],
  ['Unsupported', 'glue', 'CreateTable', 'NotImplemented', 'the AWS simulator does not implement this', 501],
  ['Invalid', 'glue', 'CreateTable', 'Wondrous', 'never seen', 400],
  ['Invalid', 'ram', 'AcceptResourceShareInvitation', 'ResourceShareInvitationExpiredException', 'expired', 400],
  ['Unknown', 'glue', 'CreateTable', 'Wondrous', 'never seen', undefined],
];

describe('classify', () => {
  it.each<Row>(table)('%s: %s:%s answers %s "%s"', (kind, service, operation, code, message, status) => {
    const fault = classify(sdkError(code, message, status), call(service, operation));
    expect(fault.kind).toBe(kind);
    expect(fault).toMatchObject({
      service,
      operation,
      code,
      account: '111111111111',
      region: 'eu-west-1',
      requestId: 'r-1',
    });
    expect(fault.advice).not.toBe('');
  });

  it('takes every error the SDK models for what its name says', async () => {
    const sayings: readonly (readonly [RegExp, FaultKind])[] = [
      [/Throttl|^TooManyRequests/, 'Throttled'],
      [/NotFound|NoSuch|DoesNotExist/, 'NotFound'],
      [/Denied/, 'AccessDenied'],
      [/AlreadyExists|AlreadyOwned/, 'AlreadyExists'],
      [/LimitExceeded|QuotaExceeded/, 'QuotaExceeded'],
      [/Concurrent(?!R)|ConflictException/, 'Conflict'],
      [/Internal(Server|Service|Error)/, 'Unavailable'],
      [/^Malformed|^InvalidInput/, 'Invalid'],
    ];
    const packages = await Promise.all([
      import('@aws-sdk/client-cloudformation'),
      import('@aws-sdk/client-glue'),
      import('@aws-sdk/client-iam'),
      import('@aws-sdk/client-kms'),
      import('@aws-sdk/client-lakeformation'),
      import('@aws-sdk/client-ram'),
      import('@aws-sdk/client-s3'),
      import('@aws-sdk/client-s3-control'),
      import('@aws-sdk/client-sqs'),
      import('@aws-sdk/client-ssm'),
      import('@aws-sdk/client-sts'),
    ]);
    const names = packages.flatMap((exports) =>
      Object.entries(exports).flatMap(([name, value]) =>
        typeof value === 'function' && value.prototype instanceof Error && !name.endsWith('ServiceException')
          ? [name]
          : [],
      ),
    );
    expect(names.length).toBeGreaterThan(400);
    const wrong = names.flatMap((name) => {
      const { kind } = classify(sdkError(name, '', 400), call('glue', 'GetTable'));
      const said = sayings.find(([pattern]) => pattern.test(name))?.[1];
      return kind === 'Unknown' || (said !== undefined && said !== kind) ? [`${name} is ${kind}, not ${said}`] : [];
    });
    expect(wrong).toEqual([]);
  });

  it.each(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN'])('knows that %s means nothing was sent', (code) => {
    const fault = classify(nodeError(code), call('s3', 'PutBucketPolicy'));
    expect(fault).toMatchObject({ kind: 'Unavailable', code, retryable: true, outcomeUnknown: false });
  });

  it.each<[unknown]>([
    [nodeError('ECONNRESET')],
    [Object.assign(new Error('socket hang up'), { code: 'ECONNRESET', name: 'TimeoutError' })],
    [Object.assign(new Error('no answer in 30000 ms'), { name: 'TimeoutError' })],
    [sdkError('InternalError', 'We encountered an internal error', 500)],
  ])('leaves the outcome of a write open after %s, not of a read', (error) => {
    expect(classify(error, call('s3', 'PutBucketPolicy', true))).toMatchObject({
      retryable: true,
      outcomeUnknown: true,
    });
    expect(classify(error, call('s3', 'GetBucketPolicy', false))).toMatchObject({
      retryable: true,
      outcomeUnknown: false,
    });
  });

  it('knows that a connection that was never made carried no write', () => {
    const error = Object.assign(
      new Error(
        '@smithy/node-http-handler - the request socket did not establish a connection with the server within the configured timeout of 3000 ms.',
      ),
      { name: 'TimeoutError' },
    );
    expect(classify(error, call('s3', 'PutBucketPolicy'))).toMatchObject({ kind: 'Timeout', outcomeUnknown: false });
  });

  it('tells a conflict that passes from one that stays', () => {
    expect(
      classify(sdkError('ConcurrentModificationException', ''), call('lakeformation', 'BatchGrantPermissions'))
        .retryable,
    ).toBe(true);
    const stack = (state: string) =>
      classify(
        sdkError('ValidationError', `Stack:x is in ${state} state and can not be updated.`, 400),
        call('cloudformation', 'CreateChangeSet'),
      );
    expect(stack('UPDATE_IN_PROGRESS').retryable).toBe(true);
    expect(stack('ROLLBACK_COMPLETE').retryable).toBe(false);
    expect(classify(sdkError('DeleteConflictException', ''), call('iam', 'DeletePolicy')).retryable).toBe(false);
  });

  it('never asks to repeat what only a person can mend', () => {
    for (const [kind, service, operation, code, message, status] of table) {
      if (['AccessDenied', 'NoTrust', 'Invalid', 'QuotaExceeded', 'UnknownPrincipal', 'NotFound'].includes(kind))
        expect(classify(sdkError(code, message, status), call(service, operation)).retryable).toBe(false);
    }
  });

  it('classifies what is no error at all', () => {
    for (const thrown of [undefined, null, 'boom', 7, {}, new TypeError('x is not a function')])
      expect(isFault(classify(thrown, call('glue', 'GetTable')), 'Unknown')).toBe(true);
  });

  it('leaves a fault as it is', () => {
    const fault = classifyEntry('EntityNotFoundException', 'gone', call('glue', 'GetTable'));
    expect(classify(fault, call('s3', 'GetBucketPolicy'))).toBe(fault);
    expect(fault).toBeInstanceOf(AwsFault);
  });

  it('shows no secret', () => {
    const token = 'FwoGZXIvYXdzEBYaD'.repeat(12);
    const fault = classify(
      sdkError(
        'SignatureDoesNotMatch',
        `The request signature we calculated does not match AKIAIOSFODNN7EXAMPLE ${token} https://x/?X-Amz-Signature=abcdef0123&X-Amz-Security-Token=tok ` +
          `The Canonical String for this request should have been x-amz-security-token:${token}`,
        403,
      ),
      call('s3', 'GetBucketPolicy'),
    );
    for (const text of [fault.message, fault.reason, JSON.stringify(fault), fault.stack ?? '']) {
      expect(text).not.toContain('IOSFODNN7EXAMPLE');
      expect(text).not.toContain(token);
      expect(text).not.toContain('abcdef0123');
      expect(text).not.toContain('=tok');
    }
    expect(fault.cause).toBeUndefined();
  });

  it('says in one line what happened where', () => {
    const fault = classify(
      sdkError('NoSuchBucketPolicy', 'The bucket policy\n does not exist', 404),
      call('s3', 'GetBucketPolicy'),
    );
    expect(fault.message).toBe(
      's3:GetBucketPolicy in 111111111111 eu-west-1: NotFound (NoSuchBucketPolicy) The bucket policy does not exist',
    );
    expect(
      classify(sdkError('X', 'a'.repeat(90).concat(' ').repeat(30)), call('s3', 'GetBucketPolicy')).reason.length,
    ).toBeLessThanOrEqual(400);
  });
});
