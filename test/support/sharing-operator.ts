// The part of the operator that shares, in this process, so that a test can kill it: after `kill` nothing it started reaches anybody.
import { pino } from 'pino';
import { Registry } from 'prom-client';
import type { SimulatedAws } from '../../hack/aws/aws.ts';
import { sharesTouching } from '../../operator/access/document-types.ts';
import { AwsAccounts, type AwsOptions } from '../../operator/aws/account.ts';
import { forAllServices, rateLimit } from '../../operator/aws/rate-limits.ts';
import { defineConsumptionRoleController } from '../../operator/controllers/consumption-role/consumption-role.ts';
import { defineDocumentController } from '../../operator/controllers/aws-document/aws-document.ts';
import { DocumentSubscriptions } from '../../operator/controllers/reconcile/document-subscriptions.ts';
import { ObservedDocuments } from '../../operator/controllers/reconcile/observed-documents.ts';
import type { Platform } from '../../operator/controllers/reconcile/platform.ts';
import { defineApprovalController } from '../../operator/controllers/share/share-approval.ts';
import { defineShareController } from '../../operator/controllers/share/share-request.ts';
import { specStore } from '../../operator/controllers/reconcile/specs.ts';
import { enqueueDependents } from '../../operator/controllers/aws-document/dependents.ts';
import { ShareUrgency } from '../../operator/controllers/reconcile/share-urgency.ts';
import { Removals } from '../../operator/controllers/reconcile/removals.ts';
import type { Clock } from '../../operator/kernel/clock.ts';
import { InterceptedKubeApi, type InterceptedCall } from '../../operator/kernel/testing/intercepted-kube-api.ts';
import { KubeError, type KubeApi } from '../../operator/kernel/client/kube-api.ts';
import type { KubeObject } from '../../operator/kernel/kind.ts';
import { Manager } from '../../operator/kernel/runtime/manager.ts';
import type { Environment } from '../../operator/resources/environment.ts';
import { defineDatasetEnd } from './dataset-end.ts';

export interface SharingOperatorOptions {
  readonly api: KubeApi;
  readonly aws: SimulatedAws;
  readonly clock: Clock;
  /** Of the hub. */
  readonly region: string;
  readonly allowWrite?: boolean;
  /** Of calls to AWS; default real time. */
  readonly awsClock?: Clock;
  readonly onCall?: AwsOptions['onCall'];
  /** Calls to the API server that are answered with 503, without effect. */
  readonly refuses?: (call: InterceptedCall) => boolean;
  /** Told every status that was written. */
  readonly onStatus?: (object: KubeObject) => void;
}

export interface SharingOperator {
  readonly manager: Manager;
  readonly platform: Platform;
  /** Nothing runs and nothing is ready to: only timers and events bring it to life again. */
  isIdle(): Promise<boolean>;
  readonly isDead: boolean;
  /** Dead at once, as by SIGKILL: calls that have left arrive, their answers and everything after them are lost. */
  kill(): void;
  /** As by SIGTERM: what runs is finished. */
  stop(): Promise<void>;
}

const silent = pino({ level: process.env['LOG_LEVEL'] ?? 'silent' });

export const startSharingOperator = (options: SharingOperatorOptions): SharingOperator => {
  const { aws: simulator, clock } = options;
  let alive = true;
  const dead = (): KubeError => new KubeError({ reason: 'Unavailable' }, 'this process is dead');
  const api = new InterceptedKubeApi(options.api, {
    async call(call, proceed) {
      if (!alive) throw dead();
      if (options.refuses?.(call) === true) throw new KubeError({ reason: 'Unavailable' }, 'refused by the test');
      const answer = await proceed();
      if (call.subresource === 'status') options.onStatus?.(answer as KubeObject);
      if (!alive) throw dead();
      return answer;
    },
  });
  const registry = new Registry();
  const manager = new Manager({
    api,
    log: silent,
    registry,
    identity: 'test',
    name: 'dataall-operator',
    clock,
  });
  const hub = simulator.accounts['hub'];
  const { requestHandler } = simulator;
  const aws = new AwsAccounts({
    installation: 'test',
    epoch: () => 1,
    hub: { accountId: hub?.id ?? '', region: options.region },
    mayWrite: () => alive,
    credentials: { accessKeyId: hub?.accessKeyId ?? '', secretAccessKey: hub?.secretAccessKey ?? '' },
    requestHandler: {
      ...requestHandler,
      async handle(request: Parameters<typeof requestHandler.handle>[0]) {
        if (!alive) throw new Error('this process is dead');
        const answer = await requestHandler.handle(request);
        if (!alive) throw new Error('this process is dead');
        return answer;
      },
    },
    // A throttled account is back at once when the throttling ends.
    rateLimits: forAllServices({ ...rateLimit(1000), min: 500 }),
    onCall: options.onCall,
    ...(options.awsClock !== undefined && { clock: options.awsClock }),
  });
  const specs = specStore(manager, {
    allowWrite: options.allowWrite ?? true,
    allowSelfApproval: false,
    policiesMissing: () => [],
  });
  const observed = new ObservedDocuments();
  const accountOf = (environment: Environment) => {
    const { pivotRole, externalId } = environment.status;
    if (pivotRole === undefined || externalId === undefined) return undefined;
    const { id: accountId, region } = environment.spec.account;
    return aws.forEnvironment({ accountId, region, pivotRoleArn: pivotRole.arn, externalId });
  };
  // No stacks and no datasets: those are made by hand here.
  const platform = {
    api,
    specs,
    observed,
    subscriptions: new DocumentSubscriptions(),
    urgency: new ShareUrgency(),
    aws,
    accountOf,
    stores: manager.stores,
    removals: new Removals(observed),
    enqueue: (controller, key, how) => manager.enqueue(controller, key, how),
    random: Math.random,
  } as Partial<Platform> as Platform;
  manager.add(defineShareController(platform));
  manager.add(defineApprovalController(platform));
  manager.add(defineConsumptionRoleController(platform));
  manager.add(defineDatasetEnd(platform));
  manager.add(
    defineDocumentController({
      ...platform,
      accountFor: (key) => {
        const [environment] =
          'region' in key ? specs.environmentsOf(key.account, key.region) : specs.environmentsOfAccount(key.account);
        return environment && accountOf(environment);
      },
      sharesTouching: (key) => sharesTouching(specs, key),
      onRecord: (key, priority) => {
        if (key.kind === 'share-policies') enqueueDependents(platform, key, priority);
      },
      audit: silent,
      // Never within a test: what nobody woke must not be mended by the poll while the test is patient. `verifyAll` is the poll.
      verifyEveryMs: 7 * 24 * 3_600_000,
    }),
  );
  const end = new AbortController();
  const running = manager.run(end.signal);
  running.catch((error: unknown) => {
    if (alive) console.error('the operator ended:', error);
  });
  return {
    manager,
    platform,
    get isDead() {
      return !alive;
    },
    async isIdle() {
      // The dead rest.
      if (!alive) return true;
      if (!manager.isReady()) return false;
      for (const name of ['workqueue_depth', 'controller_runtime_active_workers']) {
        const gauge = await registry.getSingleMetric(name)?.get();
        if (gauge?.values.some(({ value }) => value !== 0) === true) return false;
      }
      return true;
    },
    kill() {
      alive = false;
      end.abort();
      aws.close();
    },
    async stop() {
      end.abort();
      await running;
      alive = false;
      aws.close();
    },
  };
};
