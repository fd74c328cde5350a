// Prints what an installation needs in its cluster, CRDs apart, for a configuration of the operator:
//   node operator/resources/generate/install.ts --config config.yaml | kubectl apply --server-side -f -
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { parse, stringify } from 'yaml';
import { installationOf, readConfig } from '../../config.ts';
import { installManifests } from '../authority/install.ts';

const { values } = parseArgs({ options: { config: { type: 'string', default: '/etc/dataall/config.yaml' } } });
const config = readConfig(parse(readFileSync(values.config, 'utf8')));
const documents = installManifests(installationOf(config)).map((manifest) =>
  stringify(manifest, { lineWidth: 120, aliasDuplicateObjects: false }),
);
process.stdout.write(documents.join('---\n'));
