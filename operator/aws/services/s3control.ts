// S3 Control: access points, one per dataset and principal, through which folders are shared.
import type * as sdk from '@aws-sdk/client-s3-control';
import { isFault } from '../fault.ts';
import { listAll } from '../service.ts';
import type { Service } from '../service.ts';

type Sdk = typeof sdk;

export interface AccessPoint {
  readonly name: string;
  readonly arn: string;
  /** Usable wherever a bucket name is: `<name>-<random>-s3alias`. */
  readonly alias: string;
  readonly bucket: string;
  /** It lets nobody in from outside of one VPC, whatever its policy says. That is chosen when it is made, and stays. */
  readonly isOfVpc: boolean;
}

export class S3Control {
  readonly #service: Service<Sdk>;

  constructor(service: Service<Sdk>) {
    this.#service = service;
  }

  async accessPoint(name: string): Promise<AccessPoint | undefined> {
    const point = await this.#service.find('GetAccessPoint', this.#named(name));
    if (point === undefined) return undefined;
    return {
      name,
      arn: point.AccessPointArn ?? '',
      alias: point.Alias ?? '',
      bucket: point.Bucket ?? '',
      isOfVpc: point.NetworkOrigin === 'VPC',
    };
  }

  /** Access points of this account and region, of one bucket if named; 1,000 a page, up to 10,000 there may be. */
  async accessPoints(bucket?: string): Promise<readonly AccessPoint[]> {
    return await listAll(
      (NextToken) =>
        this.#service.read('ListAccessPoints', {
          AccountId: this.#service.account,
          Bucket: bucket,
          MaxResults: 1000,
          NextToken,
        }),
      (page) => page.NextToken,
      (page) =>
        page.AccessPointList?.map((point) => ({
          name: point.Name ?? '',
          arn: point.AccessPointArn ?? '',
          alias: point.Alias ?? '',
          bucket: point.Bucket ?? '',
          isOfVpc: point.NetworkOrigin === 'VPC',
        })),
    );
  }

  /**
   * Makes an access point. It is closed to the public, as AWS makes them all: to say so in the request would need a right of its own,
   * s3:PutAccessPointPublicAccessBlock (https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-points-bpa-settings.html).
   * Making it again for the same bucket answers the existing one.
   * @throws AwsFault AlreadyExists if the name is taken by an access point of another bucket, or of a VPC
   */
  async createAccessPoint(name: string, bucket: string): Promise<AccessPoint> {
    const existing = async () => await this.#service.find('GetAccessPoint', this.#named(name));
    const made = await this.#service
      .write('CreateAccessPoint', { ...this.#named(name), Bucket: bucket, BucketAccountId: this.#service.account })
      .catch(async (error: unknown) => {
        const point = isFault(error, 'AlreadyExists') ? await existing() : undefined;
        if (point?.Bucket !== bucket || point.NetworkOrigin === 'VPC') throw error;
        return point;
      });
    return { name, arn: made.AccessPointArn ?? '', alias: made.Alias ?? '', bucket, isOfVpc: false };
  }

  /** @returns false if it was gone */
  async deleteAccessPoint(name: string): Promise<boolean> {
    return await this.#service.remove('DeleteAccessPoint', this.#named(name));
  }

  /** JSON of the policy; undefined if it has none, or there is no such access point. */
  async accessPointPolicy(name: string): Promise<string | undefined> {
    return (await this.#service.find('GetAccessPointPolicy', this.#named(name)))?.Policy;
  }

  /** Replaces the policy (at most 20 KB). */
  async putAccessPointPolicy(name: string, policy: string): Promise<void> {
    await this.#service.write('PutAccessPointPolicy', { ...this.#named(name), Policy: policy });
  }

  #named(name: string) {
    return { AccountId: this.#service.account, Name: name };
  }
}
