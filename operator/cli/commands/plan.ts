// `dataall plan`: which access manifests give and take, and by which calls to AWS.

import { json, type Root, type Surroundings } from '../command.ts';
import { readObjects } from '../manifests/read-files.ts';
import { readShareChanges, specOf } from '../plan/read-shares.ts';
import type { ShareChange } from '../plan/changes.ts';
import { referenceText } from '../object-reference.ts';
import { referenceOf } from '../restore/plan.ts';

export const planCommand = (root: Root, { connect, write, now }: Surroundings): void => {
  root
    .command('plan')
    .description(
      'Which access manifests of ShareRequests and ShareApprovals would give and take if they were applied, in which documents of AWS, and by which calls. Of objects alone: AWS is not asked, what is there already is not written again, and whether the author may apply them is for the API server (kubectl apply --dry-run=server). Of other kinds it says that it does not foresee their calls.',
    )
    .argument('<files...>', 'manifests, YAML or JSON; of a folder all that is below')
    .option('--delete', 'what deleting them would take')
    .action(async (files, options, command) => {
      const { output, ...rest } = command.optsWithGlobals();
      const manifests = readObjects(files);
      for (const manifest of manifests) specOf(manifest);
      await using cluster = await connect(rest);
      const shares = await readShareChanges(cluster.api, manifests, options.delete ?? false, now().getTime());
      const unforeseen = manifests
        .filter(({ kind }) => kind !== 'ShareRequest' && kind !== 'ShareApproval')
        .map((manifest) => referenceText(referenceOf(manifest)));
      write(output === 'json' ? json({ shares, unforeseen }) : planText(shares, unforeseen));
    });
};

function planText(shares: readonly ShareChange[], unforeseen: readonly string[]): string {
  const lines = shares.flatMap(({ share, gives, takes, documents, unknown }) => [
    gives.length + takes.length === 0 && unknown === undefined
      ? `${share}: nothing changes of who can read what`
      : `${share}:`,
    ...gives.map((item) => `  + ${item}`),
    ...takes.map((item) => `  - ${item}`),
    ...(unknown === undefined ? [] : [`  ${unknown}`]),
    ...documents.flatMap(({ document, calls }) => [`  ${document}`, `    ${calls.join(', ')}`]),
  ]);
  const others = unforeseen.length === 0 ? [] : [`Not foreseen: ${unforeseen.join(', ')}`];
  return `${[...lines, ...others].join('\n')}\n`;
}
