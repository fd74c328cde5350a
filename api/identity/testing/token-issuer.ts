// For tests: an issuer whose key the test holds, so that it can make every token that there is, good or bad.

import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  exportJWK,
  generateKeyPair,
  SignJWT,
  type CryptoKey,
  type JWK,
  type JWTHeaderParameters,
  type JWTPayload,
} from 'jose';

interface SigningKey {
  readonly kid: string;
  readonly privateKey: CryptoKey;
  readonly jwk: JWK;
}

export class TokenIssuer {
  /** What userinfo answers, or the HTTP status that it fails with. */
  userInfo: JWTPayload | number = 404;
  /** Requests by path. */
  readonly requests = new Map<string, number>();
  readonly #server: Server;
  #keys: SigningKey[];
  #answers = true;

  private constructor(server: Server, key: SigningKey) {
    this.#server = server;
    this.#keys = [key];
  }

  static async start(): Promise<TokenIssuer> {
    const server = createServer();
    const issuer = new TokenIssuer(server, await makeKey('first'));
    server.on('request', (request, response) => {
      const path = request.url ?? '';
      issuer.requests.set(path, (issuer.requests.get(path) ?? 0) + 1);
      const answer = issuer.#answers ? issuer.#answer(path) : 500;
      const status = typeof answer === 'number' ? answer : 200;
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(typeof answer === 'number' ? { error: 'failed' } : answer));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return issuer;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** The public key that a forger would take for a secret. */
  get publicKey(): JWK {
    return this.#key.jwk;
  }

  get #key(): SigningKey {
    const key = this.#keys.at(-1);
    if (key === undefined) throw new Error('there is a key always');
    return key;
  }

  /** A token of an hour for client `dataall`, of somebody who has just signed in, with these claims over it; undefined takes one away. */
  async token(
    claims: Readonly<Record<string, unknown>> = {},
    header: Partial<JWTHeaderParameters> = {},
  ): Promise<string> {
    const now = Math.floor(Date.now() / 1000);
    const { kid, privateKey } = this.#key;
    const all = {
      iss: this.url,
      aud: 'dataall',
      sub: 'subject',
      email: 'ann@example.com',
      groups: ['sales'],
      iat: now,
      auth_time: now,
      exp: now + 3600,
    };
    const payload = Object.fromEntries(
      Object.entries({ ...all, ...claims }).filter(([, value]) => value !== undefined),
    );
    return new SignJWT(payload).setProtectedHeader({ alg: 'RS256', kid, ...header }).sign(privateKey);
  }

  /** A new key signs from now on; the old one is published no more. */
  async rotateKey(kid: string): Promise<void> {
    this.#keys = [await makeKey(kid)];
  }

  /** Every answer is an error until `comeBack`. */
  fail(): void {
    this.#answers = false;
  }

  comeBack(): void {
    this.#answers = true;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #answer(path: string): object | number {
    if (path === '/.well-known/openid-configuration') {
      return {
        issuer: this.url,
        authorization_endpoint: `${this.url}/authorize`,
        token_endpoint: `${this.url}/token`,
        jwks_uri: `${this.url}/jwks`,
        userinfo_endpoint: `${this.url}/userinfo`,
        response_types_supported: ['code'],
      };
    }
    if (path === '/jwks') return { keys: this.#keys.map(({ jwk }) => jwk) };
    if (path === '/userinfo') return this.userInfo;
    return 404;
  }
}

const makeKey = async (kid: string): Promise<SigningKey> => {
  const { publicKey, privateKey } = await generateKeyPair('RS256', { extractable: true });
  return { kid, privateKey, jwk: { ...(await exportJWK(publicKey)), kid, use: 'sig', alg: 'RS256' } };
};
