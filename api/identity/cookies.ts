// The gateway's two cookies: the session's id, and what a log-in under way has to find again.

import type { CookieSerializeOptions } from '@fastify/cookie';
import type { IdentitySettings } from './settings.ts';

export interface CookieSpec {
  readonly name: string;
  /** Not readable by scripts, not sent with what other sites do but for links, to this host only. */
  readonly options: CookieSerializeOptions;
}

export interface Cookies {
  readonly session: CookieSpec;
  readonly login: CookieSpec;
}

/** `__Host-` makes browsers refuse a cookie that another host of the domain has set. On plain HTTP (this machine only) they refuse it always. */
export const cookiesFor = ({ oidc }: Pick<IdentitySettings, 'oidc'>): Cookies => {
  const secure = new URL(oidc.redirectUrl).protocol === 'https:';
  const options: CookieSerializeOptions = { path: '/', httpOnly: true, sameSite: 'lax', secure };
  const prefix = secure ? '__Host-' : '';
  return {
    session: { name: `${prefix}dataall_session`, options },
    login: { name: `${prefix}dataall_login`, options },
  };
};
