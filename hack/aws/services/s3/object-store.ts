// Objects and versions in a bucket: stored, found, deleted. No authorization here.
import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { AwsError } from '../../core/aws-error.ts';
import type { World } from '../../core/world.ts';
import type { CannedAcl } from './ownership.ts';
import type { Bucket, ObjectEncryption, ObjectHeaders, ObjectVersion } from './state.ts';

const NULL_VERSION = 'null';
const MAX_KEY_BYTES = 1024;

export const etagOf = (body: Uint8Array): string => `"${createHash('md5').update(body).digest('hex')}"`;

export const checkKey = (key: string): void => {
  if (Buffer.byteLength(key) > MAX_KEY_BYTES) throw new AwsError('KeyTooLongError', 'Your key is too long');
};

/** Members by which clients send checksums. */
const checksumMembers = [
  'ChecksumCRC32',
  'ChecksumCRC32C',
  'ChecksumCRC64NVME',
  'ChecksumSHA1',
  'ChecksumSHA256',
] as const;

/** Those that Node can compute; the others are kept as they came. */
const computations: Readonly<Record<string, (body: Uint8Array) => string>> = {
  ChecksumCRC32: (body) => {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32BE(crc32(body));
    return bytes.toString('base64');
  },
  ChecksumSHA1: (body) => createHash('sha1').update(body).digest('base64'),
  ChecksumSHA256: (body) => createHash('sha256').update(body).digest('base64'),
};

/** Checksums of an input, verified where they can be. Throws BadDigest. */
export const checksumsOf = (input: Readonly<Record<string, unknown>>, body: Uint8Array): Record<string, string> => {
  const found: Record<string, string> = {};
  for (const member of checksumMembers) {
    const given = input[member];
    if (typeof given !== 'string') continue;
    const computed = computations[member]?.(body);
    if (computed !== undefined && computed !== given) {
      throw new AwsError(
        'BadDigest',
        `The ${member.replace('Checksum', '')} you specified did not match the calculated checksum.`,
      );
    }
    found[member] = given;
  }
  const md5 = input['ContentMD5'];
  if (typeof md5 === 'string' && createHash('md5').update(body).digest('base64') !== md5) {
    throw new AwsError('BadDigest', 'The Content-MD5 you specified did not match what we received.');
  }
  return found;
};

export interface NewObject {
  readonly key: string;
  readonly body: Uint8Array;
  readonly etag?: string;
  readonly headers: ObjectHeaders;
  readonly metadata: Readonly<Record<string, string>>;
  readonly checksums: Readonly<Record<string, string>>;
  readonly encryption: ObjectEncryption;
  readonly storageClass: string;
  readonly tags: ReadonlyMap<string, string>;
  readonly writer: string;
  readonly acl: CannedAcl;
}

/** Puts a version on top; without versioning it replaces the one there is. */
const push = (bucket: Bucket, key: string, version: ObjectVersion): void => {
  const others = (bucket.objects.get(key) ?? []).filter(({ versionId }) => versionId !== version.versionId);
  bucket.objects.set(key, [version, ...others]);
};

const newVersionId = (world: World, bucket: Bucket): string =>
  bucket.versioning === 'Enabled' ? world.id(32) : NULL_VERSION;

export const storeObject = (world: World, bucket: Bucket, { key, etag, ...object }: NewObject): ObjectVersion => {
  checkKey(key);
  const version: ObjectVersion = {
    ...object,
    etag: etag ?? etagOf(object.body),
    versionId: newVersionId(world, bucket),
    lastModified: new Date(world.clock.now()),
    deleteMarker: false,
  };
  push(bucket, key, version);
  return version;
};

/** The version that a read without version id sees; undefined under a delete marker. */
export const currentVersion = (bucket: Bucket, key: string): ObjectVersion | undefined => {
  const top = bucket.objects.get(key)?.[0];
  return top?.deleteMarker === true ? undefined : top;
};

export const versionOf = (bucket: Bucket, key: string, versionId: string | undefined): ObjectVersion | undefined =>
  versionId === undefined
    ? currentVersion(bucket, key)
    : bucket.objects.get(key)?.find((version) => version.versionId === versionId);

export interface Deletion {
  /** Of the version removed or the marker made. */
  readonly versionId?: string;
  readonly deleteMarker?: boolean;
}

/** Deleting what is not there succeeds. https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObject.html */
export const deleteVersion = (world: World, bucket: Bucket, key: string, versionId: string | undefined): Deletion => {
  const versions = bucket.objects.get(key) ?? [];
  if (versionId !== undefined) {
    const removed = versions.find((version) => version.versionId === versionId);
    const left = versions.filter((version) => version !== removed);
    if (left.length === 0) bucket.objects.delete(key);
    else bucket.objects.set(key, left);
    return { versionId, ...(removed?.deleteMarker === true ? { deleteMarker: true } : {}) };
  }
  if (bucket.versioning === undefined) {
    bucket.objects.delete(key);
    return {};
  }
  const marker: ObjectVersion = {
    versionId: newVersionId(world, bucket),
    lastModified: new Date(world.clock.now()),
    deleteMarker: true,
    body: new Uint8Array(),
    etag: '',
    headers: {},
    metadata: {},
    checksums: {},
    encryption: { algorithm: 'AES256' },
    storageClass: 'STANDARD',
    tags: new Map(),
    writer: bucket.account,
    acl: 'private',
  };
  push(bucket, key, marker);
  return { versionId: marker.versionId, deleteMarker: true };
};

/** Version ids are shown only where versioning was ever switched on. */
export const shownVersionId = (bucket: Bucket, version: ObjectVersion): { VersionId?: string } =>
  bucket.versioning === undefined ? {} : { VersionId: version.versionId };
