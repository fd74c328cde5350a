// Ciphertexts that name their key, so that Decrypt needs no key id. Real AES-256-GCM, with a key that anybody could derive.
import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { AwsError } from '../../core/aws-error.ts';

const NONCE = 12;
const TAG = 16;
const SEPARATOR = 0x0a;

type EncryptionContext = Readonly<Record<string, string>> | undefined;

const secretOf = (keyArn: string): Buffer => createHash('sha256').update(`simulated key ${keyArn}`).digest();

/** The context authenticates the ciphertext whatever order its entries come in. */
const additionalData = (context: EncryptionContext): Buffer =>
  Buffer.from(JSON.stringify(Object.entries(context ?? {}).sort(([a], [b]) => (a < b ? -1 : 1))));

export const seal = (keyArn: string, plaintext: Uint8Array, context: EncryptionContext): Uint8Array => {
  const nonce = randomBytes(NONCE);
  const cipher = createCipheriv('aes-256-gcm', secretOf(keyArn), nonce).setAAD(additionalData(context));
  const sealed = Buffer.concat([cipher.update(plaintext), cipher.final()]);
  return Buffer.concat([Buffer.from(keyArn), Buffer.of(SEPARATOR), nonce, cipher.getAuthTag(), sealed]);
};

const invalid = (): AwsError => new AwsError('InvalidCiphertextException', 'The ciphertext is invalid.');

/** ARN of the key that a ciphertext was made with. Throws InvalidCiphertextException for anything else. */
export const keyArnOf = (ciphertext: Uint8Array): string => {
  const end = ciphertext.indexOf(SEPARATOR);
  const arn = end < 0 ? '' : Buffer.from(ciphertext.subarray(0, end)).toString();
  if (!/^arn:aws:kms:[a-z0-9-]+:\d{12}:key\/[0-9a-f-]+$/.test(arn)) throw invalid();
  return arn;
};

export const unseal = (ciphertext: Uint8Array, context: EncryptionContext): Uint8Array => {
  const arn = keyArnOf(ciphertext);
  const rest = ciphertext.subarray(arn.length + 1);
  try {
    const decipher = createDecipheriv('aes-256-gcm', secretOf(arn), rest.subarray(0, NONCE))
      .setAAD(additionalData(context))
      .setAuthTag(rest.subarray(NONCE, NONCE + TAG));
    return Buffer.concat([decipher.update(rest.subarray(NONCE + TAG)), decipher.final()]);
  } catch {
    throw invalid();
  }
};
