// An OpenID provider for `npm start` and tests: the certified `oidc-provider`, with demo users and everything in memory.

import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { exportJWK, generateKeyPair, type JWK } from 'jose';
import { createMemoryAdapter } from 'oidc-provider/lib/adapters/memory_adapter.js';
import { interactionPolicy, Provider, type ClientMetadata, type Configuration } from 'oidc-provider';
import { claimsOf, type DemoUser } from './demo-user.ts';
import { signInPage } from './sign-in-page.ts';

/** `aud` of its access tokens: what the gateway lists in `identity.oidc.audiences`. */
export const AUDIENCE = 'dataall';
/** The API that its access tokens are for, as resource indicators name it (RFC 8707). */
const RESOURCE = 'urn:dataall:gateway';
export const SCOPES = ['openid', 'profile', 'email', 'groups'] as const;
const SIGN_IN = '/sign-in/';

export interface OidcProviderOptions {
  readonly users: readonly DemoUser[];
  readonly clients: readonly ClientMetadata[];
  /** Of 127.0.0.1; unset: any free one. */
  readonly port?: number;
  /** How long access and ID tokens last, in seconds. */
  readonly tokenSeconds?: number;
  /** Of oidc-provider, over ours: for tests of other shapes. */
  readonly configuration?: Configuration;
}

export interface OidcProvider {
  readonly issuer: string;
  readonly provider: Provider;
  /** For tests. Every request is answered with 503 until it is false again; nothing is forgotten meanwhile. */
  isDown: boolean;
  /** For tests. Requests are answered once it has resolved. */
  hold: Promise<void> | undefined;
  stop(): Promise<void>;
}

/** Serves until stopped, on 127.0.0.1 only. */
export async function startOidcProvider(options: OidcProviderOptions): Promise<OidcProvider> {
  const server = createServer();
  const port = await listen(server, options.port ?? 0);
  const issuer = `http://127.0.0.1:${port}`;
  const provider = new Provider(issuer, { ...(await configure(options)), ...options.configuration });
  const answer = provider.callback();
  server.on('request', (request, response) => void serve(request, response));
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    await running.hold;
    if (running.isDown) response.writeHead(503).end();
    else if (request.url?.startsWith(SIGN_IN) !== true) await answer(request, response);
    else await signIn(provider, options.users, request, response).catch((error: unknown) => refuse(response, error));
  };
  const running: OidcProvider = {
    issuer,
    provider,
    isDown: false,
    hold: undefined,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return running;
}

async function listen(server: Server, port: number): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, host: '127.0.0.1', exclusive: true }, resolve);
  });
  return (server.address() as AddressInfo).port;
}

async function configure({ users, clients, tokenSeconds = 3600 }: OidcProviderOptions): Promise<Configuration> {
  // Looked up each time: tests change what it says of them.
  const named = (name: string): DemoUser | undefined => users.find((user) => user.name === name);
  return {
    adapter: createMemoryAdapter(),
    clients: [...clients],
    jwks: { keys: [await signingKey()] },
    cookies: { keys: [randomBytes(32).toString('base64')] },
    pkce: { required: () => true },
    scopes: [...SCOPES, 'offline_access'],
    claims: {
      openid: ['sub'],
      profile: ['name', 'preferred_username'],
      email: ['email', 'email_verified'],
      groups: ['groups'],
    },
    // Also in ID tokens, as most providers can be told to.
    conformIdTokenClaims: false,
    ttl: {
      AccessToken: tokenSeconds,
      IdToken: tokenSeconds,
      RefreshToken: 86_400,
      Session: 86_400,
      Grant: 86_400,
      Interaction: 600,
    },
    findAccount: (_, name) => {
      const user = named(name);
      return user && { accountId: name, claims: () => claimsOf(user) };
    },
    extraTokenClaims: ({ oidc }, token) => {
      const user = 'accountId' in token ? named(token.accountId) : undefined;
      const authTime = (oidc.entities.AuthorizationCode ?? oidc.entities.RefreshToken)?.authTime;
      return user && { ...claimsOf(user), ...(authTime === undefined ? {} : { auth_time: authTime }) };
    },
    interactions: { url: (_, { uid }) => SIGN_IN + uid, policy: signInOnly() },
    ...consentGiven,
    features: {
      devInteractions: { enabled: false },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => RESOURCE,
        useGrantedResource: () => true,
        getResourceServerInfo: () => ({
          scope: SCOPES.join(' '),
          audience: AUDIENCE,
          accessTokenFormat: 'jwt',
          accessTokenTTL: tokenSeconds,
          jwt: { sign: { alg: 'RS256' } },
        }),
      },
    },
  };
}

let key: Promise<JWK> | undefined;

/** The same for all providers of a process: making one takes as long as all else. */
function signingKey(): Promise<JWK> {
  key ??= generateKeyPair('RS256', { extractable: true }).then(async ({ privateKey }) => ({
    ...(await exportJWK(privateKey)),
    use: 'sig',
    alg: 'RS256',
  }));
  return key;
}

function signInOnly(): interactionPolicy.DefaultPolicy {
  const policy = interactionPolicy.base();
  policy.remove('consent');
  return policy;
}

/** Nobody is asked whether a client may: there are ours only. */
const consentGiven: Pick<
  Configuration,
  'loadExistingGrant' | 'issueRefreshToken' | 'expiresWithSession' | 'clientBasedCORS'
> = {
  async loadExistingGrant({ oidc }) {
    const { client, session, provider } = oidc;
    if (client === undefined || session?.accountId === undefined) return undefined;
    const grant = new provider.Grant({ clientId: client.clientId, accountId: session.accountId });
    grant.addOIDCScope([...SCOPES, 'offline_access'].join(' '));
    grant.addResourceScope(RESOURCE, SCOPES.join(' '));
    await grant.save();
    return grant;
  },
  issueRefreshToken: (_, client) => client.grantTypeAllowed('refresh_token'),
  expiresWithSession: () => false,
  clientBasedCORS: () => true,
};

async function signIn(
  provider: Provider,
  users: readonly DemoUser[],
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { uid } = await provider.interactionDetails(request, response);
  if (request.method !== 'POST') {
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' });
    response.end(signInPage(users, SIGN_IN + uid));
    return;
  }
  const name = new URLSearchParams(await text(request)).get('user') ?? '';
  if (!users.some((user) => user.name === name)) throw new Error(`there is no demo user ${JSON.stringify(name)}`);
  await provider.interactionFinished(request, response, { login: { accountId: name } });
}

function refuse(response: ServerResponse, error: unknown): void {
  response.writeHead(400, { 'content-type': 'text/plain; charset=utf-8' });
  response.end(`${error instanceof Error ? error.message : String(error)}\n`);
}
