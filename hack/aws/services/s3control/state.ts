// Access points of one account and region.
import type { PublicAccessBlockConfiguration } from '@aws-sdk/client-s3';
import type { PolicyDocument } from '../../../../operator/policy/document.ts';
import type { World } from '../../core/world.ts';

export interface PublicAccessBlock {
  readonly BlockPublicAcls: boolean;
  readonly IgnorePublicAcls: boolean;
  readonly BlockPublicPolicy: boolean;
  readonly RestrictPublicBuckets: boolean;
}

/** What new buckets, access points and (if asked) accounts get. https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html */
export const blockAll: PublicAccessBlock = {
  BlockPublicAcls: true,
  IgnorePublicAcls: true,
  BlockPublicPolicy: true,
  RestrictPublicBuckets: true,
};

/** What a request does not say is false. */
export const toPublicAccessBlock = (given: PublicAccessBlockConfiguration | undefined): PublicAccessBlock => ({
  BlockPublicAcls: given?.BlockPublicAcls === true,
  IgnorePublicAcls: given?.IgnorePublicAcls === true,
  BlockPublicPolicy: given?.BlockPublicPolicy === true,
  RestrictPublicBuckets: given?.RestrictPublicBuckets === true,
});

export interface AccessPoint {
  readonly name: string;
  readonly account: string;
  readonly arn: string;
  /** Usable in place of a bucket name: `<name>-<random>-s3alias`. */
  readonly alias: string;
  readonly bucket: string;
  readonly bucketAccount: string;
  readonly createdAt: Date;
  readonly vpcId: string | undefined;
  publicAccessBlock: PublicAccessBlock;
  /** Principals by unique id. */
  policy: PolicyDocument | undefined;
  readonly tags: Map<string, string>;
}

export interface S3ControlState {
  readonly accessPoints: Map<string, AccessPoint>;
}

export const s3ControlState = (world: World, account: string, region: string): S3ControlState =>
  world.state('s3control', account, region, () => ({ accessPoints: new Map() }));

/** Block public access of a whole account: stronger than what its buckets say. */
export interface AccountBlockState {
  block: PublicAccessBlock | undefined;
}

export const accountBlockState = (world: World, account: string): AccountBlockState =>
  world.state('s3control-account', account, 'global', () => ({ block: undefined }));

const allAccessPoints = function* (world: World): Iterable<AccessPoint> {
  for (const { state } of world.states<S3ControlState>('s3control')) yield* state.accessPoints.values();
};

export const accessPointByAlias = (world: World, alias: string): AccessPoint | undefined => {
  for (const point of allAccessPoints(world)) if (point.alias === alias) return point;
  return undefined;
};

export const accessPointByArn = (world: World, arn: string): AccessPoint | undefined => {
  const [, , , region = '', account = '', resource = ''] = arn.split(':');
  if (!world.accounts.has(account)) return undefined;
  return s3ControlState(world, account, region).accessPoints.get(resource.replace(/^accesspoint\//, ''));
};

export const accessPointsOf = (world: World, bucket: string): AccessPoint[] =>
  [...allAccessPoints(world)].filter((point) => point.bucket === bucket);
