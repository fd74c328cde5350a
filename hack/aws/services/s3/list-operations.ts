// Listing objects and versions.
import type * as sdk from '@aws-sdk/client-s3';
import { AwsError } from '../../core/aws-error.ts';
import { operation, type AnyOperation, type Call, type Output, type RequestContext } from '../../core/operation.ts';
import { byBytes, listKeys, type ListingQuery } from './listing.ts';
import { currentVersion } from './object-store.ts';
import { ownerOf, type Bucket, type ObjectVersion } from './state.ts';
import { bucketNeeds, targetOf } from './target.ts';

const MAX_KEYS = 1000;

interface ListInput {
  readonly Prefix?: string | undefined;
  readonly Delimiter?: string | undefined;
  readonly MaxKeys?: number | undefined;
  readonly EncodingType?: string | undefined;
}

/** Condition keys of s3:ListBucket; only parameters that were sent. */
const listContext = (input: ListInput): RequestContext => ({
  ...(input.Prefix === undefined ? {} : { 's3:prefix': input.Prefix }),
  ...(input.Delimiter === undefined ? {} : { 's3:delimiter': input.Delimiter }),
  ...(input.MaxKeys === undefined ? {} : { 's3:max-keys': String(input.MaxKeys) }),
});

const queryOf = (input: ListInput, after: string): ListingQuery => {
  const maxKeys = input.MaxKeys ?? MAX_KEYS;
  if (maxKeys < 0)
    throw new AwsError('InvalidArgument', 'Argument maxKeys must be an integer between 0 and 2147483647');
  return { prefix: input.Prefix ?? '', delimiter: input.Delimiter, after, maxKeys: Math.min(maxKeys, MAX_KEYS) };
};

/** Keys can hold characters XML cannot: clients may ask for them percent-encoded. */
const encoder =
  (input: ListInput) =>
  (text: string): string =>
    input.EncodingType === 'url' ? encodeURIComponent(text).replaceAll('%2F', '/') : text;

/** Parameters given back as they came. */
const echo = (input: ListInput, encode: (text: string) => string) => ({
  Prefix: encode(input.Prefix ?? ''),
  MaxKeys: Math.min(input.MaxKeys ?? MAX_KEYS, MAX_KEYS),
  ...(input.Delimiter === undefined ? {} : { Delimiter: encode(input.Delimiter) }),
  ...(input.EncodingType === undefined ? {} : { EncodingType: input.EncodingType as sdk.EncodingType }),
});

const liveKeys = (bucket: Bucket): string[] =>
  [...bucket.objects.keys()].filter((key) => currentVersion(bucket, key) !== undefined);

const entry = (bucket: Bucket, key: string, encode: (text: string) => string): sdk._Object => {
  const version = currentVersion(bucket, key);
  return {
    Key: encode(key),
    LastModified: version?.lastModified,
    ETag: version?.etag,
    Size: version?.body.length,
    StorageClass: (version?.storageClass ?? 'STANDARD') as sdk.ObjectStorageClass,
  };
};

const listNeeds = (action: string) => (input: ListInput & { readonly Bucket?: string | undefined }, call: Call) =>
  bucketNeeds(targetOf(input, call), action, call, listContext(input));

/** A page's end, opaque to callers. */
const tokenOf = (name: string): string => Buffer.from(name).toString('base64url');
const nameOf = (token: string): string => Buffer.from(token, 'base64url').toString();

const listObjectsV2 = operation<sdk.ListObjectsV2CommandInput, Output<sdk.ListObjectsV2CommandOutput>>({
  access: 'read',
  anonymous: true,
  needs: listNeeds('s3:ListBucket'),
  handle(input, call) {
    const { bucket } = targetOf(input, call);
    const encode = encoder(input);
    const after = input.ContinuationToken === undefined ? (input.StartAfter ?? '') : nameOf(input.ContinuationToken);
    const { keys, commonPrefixes, next } = listKeys(liveKeys(bucket), queryOf(input, after));
    return {
      ...echo(input, encode),
      Name: input.Bucket,
      KeyCount: keys.length + commonPrefixes.length,
      IsTruncated: next !== undefined,
      Contents: keys.map((key) => entry(bucket, key, encode)),
      CommonPrefixes: commonPrefixes.map((prefix) => ({ Prefix: encode(prefix) })),
      ...(input.ContinuationToken === undefined ? {} : { ContinuationToken: input.ContinuationToken }),
      ...(input.StartAfter === undefined ? {} : { StartAfter: encode(input.StartAfter) }),
      ...(next === undefined ? {} : { NextContinuationToken: tokenOf(next) }),
    };
  },
});

const listObjects = operation<sdk.ListObjectsCommandInput, Output<sdk.ListObjectsCommandOutput>>({
  access: 'read',
  anonymous: true,
  needs: listNeeds('s3:ListBucket'),
  handle(input, call) {
    const { bucket } = targetOf(input, call);
    const encode = encoder(input);
    const { keys, commonPrefixes, next } = listKeys(liveKeys(bucket), queryOf(input, input.Marker ?? ''));
    return {
      ...echo(input, encode),
      Name: input.Bucket,
      Marker: encode(input.Marker ?? ''),
      IsTruncated: next !== undefined,
      Contents: keys.map((key) => entry(bucket, key, encode)),
      CommonPrefixes: commonPrefixes.map((prefix) => ({ Prefix: encode(prefix) })),
      ...(next === undefined || input.Delimiter === undefined ? {} : { NextMarker: encode(next) }),
    };
  },
});

/** Versions in the order of a listing: by key, newest first. */
const versionsOf = (
  bucket: Bucket,
  keys: readonly string[],
): { key: string; version: ObjectVersion; isLatest: boolean }[] =>
  keys.flatMap((key) =>
    (bucket.objects.get(key) ?? []).map((version, index) => ({ key, version, isLatest: index === 0 })),
  );

const listObjectVersions = operation<sdk.ListObjectVersionsCommandInput, Output<sdk.ListObjectVersionsCommandOutput>>({
  access: 'read',
  anonymous: true,
  needs: listNeeds('s3:ListBucketVersions'),
  handle(input, call) {
    const { bucket } = targetOf(input, call);
    const encode = encoder(input);
    const { maxKeys, ...query } = queryOf(input, '');
    // Pages count versions, not keys: list all keys and common prefixes, then cut.
    const all = listKeys(bucket.objects.keys(), { ...query, maxKeys: Number.MAX_SAFE_INTEGER });
    const { KeyMarker: marker = '', VersionIdMarker: versionMarker } = input;
    const rows = versionsOf(bucket, all.keys);
    const start = rows.findIndex(({ key, version }) => key === marker && version.versionId === versionMarker);
    const left =
      start >= 0 ? rows.slice(start + 1) : rows.filter(({ key }) => marker === '' || byBytes(key, marker) > 0);
    const page = left.slice(0, maxKeys);
    const last = page.at(-1);
    const more = left.length > page.length && last !== undefined;
    return {
      ...echo(input, encode),
      Name: input.Bucket,
      KeyMarker: encode(marker),
      IsTruncated: more,
      Versions: page
        .filter(({ version }) => !version.deleteMarker)
        .map(({ key, version, isLatest }) => ({
          Key: encode(key),
          VersionId: version.versionId,
          IsLatest: isLatest,
          LastModified: version.lastModified,
          ETag: version.etag,
          Size: version.body.length,
          StorageClass: 'STANDARD',
          Owner: ownerOf(bucket),
        })),
      DeleteMarkers: page
        .filter(({ version }) => version.deleteMarker)
        .map(({ key, version, isLatest }) => ({
          Key: encode(key),
          VersionId: version.versionId,
          IsLatest: isLatest,
          LastModified: version.lastModified,
          Owner: ownerOf(bucket),
        })),
      CommonPrefixes: all.commonPrefixes
        .filter((prefix) => byBytes(prefix, marker) > 0)
        .map((prefix) => ({ Prefix: encode(prefix) })),
      ...(more ? { NextKeyMarker: encode(last.key), NextVersionIdMarker: last.version.versionId } : {}),
    };
  },
});

export const listOperations: Readonly<Record<string, AnyOperation>> = {
  ListObjectsV2: listObjectsV2,
  ListObjects: listObjects,
  ListObjectVersions: listObjectVersions,
};
