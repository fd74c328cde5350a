// Whether a KMS key can be used, as far as its own state tells. https://docs.aws.amazon.com/kms/latest/developerguide/key-state.html
import type { KmsKey } from '../aws/services/kms.ts';

export interface KeyProblem {
  readonly reason: 'KeyNotAllowed' | 'KeyNotFound';
  /** What to do about it, one sentence. */
  readonly message: string;
}

/** Undefined for a key that encrypts and decrypts, whoever asks. */
export const keyProblem = ({ arn, state, deletionDate }: KmsKey): KeyProblem | undefined => {
  switch (state) {
    case 'Enabled':
    // While it passes, the key still does what it did.
    case 'Creating':
    case 'Updating':
      return undefined;
    case 'Disabled':
      return { reason: 'KeyNotAllowed', message: `key ${arn} is disabled: enable it` };
    case 'PendingDeletion':
    case 'PendingReplicaDeletion':
      return {
        reason: 'KeyNotFound',
        message: `key ${arn} will be deleted${deletionDate === undefined ? '' : ` on ${deletionDate}`}: cancel it, and enable the key, or its data is lost`,
      };
    case 'PendingImport':
      return { reason: 'KeyNotAllowed', message: `key ${arn} has no key material: import it` };
    default:
      return { reason: 'KeyNotAllowed', message: `key ${arn} is ${state}: connect its key store, or ask AWS` };
  }
};
