// Sessions of people who signed in with a browser: begun at sign-in, refreshed with the provider's word, ended by them, by time or by the provider.

import { refreshTokenGrant, tokenRevocation } from 'openid-client';
import type { Logger } from 'pino';
import type { Clock } from '../../../operator/kernel/clock.ts';
import type { Database } from '../../read-model/database.ts';
import { AuthenticationFailure } from '../authentication-failure.ts';
import type { ClaimsReader } from '../claims-reader.ts';
import type { Identity } from '../identity.ts';
import type { Issuer } from '../issuer.ts';
import { isRefusal, providerFailure } from '../provider-failure.ts';
import { SealedBox } from '../sealed-box.ts';
import type { IdentitySettings } from '../settings.ts';
import { readSignedIn, type SignedIn } from '../signed-in.ts';
import { RefreshQueue } from './refresh-queue.ts';
import {
  newSessionId,
  readSessionId,
  SessionStore,
  type Refresh,
  type SessionId,
  type StoredSession,
} from './session-store.ts';

const MINUTE_MS = 60_000;
/** Asked a little before the provider's word is over, so that it stands while a request is served. */
const EARLY_MS = 30_000;
/** Not written at each request. */
const SEEN_MS = MINUTE_MS;

export interface SessionsOptions {
  readonly settings: IdentitySettings;
  readonly database: Database;
  readonly issuer: Issuer;
  readonly claims: ClaimsReader;
  readonly clock: Clock;
  readonly log: Logger;
}

export interface NewSessionOptions {
  readonly signIn: 'login' | 'token-exchange';
  readonly userAgent: string | undefined;
}

/** What the provider needs to end its own session, too. */
export interface EndedSession {
  readonly idToken: string | undefined;
}

export class Sessions {
  readonly #settings: IdentitySettings;
  readonly #store: SessionStore;
  readonly #box: SealedBox;
  readonly #issuer: Issuer;
  readonly #claims: ClaimsReader;
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #queue: RefreshQueue;
  /** Refreshes under way here, by id: requests of one page come together. */
  readonly #refreshing = new Map<string, Promise<StoredSession | undefined>>();

  constructor({ settings, database, issuer, claims, clock, log }: SessionsOptions) {
    this.#settings = settings;
    this.#store = new SessionStore(database);
    this.#box = new SealedBox(settings.session.keys);
    this.#issuer = issuer;
    this.#claims = claims;
    this.#clock = clock;
    this.#log = log;
    this.#queue = new RefreshQueue(clock);
  }

  /** @returns what the cookie holds: a new id always, whatever the browser had before */
  async begin(who: SignedIn, { signIn, userAgent }: NewSessionOptions): Promise<string> {
    const id = newSessionId();
    const now = this.#now();
    await this.#store.sweep(now, this.#idleSince());
    const expires = new Date(now.getTime() + this.#settings.session.maxAgeMinutes * MINUTE_MS);
    await this.#store.insert(id, {
      sign_in: signIn,
      user_name: who.user,
      groups: [...who.groups],
      email: who.email ?? null,
      display_name: who.displayName ?? null,
      user_agent: userAgent?.slice(0, 256) ?? null,
      authenticated: new Date((who.authenticatedAt ?? Math.floor(now.getTime() / 1000)) * 1000),
      created: now,
      seen: now,
      expires,
      fresh_until: this.#freshUntil(who),
      tokens: await this.#seal(id, expires, who),
    });
    return id.secret;
  }

  /**
   * @param isUse whether its owner is there: a session ends that is not used
   * Throws {@link AuthenticationFailure}: SessionEnded, or IssuerUnavailable while the provider cannot be asked whether it goes on.
   */
  async identityOf(secret: string, { isUse } = { isUse: true }): Promise<Identity> {
    const id = readSessionId(secret);
    const found = id && (await this.#store.find(id));
    if (id === undefined || found === undefined || this.#isOver(found)) throw ended();
    const session = this.#isFresh(found) ? found : await this.#refreshed(id, found);
    if (session === undefined) throw ended();
    if (isUse && this.#clock.now() - session.seen.getTime() > SEEN_MS) await this.#store.saw(id, this.#now());
    return identityOf(session);
  }

  /** Whatever it holds is no session any more. */
  async end(secret: string): Promise<EndedSession> {
    const id = readSessionId(secret);
    const session = id && (await this.#store.end(id));
    if (id === undefined || session === undefined) return { idToken: undefined };
    const { refreshToken, idToken } = await this.#open(id, session);
    if (refreshToken !== undefined) await this.#revoke(refreshToken);
    return { idToken };
  }

  async listOf(user: string): Promise<readonly StoredSession[]> {
    return (await this.#store.listOf(user)).filter((session) => !this.#isOver(session));
  }

  /** @returns whether the user had such a session */
  async endOf(user: string, publicId: string): Promise<boolean> {
    return this.#store.endOf(user, publicId);
  }

  #now(): Date {
    return new Date(this.#clock.now());
  }

  #idleSince(): Date {
    return new Date(this.#clock.now() - this.#settings.session.idleMinutes * MINUTE_MS);
  }

  #isOver({ expires, seen }: StoredSession): boolean {
    return expires <= this.#now() || seen < this.#idleSince();
  }

  #isFresh({ fresh_until: freshUntil }: StoredSession): boolean {
    return freshUntil.getTime() - EARLY_MS > this.#clock.now();
  }

  #freshUntil({ expiresIn }: SignedIn): Date {
    return new Date(this.#clock.now() + expiresIn * 1000);
  }

  /** A session whose time is not over yet goes on while the provider does not answer. */
  async #refreshed(id: SessionId, found: StoredSession): Promise<StoredSession | undefined> {
    try {
      return await this.#refreshOnce(id);
    } catch (error) {
      const isDown = error instanceof AuthenticationFailure && error.reason === 'IssuerUnavailable';
      if (isDown && found.fresh_until > this.#now()) return found;
      throw error;
    }
  }

  async #refreshOnce(id: SessionId): Promise<StoredSession | undefined> {
    const known = this.#refreshing.get(id.secret);
    if (known !== undefined) return known;
    const refresh = this.#queue
      .run(async () => this.#store.refresh(id, async (session) => this.#ask(id, session)))
      .finally(() => this.#refreshing.delete(id.secret));
    this.#refreshing.set(id.secret, refresh);
    return refresh;
  }

  /** With the row held. */
  async #ask(id: SessionId, session: StoredSession): Promise<Refresh> {
    if (this.#isFresh(session)) return { outcome: 'unchanged' };
    const isStillGood = session.fresh_until > this.#now();
    const { refreshToken, idToken, subject } = await this.#open(id, session);
    if (refreshToken === undefined) return { outcome: isStillGood ? 'unchanged' : 'ended' };
    try {
      const tokens = await refreshTokenGrant(await this.#issuer.configuration(), refreshToken);
      const who = await readSignedIn(tokens, this.#claims, this.#issuer, subject);
      return await this.#renewed(id, session, {
        ...who,
        refreshToken: who.refreshToken ?? refreshToken,
        idToken: who.idToken ?? idToken,
      });
    } catch (error) {
      if (isRefusal(error) || (error instanceof AuthenticationFailure && error.reason === 'UnusableClaims')) {
        this.#log.info({ user: session.user_name, err: error }, 'the identity provider ends a session');
        return { outcome: 'ended' };
      }
      const failure = providerFailure(error);
      this.#queue.failed(failure);
      throw failure;
    }
  }

  /** The same person with the groups that they have now. Silence about groups ends the session rather than take them or leave them. */
  async #renewed(id: SessionId, session: StoredSession, who: SignedIn): Promise<Refresh> {
    if (
      who.user !== session.user_name ||
      (!who.saysGroups && session.groups.length > 0 && who.authenticatedAt === undefined)
    ) {
      return { outcome: 'ended' };
    }
    const tokens = await this.#seal(id, session.expires, who);
    return {
      outcome: 'refreshed',
      changes: {
        groups: [...who.groups],
        email: who.email ?? session.email,
        display_name: who.displayName ?? session.display_name,
        fresh_until: this.#freshUntil(who),
        tokens,
      },
    };
  }

  async #seal({ hash }: SessionId, expires: Date, { refreshToken, idToken, subject }: SignedIn): Promise<string> {
    return this.#box.seal('tokens', hash.toString('base64url'), { refreshToken, idToken, of: subject }, expires);
  }

  /** Nothing where the key is no more: then the session lasts as long as the provider's last word. */
  async #open(
    { hash }: SessionId,
    { tokens }: StoredSession,
  ): Promise<Partial<Pick<SignedIn, 'refreshToken' | 'idToken' | 'subject'>>> {
    const content = await this.#box.open('tokens', hash.toString('base64url'), tokens, this.#now());
    const text = (name: string): string | undefined =>
      typeof content?.[name] === 'string' ? content[name] : undefined;
    return { refreshToken: text('refreshToken'), idToken: text('idToken'), subject: text('of') };
  }

  /** So that a copy of it is worth nothing. Where the provider cannot be told, the session is over here all the same. */
  async #revoke(refreshToken: string): Promise<void> {
    try {
      const configuration = await this.#issuer.configuration();
      if (configuration.serverMetadata().revocation_endpoint === undefined) return;
      await tokenRevocation(configuration, refreshToken, { token_type_hint: 'refresh_token' });
    } catch (error) {
      this.#log.warn({ err: error }, 'the refresh token of a session that has ended could not be revoked');
    }
  }
}

const identityOf = (session: StoredSession): Identity => ({
  user: session.user_name,
  groups: session.groups,
  ...(session.email === null ? {} : { email: session.email }),
  ...(session.display_name === null ? {} : { displayName: session.display_name }),
  authenticatedAt: Math.floor(session.authenticated.getTime() / 1000),
  signIn: session.sign_in,
  session: session.public_id,
});

const ended = (): AuthenticationFailure =>
  new AuthenticationFailure('SessionEnded', 'your session has ended: sign in again at /auth/login');
