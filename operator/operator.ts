// Puts the operator together: kernel, AWS accounts, specs, controllers, the internal API. Tests and benchmarks start exactly this.
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import { makeActions } from './actions/actions.ts';
import { ActionServer } from './actions/server.ts';
import { AwsAccounts, type AwsOptions } from './aws/account.ts';
import { installationOf, type InstallationConfig } from './config.ts';
import { firstTenantTask } from './controllers/tenant/first-tenant.ts';
import { defineControllers } from './controllers/controllers.ts';
import { DocumentSubscriptions } from './controllers/reconcile/document-subscriptions.ts';
import { ObservedDocuments } from './controllers/reconcile/observed-documents.ts';
import { eventQueueTask } from './controllers/account-events/account-events.ts';
import type { Platform } from './controllers/reconcile/platform.ts';
import { ObjectCounts } from './controllers/environment/object-counts.ts';
import { PivotRights } from './controllers/reconcile/pivot-rights.ts';
import { RbacProgress } from './controllers/reconcile/rbac-progress.ts';
import { specStore } from './controllers/reconcile/specs.ts';
import { watchPolicies } from './controllers/tenant/admission-policies.ts';
import { ShareUrgency } from './controllers/reconcile/share-urgency.ts';
import { Removals } from './controllers/reconcile/removals.ts';
import type { Credentials } from './kernel/client/credentials.ts';
import type { KubeApi } from './kernel/client/kube-api.ts';
import { systemClock } from './kernel/clock.ts';
import { Manager } from './kernel/runtime/manager.ts';
import { observeActions, observeCalls, observeEvents, observeObjects, observeThrottles } from './metrics.ts';
import { StackDeployer } from './stacks/stack-deployer.ts';
import { Synthesizer } from './stacks/synthesizer.ts';
import { FIELD_MANAGER } from './resources/annotations.ts';

export interface OperatorOptions {
  readonly config: InstallationConfig;
  readonly api: KubeApi;
  readonly log: Logger;
  /** JSON lines of every write to AWS, with why. */
  readonly audit: Logger;
  readonly registry: Registry;
  /** Unique to this process, e.g. the pod's name and uid. */
  readonly identity: string;
  /** How the thread that holds the Lease reaches the cluster. Without it this process leads from the start. */
  readonly leaderElection?: Credentials;
  /** Port of /healthz, /readyz, /metrics and /debug/queues; 0 picks a free one, absent serves none. */
  readonly probePort?: number;
  /** How AWS is reached: credentials, the simulator in this process, hooks of fault tests. */
  readonly aws?: Pick<AwsOptions, 'credentials' | 'requestHandler' | 'onCall' | 'rateLimits'>;
}

export interface Operator {
  readonly manager: Manager;
  readonly platform: Platform;
  /** The internal API, where it is configured. */
  readonly actions: ActionServer | undefined;
  /** Until `signal` aborts; rejects with LeaseLost. */
  run(signal: AbortSignal): Promise<void>;
}

export const createOperator = (options: OperatorOptions): Operator => {
  const { config, api, log, registry } = options;
  const manager = managerOf(options);
  const aws = accountsOf(options, manager);
  observeThrottles(registry, () => aws.rateLimiterStates());
  observeObjects(registry, manager.stores, Date.now);
  const policiesMissing = watchPolicies(manager, installationOf(config));
  const specs = specStore(manager, { ...config.sharing, policiesMissing });
  const observed = new ObservedDocuments();
  const synthesizer = new Synthesizer({ extensions: config.stacks.extensions });
  const platform: Platform = {
    config,
    api,
    specs,
    policiesMissing,
    observed,
    subscriptions: new DocumentSubscriptions(),
    urgency: new ShareUrgency(),
    aws,
    accountOf: sessionOf(aws),
    stacks: { synthesizer, deployer: new StackDeployer(Date.now) },
    stores: manager.stores,
    audit: options.audit,
    removals: new Removals(observed),
    rights: new RbacProgress(),
    objectCounts: new ObjectCounts(),
    pivotRights: new PivotRights(),
    enqueue: (controller, key, how) => manager.enqueue(controller, key, how),
    random: Math.random,
  };

  for (const controller of defineControllers(platform, manager)) manager.add(controller);
  manager.addTask(firstTenantTask(platform));
  manager.addTask(eventQueueTask(platform, log, observeEvents(registry, Date.now)));
  const actions = actionsOf(options, manager, platform);
  if (actions !== undefined) manager.addTask(actions);
  return {
    manager,
    platform,
    actions,
    run: async (signal) => {
      try {
        await manager.run(signal);
      } finally {
        aws.close();
        synthesizer.close();
      }
    },
  };
};

const managerOf = ({ config, api, log, registry, identity, leaderElection, probePort }: OperatorOptions): Manager =>
  new Manager({
    api,
    log,
    registry,
    identity,
    name: FIELD_MANAGER,
    ...(leaderElection !== undefined && {
      leaderElection: { namespace: config.namespace, name: 'dataall-operator', credentials: leaderElection },
    }),
    ...(probePort !== undefined && { probePort }),
  });

const actionsOf = (
  { config, log, registry }: OperatorOptions,
  manager: Manager,
  platform: Platform,
): ActionServer | undefined =>
  config.actions &&
  new ActionServer({
    config: config.actions,
    actions: makeActions(),
    platform,
    log,
    clock: systemClock,
    isReady: () => manager.isReady(),
    report: observeActions(registry),
  });

const accountsOf = ({ config, registry, aws }: OperatorOptions, manager: Manager): AwsAccounts =>
  new AwsAccounts({
    installation: config.installation,
    epoch: () => manager.epoch,
    hub: config.aws.hub,
    endpoint: config.aws.endpoint,
    mayWrite: () => manager.isLeader(),
    report: observeCalls(registry),
    ...aws,
  });

const sessionOf =
  (aws: AwsAccounts): Platform['accountOf'] =>
  ({ spec, status: { pivotRole, externalId } }) => {
    if (pivotRole === undefined || externalId === undefined) return undefined;
    const { id: accountId, region } = spec.account;
    return aws.forEnvironment({ accountId, region, pivotRoleArn: pivotRole.arn, externalId });
  };
