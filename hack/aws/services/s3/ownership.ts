// Who owns an object, and what its access control list says: with lists off, the bucket's owner and nothing.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/about-object-ownership.html
import type { PolicyDocument } from '../../../../operator/policy/document.ts';
import { AwsError, notImplemented } from '../../core/aws-error.ts';
import type { Call } from '../../core/operation.ts';
import type { Bucket, ObjectVersion } from './state.ts';

/** Canned lists that speak of nobody but the two owners; those that open an object to others are not had here. */
export const CANNED_ACLS = ['private', 'bucket-owner-read', 'bucket-owner-full-control'] as const;
export type CannedAcl = (typeof CANNED_ACLS)[number];

const OWNERSHIPS = ['BucketOwnerEnforced', 'BucketOwnerPreferred', 'ObjectWriter'] as const;
export type ObjectOwnership = (typeof OWNERSHIPS)[number];

/** A bucket without ownership controls is of the time before them: the writer owns what it writes. */
export const ownershipOf = ({ documents }: Pick<Bucket, 'documents'>): ObjectOwnership => {
  const stored = documents.get('ownership') as { Rules?: { ObjectOwnership?: string }[] } | undefined;
  return OWNERSHIPS.find((name) => name === stored?.Rules?.[0]?.ObjectOwnership) ?? 'ObjectWriter';
};

/** @throws MalformedXML for anything but one rule of a kind that exists */
export const demandOwnershipRule = (controls: {
  Rules?: { ObjectOwnership?: string | undefined }[] | undefined;
}): void => {
  const [rule, ...more] = controls.Rules ?? [];
  if (more.length > 0 || !OWNERSHIPS.some((name) => name === rule?.ObjectOwnership))
    throw new AwsError(
      'MalformedXML',
      'The XML you provided was not well-formed or did not validate against our published schema',
    );
};

const noLists = (): AwsError => new AwsError('AccessControlListNotSupported', 'The bucket does not allow ACLs');

/** The list of an object that is written. With lists off only the one that changes nothing may be sent. */
export const cannedAcl = (bucket: Bucket, acl: string | undefined): CannedAcl => {
  if (ownershipOf(bucket) === 'BucketOwnerEnforced') {
    if (acl !== undefined && acl !== 'bucket-owner-full-control') throw noLists();
    return 'bucket-owner-full-control';
  }
  const known = CANNED_ACLS.find((name) => name === (acl ?? 'private'));
  if (known === undefined) throw notImplemented(`s3 canned ACL ${acl ?? ''}`);
  return known;
};

/** Lists of an object can be replaced only where there are lists: not even by the one that changes nothing. */
export const demandLists = (bucket: Bucket): void => {
  if (ownershipOf(bucket) === 'BucketOwnerEnforced') throw noLists();
};

/** The account that a new object belongs to, as long as the bucket has lists. */
export const writerOf = (bucket: Bucket, call: Call, acl: CannedAcl): string =>
  ownershipOf(bucket) === 'BucketOwnerPreferred' && acl === 'bucket-owner-full-control'
    ? bucket.account
    : call.account || bucket.account;

/** Switching lists off gives the bucket's owner everything in it, switching them on again gives it back. */
export const objectOwner = (bucket: Bucket, version: ObjectVersion | undefined): string =>
  version === undefined || ownershipOf(bucket) === 'BucketOwnerEnforced' ? bucket.account : version.writer;

/** What lists say as policies; remembered, as the evaluator remembers policies by object. */
const policies = new Map<string, PolicyDocument>();

const READ = ['s3:GetObject', 's3:GetObjectVersion'];
const FULL = [...READ, 's3:GetObjectAcl', 's3:GetObjectVersionAcl', 's3:PutObjectAcl', 's3:PutObjectVersionAcl'];

/**
 * The list of an object of another account than the bucket's, as a policy for the bucket's owner.
 * Actions: https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html#permissions
 */
export const aclPolicies = (bucket: Bucket, version: ObjectVersion): readonly PolicyDocument[] => {
  if (version.acl === 'private') return [];
  const key = `${bucket.account} ${version.acl}`;
  const known = policies.get(key);
  if (known !== undefined) return [known];
  const policy: PolicyDocument = {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { AWS: `arn:aws:iam::${bucket.account}:root` },
        Action: version.acl === 'bucket-owner-read' ? READ : FULL,
        Resource: '*',
      },
    ],
  };
  policies.set(key, policy);
  return [policy];
};
