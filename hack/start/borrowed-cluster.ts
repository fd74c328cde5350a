/** A cluster that somebody else runs: used only while it has no data.all of its own, and left as it was. */
import { execFile } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { labels, MANAGED_BY } from '../../operator/resources/annotations.ts';
import { installationLabels } from '../../operator/resources/authority/installation.ts';
import { kinds } from '../../operator/resources/kinds.ts';
import { SetupError } from '../control-plane/setup-error.ts';

const PART_OF = `app.kubernetes.io/part-of=${installationLabels['app.kubernetes.io/part-of']}`;
const TIMEOUT_MS = 60_000;

export class BorrowedCluster {
  readonly #kubectl: string;
  readonly #kubeconfig: string;

  /** `kubeconfig`: its current context is an administrator's. */
  constructor(kubectl: string, kubeconfig: string) {
    this.#kubectl = kubectl;
    this.#kubeconfig = kubeconfig;
  }

  /** Throws {@link SetupError} when data.all is installed there. */
  async checkEmpty(): Promise<void> {
    const definitions = await this.#run('get', 'customresourcedefinitions', '-o', 'name');
    if (!definitions.includes('.dataall.io')) return;
    throw new SetupError(
      'cluster-in-use',
      `The cluster of ${this.#kubeconfig} has data.all installed, and the tour would work on its objects.`,
      'name another cluster, or leave --kubeconfig away and let a control plane be started.',
    );
  }

  /** Removes everything of ours, once the operator and the simulated AWS are gone: nothing in AWS is left to be waited for. */
  async leave(): Promise<void> {
    await this.#run('delete', POLICIES, '-l', PART_OF);
    for (const { plural, group } of kinds) await this.#removeObjects(`${plural}.${group}`);
    await this.#run('delete', 'namespaces', '-l', labels.environment);
    await this.#run('delete', 'customresourcedefinitions', ...kinds.map(({ plural, group }) => `${plural}.${group}`));
    for (const selector of [`${labels.managedBy}=${MANAGED_BY}`, PART_OF])
      await this.#run('delete', 'clusterrolebindings,clusterroles', '-l', selector);
    await this.#run('delete', 'namespaces', '-l', PART_OF);
  }

  /** Policies act for a moment after their end, and then nobody minds who takes the finalizers away. */
  async #removeObjects(resource: string): Promise<void> {
    const deadline = Date.now() + TIMEOUT_MS;
    for (;;) {
      const found = await this.#run(
        'get',
        resource,
        '-A',
        '-o',
        'jsonpath={range .items[*]}{.metadata.namespace}/{.metadata.name} {end}',
      );
      const objects = found.split(' ').filter((object) => object !== '');
      if (objects.length === 0) return;
      if (Date.now() > deadline) throw new Error(`these ${resource} cannot be removed: ${found}`);
      for (const object of objects) await this.#removeObject(resource, object).catch(() => delay(500));
    }
  }

  async #removeObject(resource: string, object: string): Promise<void> {
    const [namespace = '', name = ''] = object.split('/');
    const which = [resource, name, ...(namespace === '' ? [] : ['-n', namespace])];
    await this.#run('delete', ...which, '--wait=false');
    await this.#run('patch', ...which, '--type=merge', '-p', '{"metadata":{"finalizers":null}}');
  }

  async #run(...args: readonly string[]): Promise<string> {
    const all = ['--kubeconfig', this.#kubeconfig, ...args, ...(args[0] === 'delete' ? ['--ignore-not-found'] : [])];
    const { stdout } = await promisify(execFile)(this.#kubectl, all, { maxBuffer: 16_777_216 });
    return stdout.trim();
  }
}

const POLICIES = [
  'validatingadmissionpolicybindings',
  'validatingadmissionpolicies',
  'mutatingadmissionpolicybindings',
  'mutatingadmissionpolicies',
].join(',');
