// Objects: put, get, head, copy, delete.
import type * as sdk from '@aws-sdk/client-s3';
import { AwsError } from '../../core/aws-error.ts';
import {
  operation,
  type AnyOperation,
  type Call,
  type Need,
  type Output,
  type RequestContext,
} from '../../core/operation.ts';
import { refuseMembers } from '../../core/unsupported-members.ts';
import { demandReadable, encryptionContext, encryptionFor, shownEncryption } from './object-encryption.ts';
import { checksumsOf, currentVersion, deleteVersion, shownVersionId, storeObject, versionOf } from './object-store.ts';
import { onlyDenials } from './public-policy.ts';
import { demandConditions, rangeOf } from './reading.ts';
import { aclPolicies, cannedAcl, demandLists, objectOwner, writerOf } from './ownership.ts';
import type { Bucket, ObjectHeaders, ObjectVersion } from './state.ts';
import {
  accessDenied,
  bucketNeeds,
  isAllowed,
  objectNeeds,
  targetOf,
  type ObjectInput,
  type Target,
} from './target.ts';

/** `a=1&b=2`, as headers carry tags. */
export const tagsOfHeader = (header: string | undefined): Map<string, string> =>
  new Map(new URLSearchParams(header ?? ''));

export const tagContext = (tags: ReadonlyMap<string, string>): RequestContext =>
  tags.size === 0
    ? {}
    : {
        's3:RequestObjectTagKeys': [...tags.keys()],
        ...Object.fromEntries([...tags].map(([key, value]) => [`s3:RequestObjectTag/${key}`, value])),
      };

const existingTags = (version: ObjectVersion | undefined): RequestContext =>
  Object.fromEntries([...(version?.tags ?? [])].map(([key, value]) => [`s3:ExistingObjectTag/${key}`, value]));

interface VersionInput extends ObjectInput {
  readonly VersionId?: string | undefined;
}

/** `s3:GetObject`, or `s3:GetObjectVersion` for a version by id. */
export const versionNeeds = (action: string, input: VersionInput, call: Call): Need[] => {
  const target = targetOf(input, call);
  const { Key: key = '', VersionId: versionId } = input;
  const version = versionOf(target.bucket, key, versionId);
  const context = existingTags(version);
  const needs =
    versionId === undefined
      ? objectNeeds(target, action, key, call, context)
      : objectNeeds(target, action.replace(/^(s3:[A-Z][a-z]+Object)/, '$1Version'), key, call, {
          ...context,
          's3:VersionId': versionId,
        });
  return version === undefined || action === 's3:DeleteObject' ? needs : ownedNeeds(target, version, needs);
};

/**
 * What a bucket's owner does not own, its policies cannot open, only close: the object is its owner's, who opens it by its list. Deleting
 * is the bucket owner's right all the same.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-policy-language-overview.html
 */
const ownedNeeds = ({ bucket }: Target, version: ObjectVersion, needs: readonly Need[]): Need[] => {
  const owner = objectOwner(bucket, version);
  if (owner === bucket.account) return [...needs];
  return needs.map((need) => ({
    ...need,
    resourceAccount: owner,
    resourcePolicies: [...(need.resourcePolicies ?? []).flatMap(onlyDenials), ...aclPolicies(bucket, version)],
  }));
};

/** Without the right to list, a missing key is not told from a forbidden one. */
export const missingKey = (target: Target, input: VersionInput, call: Call): AwsError => {
  if (!isAllowed(call, bucketNeeds(target, 's3:ListBucket', call))) return accessDenied();
  return input.VersionId === undefined
    ? new AwsError('NoSuchKey', 'The specified key does not exist.', { members: { Key: input.Key } })
    : new AwsError('NoSuchVersion', 'The specified version does not exist.', {
        members: { Key: input.Key, VersionId: input.VersionId },
      });
};

export const headersOf = (input: ObjectHeaders & { readonly ContentEncoding?: string | undefined }): ObjectHeaders => {
  // `aws-chunked` describes the transfer, not the object.
  const encoding = input.ContentEncoding?.split(',')
    .map((one) => one.trim())
    .filter((one) => one !== 'aws-chunked' && one !== '')
    .join(',');
  return {
    ...(input.CacheControl === undefined ? {} : { CacheControl: input.CacheControl }),
    ...(input.ContentDisposition === undefined ? {} : { ContentDisposition: input.ContentDisposition }),
    ...(encoding === undefined || encoding === '' ? {} : { ContentEncoding: encoding }),
    ...(input.ContentLanguage === undefined ? {} : { ContentLanguage: input.ContentLanguage }),
    ContentType: input.ContentType ?? 'binary/octet-stream',
  };
};

const bytesOf = (body: unknown): Uint8Array => {
  if (body === undefined) return new Uint8Array();
  if (body instanceof Uint8Array) return body;
  if (typeof body === 'string') return Buffer.from(body);
  throw new AwsError('InvalidRequest', 'the AWS simulator takes bodies as bytes or text');
};

const demandWriteConditions = (
  existing: ObjectVersion | undefined,
  input: { IfMatch?: string | undefined; IfNoneMatch?: string | undefined },
): void => {
  const holds =
    (input.IfNoneMatch === undefined || existing === undefined) &&
    (input.IfMatch === undefined || existing?.etag === input.IfMatch);
  if (!holds) throw new AwsError('PreconditionFailed', 'At least one of the pre-conditions you specified did not hold');
};

/** Members of writes that the simulator would ignore. */
const unsupportedInWrites = [
  'SSECustomerAlgorithm',
  'ObjectLockMode',
  'ObjectLockRetainUntilDate',
  'ObjectLockLegalHoldStatus',
  'WriteOffsetBytes',
  'WebsiteRedirectLocation',
];

const grantHeaders = ['GrantFullControl', 'GrantRead', 'GrantReadACP', 'GrantWriteACP'] as const;

interface AclInput {
  readonly ACL?: string | undefined;
  readonly GrantFullControl?: string | undefined;
  readonly GrantRead?: string | undefined;
  readonly GrantReadACP?: string | undefined;
  readonly GrantWriteACP?: string | undefined;
}

/** Refuses what a write cannot have, and tells whose the object becomes. */
export const demandSupportedWrite = (call: Call, bucket: Bucket, input: AclInput) => {
  refuseMembers(call, input, unsupportedInWrites);
  if (grantHeaders.some((header) => input[header] !== undefined)) demandLists(bucket);
  refuseMembers(call, input, grantHeaders);
  const acl = cannedAcl(bucket, input.ACL);
  return { acl, writer: writerOf(bucket, call, acl) };
};

const aclContext = (acl: string | undefined): RequestContext => (acl === undefined ? {} : { 's3:x-amz-acl': acl });

const putObject = operation<sdk.PutObjectCommandInput, Output<sdk.PutObjectCommandOutput>>({
  access: 'write',
  dataPlane: true,
  anonymous: true,
  needs(input, call) {
    const target = targetOf(input, call);
    const tags = tagsOfHeader(input.Tagging);
    const context = { ...encryptionContext(input), ...tagContext(tags), ...aclContext(input.ACL) };
    const key = input.Key ?? '';
    const tagging = tags.size === 0 ? [] : objectNeeds(target, 's3:PutObjectTagging', key, call, tagContext(tags));
    return [...objectNeeds(target, 's3:PutObject', key, call, context), ...tagging];
  },
  async handle(input, call) {
    const { bucket } = targetOf(input, call);
    const key = input.Key ?? '';
    const ownership = demandSupportedWrite(call, bucket, input);
    const body = bytesOf(input.Body);
    demandWriteConditions(currentVersion(bucket, key), input);
    const checksums = checksumsOf({ ...input }, body);
    const encryption = await encryptionFor(call, bucket, key, input);
    const version = storeObject(call.world, bucket, {
      key,
      body,
      headers: headersOf(input as ObjectHeaders),
      metadata: input.Metadata ?? {},
      checksums,
      encryption,
      storageClass: input.StorageClass ?? 'STANDARD',
      tags: tagsOfHeader(input.Tagging),
      ...ownership,
    });
    return { ETag: version.etag, ...checksums, ...shownVersionId(bucket, version), ...shownEncryption(encryption) };
  },
});

/** What HEAD and GET say about a version. */
const describe = ({ bucket }: Target, version: ObjectVersion, withChecksums: boolean) => ({
  AcceptRanges: 'bytes',
  LastModified: version.lastModified,
  ContentLength: version.body.length,
  ETag: version.etag,
  ...version.headers,
  Metadata: version.metadata,
  ...(withChecksums ? version.checksums : {}),
  ...(version.tags.size === 0 ? {} : { TagCount: version.tags.size }),
  ...(version.storageClass === 'STANDARD' ? {} : { StorageClass: version.storageClass as sdk.StorageClass }),
  ...shownVersionId(bucket, version),
  ...shownEncryption(version.encryption),
});

type ReadInput = sdk.GetObjectCommandInput | sdk.HeadObjectCommandInput;

/** The version to read, when it is there, can be decrypted and the conditions hold. */
const readable = async (input: ReadInput, call: Call): Promise<{ target: Target; version: ObjectVersion }> => {
  const target = targetOf(input, call);
  const version = versionOf(target.bucket, input.Key ?? '', input.VersionId);
  if (version === undefined) throw missingKey(target, input, call);
  if (version.deleteMarker)
    throw new AwsError('MethodNotAllowed', 'The specified method is not allowed against this resource.');
  demandConditions(version, input);
  await demandReadable(call, version.encryption);
  return { target, version };
};

const getObject = operation<
  sdk.GetObjectCommandInput,
  Omit<sdk.GetObjectCommandOutput, '$metadata' | 'Body'> & { Body: Uint8Array }
>({
  access: 'read',
  dataPlane: true,
  anonymous: true,
  needs: (input, call) => versionNeeds('s3:GetObject', input, call),
  async handle(input, call) {
    refuseMembers(call, input, ['PartNumber', 'SSECustomerAlgorithm']);
    const { target, version } = await readable(input, call);
    const range = rangeOf(input.Range, version.body.length);
    const described = describe(target, version, input.ChecksumMode === 'ENABLED' && range === undefined);
    const overrides = {
      ...(input.ResponseContentType === undefined ? {} : { ContentType: input.ResponseContentType }),
      ...(input.ResponseContentDisposition === undefined
        ? {}
        : { ContentDisposition: input.ResponseContentDisposition }),
    };
    if (range === undefined) return { ...described, ...overrides, Body: version.body };
    const { start, end } = range;
    return {
      ...described,
      ...overrides,
      ContentLength: end - start,
      ContentRange: `bytes ${start}-${end - 1}/${version.body.length}`,
      Body: version.body.subarray(start, end),
    };
  },
});

const headObject = operation<sdk.HeadObjectCommandInput, Output<sdk.HeadObjectCommandOutput>>({
  access: 'read',
  dataPlane: true,
  anonymous: true,
  needs: (input, call) => versionNeeds('s3:GetObject', input, call),
  async handle(input, call) {
    const { target, version } = await readable(input, call);
    return describe(target, version, input.ChecksumMode === 'ENABLED');
  },
});

const deletionOf = ({ versionId, deleteMarker }: ReturnType<typeof deleteVersion>) => ({
  ...(versionId === undefined ? {} : { VersionId: versionId }),
  ...(deleteMarker === undefined ? {} : { DeleteMarker: deleteMarker }),
});

const deleteObject = operation<sdk.DeleteObjectCommandInput, Output<sdk.DeleteObjectCommandOutput>>({
  access: 'write',
  dataPlane: true,
  anonymous: true,
  needs: (input, call) => versionNeeds('s3:DeleteObject', input, call),
  handle: (input, call) =>
    deletionOf(deleteVersion(call.world, targetOf(input, call).bucket, input.Key ?? '', input.VersionId)),
});

const MAX_DELETIONS = 1000;

const deleteObjects = operation<sdk.DeleteObjectsCommandInput, Output<sdk.DeleteObjectsCommandOutput>>({
  access: 'write',
  dataPlane: true,
  anonymous: true,
  // Each object is authorized by itself; the answer tells which were refused.
  needs(input, call) {
    targetOf(input, call);
    return [];
  },
  handle(input, call) {
    const { bucket } = targetOf(input, call);
    const wanted = input.Delete?.Objects ?? [];
    if (wanted.length === 0 || wanted.length > MAX_DELETIONS) {
      throw new AwsError(
        'MalformedXML',
        'The XML you provided was not well-formed or did not validate against our published schema',
      );
    }
    const Deleted: sdk.DeletedObject[] = [];
    const Errors: sdk._Error[] = [];
    for (const { Key, VersionId } of wanted) {
      if (!isAllowed(call, versionNeeds('s3:DeleteObject', { ...input, Key, VersionId }, call))) {
        Errors.push({
          Key,
          ...(VersionId === undefined ? {} : { VersionId }),
          Code: 'AccessDenied',
          Message: 'Access Denied',
        });
        continue;
      }
      const { versionId, deleteMarker } = deleteVersion(call.world, bucket, Key ?? '', VersionId);
      Deleted.push({
        Key,
        ...(VersionId === undefined ? {} : { VersionId }),
        ...(deleteMarker === undefined ? {} : { DeleteMarker: deleteMarker, DeleteMarkerVersionId: versionId }),
      });
    }
    return { ...(input.Delete?.Quiet === true ? {} : { Deleted }), ...(Errors.length === 0 ? {} : { Errors }) };
  },
});

/** `bucket/key?versionId=x`, or an access point ARN with `/object/` before the key; percent-encoded. */
const parseCopySource = (source: string): { Bucket: string; Key: string; VersionId?: string } => {
  const [path = '', query = ''] = source.replace(/^\//, '').split('?versionId=');
  const decoded = decodeURIComponent(path);
  const arn = /^(arn:aws:s3:[^:]+:\d{12}:accesspoint\/[^/]+)\/object\/(.+)$/s.exec(decoded);
  const slash = decoded.indexOf('/');
  const [Bucket, Key] =
    arn === null ? [decoded.slice(0, slash), decoded.slice(slash + 1)] : [arn[1] ?? '', arn[2] ?? ''];
  return query === '' ? { Bucket, Key } : { Bucket, Key, VersionId: query };
};

const copyObject = operation<sdk.CopyObjectCommandInput, Output<sdk.CopyObjectCommandOutput>>({
  access: 'write',
  dataPlane: true,
  anonymous: true,
  needs: (input, call) => [
    ...versionNeeds('s3:GetObject', parseCopySource(input.CopySource ?? ''), call),
    ...objectNeeds(targetOf(input, call), 's3:PutObject', input.Key ?? '', call, {
      ...encryptionContext(input),
      ...aclContext(input.ACL),
    }),
  ],
  async handle(input, call) {
    const { version: source } = await readable(parseCopySource(input.CopySource ?? ''), call);
    const { bucket } = targetOf(input, call);
    const key = input.Key ?? '';
    const ownership = demandSupportedWrite(call, bucket, input);
    const replacing = input.MetadataDirective === 'REPLACE';
    const encryption = await encryptionFor(call, bucket, key, input);
    const version = storeObject(call.world, bucket, {
      key,
      body: source.body,
      etag: source.etag,
      headers: replacing ? headersOf(input as ObjectHeaders) : source.headers,
      metadata: replacing ? (input.Metadata ?? {}) : source.metadata,
      checksums: source.checksums,
      encryption,
      storageClass: input.StorageClass ?? 'STANDARD',
      tags: input.TaggingDirective === 'REPLACE' ? tagsOfHeader(input.Tagging) : source.tags,
      ...ownership,
    });
    return {
      CopyObjectResult: { ETag: version.etag, LastModified: version.lastModified },
      ...shownVersionId(bucket, version),
      ...shownEncryption(encryption),
    };
  },
});

export const objectOperations: Readonly<Record<string, AnyOperation>> = {
  PutObject: putObject,
  GetObject: getObject,
  HeadObject: headObject,
  DeleteObject: deleteObject,
  DeleteObjects: deleteObjects,
  CopyObject: copyObject,
};
