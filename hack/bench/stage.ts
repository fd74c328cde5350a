// The stage of a benchmark: a control plane with the product installed, simulated AWS accounts behind HTTP, all objects of the
// workload, and an operator that has not been started.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { InstallationConfigInput } from '../../operator/config.ts';
import { kubeConfigCredentials } from '../../operator/kernel/client/credentials.ts';
import { HttpKubeApi } from '../../operator/kernel/client/http-kube-api.ts';
import type { KubeObject } from '../../operator/kernel/kind.ts';
import type { KubeApi } from '../../operator/kernel/client/kube-api.ts';
import { installManifests } from '../../operator/resources/authority/install.ts';
import { defaultInstallation, SERVICE_ACCOUNT } from '../../operator/resources/authority/installation.ts';
import type { SimulatedAws } from '../aws/aws.ts';
import type { Interceptor } from '../aws/core/interceptor.ts';
import { Faults } from '../aws/faults/faults.ts';
import { rateLimits } from '../aws/faults/rate-limits.ts';
import { startControlPlane } from '../control-plane/control-plane.ts';
import { applyManifests, readManifests } from '../control-plane/manifests.ts';
import { untilPoliciesAct } from '../start/policies-act.ts';
import { HUB, prepareAccounts } from './accounts.ts';
import { AwsTally } from './aws-tally.ts';
import { writeShares, writeSurroundings, type Writers } from './objects.ts';
import { OperatorChild } from './operator-child.ts';
import type { BenchOptions } from './options.ts';
import { addPeople } from './people.ts';
import { ShareWatch } from './share-watch.ts';
import { REGION, workloadOf, type Workload } from './workload.ts';

const ROOT = join(import.meta.dirname, '..', '..');
/** Seconds; no benchmark takes a day. */
const TOKEN_LIFETIME_S = 86_400;
/** Where AWS has no limits, the operator's own rate limits must not be one. */
const UNLIMITED_RATE = 1_000;

export interface Stage extends AsyncDisposable {
  readonly workload: Workload;
  readonly aws: SimulatedAws;
  readonly tally: AwsTally;
  readonly writers: Writers;
  readonly shares: ShareWatch;
  /** As administrator, for reading what the API server counts. */
  readonly api: KubeApi;
  /** A new process; the previous one must have ended. */
  startOperator(intervals?: InstallationConfigInput['intervals']): Promise<OperatorChild>;
}

export type Report = (what: string) => void;

export const openStage = async (options: BenchOptions, report: Report): Promise<Stage> => {
  await using opened = new AsyncDisposableStack();
  const workload = workloadOf(options.n);
  const folder = mkdtempSync(join(tmpdir(), 'dataall-bench-'));
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  process.once('exit', remove);
  opened.defer(remove);
  const file = (name: string): string => join(folder, name);

  const controlPlane = opened.use(
    await startControlPlane({
      onUnexpectedExit: ({ program, how }) => report(`${program} ended unexpectedly: ${how}`),
    }),
  );
  const administratorConfig = controlPlane.kubeconfig();
  await applyManifests(administratorConfig, [
    ...readManifests(join(ROOT, 'crds')),
    ...(installManifests() as KubeObject[]),
  ]);
  const identity = await controlPlane.serviceAccount(defaultInstallation.namespace, SERVICE_ACCOUNT, TOKEN_LIFETIME_S);
  await untilPoliciesAct(controlPlane, identity);
  report('control plane with CRDs, admission policies and RBAC');

  const { aws, conditions, keys, operator } = await prepareAccounts(workload);
  opened.defer(() => aws.stop());
  report(`simulated AWS: ${workload.producers.length + workload.consumers.length} linked accounts`);

  const connect = (kubeconfig: typeof identity): HttpKubeApi => {
    const api = new HttpKubeApi({ credentials: kubeConfigCredentials(kubeconfig), userAgent: 'bench' });
    opened.defer(() => api.close());
    return api;
  };
  const people = await addPeople(controlPlane);
  const writers: Writers = {
    administrator: connect(administratorConfig),
    operator: connect(identity),
    asker: connect(people.asker),
    decider: connect(people.decider),
    floodingAsker: connect(people.floodingAsker),
    floodingDecider: connect(people.floodingDecider),
  };
  await writeSurroundings(writers, workload, keys);
  await writeShares(writers, workload.shares);
  report(`${workload.shares.length} requests and approvals written`);

  conditions.push(...conditionsOf(options));
  const tally = opened.use(new AwsTally(aws));
  const shares = opened.use(new ShareWatch(connect(administratorConfig)));
  let child: OperatorChild | undefined;
  opened.defer(async () => await child?.stop());
  const stack = opened.move();
  return {
    workload,
    aws,
    tally,
    writers,
    shares,
    api: writers.administrator,
    async startOperator(intervals = {}) {
      const config: InstallationConfigInput = {
        namespace: defaultInstallation.namespace,
        aws: { hub: { accountId: HUB, region: REGION }, endpoint: aws.endpoint },
        intervals,
      };
      writeFileSync(file('operator.yaml'), stringify(config), { mode: 0o600 });
      writeFileSync(file('operator.kubeconfig'), stringify(JSON.parse(identity.exportConfig())), { mode: 0o600 });
      child = await OperatorChild.start({
        config: file('operator.yaml'),
        kubeconfig: file('operator.kubeconfig'),
        log: file('operator.log'),
        audit: file('audit.log'),
        hub: operator,
        rate: options.limits ? undefined : UNLIMITED_RATE,
      });
      return child;
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
};

/** Limits first: a call that is turned away is turned away at once. */
const conditionsOf = ({ latency, limits }: BenchOptions): readonly Interceptor[] => {
  const slow = new Faults();
  if (latency > 0) slow.add({ fault: { kind: 'latency', milliseconds: latency } });
  return [...(limits ? [rateLimits()] : []), slow];
};
