// AWS::S3::Bucket and AWS::S3::BucketPolicy.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-s3-bucket.html
import { AwsError } from '../../../core/aws-error.ts';
import type { ResourceContext, ResourceType } from '../resource-type.ts';
import type { JsonObject } from '../template.ts';
import { document, number, object, objects, tags, text, typed } from './values.ts';

const NOT_TEXT = new Set([
  'BucketKeyEnabled',
  'BlockPublicAcls',
  'BlockPublicPolicy',
  'IgnorePublicAcls',
  'RestrictPublicBuckets',
]);

/** One sub-resource of a bucket: the property, and the calls that set and clear it. */
interface Aspect {
  readonly property: string;
  readonly put: string;
  readonly clear?: string;
  readonly input: (value: unknown) => object;
}

const ASPECTS: readonly Aspect[] = [
  {
    property: 'BucketEncryption',
    put: 'PutBucketEncryption',
    clear: 'DeleteBucketEncryption',
    input: (value) => ({
      ServerSideEncryptionConfiguration: {
        Rules: objects(value as JsonObject, 'ServerSideEncryptionConfiguration').map((rule) => ({
          ApplyServerSideEncryptionByDefault: rule['ServerSideEncryptionByDefault'],
          BucketKeyEnabled: (typed(rule, NOT_TEXT) as JsonObject)['BucketKeyEnabled'],
        })),
      },
    }),
  },
  {
    property: 'PublicAccessBlockConfiguration',
    put: 'PutPublicAccessBlock',
    clear: 'DeletePublicAccessBlock',
    input: (value) => ({ PublicAccessBlockConfiguration: typed(value, NOT_TEXT) }),
  },
  {
    property: 'OwnershipControls',
    put: 'PutBucketOwnershipControls',
    clear: 'DeleteBucketOwnershipControls',
    input: (value) => ({ OwnershipControls: value }),
  },
  {
    property: 'VersioningConfiguration',
    put: 'PutBucketVersioning',
    input: (value) => ({ VersioningConfiguration: value }),
  },
  {
    property: 'LifecycleConfiguration',
    put: 'PutBucketLifecycleConfiguration',
    clear: 'DeleteBucketLifecycle',
    input: (value) => ({ LifecycleConfiguration: { Rules: objects(value as JsonObject, 'Rules').map(lifecycleRule) } }),
  },
  {
    property: 'LoggingConfiguration',
    put: 'PutBucketLogging',
    input: (value) => ({
      BucketLoggingStatus: {
        LoggingEnabled: {
          TargetBucket: text(value as JsonObject, 'DestinationBucketName'),
          TargetPrefix: text(value as JsonObject, 'LogFilePrefix') ?? '',
        },
      },
    }),
  },
  {
    property: 'CorsConfiguration',
    put: 'PutBucketCors',
    clear: 'DeleteBucketCors',
    input: (value) => ({
      CORSConfiguration: {
        CORSRules: objects(value as JsonObject, 'CorsRules').map((rule) => ({
          ID: rule['Id'],
          AllowedHeaders: rule['AllowedHeaders'],
          AllowedMethods: rule['AllowedMethods'],
          AllowedOrigins: rule['AllowedOrigins'],
          ExposeHeaders: rule['ExposedHeaders'],
          MaxAgeSeconds: number(rule, 'MaxAge'),
        })),
      },
    }),
  },
  {
    property: 'Tags',
    put: 'PutBucketTagging',
    clear: 'DeleteBucketTagging',
    input: (value) => ({ Tagging: { TagSet: value } }),
  },
];

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-s3-bucket-rule.html */
function lifecycleRule(rule: JsonObject): object {
  const days = number(rule, 'ExpirationInDays');
  const noncurrent =
    number(object(rule, 'NoncurrentVersionExpiration'), 'NoncurrentDays') ??
    number(rule, 'NoncurrentVersionExpirationInDays');
  const abort = number(object(rule, 'AbortIncompleteMultipartUpload'), 'DaysAfterInitiation');
  return {
    ID: text(rule, 'Id'),
    Status: text(rule, 'Status'),
    Filter: { Prefix: text(rule, 'Prefix') ?? '' },
    ...(days === undefined ? {} : { Expiration: { Days: days } }),
    ...(noncurrent === undefined ? {} : { NoncurrentVersionExpiration: { NoncurrentDays: noncurrent } }),
    ...(abort === undefined ? {} : { AbortIncompleteMultipartUpload: { DaysAfterInitiation: abort } }),
    Transitions: objects(rule, 'Transitions').map((transition) => ({
      StorageClass: text(transition, 'StorageClass'),
      Days: number(transition, 'TransitionInDays'),
    })),
  };
}

export const bucket: ResourceType = {
  properties: {
    BucketName: 'replace',
    ...Object.fromEntries(ASPECTS.map(({ property }) => [property, 'update' as const])),
  },
  tags: 'list',
  async create(properties, context) {
    const Bucket = text(properties, 'BucketName') ?? context.generatedName(63).toLowerCase();
    await context.invoke('s3', 'CreateBucket', {
      Bucket,
      ...(context.region === 'us-east-1' ? {} : { CreateBucketConfiguration: { LocationConstraint: context.region } }),
    });
    try {
      await putAspects(Bucket, properties, {}, context);
    } catch (error) {
      await context.invoke('s3', 'DeleteBucket', { Bucket });
      throw error;
    }
    return { physicalId: Bucket, attributes: attributesOf(Bucket, context) };
  },
  async update(Bucket, properties, previous, context) {
    await putAspects(Bucket, properties, previous, context);
    return { physicalId: Bucket, attributes: attributesOf(Bucket, context) };
  },
  async remove(Bucket, _, context) {
    await context.invoke('s3', 'DeleteBucket', { Bucket });
  },
};

async function putAspects(
  Bucket: string,
  properties: JsonObject,
  previous: JsonObject,
  context: ResourceContext,
): Promise<void> {
  for (const { property, put, clear, input } of ASPECTS) {
    const value = property === 'Tags' && tags(properties).length === 0 ? undefined : properties[property];
    if (JSON.stringify(value) === JSON.stringify(previous[property])) continue;
    if (value !== undefined) await context.invoke('s3', put, { Bucket, ...input(value) });
    else if (clear !== undefined) await context.invoke('s3', clear, { Bucket });
    else if (property === 'VersioningConfiguration')
      await context.invoke('s3', put, { Bucket, VersioningConfiguration: { Status: 'Suspended' } });
    else await context.invoke('s3', put, { Bucket, BucketLoggingStatus: {} });
  }
}

const attributesOf = (bucketName: string, { region }: ResourceContext): JsonObject => ({
  Arn: `arn:aws:s3:::${bucketName}`,
  DomainName: `${bucketName}.s3.amazonaws.com`,
  RegionalDomainName: `${bucketName}.s3.${region}.amazonaws.com`,
  DualStackDomainName: `${bucketName}.s3.dualstack.${region}.amazonaws.com`,
  WebsiteURL: `http://${bucketName}.s3-website-${region}.amazonaws.com`,
});

export const bucketPolicy: ResourceType = {
  properties: { Bucket: 'replace', PolicyDocument: 'update' },
  required: ['Bucket', 'PolicyDocument'],
  async create(properties, context) {
    const Bucket = text(properties, 'Bucket') ?? '';
    if ((await readPolicy(Bucket, context)) !== undefined)
      throw new AwsError('AlreadyExists', `The bucket policy already exists on bucket ${Bucket}.`);
    await context.invoke('s3', 'PutBucketPolicy', { Bucket, Policy: document(properties, 'PolicyDocument') });
    return { physicalId: Bucket };
  },
  async update(Bucket, properties, _, context) {
    await context.invoke('s3', 'PutBucketPolicy', { Bucket, Policy: document(properties, 'PolicyDocument') });
    return { physicalId: Bucket };
  },
  async remove(Bucket, _, context) {
    await context.invoke('s3', 'DeleteBucketPolicy', { Bucket });
  },
  async read(Bucket, properties, context) {
    const Policy = await readPolicy(Bucket, context);
    return Policy === undefined ? undefined : { Bucket: properties['Bucket'], PolicyDocument: JSON.parse(Policy) };
  },
};

async function readPolicy(Bucket: string, context: ResourceContext): Promise<string | undefined> {
  try {
    return (await context.invoke<{ Policy?: string }>('s3', 'GetBucketPolicy', { Bucket })).Policy;
  } catch (error) {
    if (error instanceof AwsError && error.code === 'NoSuchBucketPolicy') return undefined;
    throw error;
  }
}
