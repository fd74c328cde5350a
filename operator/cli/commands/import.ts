// `dataall import`: manifests of what a running data.all has.

import { stringify } from 'yaml';
import { json, type End, type Root, type Surroundings } from '../command.ts';
import { gatewayOf } from '../gateway.ts';
import { importedManifests } from '../import/manifests.ts';
import { readSource } from '../import/read-source.ts';

export const importCommand = (
  root: Root,
  { write, writeError, ask, environment, now }: Surroundings,
  end: End,
): void => {
  root
    .command('import')
    .description(
      'Write manifests of what a running data.all 2.9 has: organizations, environments, teams, consumption roles, datasets with their tables and filters, and shares with what was consented to. Reads its GraphQL interface as the person whose token it is, changes nothing there, and asks no cluster. What is left out is told on standard error.',
    )
    .option('--gateway <url>', 'address of the GraphQL interface, ending with /graphql/api; else $DATAALL_GATEWAY')
    .option('--token-file <file>', 'holds a token of its identity provider; else $DATAALL_TOKEN')
    .action(async (options, command) => {
      const { output } = command.optsWithGlobals();
      const gateway = gatewayOf(options, environment);
      const { manifests, notes } = importedManifests(await readSource(gateway, ask), now().getTime());
      if (output === 'json') write(json({ manifests, notes }));
      else {
        write(manifests.map((manifest) => stringify(manifest, { aliasDuplicateObjects: false })).join('---\n'));
        for (const { what, why } of notes) writeError(`${what}: ${why}\n`);
      }
      if (notes.length > 0) end('stuck');
    });
};
