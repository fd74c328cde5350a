// What every resolver is given: who asks, and the doors to Kubernetes and to the read model in their name.

import type { Logger } from 'pino';
import type { Following } from '../live/following.ts';
import type { GroupDirectory } from '../identity/group-directory/group-directory.ts';
import type { Identity } from '../identity/identity.ts';
import type { ObjectWriter } from '../kubernetes/object-writer.ts';
import type { OperatorActions } from '../operator-actions/operator-actions.ts';
import type { TemplateLink } from '../operator-actions/template-links.ts';
import type { Features } from '../../operator/features/features.ts';
import type { Stored } from '../../operator/kernel/kind.ts';
import type { Database } from '../read-model/database.ts';
import type { Viewer } from '../read-model/viewer.ts';

export interface GatewayContext {
  /** Of this request; stands in its log lines and in `extensions.requestId` of its errors. */
  readonly requestId: string;
  readonly identity: Identity;
  readonly log: Logger;
  readonly database: Database;
  /** Who asks, as the read model knows them; asked once for a request. */
  readonly viewer: () => Promise<Viewer>;
  /** Whatever it writes is in the read model at once. */
  readonly kubernetes: ObjectWriter;
  /** What needs AWS, in the name of who asks. */
  readonly operator: OperatorActions;
  /** Where a template is downloaded from. @param of `groups` of who asks those on which the right depends */
  readonly templateUrl: (
    of: Pick<TemplateLink, 'organization' | 'template'> & { readonly groups: readonly string[] },
  ) => Promise<string>;
  /** Who is in which group: for lists, never for rights. */
  readonly groupDirectory: GroupDirectory;
  /** What config.json has on. */
  readonly features: Features;
  /** What a subscription's answer depends on is told here; undefined for what is asked once. */
  readonly following: Following | undefined;
  /** Whether the operation bears `@dryRun`; known before its first resolver runs. */
  dryRun: boolean;
  /** What a dry run would have written, as the API server answered; the last of each object counts. */
  readonly tried: Stored[];
}
