// What resolvers are given for one request, made of the parts of this gateway.

import type { Logger } from 'pino';
import type { Features } from '../../operator/features/features.ts';
import type { KubeApi } from '../../operator/kernel/client/kube-api.ts';
import type { Following } from '../live/following.ts';
import type { GroupDirectory } from '../identity/group-directory/group-directory.ts';
import type { Identity } from '../identity/identity.ts';
import type { Stored } from '../../operator/kernel/kind.ts';
import { kubernetesIdentity } from '../identity/kubernetes-identity.ts';
import type { IdentitySettings } from '../identity/settings.ts';
import { ObjectWriter } from '../kubernetes/object-writer.ts';
import { withoutOperator, type OperatorClient } from '../operator-actions/operator-actions.ts';
import type { TemplateLinks } from '../operator-actions/template-links.ts';
import type { Database } from '../read-model/database.ts';
import { environmentsShown } from '../read-model/environments-shown.ts';
import { deletedNow, projectNow } from '../read-model/project-now.ts';
import { viewerOf, type Viewer } from '../read-model/viewer.ts';
import type { GatewayContext } from './context.ts';

export interface ContextParts {
  /** As the gateway's own ServiceAccount. */
  readonly api: KubeApi;
  readonly database: Database;
  readonly log: Logger;
  readonly prefixes: Pick<IdentitySettings, 'userPrefix' | 'groupPrefix'>;
  readonly groupDirectory: GroupDirectory;
  readonly features: Features;
  /** Undefined where none is configured. */
  readonly operator: OperatorClient | undefined;
  /** There where an operator is. */
  readonly templateLinks?: TemplateLinks | undefined;
}

/** Whose request it is. */
export interface Asking {
  readonly identity: Identity;
  readonly requestId: string;
  /** Of a subscription. */
  readonly following?: Following;
}

export function requestContext(
  { api, database, log, prefixes, groupDirectory, features, operator, templateLinks }: ContextParts,
  { identity, requestId, following }: Asking,
): GatewayContext {
  let viewer: Promise<Viewer> | undefined;
  // What was written stays written: if it cannot be shown yet, the indexer shows it a moment later.
  const shown = (projection: Promise<void>): Promise<void> =>
    projection.catch((err: unknown) => log.warn({ err, requestId }, 'what was written is not in the read model yet'));
  const tried: Stored[] = [];
  const { user, groups } = kubernetesIdentity(identity, prefixes);
  const requestLog = log.child({ requestId });
  const asserted = { name: user, groups: groups.filter((group) => !group.startsWith('system:')) };
  return {
    requestId,
    identity,
    log: requestLog,
    database,
    viewer: () => (viewer ??= viewerOf(database, identity)),
    kubernetes: new ObjectWriter(api.as({ user, groups }), identity.user, {
      written: async (object) => shown(projectNow(database, object).then(() => environmentsShown(database, object))),
      tried: (object) => void tried.push(object),
      deleted: async (kind, name) =>
        shown(
          deletedNow(database, api, kind, name).then(() =>
            environmentsShown(database, { kind: kind.kind, metadata: name }),
          ),
        ),
    }),
    // Kubernetes' own groups the operator adds by itself, and takes from nobody.
    operator: operator?.as(asserted, requestLog) ?? withoutOperator,
    templateUrl: async ({ groups: deciding, ...of }) => {
      if (templateLinks === undefined) throw new Error('a template was found without an operator');
      return templateLinks.url({ name: user, groups: deciding.map((group) => prefixes.groupPrefix + group) }, of);
    },
    groupDirectory,
    features,
    following,
    dryRun: false,
    tried,
  };
}
