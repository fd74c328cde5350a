// Signs in at the demo provider without a browser: authorization code with PKCE, as a browser does it, and a form sent to its page.

import { calculatePKCECodeChallenge, randomPKCECodeVerifier, randomState } from 'openid-client';

export interface SignIn {
  readonly issuer: string;
  /** A public client. */
  readonly clientId: string;
  /** One of the client's; nobody has to listen there. */
  readonly redirectUrl: string;
  readonly user: string;
  readonly scope?: string;
}

/** As the token endpoint answers. */
export interface Tokens {
  readonly access_token: string;
  readonly id_token?: string;
  readonly refresh_token?: string;
  /** Seconds. */
  readonly expires_in: number;
}

const MAX_REDIRECTS = 10;

export async function signIn({ scope = 'openid profile email groups', ...options }: SignIn): Promise<Tokens> {
  const { issuer, clientId, redirectUrl, user } = options;
  const verifier = randomPKCECodeVerifier();
  const metadata = (await (await fetch(`${issuer}/.well-known/openid-configuration`)).json()) as Record<string, string>;
  const begin = new URL(metadata['authorization_endpoint'] ?? '');
  begin.search = new URLSearchParams({
    client_id: clientId,
    redirect_uri: redirectUrl,
    response_type: 'code',
    scope,
    state: randomState(),
    code_challenge: await calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
  }).toString();
  const answer = (await pickUser(begin, redirectUrl, user)).searchParams;
  const code = answer.get('code');
  if (code === null) throw new Error(answer.get('error_description') ?? 'the provider gave no code');
  return exchange(metadata['token_endpoint'] ?? '', {
    grant_type: 'authorization_code',
    client_id: clientId,
    redirect_uri: redirectUrl,
    code,
    code_verifier: verifier,
  });
}

/**
 * Follows the provider's redirects with its cookies, picks the user on its page, and stops where it sends people back to.
 * @param begin the authorization request
 * @returns the redirect URL with the provider's answer in its query
 */
export async function pickUser(begin: URL, redirectUrl: string, user: string): Promise<URL> {
  const cookies = new Map<string, string>();
  let url = begin;
  let next: RequestInit = {};
  for (let step = 0; step < MAX_REDIRECTS; step += 1) {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(url, { ...next, redirect: 'manual', headers: { cookie } });
    for (const [name, value] of response.headers.getSetCookie().map(readCookie)) cookies.set(name, value);
    const location = response.headers.get('location');
    if (location === null) {
      if (!response.ok || next.method === 'POST') throw new Error((await response.text()).trim());
      next = { method: 'POST', body: new URLSearchParams({ user }) };
    } else {
      url = new URL(location, url);
      next = {};
      if (url.href.startsWith(redirectUrl)) return url;
    }
  }
  throw new Error(`the provider did not come back to ${redirectUrl}`);
}

const readCookie = (header: string): [string, string] => {
  const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(header) ?? [];
  return [name, value];
};

async function exchange(endpoint: string, parameters: Record<string, string>): Promise<Tokens> {
  const response = await fetch(endpoint, { method: 'POST', body: new URLSearchParams(parameters) });
  const body = (await response.json()) as Tokens & { readonly error?: string; readonly error_description?: string };
  if (!response.ok) throw new Error(`${body.error}: ${body.error_description}`);
  return body;
}
