// What every resolver is given: who asks, and the doors to Kubernetes and to the read model in their name.

import type { Logger } from 'pino';
import type { Identity } from '../identity/identity.ts';
import type { ObjectWriter } from '../kubernetes/object-writer.ts';
import type { Database } from '../read-model/database.ts';

export interface GatewayContext {
  /** Of this request; stands in its log lines and in `extensions.requestId` of its errors. */
  readonly requestId: string;
  readonly identity: Identity;
  readonly log: Logger;
  readonly database: Database;
  readonly kubernetes: ObjectWriter;
  /** Whether the operation bears `@dryRun`; known before its first resolver runs. */
  dryRun: boolean;
}
