// A stage for end-to-end tests of linking accounts: real API server with our policies, simulated AWS with bootstrapped accounts, and
// the operator in this process, as its ServiceAccount.
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { vi } from 'vitest';
import { startAws, type SimulatedAws } from '../../hack/aws/aws.ts';
import { bootstrap } from '../../hack/aws/services/cloudformation/bootstrap.ts';
import { type InstallationConfigInput } from '../../operator/config.ts';
import { kubeConfigCredentials } from '../../operator/kernel/client/credentials.ts';
import { HttpKubeApi } from '../../operator/kernel/client/http-kube-api.ts';
import type { KubeApi } from '../../operator/kernel/client/kube-api.ts';
import type { Kind, KubeObject, ObjectName } from '../../operator/kernel/kind.ts';
import { forAllServices, rateLimit } from '../../operator/aws/rate-limits.ts';
import { annotations } from '../../operator/resources/annotations.ts';
import { apiVersion } from '../../operator/resources/kind.ts';
import { defaultInstallation, SERVICE_ACCOUNT } from '../../operator/resources/authority/installation.ts';
import { startHarness, type Harness } from './harness.ts';
import { REGION, startOperator } from './operator-in-process.ts';
import { objectWaits, PATIENCE_MS, POLL_MS, type ObjectWaits } from './object-waits.ts';

export interface EnvironmentScene extends AsyncDisposable, ObjectWaits {
  readonly aws: SimulatedAws;
  readonly harness: Harness;
  /** As cluster administrator. */
  readonly api: KubeApi;
  /** URL of the operator's internal API, where the configuration has it served. */
  actionsUrl(): string;
  apply(kind: Kind, name: ObjectName, spec: object): Promise<void>;
  /** Deletes as people do, until it is gone: again while refused because of a user that just left, for a count of users follows them. */
  end(kind: Kind, name: ObjectName): Promise<void>;
  /** A call by an account's administrator. */
  administer<O>(account: string, service: string, operation: string, input: object): Promise<O>;
  accountId(name: string): string;
  requestReconcile(kind: Kind, name: ObjectName): Promise<void>;
  /** As time would: a session that AWS has given lasts its hour, whatever becomes of the role's trust. */
  forgetSessions(roleArn: string): void;
  /** Ends the operator and begins it anew: it knows what is stored, and nothing else. */
  restart(): Promise<void>;
  /** As an account's administrator gets it. */
  pivotRoleTemplate(): Promise<string>;
}

export const openEnvironmentScene = async (
  config: Partial<InstallationConfigInput> = {},
): Promise<EnvironmentScene> => {
  await using started = new AsyncDisposableStack();
  const harness = started.use(await startHarness({ authority: true }));
  const aws = await startAws({ inProcess: true });
  started.defer(() => aws.stop());
  const { hub } = aws.accounts;
  if (hub === undefined) throw new Error('the simulator has no account named hub');
  for (const account of ['producer', 'consumer'])
    await bootstrap(new CloudFormationClient(aws.clientConfig(account, REGION)), { trustedAccounts: [hub.id] });

  const api = new HttpKubeApi({ credentials: kubeConfigCredentials(harness.controlPlane.kubeconfig()) });
  started.defer(() => api.close());
  const own = await harness.controlPlane.serviceAccount(defaultInstallation.namespace, SERVICE_ACCOUNT);
  const start = () => startOperator(aws, kubeConfigCredentials(own), config, forAllServices(rateLimit(1_000)));
  let running = start();
  started.defer(() => running[Symbol.asyncDispose]());
  const waits = objectWaits(api);
  const stack = started.move();
  return {
    aws,
    harness,
    api,
    actionsUrl: () => running.operator.actions?.url ?? '',
    apply: async (kind, { namespace, name }, spec) => {
      const metadata = { name, ...(namespace !== undefined && { namespace }) };
      const object = { apiVersion, kind: kind.kind, metadata, spec } as KubeObject;
      await vi.waitFor(() => harness.apply([object]), { timeout: PATIENCE_MS, interval: POLL_MS });
    },
    ...waits,
    end: async (kind, name) => {
      await vi.waitFor(() => api.delete(kind, name), { timeout: PATIENCE_MS, interval: POLL_MS });
      await waits.gone(kind, name);
    },
    administer: async (account, service, operation, input) =>
      await aws.invoke(service, operation, input, aws.administrator(account), REGION),
    requestReconcile: async (kind, name) => {
      const body = { metadata: { annotations: { [annotations.requestedAt]: new Date().toISOString() } } };
      await api.patch(kind, name, { type: 'merge', body });
    },
    forgetSessions: (roleArn) => running.operator.platform.aws.forget(roleArn),
    pivotRoleTemplate: async () =>
      (await running.operator.platform.stacks.synthesizer.synthesize('pivot-role', null)).template,
    restart: async () => {
      await running[Symbol.asyncDispose]();
      running = start();
    },
    accountId: (name) => aws.accounts[name]?.id ?? '',
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
};
