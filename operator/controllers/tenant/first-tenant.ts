// The Tenant of an installation that has none yet: without one everything is refused, and Helm cannot bring an object of a kind that it
// brings in the same release.
import { isKubeError } from '../../kernel/client/kube-api.ts';
import { apiVersion } from '../../kernel/kind.ts';
import type { Task } from '../../kernel/runtime/manager.ts';
import { tenantKind, type Tenant } from '../../resources/tenant.ts';
import type { Platform } from '../reconcile/platform.ts';

const NAME = 'default';

/** Makes it once, with the administrators that the configuration names. What is there, whoever made it, is theirs to change. */
export const firstTenantTask = ({ config, api }: Pick<Platform, 'config' | 'api'>): Task => ({
  name: 'first-tenant',
  runs: 'leader',
  async run() {
    const { administrators } = config.tenant;
    if (administrators.length === 0) return;
    const tenant = {
      apiVersion: apiVersion(tenantKind),
      kind: tenantKind.kind,
      metadata: { name: NAME },
      spec: { administrators },
    };
    try {
      await api.create(tenantKind, tenant as Tenant);
    } catch (error) {
      if (!isKubeError(error, 'AlreadyExists')) throw error;
    }
  },
});
