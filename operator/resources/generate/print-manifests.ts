// Prints what an installation needs in its cluster, CRDs apart, for a configuration of the operator; docs/operations.md says how to use it.
import { stringify } from 'yaml';
import { DEFAULT_CONFIG, readConfigFile, readFlags, StartupError } from '../../command-line.ts';
import { installationOf } from '../../config.ts';
import { installManifests } from '../authority/install.ts';

const USAGE = `usage: node operator/resources/generate/print-manifests.ts [--config F] | kubectl apply --server-side -f -
  --config F    the operator's configuration (default: ${DEFAULT_CONFIG})
`;

try {
  const { config, help } = readFlags(process.argv.slice(2), {
    config: { type: 'string', default: DEFAULT_CONFIG },
    help: { type: 'boolean', short: 'h' },
  });
  process.stdout.write(help === true ? USAGE : manifestsFor(config));
} catch (error) {
  if (!(error instanceof StartupError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = error.exitCode;
}

function manifestsFor(config: string): string {
  const documents = installManifests(installationOf(readConfigFile(config))).map((manifest) =>
    stringify(manifest, { lineWidth: 120, aliasDuplicateObjects: false }),
  );
  return documents.join('---\n');
}
