// `dataall restore`: creates from a backup, or from Git, what is gone.

import { isKubeError, type KubeApi } from '../../kernel/client/kube-api.ts';
import { namespaceKind } from '../../kernel/namespace-kind.ts';
import { json, type End, type Root, type Surroundings } from '../command.ts';
import { parseDuration } from '../duration.ts';
import { CommandError } from '../exit-codes.ts';
import { readObjects } from '../manifests/read-files.ts';
import { anyKind, kindNames, referenceText, type AnyObject } from '../object-reference.ts';
import { restorePlan, type RestoreStep } from '../restore/plan.ts';
import { table } from '../table.ts';

export const restoreCommand = (root: Root, { connect, write, now, interrupted }: Surroundings, end: End): void => {
  root
    .command('restore')
    .description(
      'Create from a backup what is gone, in order and with the ids that AWS names are made of. What is there stays as it is. Says first what would be created, and which access approvals would give again: somebody may have taken it back since.',
    )
    .argument('<files...>', 'manifests or a backup, YAML or JSON; of a folder all that is below')
    .option('--yes', 'do it')
    .option('--timeout <duration>', 'for namespaces, which the operator makes for environments', parseDuration, 300_000)
    .action(async (files, options, command) => {
      const { output, ...rest } = command.optsWithGlobals();
      const backup = readObjects(files);
      await using cluster = await connect(rest);
      const { api } = cluster;
      const present = await Promise.all(kindNames.map(async (kind) => (await api.list(anyKind(kind))).items));
      const steps = restorePlan(backup, present.flat(), now().getTime());
      const isDone = options.yes === true;
      const signal = AbortSignal.any([interrupted, AbortSignal.timeout(options.timeout)]);
      const created = isDone ? await createAll(api, steps, signal) : [];
      const missed = isDone ? steps.filter((step) => step.what === 'create' && !created.includes(step)) : [];
      write(output === 'json' ? json({ isDone, steps, missed: missed.map(({ object }) => object) }) : stepsText(steps, isDone, missed)); // prettier-ignore
      if (missed.length > 0) end('timeout');
    });
};

/** Those that are there now. What waits for a namespace that does not come is left, and all after it in it. */
async function createAll(
  api: KubeApi,
  steps: readonly RestoreStep[],
  signal: AbortSignal,
): Promise<readonly RestoreStep[]> {
  const created: RestoreStep[] = [];
  for (const step of steps) {
    if (step.manifest === undefined) continue;
    const { namespace } = step.object;
    if (namespace !== undefined && !(await isThere(api, namespace, signal))) continue;
    try {
      await api.create(anyKind(step.object.kind), step.manifest as unknown as AnyObject);
    } catch (error) {
      // Somebody, or the operator, was first.
      if (!isKubeError(error, 'AlreadyExists')) throw explained(error, step);
    }
    created.push(step);
  }
  return created;
}

/** False when it does not come in time. */
async function isThere(api: KubeApi, name: string, signal: AbortSignal): Promise<boolean> {
  const fieldSelector = `metadata.name=${name}`;
  try {
    while (true) {
      // Also when no time is left: what is there is used.
      const { items, resourceVersion } = await api.list(namespaceKind, { fieldSelector });
      if (items.length > 0) return true;
      if (signal.aborted) return false;
      for await (const event of api.watch(namespaceKind, { fieldSelector, resourceVersion, signal }))
        if (event.type === 'ADDED') return true;
    }
  } catch (error) {
    if (signal.aborted) return false;
    throw error;
  }
}

const explained = (error: unknown, { object }: RestoreStep): unknown =>
  isKubeError(error, 'Forbidden', 'Invalid')
    ? new CommandError(error.reason === 'Forbidden' ? 'forbidden' : 'failed', `${referenceText(object)} is not taken, and nothing after it was tried: ${error.message}`, { cause: error }) // prettier-ignore
    : error;

const WORDS: Readonly<Record<RestoreStep['what'], string>> = {
  create: 'create',
  same: 'is there',
  differs: 'stays',
  skip: 'left out',
};

function stepsText(steps: readonly RestoreStep[], isDone: boolean, missed: readonly RestoreStep[]): string {
  const rows = steps.map(({ object, what, why, id, gives }) => [
    missed.some((one) => one.object === object) ? 'NOT created' : what === 'create' && isDone ? 'created' : WORDS[what],
    referenceText(object),
    [why, id === undefined ? undefined : `id ${id}`, gives === undefined ? undefined : `gives: ${gives}`]
      .filter((text) => text !== undefined)
      .join('; '),
  ]);
  const after = missed.length > 0 ? ['', 'Their namespaces did not come in time: dataall explain their Environments, then run this again.'] : isDone ? [] : ['', 'Nothing is done yet: --yes does it.']; // prettier-ignore
  return `${[...table(rows), ...after].join('\n')}\n`;
}
