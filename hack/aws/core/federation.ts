// The federation endpoint of AWS's sign-in: a session's keys for a token, a token for a way into the web console.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_enable-console-custom-url.html
import { randomBytes } from 'node:crypto';
import { emptyBody, encodeText, type WireRequest, type WireResponse } from '../wire/message.ts';
import type { IdentityDirectory } from './identity.ts';
import type { World } from './world.ts';

export interface FederationOptions {
  readonly world: World;
  readonly directory: IdentityDirectory;
}

/** Undefined: the request is none of its. */
export type Federation = (request: WireRequest) => WireResponse | undefined;

const TOKEN_MS = 15 * 60_000;

interface SignIn {
  readonly arn: string;
  readonly until: number;
}

const page = (status: number, text: string): WireResponse => ({
  status,
  headers: { 'content-type': 'text/html' },
  body: encodeText(text),
});
const badRequest = page(400, '<html><body>400 Bad Request</body></html>');

export const createFederation = ({ world, directory }: FederationOptions): Federation => {
  const tokens = new Map<string, SignIn>();

  /** Only of a role's session, by all three of its parts. */
  const getToken = (query: URLSearchParams): WireResponse => {
    // Refused of sessions that sessions made, which are the only ones that the operator has.
    if (query.has('SessionDuration')) return badRequest;
    const { sessionId, sessionKey, sessionToken } = JSON.parse(query.get('Session') ?? '{}') as Record<string, string>;
    const owner = directory.resolveCredentials(world, sessionId ?? '', sessionToken ?? '');
    if (typeof owner === 'string' || owner.secretAccessKey !== sessionKey || owner.principal.kind !== 'role-session')
      return badRequest;
    const token = randomBytes(48).toString('base64url');
    tokens.set(token, { arn: owner.principal.arn, until: world.clock.now() + TOKEN_MS });
    const body = encodeText(JSON.stringify({ SigninToken: token }));
    return { status: 200, headers: { 'content-type': 'application/json' }, body };
  };

  /** As AWS does, it says in a cookie who has signed in. */
  const logIn = (query: URLSearchParams): WireResponse => {
    const signIn = tokens.get(query.get('SigninToken') ?? '');
    const destination = query.get('Destination');
    if (signIn === undefined || signIn.until < world.clock.now() || destination === null) return badRequest;
    const cookie = `aws-userInfo=${encodeURIComponent(JSON.stringify({ arn: signIn.arn }))}; Secure; HttpOnly`;
    return { status: 302, headers: { location: destination, 'set-cookie': cookie }, body: emptyBody };
  };

  return ({ method, path, query }) => {
    const parameters = new URLSearchParams(query);
    const action = parameters.get('Action');
    // A bucket may have the name; it is not asked for an action.
    if (method !== 'GET' || path !== '/federation' || action === null) return undefined;
    try {
      if (action === 'getSigninToken') return getToken(parameters);
      return action === 'login' ? logIn(parameters) : badRequest;
    } catch {
      return badRequest;
    }
  };
};
