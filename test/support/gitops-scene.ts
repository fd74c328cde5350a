// A stage for GitOps tests: the whole installation as `npm start -- --bare` brings it up, two linked environments, and people with kubectl.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, vi } from 'vitest';
import { AccountShell } from '../../hack/start/account-shell.ts';
import type { AccountName, UserName } from '../../hack/start/cast.ts';
import { startInstallation, type Installation } from '../../hack/start/installation.ts';
import { RunDirectory } from '../../hack/start/run-directory.ts';
import { Kubectl } from '../../hack/start/story/kubectl.ts';
import { checkConditions, type CheckedStatus } from '../../operator/kernel/testing/condition-checks.ts';
import type { KubeObject, Stored } from '../../operator/kernel/kind.ts';

export type OurObject = Stored<KubeObject & { readonly spec: object; readonly status: CheckedStatus }>;

export interface GitOpsScene extends AsyncDisposable {
  readonly installation: Installation;
  /** Types `kubectl <command>` as that user; the test fails with the answer when it is refused. */
  kubectl(user: UserName, command: string): Promise<string>;
  /** The answer to a command that must be refused. */
  refusal(user: UserName, command: string): Promise<string>;
  /** Types it again until it is accepted, as controllers that sync a Git repository do. */
  sync(user: UserName, command: string): Promise<void>;
  /** All objects of ours, as the API server has them; their conditions obey Flux's rules. */
  objects(): Promise<readonly OurObject[]>;
  /** Founds the organization of examples/ and links both environments. */
  link(): Promise<void>;
}

/** For what takes seconds: a machine that is slow and busy takes its time too, and who waits for what comes waits no longer for it. */
export const PATIENCE = { timeout: 120_000, interval: 100 };
/** The same to kubectl. */
export const PATIENTLY = `--timeout=${PATIENCE.timeout / 1_000}s`;

export const openGitOpsScene = async (): Promise<GitOpsScene> => {
  await using started = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'dataall-gitops-'));
  started.defer(() => rm(folder, { recursive: true, force: true }));
  const { signal } = new AbortController();
  const run = started.use(await RunDirectory.claim(join(folder, 'run')));
  const installation = started.use(await startInstallation(run, { port: 0, kubeconfig: undefined }, () => {}, signal));
  const { kubectl: program, kubeconfig } = installation.endpoints;
  const people = new Kubectl({ program, kubeconfig, cache: join(folder, 'kubectl-cache'), signal });
  const type = (user: UserName, command: string) => people.run(['--context', user, ...command.split(' ')]);

  const kubectl = async (user: UserName, command: string): Promise<string> => {
    const { ok, output } = await type(user, command);
    expect(ok, `kubectl ${command}: ${output}`).toBe(true);
    return output;
  };
  const shell = new AccountShell(installation.endpoints, join(folder, 'shell'), signal);
  const consent = async (environment: string, account: AccountName): Promise<void> => {
    await kubectl('admin', `wait environment/${environment} --for=jsonpath={.status.linkCommand} ${PATIENTLY}`);
    await shell.run(
      account,
      await kubectl('admin', `get environment ${environment} -o jsonpath={.status.linkCommand}`),
    );
  };

  const stack = started.move();
  const scene: GitOpsScene = {
    installation,
    kubectl,
    refusal: async (user, command) => {
      const { ok, output } = await type(user, command);
      expect(ok, `kubectl ${command}: ${output}`).toBe(false);
      return output;
    },
    sync: async (user, command) => void (await vi.waitFor(() => kubectl(user, command), PATIENCE)),
    objects: async () => {
      const { items } = JSON.parse(await kubectl('admin', 'get dataall -A -o json')) as { items: OurObject[] };
      for (const object of items)
        if ((object.status.observedGeneration ?? -1) >= 0)
          expect(checkConditions(object), `${object.kind} ${object.metadata.name}`).toEqual([]);
      return items;
    },
    link: async () => {
      await kubectl('platform-admin', 'apply -f examples/acme');
      await scene.sync('owner', 'create -f examples/sales/environment.yaml');
      await scene.sync('analyst', 'create -f examples/marketing/environment.yaml');
      await Promise.all([consent('sales-prod', 'producer'), consent('marketing-prod', 'consumer')]);
      await kubectl('admin', `wait environment --all --for=condition=Ready ${PATIENTLY}`);
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
  return scene;
};
