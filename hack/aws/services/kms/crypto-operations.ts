// Using keys: encrypt, decrypt, data keys.
import { randomBytes } from 'node:crypto';
import type * as sdk from '@aws-sdk/client-kms';
import { AwsError } from '../../core/aws-error.ts';
import { operation, type AnyOperation, type Call, type Need, type Output } from '../../core/operation.ts';
import { keyArnOf, seal, unseal } from './ciphertext.ts';
import { demandUsable, encryptionContextKeys, findKey, keyNeed, validation } from './key-lookup.ts';
import type { Key } from './state.ts';

interface CryptoInput {
  readonly KeyId?: string | undefined;
  readonly EncryptionContext?: Record<string, string> | undefined;
}

const MAX_PLAINTEXT = 4096;

const needOn =
  (action: string) =>
  (input: CryptoInput, call: Call): Need[] => [
    keyNeed(action, findKey(input.KeyId ?? '', call), call, encryptionContextKeys(input.EncryptionContext)),
  ];

const usableKey = (keyId: string | undefined, call: Call): Key => {
  const key = findKey(keyId ?? '', call);
  demandUsable(key);
  return key;
};

const encrypt = operation<sdk.EncryptCommandInput, Output<sdk.EncryptCommandOutput>>({
  access: 'read',
  needs: needOn('Encrypt'),
  handle(input, call) {
    const key = usableKey(input.KeyId, call);
    const plaintext = input.Plaintext ?? new Uint8Array();
    if (plaintext.length > MAX_PLAINTEXT)
      throw validation(`Plaintext must have length less than or equal to ${MAX_PLAINTEXT}`);
    return {
      KeyId: key.arn,
      CiphertextBlob: seal(key.arn, plaintext, input.EncryptionContext),
      EncryptionAlgorithm: 'SYMMETRIC_DEFAULT',
    };
  },
});

const decrypt = operation<sdk.DecryptCommandInput, Output<sdk.DecryptCommandOutput>>({
  access: 'read',
  needs: (input, call) =>
    needOn('Decrypt')({ ...input, KeyId: keyArnOf(input.CiphertextBlob ?? new Uint8Array()) }, call),
  handle(input, call) {
    const ciphertext = input.CiphertextBlob ?? new Uint8Array();
    const key = usableKey(keyArnOf(ciphertext), call);
    if (input.KeyId !== undefined && findKey(input.KeyId, call).arn !== key.arn) {
      throw new AwsError(
        'IncorrectKeyException',
        'The key ID in the request does not identify a CMK that can perform this operation.',
      );
    }
    return {
      KeyId: key.arn,
      Plaintext: unseal(ciphertext, input.EncryptionContext),
      EncryptionAlgorithm: 'SYMMETRIC_DEFAULT',
    };
  },
});

const dataKey = (
  input: sdk.GenerateDataKeyCommandInput | sdk.GenerateDataKeyWithoutPlaintextCommandInput,
  call: Call,
) => {
  const key = usableKey(input.KeyId, call);
  const plaintext = randomBytes(input.NumberOfBytes ?? (input.KeySpec === 'AES_128' ? 16 : 32));
  return {
    KeyId: key.arn,
    Plaintext: new Uint8Array(plaintext),
    CiphertextBlob: seal(key.arn, plaintext, input.EncryptionContext),
  };
};

const generateDataKey = operation<sdk.GenerateDataKeyCommandInput, Output<sdk.GenerateDataKeyCommandOutput>>({
  access: 'read',
  needs: needOn('GenerateDataKey'),
  handle: dataKey,
});

const generateDataKeyWithoutPlaintext = operation<
  sdk.GenerateDataKeyWithoutPlaintextCommandInput,
  Output<sdk.GenerateDataKeyWithoutPlaintextCommandOutput>
>({
  access: 'read',
  needs: needOn('GenerateDataKeyWithoutPlaintext'),
  handle(input, call) {
    const { KeyId, CiphertextBlob } = dataKey(input, call);
    return { KeyId, CiphertextBlob };
  },
});

export const cryptoOperations: Readonly<Record<string, AnyOperation>> = {
  Encrypt: encrypt,
  Decrypt: decrypt,
  GenerateDataKey: generateDataKey,
  GenerateDataKeyWithoutPlaintext: generateDataKeyWithoutPlaintext,
};
