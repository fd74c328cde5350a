// The web console for who bears a session's keys, without a password of theirs.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_enable-console-custom-url.html
import { consoleDomainOf, partitionOf } from '../policy/arn.ts';
import type { FailedCall } from './call.ts';
import { classify, classifyEntry } from './classify-error.ts';
import type { Clients } from './clients.ts';
import type { Clock } from './clock.ts';
import { callContext } from './call-context.ts';
import { within } from './deadline.ts';
import type { RoleSession } from './services/sts.ts';

export interface FederationOptions {
  readonly clients: Pick<Clients, 'get'>;
  readonly clock: Clock;
  /** Replaces AWS's, e.g. with the simulator's. */
  readonly endpoint?: string | undefined;
}

export interface ConsoleVisit {
  /** Whose role it is. */
  readonly account: string;
  readonly region: string;
  /** Below the console's address, e.g. `s3/buckets/orders`. */
  readonly path: string;
}

const timeout = 10_000;
/** Milliseconds that a sign-in token is good for. */
export const SIGN_IN_MS = 15 * 60_000;

export class Federation {
  readonly #options: FederationOptions;

  constructor(options: FederationOptions) {
    this.#options = options;
  }

  /**
   * An address that signs a browser in as the session: whoever has it is let in, for a quarter of an hour. The visit ends with the session
   * (SessionDuration is refused for sessions that a session made). @throws AwsFault
   */
  async signInUrl(session: RoleSession, { account, region, path }: ConsoleVisit): Promise<string> {
    const call: FailedCall = { service: 'signin', operation: 'getSigninToken', account, region, write: false };
    const Session = JSON.stringify({
      sessionId: session.accessKeyId,
      sessionKey: session.secretAccessKey,
      sessionToken: session.sessionToken,
    });
    const SigninToken = await this.#token(call, this.#url(region, { Action: 'getSigninToken', Session }));
    const Destination = `https://console.${consoleDomainOf(region)}/${path}?region=${region}`;
    return this.#url(region, { Action: 'login', Issuer: 'data.all', Destination, SigninToken }).href;
  }

  async #token(call: FailedCall, url: URL): Promise<string> {
    const { clients, clock } = this.#options;
    const { status, text } = await within({ clock, timeout, signal: callContext()?.signal }, (stop) =>
      clients.get(url, stop),
    ).catch((error: unknown) => {
      throw classify(error, call);
    });
    const token = status === 200 ? tokenIn(text) : undefined;
    // Its pages for people say nothing that is of use here, and could quote what was sent.
    if (token === undefined)
      throw classifyEntry(status >= 500 ? 'ServiceUnavailable' : 'InvalidSession', `answered ${status}`, call);
    return token;
  }

  #url(region: string, parameters: Readonly<Record<string, string>>): URL {
    const domain = consoleDomainOf(region);
    // The European sovereign cloud has no sign-in but by region.
    const host = partitionOf(region) === 'aws-eusc' ? `${region}.signin.${domain}` : `signin.${domain}`;
    const url = new URL('/federation', this.#options.endpoint ?? `https://${host}`);
    for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
    return url;
  }
}

const tokenIn = (text: string): string | undefined => {
  try {
    const { SigninToken } = JSON.parse(text) as { readonly SigninToken?: unknown };
    return typeof SigninToken === 'string' ? SigninToken : undefined;
  } catch {
    return undefined;
  }
};
