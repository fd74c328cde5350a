// What is written where others can read it, so that only gateways can: tokens in the database, the state of a log-in in a cookie.

import { decodeProtectedHeader, EncryptJWT, jwtDecrypt, type JWTPayload } from 'jose';
import type { IdentitySettings } from './settings.ts';

type Keys = IdentitySettings['session']['keys'];

/** What one is for, so that one made for something else is never taken. */
export type Purpose = 'tokens' | 'login' | 'template';

/** JSON Web Encryption (RFC 7516), AES-256-GCM, with the id of the key in its header: an older key opens what it closed. */
export class SealedBox {
  readonly #keys: Keys;

  constructor(keys: Keys) {
    this.#keys = keys;
  }

  /** @param subject what it belongs to: elsewhere it does not open */
  async seal(purpose: Purpose, subject: string, content: JWTPayload, expires: Date): Promise<string> {
    const [key] = this.#keys;
    if (key === undefined) throw new Error('there is no key to seal with');
    return new EncryptJWT(content)
      .setProtectedHeader({ alg: 'dir', enc: 'A256GCM', kid: key.id })
      .setAudience(purpose)
      .setSubject(subject)
      .setExpirationTime(expires)
      .encrypt(key.secret);
  }

  /** Undefined: not sealed by us, for something else, with a key that is no more, or too long ago. */
  async open(purpose: Purpose, subject: string, sealed: string, now: Date): Promise<JWTPayload | undefined> {
    try {
      const { kid } = decodeProtectedHeader(sealed);
      const key = this.#keys.find(({ id }) => id === kid);
      if (key === undefined) return undefined;
      const { payload } = await jwtDecrypt(sealed, key.secret, {
        keyManagementAlgorithms: ['dir'],
        contentEncryptionAlgorithms: ['A256GCM'],
        audience: purpose,
        subject,
        currentDate: now,
      });
      return payload;
    } catch {
      return undefined;
    }
  }
}
