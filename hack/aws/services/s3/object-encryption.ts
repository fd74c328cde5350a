// Server-side encryption: what a new object gets, and what KMS must allow the caller.
import { AwsError } from '../../core/aws-error.ts';
import type { Call } from '../../core/operation.ts';
import { awsManagedKey } from '../kms/keys.ts';
import type { Bucket, ObjectEncryption } from './state.ts';

export interface EncryptionInput {
  readonly ServerSideEncryption?: string | undefined;
  readonly SSEKMSKeyId?: string | undefined;
  readonly BucketKeyEnabled?: boolean | undefined;
}

const isAlgorithm = (name: string): name is ObjectEncryption['algorithm'] =>
  ['AES256', 'aws:kms', 'aws:kms:dsse'].includes(name);

/** KMS's refusals reach the caller as S3's: AccessDenied stays, states are prefixed with KMS. */
const asS3 = (error: unknown): unknown => {
  if (!(error instanceof AwsError)) return error;
  const refused = error.code === 'AccessDeniedException' || error.code === 'MissingAuthenticationToken';
  if (refused) return new AwsError('AccessDenied', error.message);
  return new AwsError(`KMS.${error.code}`, error.message, { status: 400 });
};

/** Asks KMS as the caller for a data key. https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html */
export const encryptionFor = async (
  call: Call,
  bucket: Bucket,
  key: string,
  input: EncryptionInput,
): Promise<ObjectEncryption> => {
  const algorithm = input.ServerSideEncryption ?? bucket.encryption.algorithm;
  if (!isAlgorithm(algorithm))
    throw new AwsError('InvalidArgument', 'The encryption method specified is not supported');
  if (algorithm === 'AES256') return { algorithm };
  // Nobody has keys; and the AWS managed key is the caller's.
  if (call.principal.kind === 'anonymous') throw new AwsError('AccessDenied', 'Access Denied');
  const usesBucketKey = input.BucketKeyEnabled ?? bucket.encryption.bucketKey;
  const configured =
    input.SSEKMSKeyId ?? (input.ServerSideEncryption === undefined ? bucket.encryption.keyId : undefined);
  const keyId = configured ?? awsManagedKey(call.world, call.account, call.region, 's3').arn;
  const context = { 'aws:s3:arn': usesBucketKey ? bucket.arn : `${bucket.arn}/${key}` };
  try {
    const made = await call.invoke<{ KeyId: string; CiphertextBlob: Uint8Array }>('kms', 'GenerateDataKey', {
      KeyId: keyId,
      KeySpec: 'AES_256',
      EncryptionContext: context,
    });
    return { algorithm, kms: { keyArn: made.KeyId, dataKey: made.CiphertextBlob, context, bucketKey: usesBucketKey } };
  } catch (error) {
    throw asS3(error);
  }
};

/** Asks KMS as the caller for what reading needs. */
export const demandReadable = async (call: Call, { kms }: ObjectEncryption): Promise<void> => {
  if (kms === undefined) return;
  try {
    await call.invoke('kms', 'Decrypt', { CiphertextBlob: kms.dataKey, EncryptionContext: kms.context });
  } catch (error) {
    throw asS3(error);
  }
};

/** Encryption as answers show it. */
export const shownEncryption = ({ algorithm, kms }: ObjectEncryption) => ({
  ServerSideEncryption: algorithm,
  ...(kms === undefined ? {} : { SSEKMSKeyId: kms.keyArn, BucketKeyEnabled: kms.bucketKey }),
});

/** Condition keys of s3:PutObject about encryption; only what the request itself says. */
export const encryptionContext = (input: EncryptionInput): Record<string, string> => ({
  ...(input.ServerSideEncryption === undefined
    ? {}
    : { 's3:x-amz-server-side-encryption': input.ServerSideEncryption }),
  ...(input.SSEKMSKeyId === undefined ? {} : { 's3:x-amz-server-side-encryption-aws-kms-key-id': input.SSEKMSKeyId }),
});
