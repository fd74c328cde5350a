// ARNs, and the partitions of AWS that they begin with. An installation works in one partition: nobody can be let in from another.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html

interface PartitionFacts {
  readonly regions: RegExp;
  readonly dnsSuffix: string;
  /** Where CloudTrail records what happens in IAM, which has no region. */
  readonly iamEvents: string;
  /** Of the web console, behind `console.` and `signin.`; the latter as in the endpoints of the SDK's signin client. */
  readonly consoleDomain: string;
}

/** As the SDK's own table has them: `partitions` in @aws-sdk/core (arn.test.ts compares). */
const partitions: Readonly<Record<string, PartitionFacts>> = {
  'aws-cn': { regions: /^cn-/, dnsSuffix: 'amazonaws.com.cn', iamEvents: 'cn-north-1', consoleDomain: 'amazonaws.cn' },
  'aws-eusc': {
    regions: /^eusc-/,
    dnsSuffix: 'amazonaws.eu',
    iamEvents: 'eusc-de-east-1',
    consoleDomain: 'amazonaws-eusc.eu',
  },
  'aws-iso': {
    regions: /^us-iso-/,
    dnsSuffix: 'c2s.ic.gov',
    iamEvents: 'us-iso-east-1',
    consoleDomain: 'c2shome.ic.gov',
  },
  'aws-iso-b': {
    regions: /^us-isob-/,
    dnsSuffix: 'sc2s.sgov.gov',
    iamEvents: 'us-isob-east-1',
    consoleDomain: 'sc2shome.sgov.gov',
  },
  'aws-iso-e': {
    regions: /^eu-isoe-/,
    dnsSuffix: 'cloud.adc-e.uk',
    iamEvents: 'eu-isoe-west-1',
    consoleDomain: 'csphome.adc-e.uk',
  },
  'aws-iso-f': {
    regions: /^us-isof-/,
    dnsSuffix: 'csp.hci.ic.gov',
    iamEvents: 'us-isof-south-1',
    consoleDomain: 'csphome.hci.ic.gov',
  },
  'aws-us-gov': {
    regions: /^us-gov-/,
    dnsSuffix: 'amazonaws.com',
    iamEvents: 'us-gov-west-1',
    consoleDomain: 'amazonaws-us-gov.com',
  },
};
const commercial: PartitionFacts = {
  regions: /^/,
  dnsSuffix: 'amazonaws.com',
  iamEvents: 'us-east-1',
  consoleDomain: 'aws.amazon.com',
};

const others = Object.entries(partitions);

/** The partition that a region lies in: the first part of every ARN there. */
export const partitionOf = (region: string): string =>
  others.find(([, { regions }]) => regions.test(region))?.[0] ?? 'aws';

/** What names of services end in, as in `s3.cn-north-1.amazonaws.com.cn`. */
export const dnsSuffixOf = (region: string): string => (partitions[partitionOf(region)] ?? commercial).dnsSuffix;

export const iamEventsRegion = (region: string): string => (partitions[partitionOf(region)] ?? commercial).iamEvents;

export const consoleDomainOf = (region: string): string =>
  (partitions[partitionOf(region)] ?? commercial).consoleDomain;

export interface ArnParts {
  readonly partition: string;
  readonly service: string;
  readonly region?: string;
  readonly account?: string;
  readonly resource: string;
}

export const arnOf = ({ partition, service, region = '', account = '', resource }: ArnParts): string =>
  `arn:${partition}:${service}:${region}:${account}:${resource}`;

/** @param resource `role/path/name`, `user/name`, `policy/name`, `root` */
export const iamArn = (partition: string, account: string, resource: string): string =>
  arnOf({ partition, service: 'iam', account, resource });

/** @param resource a bucket, or `bucket/key` */
export const s3Arn = (partition: string, resource: string): string => arnOf({ partition, service: 's3', resource });

/** Where something lies in AWS. */
interface Place {
  readonly account: string;
  readonly region: string;
}

/** Of what lies in a region, whose partition is that of the region. */
export const regionalArn = ({ account, region }: Place, service: string, resource: string): string =>
  arnOf({ partition: partitionOf(region), service, region, account, resource });

export const bucketArn = ({ region, bucket }: { readonly region: string; readonly bucket: string }): string =>
  s3Arn(partitionOf(region), bucket);

export const keyArn = ({ keyId, ...place }: Place & { readonly keyId: string }): string =>
  regionalArn(place, 'kms', `key/${keyId}`);

export const accessPointArn = ({ name, ...place }: Place & { readonly name: string }): string =>
  regionalArn(place, 's3', `accesspoint/${name}`);

/** Of an ARN; `aws` where it is none. */
export const partitionInArn = (arn: string): string => /^arn:([^:]+):/.exec(arn)?.[1] ?? 'aws';

/** The first ARN of a service that a sentence names, in whatever partition. It ends at a space, a comma or a semicolon. */
export const arnNamedIn = (sentence: string, service: string): string | undefined =>
  new RegExp(`\\barn:[^\\s:,;]+:${service}:[^\\s,;]+`).exec(sentence)?.[0];
