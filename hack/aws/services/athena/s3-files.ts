// The files of a table, fetched from the simulated S3 into a directory of this machine for the engine to read.
import { mkdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { GetObjectCommandOutput, ListObjectsV2CommandOutput } from '@aws-sdk/client-s3';
import { AwsError } from '../../core/aws-error.ts';
import type { Call } from '../../core/operation.ts';
import type { Principal } from '../../core/principal.ts';
import { QueryFailure } from './query-failure.ts';

export interface FetchedFiles {
  /** Paths on this machine. */
  readonly paths: readonly string[];
  readonly bytes: number;
}

/** `s3://bucket/some/prefix` in its parts. @throws QueryFailure */
export const parseLocation = (location: string): { bucket: string; prefix: string } => {
  const found = /^s3[an]?:\/\/([^/]+)\/?(.*)$/.exec(location);
  if (!found) throw new QueryFailure(`HIVE_UNKNOWN_ERROR: ${location} is not an S3 location.`);
  return { bucket: found[1] ?? '', prefix: found[2] ?? '' };
};

/**
 * Reads every data file below a location as `reader`. Names that begin with `_` or `.` are not data:
 * https://docs.aws.amazon.com/athena/latest/ug/tables-location-format.html
 * @throws QueryFailure "Permission denied on S3 path"
 */
export const fetchFiles = async (
  call: Call,
  reader: Principal,
  location: string,
  directory: string,
): Promise<FetchedFiles> => {
  const { bucket, prefix } = parseLocation(location);
  const below = prefix === '' || prefix.endsWith('/') ? prefix : `${prefix}/`;
  await mkdir(directory, { recursive: true });
  const paths: string[] = [];
  let bytes = 0;
  try {
    for (const key of await keysBelow(call, reader, bucket, below)) {
      const object = await call.invoke<GetObjectCommandOutput>('s3', 'GetObject', { Bucket: bucket, Key: key }, reader);
      const content = await bytesOf(object.Body);
      const path = join(directory, `${String(paths.length)}-${basename(key).replaceAll(/[^\w.-]/g, '_')}`);
      await writeFile(path, content);
      paths.push(path);
      bytes += content.byteLength;
    }
  } catch (error) {
    if (error instanceof AwsError)
      throw new QueryFailure(
        `PERMISSION_DENIED: Permission denied on S3 path: s3://${bucket}/${below} (${error.code}: ${error.message})`,
      );
    throw error;
  }
  return { paths, bytes };
};

const keysBelow = async (call: Call, reader: Principal, bucket: string, prefix: string): Promise<string[]> => {
  const keys: string[] = [];
  let token: string | undefined;
  do {
    const page: ListObjectsV2CommandOutput = await call.invoke(
      's3',
      'ListObjectsV2',
      { Bucket: bucket, Prefix: prefix, ContinuationToken: token },
      reader,
    );
    for (const { Key = '', Size = 0 } of page.Contents ?? [])
      if (Size > 0 && !/^[_.]/.test(basename(Key))) keys.push(Key);
    token = page.IsTruncated ? page.NextContinuationToken : undefined;
  } while (token !== undefined);
  return keys;
};

/** The bytes of an object body, whatever form it came in. */
export const bytesOf = async (body: unknown): Promise<Uint8Array> => {
  if (body === undefined || body === null) return new Uint8Array();
  if (body instanceof Uint8Array) return body;
  if (typeof body === 'string') return Buffer.from(body);
  const chunks: Uint8Array[] = [];
  for await (const chunk of body as AsyncIterable<Uint8Array | string>) chunks.push(Buffer.from(chunk as Uint8Array));
  return Buffer.concat(chunks);
};
