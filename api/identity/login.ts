// Signing in with a browser: authorization code with PKCE, whose state travels in a sealed cookie, so that any gateway can end what another began.

import {
  authorizationCodeGrant,
  buildAuthorizationUrl,
  calculatePKCECodeChallenge,
  randomNonce,
  randomPKCECodeVerifier,
  randomState,
  type AuthorizationCodeGrantChecks,
} from 'openid-client';
import type { Clock } from '../../operator/kernel/clock.ts';
import { AuthenticationFailure } from './authentication-failure.ts';
import type { ClaimsReader } from './claims-reader.ts';
import type { Issuer } from './issuer.ts';
import { logoutUrl } from './logout-url.ts';
import { providerFailure } from './provider-failure.ts';
import { SealedBox } from './sealed-box.ts';
import type { IdentitySettings } from './settings.ts';
import { readSignedIn, type SignedIn } from './signed-in.ts';

/** How long somebody may take at the provider's page. */
export const LOGIN_SECONDS = 600;
/** Where people go who came from nowhere. */
const HOME = '/';
const SUBJECT = 'login';

export interface BegunLogin {
  /** At the provider. */
  readonly location: string;
  /** What the login cookie holds. */
  readonly state: string;
}

export interface DoneLogin {
  readonly who: SignedIn;
  /** A path of this host. */
  readonly returnTo: string;
}

export class Login {
  readonly #settings: IdentitySettings;
  readonly #issuer: Issuer;
  readonly #claims: ClaimsReader;
  readonly #clock: Clock;
  readonly #box: SealedBox;

  constructor(settings: IdentitySettings, issuer: Issuer, claims: ClaimsReader, clock: Clock) {
    this.#settings = settings;
    this.#issuer = issuer;
    this.#claims = claims;
    this.#clock = clock;
    this.#box = new SealedBox(settings.session.keys);
  }

  /**
   * @param returnTo as the browser says: only a path of this host is kept
   * @param fresh the provider asks them again, whoever is signed in there
   */
  async begin(returnTo: string | undefined, fresh: boolean): Promise<BegunLogin> {
    const configuration = await this.#issuer.configuration();
    const { redirectUrl, scopes } = this.#settings.oidc;
    const [state, nonce, verifier] = [randomState(), randomNonce(), randomPKCECodeVerifier()];
    const location = buildAuthorizationUrl(configuration, {
      redirect_uri: redirectUrl,
      scope: scopes.join(' '),
      state,
      nonce,
      code_challenge: await calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      ...(fresh ? { prompt: 'login', max_age: '0' } : {}),
    });
    const content = { state, nonce, verifier, returnTo: ownPath(returnTo, redirectUrl) };
    const expires = new Date(this.#clock.now() + LOGIN_SECONDS * 1000);
    return { location: location.href, state: await this.#box.seal('login', SUBJECT, content, expires) };
  }

  /**
   * @param query of the callback, with the question mark
   * @param state what the login cookie holds. Throws {@link AuthenticationFailure}
   */
  async end(query: string, state: string | undefined): Promise<DoneLogin> {
    const begun = state && (await this.#box.open('login', SUBJECT, state, new Date(this.#clock.now())));
    if (!begun) throw refused('this browser has begun no log-in in the last ten minutes');
    const { state: expectedState, nonce, verifier, returnTo } = begun as Record<string, string>;
    if (expectedState === undefined || nonce === undefined || verifier === undefined)
      throw refused('its state is incomplete');
    const answer = new URL(this.#settings.oidc.redirectUrl);
    answer.search = query;
    const who = await this.#grant(answer, { pkceCodeVerifier: verifier, expectedState, expectedNonce: nonce });
    return { who, returnTo: returnTo ?? HOME };
  }

  /** As data.all's front end asks: it has been at the provider itself, and proves it by the verifier. Throws {@link AuthenticationFailure}. */
  async exchange(code: string, verifier: string): Promise<SignedIn> {
    const { redirectUrl, tokenExchangeRedirectUrl = redirectUrl } = this.#settings.oidc;
    const { issuer } = (await this.#issuer.configuration()).serverMetadata();
    const answer = new URL(tokenExchangeRedirectUrl);
    // It hands on the code alone, which is of this issuer or of none.
    answer.search = new URLSearchParams({ code, iss: issuer }).toString();
    return this.#grant(answer, { pkceCodeVerifier: verifier });
  }

  /** Where the browser ends its session at the provider, too. Undefined where the provider has no such place, or does not answer. */
  async endSessionUrl(idToken: string | undefined): Promise<string | undefined> {
    try {
      const configuration = await this.#issuer.configuration();
      return logoutUrl(configuration, new URL(HOME, this.#settings.oidc.redirectUrl), idToken)?.href;
    } catch {
      return undefined;
    }
  }

  async #grant(answer: URL, checks: AuthorizationCodeGrantChecks): Promise<SignedIn> {
    try {
      const configuration = await this.#issuer.configuration();
      const tokens = await authorizationCodeGrant(configuration, answer, { ...checks, idTokenExpected: true });
      return await readSignedIn(tokens, this.#claims, this.#issuer);
    } catch (error) {
      throw providerFailure(error);
    }
  }
}

/**
 * A path of this host or the start page: whoever sends somebody to log in must not choose where they arrive with trust. Asked of what the
 * browser is sent to, too: dots are taken out of a path, and what is left may begin with the name of another host.
 */
export const ownPath = (wanted: string | undefined, redirectUrl: string): string => {
  const { origin } = new URL(redirectUrl);
  if (wanted === undefined || !isPath(wanted) || !URL.canParse(wanted, origin)) return HOME;
  const url = new URL(wanted, origin);
  const path = url.pathname + url.search + url.hash;
  return url.origin === origin && isPath(path) ? path : HOME;
};

const isPath = (text: string): boolean => /^\/(?![/\\])[^\p{Cc}\\]*$/u.test(text);

const refused = (why: string): AuthenticationFailure =>
  new AuthenticationFailure('LoginRefused', `the log-in cannot be finished: ${why}. Begin again at /auth/login`);
