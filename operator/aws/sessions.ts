// Sessions of roles: one per role, kept, renewed before it ends by one call at a time, dropped when AWS refuses it.
import { randomUUID } from 'node:crypto';
import type { Clock } from './clock.ts';
import { isFault } from './fault.ts';
import type { AwsFault } from './fault.ts';
import type { SessionCredentials } from './services/sts.ts';
import { withCallContext } from './call-context.ts';

/** A role and the identifier its trust policy demands. */
export interface AssumableRole {
  readonly arn: string;
  /** Bootstrap roles have none. */
  readonly externalId?: string | undefined;
}

export interface SessionsOptions {
  readonly clock: Clock;
  /** 0 <= x < 1. */
  readonly random: () => number;
  /** RoleSessionName of sessions made now; a change makes new ones. */
  readonly sessionName: () => string;
  /** sts:AssumeRole with the hub's identity. */
  readonly assume: (role: AssumableRole, sessionName: string) => Promise<SessionCredentials>;
}

/**
 * Renewed so long before the end, and up to as much again at random so that the sessions of all accounts, made at one
 * start, are not renewed at one time. Sessions last an hour.
 */
const renewBefore = 5 * 60_000;
/** Credentials with less left than this are not handed out: a call must still arrive with them. */
const tooLate = 60_000;
/** After a failed renewal of a session that still works. */
const renewAgainAfter = 30_000;
/** A refusal by STS is the answer to everyone for so long: 500 work items of a broken account make one call. */
const refusalHolds = 2_000;
/** A refused call drops its session only if that is older than this: a new session cannot be expected to do better. */
const freshFor = 60_000;
/** A role that demanded its external id is asked again after so long. */
const demandHolds = 60 * 60_000;

interface Held {
  readonly credentials: SessionCredentials;
  readonly sessionName: string;
  readonly madeAt: number;
  readonly renewAt: number;
  readonly expiresAt: number;
}

/** The session of one role. */
export class Session {
  readonly #role: AssumableRole;
  readonly #options: SessionsOptions;
  #held: Held | undefined;
  #renewal: Promise<SessionCredentials> | undefined;
  #refusal: { readonly fault: AwsFault; readonly until: number } | undefined;
  /** Counts drops, so that credentials asked for before one are not kept after it. */
  #generation = 0;
  #notBefore = Number.NEGATIVE_INFINITY;
  #demandedUntil = Number.NEGATIVE_INFINITY;

  constructor(role: AssumableRole, options: SessionsOptions) {
    this.#role = role;
    this.#options = options;
  }

  /** Credentials good for at least a minute. @throws AwsFault NoTrust, NoCredentials... */
  async credentials(): Promise<SessionCredentials> {
    const now = this.#options.clock.now();
    const held = this.#held;
    if (held === undefined || held.expiresAt - now < tooLate || held.sessionName !== this.#options.sessionName())
      return await this.#renew();
    if (now >= held.renewAt && now >= this.#notBefore)
      this.#renew().catch(() => {
        this.#notBefore = this.#options.clock.now() + renewAgainAfter;
      });
    return held.credentials;
  }

  /** Forgets everything: the next call makes a new session. For changed trust, and for credentials AWS calls invalid. */
  drop(): void {
    this.#generation += 1;
    this.#held = undefined;
    this.#renewal = undefined;
    this.#refusal = undefined;
    this.#demandedUntil = Number.NEGATIVE_INFINITY;
  }

  /**
   * Whether the trust of the role rests on the external id: it refuses one made up here. Without that, whoever may name the role to us
   * would be served with it. Yes is remembered for an hour. @throws AwsFault
   * https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html
   */
  async demandsExternalId(): Promise<boolean> {
    const { clock, sessionName, assume } = this.#options;
    if (clock.now() < this.#demandedUntil) return true;
    const generation = this.#generation;
    try {
      await assume({ ...this.#role, externalId: randomUUID() }, sessionName());
      return false;
    } catch (error) {
      if (!isFault(error, 'NoTrust')) throw error;
      if (generation === this.#generation) this.#demandedUntil = clock.now() + demandHolds;
      return true;
    }
  }

  /** A call was denied. An old session may be the reason (revoked sessions, a replaced role), so it is not kept. */
  refused(): void {
    if (this.#held !== undefined && this.#options.clock.now() - this.#held.madeAt > freshFor) this.drop();
  }

  async #renew(): Promise<SessionCredentials> {
    if (this.#refusal !== undefined && this.#options.clock.now() < this.#refusal.until) throw this.#refusal.fault;
    // Work of its own: shared by all who wait, it must neither end with the one that asked first nor queue behind anyone.
    this.#renewal ??= withCallContext(
      { item: `Session:${this.#role.arn}`, reconcileId: String(this.#generation), priority: Number.MAX_SAFE_INTEGER },
      () => this.#assume(this.#generation),
    );
    return await this.#renewal;
  }

  async #assume(generation: number): Promise<SessionCredentials> {
    const { clock, random, sessionName, assume } = this.#options;
    const name = sessionName();
    try {
      const credentials = await assume(this.#role, name);
      const madeAt = clock.now();
      const expiresAt = credentials.expiration?.getTime() ?? Number.POSITIVE_INFINITY;
      const held = {
        credentials,
        sessionName: name,
        madeAt,
        expiresAt,
        renewAt: expiresAt - renewBefore * (1 + random()),
      };
      if (generation === this.#generation) this.#held = held;
      return credentials;
    } catch (error) {
      if (isFault(error, 'NoTrust') && generation === this.#generation)
        this.#refusal = { fault: error, until: clock.now() + refusalHolds };
      throw error;
    } finally {
      if (generation === this.#generation) this.#renewal = undefined;
    }
  }
}

/** All sessions, by role and external id. */
export class Sessions {
  readonly #options: SessionsOptions;
  readonly #sessions = new Map<string, Session>();

  constructor(options: SessionsOptions) {
    this.#options = options;
  }

  of(role: AssumableRole): Session {
    const key = `${role.arn} ${role.externalId ?? ''}`;
    let session = this.#sessions.get(key);
    if (session === undefined) {
      session = new Session(role, this.#options);
      this.#sessions.set(key, session);
    }
    return session;
  }

  /** Drops the sessions of a role, whatever their external id. */
  drop(roleArn: string): void {
    for (const [key, session] of this.#sessions) if (key.startsWith(`${roleArn} `)) session.drop();
  }
}

/**
 * `dataall-<installation>-<epoch>`, in the characters and length STS accepts ([\w+=,.@-]{2,64}). The epoch is never cut.
 * https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
 */
export function sessionNameOf(installation: string, epoch: string | number): string {
  const suffix = `-${clean(String(epoch))}`;
  return `dataall-${clean(installation)}`.slice(0, 64 - suffix.length) + suffix;
}

const clean = (text: string): string => text.replace(/[^\w+=,.@-]/g, '-');
