// S3: buckets with what governs them, and the few object calls that folders need. Every call says whose bucket it expects.
import type * as sdk from '@aws-sdk/client-s3';
import { isFault } from '../fault.ts';
import type { AwsFault } from '../fault.ts';
import { everyPage, type Service } from '../service.ts';

type Sdk = typeof sdk;

export interface BucketEncryption {
  readonly algorithm: 'AES256' | 'aws:kms' | 'aws:kms:dsse';
  /** As configured: an ARN, an id or an alias ARN; undefined with `aws:kms` means the AWS-managed key. */
  readonly keyId: string | undefined;
  readonly bucketKey: boolean;
}

export class S3 {
  readonly #service: Service<Sdk>;

  constructor(service: Service<Sdk>) {
    this.#service = service;
  }

  /**
   * Region of a bucket of this account, also if it is not ours; undefined if no bucket has the name.
   * @throws AwsFault AccessDenied if the bucket is another account's
   */
  async bucketRegion(bucket: string): Promise<string | undefined> {
    try {
      const location = await this.#service.find('GetBucketLocation', this.#own(bucket));
      if (location === undefined) return undefined;
      // https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketLocation.html: us-east-1 is empty, EU an old name.
      const constraint: string = location.LocationConstraint ?? '';
      return constraint === '' ? 'us-east-1' : constraint === 'EU' ? 'eu-west-1' : constraint;
    } catch (error) {
      const region = isFault(error, 'Invalid') ? regionNamedBy(error) : undefined;
      if (region === undefined) throw error;
      return region;
    }
  }

  /** Names of the account's buckets in this region, 1,000 at a time, by name. */
  async *bucketPages(): AsyncGenerator<readonly string[]> {
    const read = (ContinuationToken: string | undefined) =>
      this.#service.read('ListBuckets', { BucketRegion: this.#service.region, MaxBuckets: 1_000, ContinuationToken });
    for await (const page of everyPage(read, (one) => one.ContinuationToken))
      yield (page.Buckets ?? []).flatMap(({ Name }) => Name ?? []);
  }

  /** JSON of the bucket policy; undefined if the bucket has none. @throws AwsFault NotFound if there is no bucket */
  async bucketPolicy(bucket: string): Promise<string | undefined> {
    return (await this.#service.find('GetBucketPolicy', this.#own(bucket), 'NoSuchBucketPolicy'))?.Policy;
  }

  /** Replaces the bucket policy (at most 20 KB). There is no compare-and-swap: read before and after. */
  async putBucketPolicy(bucket: string, policy: string): Promise<void> {
    await this.#service.write('PutBucketPolicy', { ...this.#own(bucket), Policy: policy });
  }

  /** @returns false if the bucket is gone */
  async deleteBucketPolicy(bucket: string): Promise<boolean> {
    return await this.#service.remove('DeleteBucketPolicy', this.#own(bucket));
  }

  /** Default encryption; undefined if none is configured. @throws AwsFault NotFound if there is no bucket */
  async bucketEncryption(bucket: string): Promise<BucketEncryption | undefined> {
    const output = await this.#service.find(
      'GetBucketEncryption',
      this.#own(bucket),
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
  }

  /** Tags of the bucket; empty if it has none. @throws AwsFault NotFound if there is no bucket */
  async bucketTags(bucket: string): Promise<Readonly<Record<string, string>>> {
    const output = await this.#service.find('GetBucketTagging', this.#own(bucket), 'NoSuchTagSet');
    return Object.fromEntries((output?.TagSet ?? []).map(({ Key, Value }) => [Key ?? '', Value ?? '']));
  }

  /** Whether any object's key begins with `prefix`. */
  async prefixExists(bucket: string, prefix: string): Promise<boolean> {
    const page = await this.#service.read('ListObjectsV2', { ...this.#own(bucket), Prefix: prefix, MaxKeys: 1 });
    return (page.KeyCount ?? page.Contents?.length ?? 0) > 0;
  }

  /** Deletes all objects, versions and delete markers under `prefix` (default all), 1,000 a call. @returns how many */
  async deleteObjects(bucket: string, prefix = ''): Promise<number> {
    let deleted = 0;
    let more = true;
    while (more) {
      // Always the first page: what was listed is gone by the next.
      const page = await this.#service.find('ListObjectVersions', {
        ...this.#own(bucket),
        Prefix: prefix,
        MaxKeys: 1000,
      });
      const versions = [...(page?.Versions ?? []), ...(page?.DeleteMarkers ?? [])];
      if (versions.length === 0) return deleted;
      const output = await this.#service.write('DeleteObjects', {
        ...this.#own(bucket),
        Delete: { Quiet: true, Objects: versions.map(({ Key, VersionId }) => ({ Key: Key ?? '', VersionId })) },
      });
      const failed = output.Errors?.[0];
      if (failed !== undefined)
        throw this.#service.entryFault(
          'DeleteObjects',
          failed.Code ?? 'Unknown',
          `${failed.Key ?? ''}: ${failed.Message ?? ''}`,
        );
      deleted += versions.length;
      more = page?.IsTruncated === true;
    }
    return deleted;
  }

  /** Deletes an empty bucket. @returns false if it is gone. @throws AwsFault Conflict if it holds objects */
  async deleteBucket(bucket: string): Promise<boolean> {
    return await this.#service.remove('DeleteBucket', this.#own(bucket));
  }

  /** Bucket names are global: without this, a deleted and re-taken name would have us write a policy into a stranger's bucket. */
  #own(bucket: string) {
    return { Bucket: bucket, ExpectedBucketOwner: this.#service.account };
  }
}

/** AuthorizationHeaderMalformed "the region 'eu-west-1' is wrong; expecting 'us-west-2'": S3 asked in the wrong region. */
const regionNamedBy = ({ code, reason }: AwsFault): string | undefined =>
  code === 'AuthorizationHeaderMalformed' ? /expecting '([a-z0-9-]+)'/.exec(reason)?.[1] : undefined;
