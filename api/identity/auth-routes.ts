// The routes under /auth: log-in and its callback, and what data.all's front end calls (token-exchange, logout, userinfo) in its words.

import type { FastifyInstance, FastifyReply, FastifyRequest, LogLevel } from 'fastify';
import { z } from 'zod';
import { isDatabaseAway } from '../read-model/database-away.ts';
import { AuthenticationFailure } from './authentication-failure.ts';
import type { Authenticator } from './authenticator.ts';
import type { Cookies } from './cookies.ts';
import type { Identity } from './identity.ts';
import { LOGIN_SECONDS, type Login } from './login.ts';
import type { StoredSession } from './sessions/session-store.ts';
import type { Sessions } from './sessions/sessions.ts';
import type { SignedIn } from './signed-in.ts';

export interface AuthRouteParts {
  readonly authenticator: Authenticator;
  readonly sessions: Sessions;
  readonly login: Login;
  readonly cookies: Cookies;
  readonly maxAgeMinutes: number;
}

const exchangeBody = z.object({ code: z.string().min(1).max(4096), code_verifier: z.string().min(43).max(128) });
const loginQuery = z.object({ return_to: z.string().max(2048).optional(), reauth: z.string().optional() });

export const registerAuthRoutes = (fastify: FastifyInstance, parts: AuthRouteParts): void => {
  fastify.addHook('onRequest', async (_, reply) => {
    reply.header('cache-control', 'no-store');
  });
  fastify.setErrorHandler(async (error, request, reply) => tellFailure(error, request, reply));
  loginRoutes(fastify, parts);
  frontEndRoutes(fastify, parts);
  sessionRoutes(fastify, parts);
};

const loginRoutes = (fastify: FastifyInstance, { login, sessions, cookies, ...parts }: AuthRouteParts): void => {
  fastify.get('/auth/login', async (request, reply) => {
    const { data } = loginQuery.safeParse(request.query);
    const { location, state } = await login.begin(data?.return_to, data?.reauth !== undefined);
    reply.setCookie(cookies.login.name, state, { ...cookies.login.options, maxAge: LOGIN_SECONDS });
    return reply.redirect(location, 302);
  });

  // At `info` the address of each request is logged, and here the code is in it.
  const logLevel = ['error', 'fatal', 'silent'].includes(fastify.log.level) ? fastify.log.level : 'warn';
  fastify.get('/auth/callback', { logLevel: logLevel as LogLevel }, async (request, reply) => {
    // Whatever comes of it: it is good for one answer of the provider.
    reply.clearCookie(cookies.login.name, cookies.login.options);
    const query = /\?.*$/s.exec(request.url)?.[0] ?? '';
    const { who, returnTo } = await login.end(query, request.cookies[cookies.login.name]);
    await signIn({ sessions, cookies, ...parts }, who, 'login', request, reply);
    return reply.redirect(returnTo, 302);
  });
};

const frontEndRoutes = (fastify: FastifyInstance, parts: AuthRouteParts): void => {
  const { authenticator, login, sessions, cookies } = parts;
  fastify.post('/auth/token-exchange', async (request, reply) => {
    authenticator.refuseForged(request);
    const { data } = exchangeBody.safeParse(request.body);
    if (data === undefined) return reply.code(400).send({ error: 'Missing code or code_verifier' });
    const who = await login.exchange(data.code, data.code_verifier);
    await signIn(parts, who, 'token-exchange', request, reply);
    return { success: true };
  });

  fastify.post('/auth/logout', async (request, reply) => {
    authenticator.refuseForged(request);
    const secret = request.cookies[cookies.session.name];
    const { idToken } = secret === undefined ? { idToken: undefined } : await sessions.end(secret);
    reply.clearCookie(cookies.session.name, cookies.session.options);
    return { success: true, logout_url: (await login.endSessionUrl(idToken)) ?? null };
  });

  fastify.get('/auth/userinfo', async (request) => {
    const { user, email, displayName, groups, authenticatedAt, signIn } = await signedIn(authenticator, request);
    return { email: email ?? user, name: displayName ?? email ?? user, sub: user, groups, authenticatedAt, signIn };
  });
};

/** Where people see from where they are signed in, and end what they do not know. */
const sessionRoutes = (fastify: FastifyInstance, { authenticator, sessions }: AuthRouteParts): void => {
  fastify.get('/auth/sessions', async (request) => {
    const { user, session } = await signedIn(authenticator, request);
    return { sessions: (await sessions.listOf(user)).map((each) => show(each, session)) };
  });

  fastify.delete<{ Params: { id: string } }>('/auth/sessions/:id', async (request, reply) => {
    const { user } = await signedIn(authenticator, request);
    if (await sessions.endOf(user, request.params.id)) return { success: true };
    return reply.code(404).send({ error: 'You have no such session' });
  });
};

const show = (each: StoredSession, current: string | undefined) => ({
  id: each.public_id,
  signIn: each.sign_in,
  userAgent: each.user_agent,
  created: each.created,
  seen: each.seen,
  expires: each.expires,
  current: each.public_id === current,
});

const signedIn = async (authenticator: Authenticator, request: FastifyRequest): Promise<Identity> => {
  const identity = await authenticator.authenticate(request);
  if (identity === undefined) throw new AuthenticationFailure('NoCredentials', 'Not authenticated');
  return identity;
};

/** A new session under a new id. The one that the browser came with, if any, ends: it may be somebody else's, planted there. */
const signIn = async (
  { sessions, cookies, maxAgeMinutes }: Pick<AuthRouteParts, 'sessions' | 'cookies' | 'maxAgeMinutes'>,
  who: SignedIn,
  how: 'login' | 'token-exchange',
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<void> => {
  const { name, options } = cookies.session;
  const before = request.cookies[name];
  if (before !== undefined) await sessions.end(before);
  const secret = await sessions.begin(who, { signIn: how, userAgent: request.headers['user-agent'] });
  reply.setCookie(name, secret, { ...options, maxAge: maxAgeMinutes * 60 });
};

const MESSAGES: Readonly<Record<number, string>> = {
  500: 'Internal server error',
  503: 'The database of the gateway does not answer: try again in a moment',
};

/** In the shape of data.all's auth handler; for people at the callback, who see a page, with a way on. */
const tellFailure = async (error: unknown, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
  const failure = error instanceof AuthenticationFailure ? error : undefined;
  const clientStatus =
    error instanceof Error && 'statusCode' in error && Number(error.statusCode) < 500
      ? Number(error.statusCode)
      : undefined;
  const status = failure?.status ?? clientStatus ?? (isDatabaseAway(error) ? 503 : 500);
  if (status >= 500) request.log.error({ err: error }, 'a request under /auth failed');
  // Without a stack: anybody can cause it, and as often as they like.
  else request.log.warn({ reason: failure?.reason, why: whyOf(error) }, 'a request under /auth was refused');
  const message = failure?.message ?? MESSAGES[status] ?? 'The request cannot be read';
  reply.code(status);
  if (request.method !== 'GET' || request.headers.accept?.includes('text/html') !== true) {
    return reply.send({ error: message, ...(failure ? { reason: failure.reason } : {}) });
  }
  return reply.type('text/html; charset=utf-8').send(failurePage(message));
};

/** What it says, and what it says it was caused by. */
const whyOf = (error: unknown): string => {
  if (!(error instanceof Error)) return 'something that is no error';
  return error.cause instanceof Error ? `${error.message}: ${whyOf(error.cause)}` : error.message;
};

const failurePage = (message: string): string => `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Not signed in</title></head>
<body><h1>Not signed in</h1><p>${escapeHtml(message)}</p><p><a href="/auth/login">Sign in</a></p></body>
</html>
`;

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
