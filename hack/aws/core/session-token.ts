// Temporary credentials without memory: everything about a session is inside its token, sealed by the simulator's key.
// So sessions survive restore(), and a compared snapshot shows what changed in the accounts, not who was looking.
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { RoleSessionPrincipal } from './principal.ts';

export interface Session {
  readonly principal: RoleSessionPrincipal;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
  /** Told apart so that two sessions of one second differ. */
  readonly nonce: string;
}

export interface TemporaryCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}

const mac = (key: string, text: string): Buffer => createHmac('sha256', key).update(text).digest();

const credentialsOf = (key: string, sessionToken: string): TemporaryCredentials => ({
  // ASIA: prefix of temporary access keys. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids
  accessKeyId: `ASIA${mac(key, `id ${sessionToken}`).toString('hex').slice(0, 16).toUpperCase()}`,
  secretAccessKey: mac(key, `secret ${sessionToken}`).toString('base64url').slice(0, 40),
  sessionToken,
});

export const issueSession = (key: string, session: Session): TemporaryCredentials => {
  const payload = Buffer.from(JSON.stringify(session)).toString('base64url');
  return credentialsOf(key, `${payload}.${mac(key, payload).toString('base64url')}`);
};

/** The session and the secret that must have signed the request; undefined for a token or key id that is not ours. */
export const openSession = (
  key: string,
  accessKeyId: string,
  sessionToken: string,
): { readonly session: Session; readonly secretAccessKey: string } | undefined => {
  const [payload = '', seal = ''] = sessionToken.split('.');
  const expected = mac(key, payload);
  const given = Buffer.from(seal, 'base64url');
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined;
  const credentials = credentialsOf(key, sessionToken);
  if (credentials.accessKeyId !== accessKeyId) return undefined;
  const session = JSON.parse(Buffer.from(payload, 'base64url').toString()) as Session;
  return { session, secretAccessKey: credentials.secretAccessKey };
};
