// Prints what an installation needs in its cluster, CRDs apart, for a configuration of the operator; docs/operations.md says how to use it.
import { stringify } from 'yaml';
import { DEFAULT_CONFIG, readConfigFiles, readFlags, StartupError } from '../../command-line.ts';
import { installationOf } from '../../config.ts';
import { SHIPPED_CONFIG_JSON } from '../../features/shipped.ts';
import { installManifests } from '../authority/install.ts';

const USAGE = `usage: node operator/resources/generate/print-manifests.ts [--config F] [--config-json F] | kubectl apply --server-side -f -
  --config F        the operator's configuration (default: ${DEFAULT_CONFIG})
  --config-json F   modules and features (default: config.json of this repository)
`;

try {
  const flags = readFlags(process.argv.slice(2), {
    config: { type: 'string', default: DEFAULT_CONFIG },
    'config-json': { type: 'string', default: SHIPPED_CONFIG_JSON },
    help: { type: 'boolean', short: 'h' },
  });
  const { config, 'config-json': configJson, help } = flags;
  process.stdout.write(help === true ? USAGE : manifestsFor({ config, configJson }));
} catch (error) {
  if (!(error instanceof StartupError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = error.exitCode;
}

function manifestsFor(files: Parameters<typeof readConfigFiles>[0]): string {
  const documents = installManifests(installationOf(readConfigFiles(files))).map((manifest) =>
    stringify(manifest, { lineWidth: 120, aliasDuplicateObjects: false }),
  );
  return documents.join('---\n');
}
