// A stage for end-to-end tests of linking accounts: real API server with our policies, simulated AWS with bootstrapped accounts, and
// the operator in this process, as its ServiceAccount.
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { vi } from 'vitest';
import { startAws, type SimulatedAws } from '../../hack/aws/aws.ts';
import { bootstrap } from '../../hack/aws/services/cloudformation/bootstrap.ts';
import { readConfig, type InstallationConfigInput } from '../../operator/config.ts';
import { checkConditions } from '../../operator/kernel/testing/condition-checks.ts';
import { kubeConfigCredentials } from '../../operator/kernel/client/credentials.ts';
import { HttpKubeApi } from '../../operator/kernel/client/http-kube-api.ts';
import { getIfPresent, type KubeApi } from '../../operator/kernel/client/kube-api.ts';
import type { Kind, KubeObject, ObjectName, Stored } from '../../operator/kernel/kind.ts';
import { forAllServices, rateLimit } from '../../operator/aws/rate-limits.ts';
import { createOperator } from '../../operator/operator.ts';
import { annotations } from '../../operator/resources/annotations.ts';
import { apiVersion } from '../../operator/resources/kind.ts';
import { defaultInstallation, SERVICE_ACCOUNT } from '../../operator/resources/authority/installation.ts';
import { startHarness } from './harness.ts';

export const REGION = 'eu-west-1';

export interface EnvironmentScene extends AsyncDisposable {
  readonly aws: SimulatedAws;
  /** As cluster administrator. */
  readonly api: KubeApi;
  apply(kind: Kind, name: ObjectName, spec: object): Promise<void>;
  /** Waits until `holds` is true of the object as it is stored; fails with what it last was. Its conditions obey Flux's rules meanwhile. */
  until<T extends KubeObject>(
    kind: Kind<T>,
    name: ObjectName,
    holds: (object: Stored<T>) => boolean,
  ): Promise<Stored<T>>;
  gone(kind: Kind, name: ObjectName): Promise<void>;
  /** Deletes as people do, until it is gone: again while refused because of a user that just left, for a count of users follows them. */
  end(kind: Kind, name: ObjectName): Promise<void>;
  /** A call by an account's administrator. */
  administer<O>(account: string, service: string, operation: string, input: object): Promise<O>;
  accountId(name: string): string;
  requestReconcile(kind: Kind, name: ObjectName): Promise<void>;
  /** As time would: a session that AWS has given lasts its hour, whatever becomes of the role's trust. */
  forgetSessions(roleArn: string): void;
  /** As an account's administrator gets it. */
  pivotRoleTemplate(): Promise<string>;
}

const PATIENCE_MS = 90_000;
const POLL_MS = 50;

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
  const operatorApi = new HttpKubeApi({ credentials: kubeConfigCredentials(own) });
  started.defer(() => operatorApi.close());
  const quiet = pino({ level: process.env['LOG_LEVEL'] ?? 'silent' });
  const operator = createOperator({
    config: readConfig({ aws: { hub: { accountId: hub.id, region: REGION } }, ...config }),
    api: operatorApi,
    log: quiet,
    audit: quiet,
    registry: new Registry(),
    identity: 'test',
    aws: {
      requestHandler: aws.requestHandler,
      credentials: { accessKeyId: hub.accessKeyId, secretAccessKey: hub.secretAccessKey },
      rateLimits: forAllServices(rateLimit(1_000)),
    },
  });
  const end = new AbortController();
  const running = operator.run(end.signal);
  started.defer(async () => {
    end.abort();
    await running;
  });
  const stack = started.move();
  return {
    aws,
    api,
    apply: async (kind, { namespace, name }, spec) => {
      const metadata = { name, ...(namespace !== undefined && { namespace }) };
      const object = { apiVersion, kind: kind.kind, metadata, spec } as KubeObject;
      await vi.waitFor(() => harness.apply([object]), { timeout: PATIENCE_MS, interval: POLL_MS });
    },
    until: async (kind, name, holds) => await until(api, kind, name, holds),
    gone: async (kind, name) => await gone(api, kind, name),
    end: async (kind, name) => {
      await vi.waitFor(() => api.delete(kind, name), { timeout: PATIENCE_MS, interval: POLL_MS });
      await gone(api, kind, name);
    },
    administer: async (account, service, operation, input) =>
      await aws.invoke(service, operation, input, aws.administrator(account), REGION),
    requestReconcile: async (kind, name) => {
      const body = { metadata: { annotations: { [annotations.requestedAt]: new Date().toISOString() } } };
      await api.patch(kind, name, { type: 'merge', body });
    },
    forgetSessions: (roleArn) => operator.platform.aws.forget(roleArn),
    pivotRoleTemplate: async () => (await operator.platform.stacks.synthesizer.synthesize('pivot-role', null)).template,
    accountId: (name) => aws.accounts[name]?.id ?? '',
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
};

const until = async <T extends KubeObject>(
  api: KubeApi,
  kind: Kind<T>,
  name: ObjectName,
  holds: (object: Stored<T>) => boolean,
): Promise<Stored<T>> => {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const object = await getIfPresent(api, kind, name);
    // Before the operator has seen a change, its status is of the generation before.
    const { observedGeneration } = (object as { status?: { observedGeneration?: number } } | undefined)?.status ?? {};
    const isSeen = object !== undefined && observedGeneration === object.metadata.generation;
    const broken = isSeen ? checkConditions(object) : [];
    if (broken.length > 0) throw new Error(`${kind.kind} ${name.name}: ${broken.join('; ')}`);
    if (object !== undefined && holds(object)) return object;
    if (Date.now() > deadline)
      throw new Error(`not so after ${PATIENCE_MS} ms: ${JSON.stringify(object, undefined, 1)}`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
};

const gone = async (api: KubeApi, kind: Kind, name: ObjectName): Promise<void> => {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const object = await getIfPresent(api, kind, name);
    if (object === undefined) return;
    if (Date.now() > deadline)
      throw new Error(`still there after ${PATIENCE_MS} ms: ${JSON.stringify(object, undefined, 1)}`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
};
