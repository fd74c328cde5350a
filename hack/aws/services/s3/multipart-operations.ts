// Uploads in parts.
import { createHash } from 'node:crypto';
import type * as sdk from '@aws-sdk/client-s3';
import { AwsError } from '../../core/aws-error.ts';
import { operation, type AnyOperation, type Call, type Output } from '../../core/operation.ts';
import { encryptionContext, encryptionFor, shownEncryption, type EncryptionInput } from './object-encryption.ts';
import { demandSupportedWrite, headersOf, tagContext, tagsOfHeader } from './object-operations.ts';
import { checkKey, checksumsOf, etagOf, shownVersionId, storeObject } from './object-store.ts';
import { ownerOf, type ObjectHeaders, type Upload } from './state.ts';
import { bucketNeeds, objectNeeds, targetOf, type ObjectInput } from './target.ts';

/** Every part but the last. https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html */
const MIN_PART_BYTES = 5 * 1024 * 1024;
const MAX_PARTS = 1000;

interface UploadInput extends ObjectInput {
  readonly UploadId?: string | undefined;
}

const uploadOf = (input: UploadInput, call: Call): Upload => {
  const upload = targetOf(input, call).bucket.uploads.get(input.UploadId ?? '');
  if (upload === undefined || upload.key !== input.Key) {
    throw new AwsError(
      'NoSuchUpload',
      'The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.',
    );
  }
  return upload;
};

const needsOf = (action: string) => (input: ObjectInput, call: Call) =>
  objectNeeds(targetOf(input, call), action, input.Key ?? '', call);

const createMultipartUpload = operation<
  sdk.CreateMultipartUploadCommandInput,
  Output<sdk.CreateMultipartUploadCommandOutput>
>({
  access: 'write',
  dataPlane: true,
  anonymous: true,
  needs: (input, call) =>
    objectNeeds(targetOf(input, call), 's3:PutObject', input.Key ?? '', call, {
      ...encryptionContext(input),
      ...tagContext(tagsOfHeader(input.Tagging)),
    }),
  async handle(input, call) {
    const { bucket } = targetOf(input, call);
    const key = input.Key ?? '';
    demandSupportedWrite(call, bucket, input);
    checkKey(key);
    // KMS is asked at the start, so that nobody uploads what cannot be stored.
    const encryption = await encryptionFor(call, bucket, key, input);
    const upload: Upload = {
      id: call.world.id(64),
      key,
      startedAt: new Date(call.world.clock.now()),
      input: { ...input },
      parts: new Map(),
    };
    bucket.uploads.set(upload.id, upload);
    return { Bucket: input.Bucket, Key: key, UploadId: upload.id, ...shownEncryption(encryption) };
  },
});

const uploadPart = operation<sdk.UploadPartCommandInput, Output<sdk.UploadPartCommandOutput>>({
  access: 'write',
  dataPlane: true,
  anonymous: true,
  needs: needsOf('s3:PutObject'),
  handle(input, call) {
    const upload = uploadOf(input, call);
    const body =
      input.Body instanceof Uint8Array ? input.Body : Buffer.from(typeof input.Body === 'string' ? input.Body : '');
    const checksums = checksumsOf({ ...input }, body);
    const etag = etagOf(body);
    upload.parts.set(input.PartNumber ?? 0, { body, etag, at: new Date(call.world.clock.now()) });
    return { ETag: etag, ...checksums };
  },
});

/** The bodies of the parts that a completion lists, in order. Throws InvalidPart, InvalidPartOrder, EntityTooSmall. */
const assemble = (upload: Upload, listed: readonly sdk.CompletedPart[]): { body: Uint8Array; etag: string } => {
  const bodies: Uint8Array[] = [];
  const digests: Buffer[] = [];
  let previous = 0;
  for (const [index, { PartNumber = 0, ETag }] of listed.entries()) {
    const part = upload.parts.get(PartNumber);
    if (PartNumber <= previous) throw new AwsError('InvalidPartOrder', 'The list of parts was not in ascending order.');
    if (part === undefined || part.etag.replaceAll('"', '') !== ETag?.replaceAll('"', '')) {
      throw new AwsError('InvalidPart', 'One or more of the specified parts could not be found.');
    }
    if (index < listed.length - 1 && part.body.length < MIN_PART_BYTES) {
      throw new AwsError('EntityTooSmall', 'Your proposed upload is smaller than the minimum allowed size');
    }
    bodies.push(part.body);
    digests.push(Buffer.from(part.etag.replaceAll('"', ''), 'hex'));
    previous = PartNumber;
  }
  if (bodies.length === 0) throw new AwsError('MalformedXML', 'You must specify at least one part');
  const digest = createHash('md5').update(Buffer.concat(digests)).digest('hex');
  return { body: Buffer.concat(bodies), etag: `"${digest}-${bodies.length}"` };
};

const completeMultipartUpload = operation<
  sdk.CompleteMultipartUploadCommandInput,
  Output<sdk.CompleteMultipartUploadCommandOutput>
>({
  access: 'write',
  dataPlane: true,
  anonymous: true,
  needs: needsOf('s3:PutObject'),
  async handle(input, call) {
    const { bucket } = targetOf(input, call);
    const upload = uploadOf(input, call);
    const { body, etag } = assemble(upload, input.MultipartUpload?.Parts ?? []);
    const started = upload.input as EncryptionInput &
      ObjectHeaders & { Metadata?: Record<string, string>; Tagging?: string; ACL?: string };
    const encryption = await encryptionFor(call, bucket, upload.key, started);
    const version = storeObject(call.world, bucket, {
      key: upload.key,
      body,
      etag,
      headers: headersOf(started),
      metadata: started.Metadata ?? {},
      checksums: {},
      encryption,
      storageClass: 'STANDARD',
      tags: tagsOfHeader(started.Tagging),
      ...demandSupportedWrite(call, bucket, started),
    });
    bucket.uploads.delete(upload.id);
    return {
      Location: `https://${bucket.name}.s3.${bucket.region}.amazonaws.com/${encodeURIComponent(upload.key)}`,
      Bucket: input.Bucket,
      Key: upload.key,
      ETag: etag,
      ...shownVersionId(bucket, version),
      ...shownEncryption(encryption),
    };
  },
});

const abortMultipartUpload = operation<sdk.AbortMultipartUploadCommandInput, object>({
  access: 'write',
  dataPlane: true,
  anonymous: true,
  needs: needsOf('s3:AbortMultipartUpload'),
  handle(input, call) {
    targetOf(input, call).bucket.uploads.delete(uploadOf(input, call).id);
    return {};
  },
});

const listParts = operation<sdk.ListPartsCommandInput, Output<sdk.ListPartsCommandOutput>>({
  access: 'read',
  dataPlane: true,
  needs: needsOf('s3:ListMultipartUploadParts'),
  handle(input, call) {
    const upload = uploadOf(input, call);
    const parts = [...upload.parts].sort(([a], [b]) => a - b);
    return {
      Bucket: input.Bucket,
      Key: upload.key,
      UploadId: upload.id,
      IsTruncated: false,
      MaxParts: MAX_PARTS,
      Owner: ownerOf(targetOf(input, call).bucket),
      StorageClass: 'STANDARD',
      Parts: parts.map(([PartNumber, part]) => ({
        PartNumber,
        ETag: part.etag,
        Size: part.body.length,
        LastModified: part.at,
      })),
    };
  },
});

const listMultipartUploads = operation<
  sdk.ListMultipartUploadsCommandInput,
  Output<sdk.ListMultipartUploadsCommandOutput>
>({
  access: 'read',
  needs: (input, call) => bucketNeeds(targetOf(input, call), 's3:ListBucketMultipartUploads', call),
  handle(input, call) {
    const { bucket } = targetOf(input, call);
    return {
      Bucket: input.Bucket,
      IsTruncated: false,
      Uploads: [...bucket.uploads.values()]
        .filter(({ key }) => key.startsWith(input.Prefix ?? ''))
        .map(({ id, key, startedAt }) => ({ UploadId: id, Key: key, Initiated: startedAt, StorageClass: 'STANDARD' })),
    };
  },
});

export const multipartOperations: Readonly<Record<string, AnyOperation>> = {
  CreateMultipartUpload: createMultipartUpload,
  UploadPart: uploadPart,
  CompleteMultipartUpload: completeMultipartUpload,
  AbortMultipartUpload: abortMultipartUpload,
  ListParts: listParts,
  ListMultipartUploads: listMultipartUploads,
};
