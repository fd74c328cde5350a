// What all controllers work with: specs, AWS sessions, what is known of documents, and each other.
import type { Logger } from 'pino';
import type { Specs } from '../../access/specs.ts';
import type { AccountAws, AwsAccounts } from '../../aws/account.ts';
import type { InstallationConfig } from '../../config.ts';
import type { KubeApi } from '../../kernel/client/kube-api.ts';
import type { EnqueueOptions } from '../../kernel/runtime/reconciler.ts';
import type { Stores } from '../../kernel/cache/store.ts';
import type { Environment } from '../../resources/environment.ts';
import type { StackDeployer } from '../../stacks/stack-deployer.ts';
import type { Synthesizer } from '../../stacks/synthesizer.ts';
import type { ObjectCounts } from '../environment/object-counts.ts';
import type { DocumentSubscriptions } from './document-subscriptions.ts';
import type { ObservedDocuments } from './observed-documents.ts';
import type { PivotRights } from './pivot-rights.ts';
import type { RbacProgress } from './rbac-progress.ts';
import type { Removals } from './removals.ts';
import type { ShareUrgency } from './share-urgency.ts';

export interface Platform {
  readonly config: InstallationConfig;
  readonly api: KubeApi;
  readonly specs: Specs;
  /** What is wrong with the admission policies; empty when they are as shipped. */
  readonly policiesMissing: () => readonly string[];
  readonly stores: Stores;
  /** JSON lines of every write to AWS, with why. */
  readonly audit: Logger;
  readonly observed: ObservedDocuments;
  readonly subscriptions: DocumentSubscriptions;
  readonly urgency: ShareUrgency;
  readonly removals: Removals;
  readonly rights: RbacProgress;
  readonly objectCounts: ObjectCounts;
  readonly pivotRights: PivotRights;
  readonly aws: AwsAccounts;
  /** CloudFormation stacks: templates from a child process, deployed without waiting. */
  readonly stacks: { readonly synthesizer: Synthesizer; readonly deployer: StackDeployer };
  /** The pivot role's session; undefined while the environment is not linked. */
  readonly accountOf: (environment: Environment) => AccountAws | undefined;
  readonly enqueue: (controller: string, key: string, options?: EnqueueOptions) => void;
  /** Uniform in [0, 1). */
  readonly random: () => number;
}
