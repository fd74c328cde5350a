// `dataall version`: of which versions the parts of an installation are, and where they disagree.

import { readFileSync } from 'node:fs';
import { isKubeError, type KubeApi } from '../../kernel/client/kube-api.ts';
import { definitionsFinding } from '../check/findings.ts';
import { disagreements, type InstalledWorkload } from '../check/versions.ts';
import { definitionKind, deploymentKind, SYSTEM_NAMESPACE } from '../cluster-kinds.ts';
import { json, type End, type Root, type Surroundings } from '../command.ts';
import { table } from '../table.ts';

const LABELS = { version: 'app.kubernetes.io/version', chart: 'helm.sh/chart' } as const;

/** Of this command line. */
const ownVersion = (): string =>
  (JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')) as { readonly version: string })
    .version;

export const versionCommand = (root: Root, { connect, write }: Surroundings, end: End): void => {
  root
    .command('version')
    .description(
      'Versions of this command line, of what is installed (workloads, their images, the chart, definitions of the kinds), and of Kubernetes; and where they disagree.',
    )
    .option('--client', 'of this command line alone: asks no cluster')
    .option('--system-namespace <namespace>', "the operator's", SYSTEM_NAMESPACE)
    .action(async (options, command) => {
      const { output, ...rest } = command.optsWithGlobals();
      const client = ownVersion();
      if (options.client === true) {
        write(output === 'json' ? json({ client, disagree: [] }) : `client  ${client}\n`);
        return;
      }
      await using cluster = await connect(rest);
      const workloads = await installedWorkloads(cluster.api, options.systemNamespace);
      const definitions = await definitionsVerdict(cluster.api);
      const kubernetes = (JSON.parse(await cluster.api.raw('/version')) as { readonly gitVersion: string }).gitVersion;
      const disagree = disagreements(client, workloads, definitions);
      if (disagree.length > 0) end('stuck');
      const installed = Object.fromEntries(workloads.map(({ name, version }) => [name, version]));
      if (output === 'json') write(json({ client, installed, workloads, definitions, kubernetes, disagree }));
      else {
        const rows = workloads.map(({ name, version, chart = '', images }) => [name, version, [chart, ...images].join(' ').trim()]); // prettier-ignore
        const all = [
          ['client', client],
          ...rows,
          ['definitions', DEFINITIONS[definitions]],
          ['kubernetes', kubernetes],
        ];
        write(`${[...table(all), ...disagree.map((one) => `disagrees: ${one}`)].join('\n')}\n`);
      }
    });
};

const DEFINITIONS = { ok: 'of this version', wrong: 'of another version', hidden: 'hidden from you' } as const;

async function definitionsVerdict(api: KubeApi): Promise<keyof typeof DEFINITIONS> {
  try {
    return definitionsFinding((await api.list(definitionKind)).items).verdict;
  } catch (error) {
    if (isKubeError(error, 'Forbidden')) return 'hidden';
    throw error;
  }
}

/** Those that the chart labels; none where they are hidden. */
async function installedWorkloads(api: KubeApi, namespace: string): Promise<readonly InstalledWorkload[]> {
  try {
    const { items } = await api.list(deploymentKind, { namespace, labelSelector: LABELS.version });
    return items.map(({ metadata: { name, labels = {} }, spec }) => ({
      name,
      version: labels[LABELS.version] ?? '',
      chart: labels[LABELS.chart],
      images: (spec?.template?.spec?.containers ?? []).map(({ image }) => image),
    }));
  } catch (error) {
    if (isKubeError(error, 'Forbidden', 'NotFound')) return [];
    throw error;
  }
}
