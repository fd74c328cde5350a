// As whom Kubernetes is asked: names with the installation's prefixes, as the API server's own OIDC would spell them.

import type { Identity } from './identity.ts';
import type { IdentitySettings } from './settings.ts';

/** What impersonation headers say. */
export interface KubernetesIdentity {
  readonly user: string;
  readonly groups: readonly string[];
}

/** The API server adds it to everybody; said here, so that whoever asks by these names elsewhere gets the same answer. */
const AUTHENTICATED = 'system:authenticated';

/** Throws an Error rather than name somebody whom only Kubernetes may: no token and no prefix gets so far (claims.ts, settings.ts). */
export const kubernetesIdentity = (
  { user, groups }: Pick<Identity, 'user' | 'groups'>,
  { userPrefix, groupPrefix }: Pick<IdentitySettings, 'userPrefix' | 'groupPrefix'>,
): KubernetesIdentity => {
  const named = [userPrefix + user, ...groups.map((group) => groupPrefix + group)];
  if (named.some((name) => name.trim().startsWith('system:'))) {
    throw new Error('refusing to impersonate a name of Kubernetes itself (system:...)');
  }
  const [prefixedUser = '', ...prefixedGroups] = named;
  return { user: prefixedUser, groups: [...prefixedGroups, AUTHENTICATED] };
};
