// S3: buckets with what governs them, and the few object calls that folders need. Every call says whose bucket it expects.
import type * as sdk from '@aws-sdk/client-s3';
import { isFault } from '../fault.ts';
import type { AwsFault } from '../fault.ts';
import type { Service } from '../service.ts';

type Sdk = typeof sdk;

export interface BucketEncryption {
  readonly algorithm: 'AES256' | 'aws:kms' | 'aws:kms:dsse';
  /** As configured: an ARN, an id or an alias ARN; undefined with `aws:kms` means the AWS-managed key. */
  readonly keyId: string | undefined;
  readonly bucketKey: boolean;
}

export interface PublicAccessBlock {
  readonly blockPublicAcls: boolean;
  readonly ignorePublicAcls: boolean;
  readonly blockPublicPolicy: boolean;
  readonly restrictPublicBuckets: boolean;
}

export const s3 = (service: Service<Sdk>) => {
  // Bucket names are global: without this, a deleted and re-taken name would have us write a policy into a stranger's bucket.
  const own = (bucket: string) => ({ Bucket: bucket, ExpectedBucketOwner: service.account });
  return {
    /**
     * Region of a bucket of this account, also if it is not ours; undefined if no bucket has the name.
     * @throws AwsFault AccessDenied if the bucket is another account's
     */
    async bucketRegion(bucket: string): Promise<string | undefined> {
      try {
        const location = await service.find('GetBucketLocation', own(bucket));
        if (location === undefined) return undefined;
        // https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketLocation.html: us-east-1 is empty, EU an old name.
        const constraint: string = location.LocationConstraint ?? '';
        return constraint === '' ? 'us-east-1' : constraint === 'EU' ? 'eu-west-1' : constraint;
      } catch (error) {
        const region = isFault(error, 'Invalid') ? regionNamedBy(error) : undefined;
        if (region === undefined) throw error;
        return region;
      }
    },

    /** JSON of the bucket policy; undefined if the bucket has none. @throws AwsFault NotFound if there is no bucket */
    async bucketPolicy(bucket: string): Promise<string | undefined> {
      return (await service.find('GetBucketPolicy', own(bucket), 'NoSuchBucketPolicy'))?.Policy;
    },

    /** Replaces the bucket policy (at most 20 KB). There is no compare-and-swap: read before and after. */
    async putBucketPolicy(bucket: string, policy: string): Promise<void> {
      await service.write('PutBucketPolicy', { ...own(bucket), Policy: policy });
    },

    /** @returns false if the bucket is gone */
    async deleteBucketPolicy(bucket: string): Promise<boolean> {
      return await service.remove('DeleteBucketPolicy', own(bucket));
    },

    /** Default encryption; undefined if none is configured. @throws AwsFault NotFound if there is no bucket */
    async bucketEncryption(bucket: string): Promise<BucketEncryption | undefined> {
      const output = await service.find(
        'GetBucketEncryption',
        own(bucket),
        'ServerSideEncryptionConfigurationNotFoundError',
      );
      const rule = output?.ServerSideEncryptionConfiguration?.Rules?.[0];
      const algorithm = rule?.ApplyServerSideEncryptionByDefault?.SSEAlgorithm;
      if (algorithm !== 'AES256' && algorithm !== 'aws:kms' && algorithm !== 'aws:kms:dsse') return undefined;
      return {
        algorithm,
        keyId: rule?.ApplyServerSideEncryptionByDefault?.KMSMasterKeyID,
        bucketKey: rule?.BucketKeyEnabled === true,
      };
    },

    /** undefined if nothing is configured (which blocks nothing on the bucket's level). */
    async publicAccessBlock(bucket: string): Promise<PublicAccessBlock | undefined> {
      const output = await service.find('GetPublicAccessBlock', own(bucket), 'NoSuchPublicAccessBlockConfiguration');
      const block = output?.PublicAccessBlockConfiguration;
      if (block === undefined) return undefined;
      return {
        blockPublicAcls: block.BlockPublicAcls === true,
        ignorePublicAcls: block.IgnorePublicAcls === true,
        blockPublicPolicy: block.BlockPublicPolicy === true,
        restrictPublicBuckets: block.RestrictPublicBuckets === true,
      };
    },

    /** Tags of the bucket; empty if it has none. @throws AwsFault NotFound if there is no bucket */
    async bucketTags(bucket: string): Promise<Readonly<Record<string, string>>> {
      const output = await service.find('GetBucketTagging', own(bucket), 'NoSuchTagSet');
      return Object.fromEntries((output?.TagSet ?? []).map(({ Key, Value }) => [Key ?? '', Value ?? '']));
    },

    /** Whether any object's key begins with `prefix`. */
    async prefixExists(bucket: string, prefix: string): Promise<boolean> {
      const page = await service.read('ListObjectsV2', { ...own(bucket), Prefix: prefix, MaxKeys: 1 });
      return (page.KeyCount ?? page.Contents?.length ?? 0) > 0;
    },

    /** An empty object named `prefix` (ending in `/`), so that the folder shows before it has data. */
    async putFolderMarker(bucket: string, prefix: string): Promise<void> {
      await service.write('PutObject', { ...own(bucket), Key: prefix, Body: new Uint8Array(0), ContentLength: 0 });
    },

    /** Deletes all objects, versions and delete markers under `prefix` (default all), 1,000 a call. @returns how many */
    async deleteObjects(bucket: string, prefix = ''): Promise<number> {
      let deleted = 0;
      let more = true;
      while (more) {
        // Always the first page: what was listed is gone by the next.
        const page = await service.find('ListObjectVersions', { ...own(bucket), Prefix: prefix, MaxKeys: 1000 });
        const versions = [...(page?.Versions ?? []), ...(page?.DeleteMarkers ?? [])];
        if (versions.length === 0) return deleted;
        const output = await service.write('DeleteObjects', {
          ...own(bucket),
          Delete: { Quiet: true, Objects: versions.map(({ Key, VersionId }) => ({ Key: Key ?? '', VersionId })) },
        });
        const failed = output.Errors?.[0];
        if (failed !== undefined)
          throw service.entryFault(
            'DeleteObjects',
            failed.Code ?? 'Unknown',
            `${failed.Key ?? ''}: ${failed.Message ?? ''}`,
          );
        deleted += versions.length;
        more = page?.IsTruncated === true;
      }
      return deleted;
    },

    /** Deletes an empty bucket. @returns false if it is gone. @throws AwsFault Conflict if it holds objects */
    async deleteBucket(bucket: string): Promise<boolean> {
      return await service.remove('DeleteBucket', own(bucket));
    },
  };
};

export type S3 = ReturnType<typeof s3>;

/** AuthorizationHeaderMalformed "the region 'eu-west-1' is wrong; expecting 'us-west-2'": S3 asked in the wrong region. */
const regionNamedBy = ({ code, reason }: AwsFault): string | undefined =>
  code === 'AuthorizationHeaderMalformed' ? /expecting '([a-z0-9-]+)'/.exec(reason)?.[1] : undefined;
