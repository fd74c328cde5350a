// Buckets: made, found, listed, deleted, versioned.
import type * as sdk from '@aws-sdk/client-s3';
import { AwsError } from '../../core/aws-error.ts';
import { operation, type AnyOperation, type Output } from '../../core/operation.ts';
import { refuseMembers } from '../../core/unsupported-members.ts';
import { accessPointsOf } from '../s3control/state.ts';
import { demandOwnershipRule } from './ownership.ts';
import { bucketNamed, newBucket, ownerOf, s3State, type S3State } from './state.ts';
import { bucketNeeds, bucketOf, targetOf, type BucketInput } from './target.ts';

const DEFAULT_MAX_BUCKETS = 10_000;

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html */
const checkName = (name: string): void => {
  const valid =
    /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name) &&
    !name.includes('..') &&
    !/^\d+\.\d+\.\d+\.\d+$/.test(name) &&
    !/^(?:xn--|sthree-|amzn-s3-demo-)/.test(name) &&
    !/(?:-s3alias|--ol-s3|\.mrap|--x-s3)$/.test(name);
  if (!valid)
    throw new AwsError('InvalidBucketName', 'The specified bucket is not valid.', { members: { BucketName: name } });
};

/** CloudTrail's requestParameters of bucket calls. */
export const bucketTrail = (input: BucketInput): Record<string, unknown> => ({ bucketName: input.Bucket });

const createBucket = operation<sdk.CreateBucketCommandInput, Output<sdk.CreateBucketCommandOutput>>({
  access: 'write',
  needs: ({ Bucket = '', ...input }) => [
    {
      action: 's3:CreateBucket',
      resource: `arn:aws:s3:::${Bucket}`,
      context:
        input.CreateBucketConfiguration?.LocationConstraint === undefined
          ? {}
          : { 's3:LocationConstraint': input.CreateBucketConfiguration.LocationConstraint },
    },
  ],
  trail: bucketTrail,
  handle(input, call) {
    const name = input.Bucket ?? '';
    checkName(name);
    refuseMembers(call, input, ['ObjectLockEnabledForBucket', 'GrantFullControl', 'GrantRead', 'GrantWrite']);
    refuseMembers(call, input.CreateBucketConfiguration ?? {}, ['Location', 'Bucket']);
    if (input.ObjectOwnership !== undefined)
      demandOwnershipRule({ Rules: [{ ObjectOwnership: input.ObjectOwnership }] });
    if (input.ACL !== undefined && input.ACL !== 'private') {
      throw new AwsError(
        'InvalidBucketAclWithObjectOwnership',
        "Bucket cannot have ACLs set with ObjectOwnership's BucketOwnerEnforced setting",
      );
    }
    const location = input.CreateBucketConfiguration?.LocationConstraint ?? 'us-east-1';
    const region = location === 'EU' ? 'eu-west-1' : location;
    if (region !== call.region) {
      throw new AwsError(
        'IllegalLocationConstraintException',
        `The ${location} location constraint is incompatible for the region specific endpoint this request was sent to.`,
      );
    }
    const existing = bucketNamed(call.world, name);
    if (existing !== undefined) {
      throw existing.account === call.account
        ? new AwsError(
            'BucketAlreadyOwnedByYou',
            'Your previous request to create the named bucket succeeded and you already own it.',
            { members: { BucketName: name } },
          )
        : new AwsError(
            'BucketAlreadyExists',
            'The requested bucket name is not available. The bucket namespace is shared by all users of the system. Please select a different name and try again.',
            { members: { BucketName: name } },
          );
    }
    const bucket = newBucket(call.world, call.account, call.region, name);
    const tags = input.CreateBucketConfiguration?.Tags ?? [];
    if (tags.length > 0) bucket.tags = new Map(tags.map(({ Key = '', Value = '' }) => [Key, Value]));
    if (input.ObjectOwnership !== undefined)
      bucket.documents.set('ownership', { Rules: [{ ObjectOwnership: input.ObjectOwnership }] });
    s3State(call.world, call.account, call.region).buckets.set(name, bucket);
    return {
      Location: call.region === 'us-east-1' ? `/${name}` : `http://${name}.s3.amazonaws.com/`,
      BucketArn: bucket.arn,
    };
  },
});

const deleteBucket = operation<sdk.DeleteBucketCommandInput, object>({
  access: 'write',
  needs: (input, call) =>
    bucketNeeds({ bucket: bucketOf(input, call), accessPoint: undefined }, 's3:DeleteBucket', call),
  trail: bucketTrail,
  handle(input, call) {
    const bucket = bucketOf(input, call);
    if (bucket.objects.size > 0) {
      const message =
        bucket.versioning === undefined
          ? 'The bucket you tried to delete is not empty'
          : 'The bucket you tried to delete is not empty. You must delete all versions in the bucket.';
      throw new AwsError('BucketNotEmpty', message, { members: { BucketName: bucket.name } });
    }
    if (accessPointsOf(call.world, bucket.name).length > 0) {
      throw new AwsError(
        'BucketHasAccessPointsAttached',
        'The bucket you tried to delete has access points attached. Delete your access points before deleting your bucket.',
        { status: 409 },
      );
    }
    s3State(call.world, bucket.account, bucket.region).buckets.delete(bucket.name);
    return {};
  },
});

const headBucket = operation<sdk.HeadBucketCommandInput, Output<sdk.HeadBucketCommandOutput>>({
  access: 'read',
  anonymous: true,
  needs: (input, call) => bucketNeeds(targetOf(input, call), 's3:ListBucket', call),
  handle(input, call) {
    const { bucket, accessPoint } = targetOf(input, call);
    return { BucketArn: bucket.arn, BucketRegion: bucket.region, AccessPointAlias: accessPoint !== undefined };
  },
});

const listBuckets = operation<sdk.ListBucketsCommandInput, Output<sdk.ListBucketsCommandOutput>>({
  access: 'read',
  needs: () => [{ action: 's3:ListAllMyBuckets', resource: '*' }],
  handle(input, call) {
    const all = [...call.world.states<S3State>('s3')]
      .filter(({ account }) => account === call.account)
      .flatMap(({ state }) => [...state.buckets.values()])
      .filter(({ name, region }) => name.startsWith(input.Prefix ?? '') && (input.BucketRegion ?? region) === region)
      .sort((a, b) => (a.name < b.name ? -1 : 1));
    const start =
      input.ContinuationToken === undefined ? 0 : all.findIndex(({ name }) => name > (input.ContinuationToken ?? ''));
    const page = start < 0 ? [] : all.slice(start, start + (input.MaxBuckets ?? DEFAULT_MAX_BUCKETS));
    const last = page.at(-1);
    const more = last !== undefined && all.at(-1) !== last;
    return {
      Buckets: page.map(({ name, createdAt, region, arn }) => ({
        Name: name,
        CreationDate: createdAt,
        BucketRegion: region,
        BucketArn: arn,
      })),
      Owner: ownerOf(call),
      ...(input.Prefix === undefined ? {} : { Prefix: input.Prefix }),
      ...(more ? { ContinuationToken: last.name } : {}),
    };
  },
});

const getBucketLocation = operation<sdk.GetBucketLocationCommandInput, Output<sdk.GetBucketLocationCommandOutput>>({
  access: 'read',
  needs: (input, call) => bucketNeeds(targetOf(input, call, { anyRegion: true }), 's3:GetBucketLocation', call),
  handle(input, call) {
    const { region } = targetOf(input, call, { anyRegion: true }).bucket;
    return region === 'us-east-1' ? {} : { LocationConstraint: region as sdk.BucketLocationConstraint };
  },
});

const getBucketVersioning = operation<
  sdk.GetBucketVersioningCommandInput,
  Output<sdk.GetBucketVersioningCommandOutput>
>({
  access: 'read',
  needs: (input, call) =>
    bucketNeeds({ bucket: bucketOf(input, call), accessPoint: undefined }, 's3:GetBucketVersioning', call),
  handle(input, call) {
    const { versioning } = bucketOf(input, call);
    return versioning === undefined ? {} : { Status: versioning };
  },
});

const putBucketVersioning = operation<sdk.PutBucketVersioningCommandInput, object>({
  access: 'write',
  needs: (input, call) =>
    bucketNeeds({ bucket: bucketOf(input, call), accessPoint: undefined }, 's3:PutBucketVersioning', call),
  trail: bucketTrail,
  handle(input, call) {
    const status = input.VersioningConfiguration?.Status;
    if (status !== 'Enabled' && status !== 'Suspended')
      throw new AwsError('IllegalVersioningConfigurationException', 'The Versioning element must be specified');
    bucketOf(input, call).versioning = status;
    return {};
  },
});

export const bucketOperations: Readonly<Record<string, AnyOperation>> = {
  CreateBucket: createBucket,
  DeleteBucket: deleteBucket,
  HeadBucket: headBucket,
  ListBuckets: listBuckets,
  GetBucketLocation: getBucketLocation,
  GetBucketVersioning: getBucketVersioning,
  PutBucketVersioning: putBucketVersioning,
};
