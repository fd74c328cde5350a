import { describe, expect, it } from 'vitest';
import { kubernetesIdentity } from './kubernetes-identity.ts';

describe('the identity that Kubernetes is told', () => {
  it("bears the installation's prefixes, and the group of everybody who is authenticated", () => {
    const identity = kubernetesIdentity(
      { user: 'ann', groups: ['sales'] },
      { userPrefix: 'oidc:', groupPrefix: 'idp:' },
    );
    expect(identity).toEqual({ user: 'oidc:ann', groups: ['idp:sales', 'system:authenticated'] });
  });

  it.each([
    { user: 'system:admin', groups: [] },
    { user: ' system:admin', groups: [] },
    { user: 'ann', groups: ['system:masters'] },
  ])('is never one of Kubernetes itself: %j', (identity) => {
    expect(() => kubernetesIdentity(identity, { userPrefix: '', groupPrefix: '' })).toThrow('refusing to impersonate');
  });
});
