// Who calls: a ServiceAccount that the configuration names, by a token made for this API alone, which the API server reviews.
// https://kubernetes.io/docs/reference/kubernetes-api/authentication-resources/token-review-v1/

import { createHash } from 'node:crypto';
import type { InstallationConfig } from '../config.ts';
import type { Clock } from '../kernel/clock.ts';
import type { KubeApi } from '../kernel/client/kube-api.ts';
import { Problem } from './problem.ts';

export type ActionsConfig = NonNullable<InstallationConfig['actions']>;

/** As the API server knows it. */
export interface Caller {
  readonly username: string;
  readonly groups: readonly string[];
  /** Whether it may say for whom it asks. Otherwise it asks for itself. */
  readonly assertsUsers: boolean;
}

interface TokenReview {
  readonly status?: {
    readonly authenticated?: boolean;
    readonly user?: { readonly username?: string; readonly groups?: readonly string[] };
    readonly audiences?: readonly string[];
  };
}

/** A token that was taken back is let in for so long at most. */
const REMEMBERED_MS = 10_000;
/** Tokens that are remembered, and reviews under way: a flood of made-up ones fills neither us nor the API server. */
const MOST_REMEMBERED = 1_000;
const MOST_REVIEWS = 32;
const REVIEW_TIMEOUT_MS = 5_000;
/** Tokens of ServiceAccounts have about 1 KB. */
const LONGEST_TOKEN = 8_192;

interface Known {
  readonly caller: Promise<Caller>;
  readonly until: number;
}

export class Callers {
  readonly #api: KubeApi;
  readonly #config: Pick<ActionsConfig, 'audience' | 'callers'>;
  readonly #clock: Clock;
  /** By the digest of the token. The oldest first. */
  readonly #known = new Map<string, Known>();
  #reviews = 0;

  constructor(api: KubeApi, config: Pick<ActionsConfig, 'audience' | 'callers'>, clock: Clock) {
    this.#api = api;
    this.#config = config;
    this.#clock = clock;
  }

  /** @param authorization the header @throws Problem `unauthenticated`, `forbidden`, `busy` */
  async authenticate(authorization: string | undefined): Promise<Caller> {
    const token = /^Bearer ([\w.~+/=-]+)$/i.exec(authorization ?? '')?.[1];
    if (token === undefined || token.length > LONGEST_TOKEN) throw this.#unauthenticated();
    const digest = createHash('sha256').update(token).digest('base64');
    const known = this.#known.get(digest);
    if (known !== undefined && known.until > this.#clock.monotonic()) return await known.caller;
    if (this.#reviews >= MOST_REVIEWS) throw new Problem('busy', 'Too many tokens are being reviewed: try again.');
    const caller = this.#review(token);
    this.#remember(digest, caller);
    return await caller;
  }

  #remember(digest: string, caller: Promise<Caller>): void {
    this.#known.delete(digest);
    this.#known.set(digest, { caller, until: this.#clock.monotonic() + REMEMBERED_MS });
    for (const oldest of this.#known.keys()) {
      if (this.#known.size <= MOST_REMEMBERED) break;
      this.#known.delete(oldest);
    }
    // Only who was let in is remembered: a binding or an API server may be a moment late.
    caller.catch(() => {
      if (this.#known.get(digest)?.caller === caller) this.#known.delete(digest);
    });
  }

  async #review(token: string): Promise<Caller> {
    const { audience, callers } = this.#config;
    this.#reviews += 1;
    try {
      const { status = {} } = await this.#api.post<TokenReview>(
        '/apis/authentication.k8s.io/v1/tokenreviews',
        {
          apiVersion: 'authentication.k8s.io/v1',
          kind: 'TokenReview',
          spec: { token, audiences: [audience] },
        },
        { timeoutMs: REVIEW_TIMEOUT_MS },
      );
      const { authenticated, user, audiences = [] } = status;
      // An API server that knows no audiences answers with none, and would take a token that was made for itself.
      if (authenticated !== true || user?.username === undefined || !audiences.includes(audience))
        throw this.#unauthenticated();
      const { username, groups = [] } = user;
      const allowed = callers.find(({ namespace, name }) => username === `system:serviceaccount:${namespace}:${name}`);
      if (allowed === undefined)
        throw new Problem('forbidden', `${username} is not among actions.callers of the operator’s configuration.`);
      return { username, groups, assertsUsers: allowed.assertsUsers };
    } finally {
      this.#reviews -= 1;
    }
  }

  #unauthenticated(): Problem {
    return new Problem(
      'unauthenticated',
      `Send the token of a ServiceAccount as bearer, made for audience ${this.#config.audience} (a projected volume, or kubectl create token --audience) and not expired.`,
    );
  }
}
