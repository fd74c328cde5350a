// What a request's Bucket parameter leads to, and what reaching it demands.
import { AwsError } from '../../core/aws-error.ts';
import type { Call, Need, RequestContext } from '../../core/operation.ts';
import { accessPointByAlias, accessPointByArn, type AccessPoint } from '../s3control/state.ts';
import { blockInForce, policyInForce } from './public-policy.ts';
import { bucketNamed, type Bucket } from './state.ts';

export interface BucketInput {
  readonly Bucket?: string | undefined;
  readonly ExpectedBucketOwner?: string | undefined;
}

export interface ObjectInput extends BucketInput {
  readonly Key?: string | undefined;
}

/** A bucket, reached directly or through one of its access points. */
export interface Target {
  readonly bucket: Bucket;
  readonly accessPoint: AccessPoint | undefined;
}

export const accessDenied = (): AwsError => new AwsError('AccessDenied', 'Access Denied');

const noSuchBucket = (name: string): AwsError =>
  new AwsError('NoSuchBucket', 'The specified bucket does not exist', { members: { BucketName: name } });

const accessPointIn = (name: string, call: Call): AccessPoint | undefined => {
  if (name.startsWith('arn:')) return accessPointByArn(call.world, name);
  if (name.endsWith('-s3alias')) return accessPointByAlias(call.world, name);
  // `<name>-<account>` is the host label of an access point; a bucket of that name would have come first.
  const label = /^(.+)-(\d{12})$/.exec(name);
  return label === null
    ? undefined
    : accessPointByArn(call.world, `arn:aws:s3:${call.region}:${label[2]}:accesspoint/${label[1]}`);
};

const find = (name: string, call: Call): Target => {
  const direct = bucketNamed(call.world, name);
  if (direct !== undefined) return { bucket: direct, accessPoint: undefined };
  const accessPoint = accessPointIn(name, call);
  const bucket = accessPoint === undefined ? undefined : bucketNamed(call.world, accessPoint.bucket);
  if (accessPoint === undefined && name.startsWith('arn:')) {
    throw new AwsError('NoSuchAccessPoint', 'The specified accesspoint does not exist');
  }
  // A bucket that was deleted and taken by another account is not the bucket of this access point.
  if (bucket === undefined || (accessPoint !== undefined && bucket.account !== accessPoint.bucketAccount))
    throw noSuchBucket(name);
  return { bucket, accessPoint };
};

const demandRegion = ({ bucket }: Target, call: Call): void => {
  // An unsigned request says no region, and reaches the bucket wherever it is.
  if (bucket.region === call.region || call.principal.kind === 'anonymous') return;
  throw new AwsError(
    'PermanentRedirect',
    'The bucket you are attempting to access must be addressed using the specified endpoint. Please send all future requests to this endpoint.',
    {
      members: {
        Bucket: bucket.name,
        Endpoint: `${bucket.name}.s3.${bucket.region}.amazonaws.com`,
        BucketRegion: bucket.region,
      },
    },
  );
};

/** Resolves a bucket name, access point ARN or alias; throws NoSuchBucket, AccessDenied (other owner than expected), PermanentRedirect. */
export const targetOf = (input: BucketInput, call: Call, options: { readonly anyRegion?: boolean } = {}): Target => {
  const target = find(input.Bucket ?? '', call);
  if (input.ExpectedBucketOwner !== undefined && input.ExpectedBucketOwner !== target.bucket.account)
    throw accessDenied();
  if (options.anyRegion !== true) demandRegion(target, call);
  return target;
};

/** The bucket itself, for operations that access points do not offer. */
export const bucketOf = (input: BucketInput, call: Call, options: { readonly anyRegion?: boolean } = {}): Bucket => {
  const { bucket, accessPoint } = targetOf(input, call, options);
  if (accessPoint !== undefined) {
    throw new AwsError('MethodNotAllowed', 'The specified method is not allowed against this resource.');
  }
  return bucket;
};

const isOwnAccountOrService = (account: string, call: Call): boolean =>
  call.principal.kind === 'service' || (call.principal.kind !== 'anonymous' && call.account === account);

const bucketPolicies = (bucket: Bucket, call: Call): Need['resourcePolicies'] =>
  policyInForce(
    bucket.policy,
    blockInForce(call.world, bucket.account, bucket.publicAccessBlock),
    isOwnAccountOrService(bucket.account, call),
  );

/** Condition keys that tell a bucket policy by which access point a request came. */
const accessPointContext = (point: AccessPoint): RequestContext => ({
  's3:DataAccessPointArn': point.arn,
  's3:DataAccessPointAccount': point.account,
  's3:AccessPointNetworkOrigin': point.vpcId === undefined ? 'Internet' : 'VPC',
});

/**
 * Through an access point, identity and access point policy must allow the access point's ARN, and the bucket must allow the
 * same access: by its policy (usually delegated by s3:DataAccessPointAccount) or, in its own account, by the caller's.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-points-policies.html
 */
const needs = (
  { bucket, accessPoint }: Target,
  action: string,
  key: string | undefined,
  call: Call,
  given: RequestContext,
): Need[] => {
  const context = { 's3:ResourceAccount': bucket.account, ...given };
  const onBucket: Need = {
    action,
    resource: key === undefined ? bucket.arn : `${bucket.arn}/${key}`,
    resourceAccount: bucket.account,
    resourcePolicies: bucketPolicies(bucket, call) ?? [],
    context,
  };
  if (accessPoint === undefined) return [onBucket];
  const through = { ...context, ...accessPointContext(accessPoint) };
  const block = blockInForce(call.world, accessPoint.account, accessPoint.publicAccessBlock);
  return [
    {
      action,
      resource: key === undefined ? accessPoint.arn : `${accessPoint.arn}/object/${key}`,
      resourceAccount: accessPoint.account,
      resourcePolicies: policyInForce(accessPoint.policy, block, isOwnAccountOrService(accessPoint.account, call)),
      context: through,
    },
    { ...onBucket, identitySettled: true, context: through },
  ];
};

export const bucketNeeds = (target: Target, action: string, call: Call, context: RequestContext = {}): Need[] =>
  needs(target, action, undefined, call, context);

export const objectNeeds = (
  target: Target,
  action: string,
  key: string,
  call: Call,
  context: RequestContext = {},
): Need[] => needs(target, action, key, call, context);

export const isAllowed = (call: Call, all: readonly Need[]): boolean => all.every((need) => call.isAllowed(need));
