// The issuer's public keys: fetched when first needed, again when they are old or one is unknown, and never oftener than is polite.

import { createRemoteJWKSet, customFetch, type JWTVerifyGetKey, type RemoteJWKSet } from 'jose';
import type { Clock } from '../../operator/kernel/clock.ts';
import { AuthenticationFailure } from './authentication-failure.ts';
import { issuerFetch, type IssuerFetch } from './issuer-fetch.ts';

export interface SigningKeysTiming {
  /** Keys are fetched anew once they are so old, so that one that the issuer has withdrawn ends. */
  readonly refreshAfterMs: number;
  /** How long the last keys are trusted while the issuer does not answer. */
  readonly trustForMs: number;
  /** Between two fetches for a key that is not among those known: whoever makes up key ids causes no more than that. */
  readonly unknownKeyCooldownMs: number;
  /** After a fetch that failed. */
  readonly failureCooldownMs: number;
}

export const SIGNING_KEYS_TIMING: SigningKeysTiming = {
  refreshAfterMs: 10 * 60_000,
  trustForMs: 12 * 60 * 60_000,
  unknownKeyCooldownMs: 30_000,
  failureCooldownMs: 5_000,
};

const TIMEOUT_MS = 5_000;

export class SigningKeys {
  readonly #clock: Clock;
  readonly #timing: SigningKeysTiming;
  readonly #remote: RemoteJWKSet;
  readonly #ask: IssuerFetch;
  #fetchedAt: number | undefined;
  #failed: { readonly at: number; readonly error: unknown } | undefined;

  constructor(
    url: URL,
    clock: Clock,
    timing: SigningKeysTiming = SIGNING_KEYS_TIMING,
    ask: IssuerFetch = issuerFetch(url.href),
  ) {
    this.#ask = ask;
    this.#clock = clock;
    this.#timing = timing;
    this.#remote = createRemoteJWKSet(url, {
      timeoutDuration: TIMEOUT_MS,
      cooldownDuration: timing.unknownKeyCooldownMs,
      // Their age is judged here: what the library finds too old it does not use, even where there is nothing newer to be had.
      cacheMaxAge: Number.POSITIVE_INFINITY,
      [customFetch]: async (address, options) => this.#fetch(address, options),
    });
  }

  /** For `jwtVerify`. Throws {@link AuthenticationFailure} with reason IssuerUnavailable; JOSE errors where there is no such key. */
  readonly find: JWTVerifyGetKey = async (header, token) => {
    if (this.#fetchedAt === undefined || this.#age() > this.#timing.trustForMs) await this.#reload();
    else if (this.#age() > this.#timing.refreshAfterMs) void this.#reload().catch(() => undefined);
    return this.#remote(header, token);
  };

  #age(): number {
    return this.#clock.monotonic() - (this.#fetchedAt ?? Number.NEGATIVE_INFINITY);
  }

  async #reload(): Promise<void> {
    await this.#remote.reload();
  }

  async #fetch(address: string, options: RequestInit): Promise<Response> {
    const failed = this.#failed;
    if (failed !== undefined && this.#clock.monotonic() - failed.at < this.#timing.failureCooldownMs)
      throw failed.error;
    try {
      const response = await this.#ask(address, options);
      if (!response.ok) throw new Error(`HTTP status ${response.status}`);
      // Read here, so that a body that never ends or is no JSON is a failure like any other.
      const body: unknown = await response.json();
      if (!isKeySet(body)) throw new Error('no JSON Web Key Set');
      this.#failed = undefined;
      this.#fetchedAt = this.#clock.monotonic();
      return Response.json(body);
    } catch (cause) {
      const error = new AuthenticationFailure(
        'IssuerUnavailable',
        'the keys of the identity provider cannot be fetched: try again in a moment',
        { cause },
      );
      this.#failed = { at: this.#clock.monotonic(), error };
      throw error;
    }
  }
}

const isKeySet = (body: unknown): boolean =>
  typeof body === 'object' && body !== null && 'keys' in body && Array.isArray(body.keys);
