// People with browsers before gateways that share a database, and the demo provider behind: what a test of signing in needs.

import Fastify, { type FastifyInstance, type LightMyRequestResponse } from 'fastify';
import type { ClientMetadata } from 'oidc-provider';
import { pino } from 'pino';
import { onTestFinished } from 'vitest';
import { openAuthentication } from '../../api/identity/authentication.ts';
import { AuthenticationFailure } from '../../api/identity/authentication-failure.ts';
import { readIdentitySettings, type IdentitySettingsInput } from '../../api/identity/settings.ts';
import type { Database } from '../../api/read-model/database.ts';
import { pickUser } from '../../hack/oidc/authorization-code.ts';
import { startOidcProvider, type OidcProvider, type OidcProviderOptions } from '../../hack/oidc/provider.ts';
import { systemClock, type Clock } from '../../operator/kernel/clock.ts';

/** Where the gateways believe to be reached. Nobody listens: requests are handed to them. */
export const ORIGIN = 'http://localhost:8443';
export const REDIRECT = `${ORIGIN}/auth/callback`;
/** Where data.all's front end is sent back to. */
export const FRONT_END = 'http://localhost:3000/callback';
const SECRET = 'known to the gateways and the provider';
export const PUBLIC_CLIENT = { clientId: 'scripts', redirectUrl: 'http://localhost/signed-in' } as const;

/** A clock that tests put forward. */
export class ShiftedClock implements Clock {
  ms = 0;
  now = (): number => Date.now() + this.ms;
  monotonic = (): number => systemClock.monotonic() + this.ms;
  after = systemClock.after.bind(systemClock);
  random = systemClock.random.bind(systemClock);
}

export const sessionKey = (id: string) => ({ id, secret: Buffer.alloc(32, id).toString('base64') });

/** The gateway, and a program that signs in by itself. */
export const clients: readonly ClientMetadata[] = [
  {
    client_id: 'dataall',
    client_secret: SECRET,
    token_endpoint_auth_method: 'client_secret_post',
    grant_types: ['authorization_code', 'refresh_token'],
    redirect_uris: [REDIRECT, FRONT_END],
    post_logout_redirect_uris: [`${ORIGIN}/`],
  },
  {
    client_id: PUBLIC_CLIENT.clientId,
    token_endpoint_auth_method: 'none',
    redirect_uris: [PUBLIC_CLIENT.redirectUrl],
  },
];

/** Within a test: ends with it. `users` may be changed while it runs. */
export async function demoProvider(options: Partial<OidcProviderOptions> = {}): Promise<OidcProvider> {
  const provider = await startOidcProvider({
    users: [
      { name: 'owner', groups: ['sales'] },
      { name: 'analyst', groups: ['marketing'] },
    ],
    clients,
    ...options,
  });
  onTestFinished(async () => provider.stop());
  return provider;
}

export interface GatewayOptions {
  readonly issuer: string;
  readonly database: Database;
  readonly clock?: Clock;
  readonly session?: Partial<IdentitySettingsInput['session']>;
  /** Collects what it logs, at the most talkative level. */
  readonly lines?: string[];
}

/** Of a gateway that people sign in at by the demo provider. */
export const identitySettings = (issuer: string, session: GatewayOptions['session'] = {}): IdentitySettingsInput => ({
  oidc: {
    issuer,
    clientId: 'dataall',
    clientSecret: SECRET,
    redirectUrl: REDIRECT,
    tokenExchangeRedirectUrl: FRONT_END,
    scopes: 'openid profile email groups',
    claimsMapping: { user: 'preferred_username', email: 'email', groups: 'groups' },
  },
  session: { keys: [sessionKey('1')], ...session },
});

/** One of any number: its routes under /auth, and /who, which tells whom it takes the sender for. */
export async function gateway({
  issuer,
  database,
  clock = systemClock,
  session,
  lines,
}: GatewayOptions): Promise<FastifyInstance> {
  const settings = readIdentitySettings(identitySettings(issuer, session));
  const log =
    lines === undefined
      ? pino({ level: 'silent' })
      : pino({ level: 'trace' }, { write: (line) => void lines.push(line) });
  const authentication = await openAuthentication({ settings, database, clock, log });
  const fastify = Fastify({ loggerInstance: log }) as unknown as FastifyInstance;
  await authentication.register(fastify);
  fastify.route({
    method: ['GET', 'POST'],
    url: '/who',
    handler: async (request, reply) => {
      try {
        return (await authentication.authenticate(request)) ?? { nobody: true };
      } catch (error) {
        if (!(error instanceof AuthenticationFailure)) throw error;
        return reply.code(error.status).send({ reason: error.reason, message: error.message });
      }
    },
  });
  onTestFinished(async () => fastify.close());
  return fastify;
}

export interface Sent {
  readonly method?: 'GET' | 'POST' | 'DELETE';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: object;
}

/** Keeps cookies; one of its own user each. */
export class Browser {
  readonly cookies = new Map<string, string>();
  gateway: FastifyInstance;

  constructor(gateway: FastifyInstance) {
    this.gateway = gateway;
  }

  /** The id that the session's cookie holds. */
  get sessionId(): string | undefined {
    return this.cookies.get('dataall_session');
  }

  async send(url: string, { method = 'GET', headers = {}, body }: Sent = {}): Promise<LightMyRequestResponse> {
    const response = await this.gateway.inject({
      method,
      url,
      headers,
      cookies: Object.fromEntries(this.cookies),
      ...(body === undefined ? {} : { payload: body }),
    });
    for (const { name, value } of response.cookies) {
      if (value === '') this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
    return response;
  }

  /** Up to where the provider sends it back. @returns path and query of the callback */
  async goToProvider(user: string, login = '/auth/login'): Promise<string> {
    const { headers, statusCode, body } = await this.send(login);
    if (statusCode !== 302) throw new Error(body);
    const { pathname, search } = await pickUser(new URL(String(headers['location'])), REDIRECT, user);
    return pathname + search;
  }

  async signIn(user: string, login = '/auth/login'): Promise<LightMyRequestResponse> {
    return this.send(await this.goToProvider(user, login));
  }

  async who(): Promise<{ readonly status: number; readonly body: Readonly<Record<string, unknown>> }> {
    const response = await this.send('/who');
    return { status: response.statusCode, body: response.json() };
  }
}
