// The identity provider: what it says of itself (OpenID Connect Discovery), read when first needed and again from time to time.

import {
  allowInsecureRequests,
  ClientSecretPost,
  type Configuration,
  customFetch,
  type CustomFetch,
  discovery,
  None,
} from 'openid-client';
import type { Clock } from '../../operator/kernel/clock.ts';
import { AuthenticationFailure } from './authentication-failure.ts';
import { issuerFetch } from './issuer-fetch.ts';
import type { OidcSettings } from './settings.ts';
import { SIGNING_KEYS_TIMING, SigningKeys, type SigningKeysTiming } from './signing-keys.ts';

const TIMEOUT_SECONDS = 5;
/** What an issuer says of itself hardly ever changes. */
const REFRESH_MS = 60 * 60_000;
const FAILURE_COOLDOWN_MS = 5_000;

interface Discovered {
  readonly configuration: Configuration;
  readonly keys: SigningKeys;
  readonly at: number;
}

/**
 * Starts without asking: a gateway comes up while its provider is down, and answers 503 to who signs in until it is back. What was read
 * stands while the provider is down later.
 */
export class Issuer {
  readonly #settings: OidcSettings;
  readonly #clock: Clock;
  readonly #timing: SigningKeysTiming;
  #discovered: Discovered | undefined;
  #pending: Promise<Discovered> | undefined;
  #failed: { readonly at: number; readonly error: AuthenticationFailure } | undefined;

  constructor(settings: OidcSettings, clock: Clock, timing: SigningKeysTiming = SIGNING_KEYS_TIMING) {
    this.#settings = settings;
    this.#clock = clock;
    this.#timing = timing;
  }

  /** As `openid-client` needs it. Throws {@link AuthenticationFailure} with reason IssuerUnavailable. */
  async configuration(): Promise<Configuration> {
    return (await this.#current()).configuration;
  }

  /** Throws as {@link configuration}. */
  async keys(): Promise<SigningKeys> {
    return (await this.#current()).keys;
  }

  async #current(): Promise<Discovered> {
    const known = this.#discovered;
    if (known === undefined) return this.#discover();
    if (this.#clock.monotonic() - known.at > REFRESH_MS) void this.#discover().catch(() => undefined);
    return known;
  }

  async #discover(): Promise<Discovered> {
    const failed = this.#failed;
    if (failed !== undefined && this.#clock.monotonic() - failed.at < FAILURE_COOLDOWN_MS) throw failed.error;
    this.#pending ??= this.#ask().finally(() => {
      this.#pending = undefined;
    });
    return this.#pending;
  }

  async #ask(): Promise<Discovered> {
    const { issuer, clientId, clientSecret } = this.#settings;
    const url = new URL(issuer);
    const isPlain = url.protocol === 'http:';
    try {
      const configuration = await discovery(
        url,
        clientId,
        undefined,
        clientSecret === undefined ? None() : ClientSecretPost(clientSecret),
        {
          timeout: TIMEOUT_SECONDS,
          [customFetch]: issuerFetch(issuer) as CustomFetch,
          ...(isPlain ? { execute: [allowInsecureRequests] } : {}),
        },
      );
      this.#discovered = { configuration, keys: this.#keysOf(configuration), at: this.#clock.monotonic() };
      this.#failed = undefined;
      return this.#discovered;
    } catch (cause) {
      const error = new AuthenticationFailure(
        'IssuerUnavailable',
        `the identity provider ${issuer} does not answer as one (its /.well-known/openid-configuration): try again in a moment`,
        { cause },
      );
      this.#failed = { at: this.#clock.monotonic(), error };
      throw error;
    }
  }

  /** The same object while they are at one address: it holds what was fetched. */
  #keysOf(configuration: Configuration): SigningKeys {
    const address = configuration.serverMetadata().jwks_uri;
    const known = this.#discovered;
    if (known !== undefined && known.configuration.serverMetadata().jwks_uri === address) return known.keys;
    if (address === undefined) throw new Error('it names no jwks_uri');
    return new SigningKeys(new URL(address), this.#clock, this.#timing, issuerFetch(this.#settings.issuer));
  }
}
