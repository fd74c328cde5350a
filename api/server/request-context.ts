// What resolvers are given for one request, made of the parts of this gateway.

import type { Logger } from 'pino';
import type { KubeApi } from '../../operator/kernel/client/kube-api.ts';
import type { Identity } from '../identity/identity.ts';
import { kubernetesIdentity } from '../identity/kubernetes-identity.ts';
import type { IdentitySettings } from '../identity/settings.ts';
import { ObjectWriter } from '../kubernetes/object-writer.ts';
import type { Database } from '../read-model/database.ts';
import { deletedNow, projectNow } from '../read-model/project-now.ts';
import { viewerOf, type Viewer } from '../read-model/viewer.ts';
import type { GatewayContext } from './context.ts';

export interface ContextParts {
  /** As the gateway's own ServiceAccount. */
  readonly api: KubeApi;
  readonly database: Database;
  readonly log: Logger;
  readonly prefixes: Pick<IdentitySettings, 'userPrefix' | 'groupPrefix'>;
}

export function requestContext(
  { api, database, log, prefixes }: ContextParts,
  { identity, requestId }: { readonly identity: Identity; readonly requestId: string },
): GatewayContext {
  let viewer: Promise<Viewer> | undefined;
  // What was written stays written: if it cannot be shown yet, the indexer shows it a moment later.
  const shown = (projection: Promise<void>): Promise<void> =>
    projection.catch((err: unknown) => log.warn({ err, requestId }, 'what was written is not in the read model yet'));
  return {
    requestId,
    identity,
    log: log.child({ requestId }),
    database,
    viewer: () => (viewer ??= viewerOf(database, identity)),
    projectNow: async (object) => shown(projectNow(database, object)),
    deletedNow: async (kind, name) => shown(deletedNow(database, api, kind, name)),
    kubernetes: new ObjectWriter(api.as(kubernetesIdentity(identity, prefixes)), identity.user),
    dryRun: false,
  };
}
