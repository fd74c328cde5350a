// `dataall request`, `approve` and `revoke`: asking, consenting and taking back, as objects that kubectl and Git would write alike.

import { getIfPresent } from '../../kernel/client/kube-api.ts';
import { approvalName } from '../../resources/names.ts';
import { datasetKind } from '../../resources/dataset.ts';
import { apiVersion } from '../../resources/kind.ts';
import { shareApprovalKind, type ShareApproval } from '../../resources/share-approval.ts';
import type { ShareItem } from '../../resources/share-item.ts';
import { shareRequestKind, type ShareRequest } from '../../resources/share-request.ts';
import { json, type Root, type Surroundings } from '../command.ts';
import { CommandError } from '../exit-codes.ts';
import { referenceText } from '../object-reference.ts';
import { approvalOf, revocationOf } from '../share/approval.ts';
import { readAsked } from '../share/asked.ts';
import { itemOf, namespacedName, principalOf } from '../share-reference.ts';

const ITEM = 'table/<name>, table/<name>:<filter>,<filter>, folder/<name> or bucket/<name>';
const DRY_RUN = 'let the API server judge it, and write nothing';

const gather = (text: string, before: ShareItem[] | undefined): ShareItem[] => [...(before ?? []), itemOf(text)];

const written = (
  output: 'text' | 'json',
  object: ShareRequest | ShareApproval,
  what: string,
  isTried: boolean,
): string => {
  const { namespace, name } = object.metadata;
  const reference = referenceText({ kind: object.kind, namespace, name });
  return output === 'json' ? json(object) : `${reference} ${what}${isTried ? ' (dry run)' : ''}\n`;
};

export const shareCommands = (root: Root, surroundings: Surroundings): void => {
  requestCommand(root, surroundings);
  approveCommand(root, surroundings);
  revokeCommand(root, surroundings);
};

function requestCommand(root: Root, { connect, write }: Surroundings): void {
  root
    .command('request')
    .description("Ask for data of a dataset, for a Team or ConsumptionRole of the environment whose namespace is -n's.")
    .argument('<dataset>', '<namespace>/<name> of the dataset')
    .requiredOption('--for <principal>', 'who gets access: team/<name> or consumptionrole/<name>')
    .requiredOption('--requester <group>', 'the group that asks')
    .requiredOption('-i, --item <item>', `what is asked for, once for each: ${ITEM}`, gather)
    .option('--name <name>', 'of the request; else <dataset>-for-<principal>')
    .option('--purpose <text>', 'why, for those who decide')
    .option('--expires <time>', 'when access ends, RFC 3339')
    .option('--draft', 'keep it to yourself for now')
    .option('--dry-run', DRY_RUN)
    .action(async (text, options, command) => {
      const { output, ...rest } = command.optsWithGlobals();
      const principal = principalOf(options.for);
      await using cluster = await connect(rest);
      const dataset = namespacedName(text, cluster.namespace);
      const name = options.name ?? `${dataset.name}-for-${principal.name}`;
      const request: ShareRequest = await cluster.api.create(
        shareRequestKind,
        {
          apiVersion,
          kind: shareRequestKind.kind,
          metadata: { namespace: cluster.namespace, name },
          spec: {
            datasetRef: dataset,
            requester: options.requester,
            principal,
            permissions: ['Read'],
            items: options.item,
            draft: options.draft ?? false,
            ...(options.purpose !== undefined && { purpose: options.purpose }),
            ...(options.expires !== undefined && { expiresAt: options.expires }),
          },
        } as ShareRequest,
        { dryRun: options.dryRun ?? false },
      );
      write(written(output, request, 'asks', options.dryRun ?? false));
    });
}

function approveCommand(root: Root, { connect, write }: Surroundings): void {
  root
    .command('approve')
    .description(
      "Consent to a request, all of it or some items, beside what was given before. Where you may not read the request, -n is the dataset's namespace, whose datasets tell their deciders of it.",
    )
    .argument('<request>', '<namespace>/<name> of the ShareRequest')
    .option('--as-group <group>', "the group in whose name you decide; else the dataset's owner")
    .option('-i, --item <item>', `what you consent to, once for each; else all of it: ${ITEM}`, gather)
    .option('--expires <time>', 'when access ends, RFC 3339; else as the request says')
    .option('--reason <text>', 'for the requester')
    .option('--dry-run', DRY_RUN)
    .action(async (text, options, command) => {
      const { output, ...rest } = command.optsWithGlobals();
      await using cluster = await connect(rest);
      const { api, namespace } = cluster;
      const asked = await readAsked(api, namespacedName(text, namespace), namespace);
      const name = { namespace: asked.dataset.namespace, name: approvalName(asked.request) };
      const [before, dataset] = await Promise.all([
        getIfPresent(api, shareApprovalKind, name),
        options.asGroup === undefined ? api.get(datasetKind, asked.dataset) : undefined,
      ]);
      const manifest = approvalOf(asked, before, {
        approver: options.asGroup ?? dataset?.spec.owner ?? '',
        items: options.item,
        expiresAt: options.expires,
        reason: options.reason,
      });
      const dryRun = options.dryRun ?? false;
      const approval: ShareApproval =
        before === undefined
          ? await api.create(shareApprovalKind, manifest as ShareApproval, { dryRun })
          : await api.replace(shareApprovalKind, { ...before, spec: manifest.spec }, { dryRun });
      write(written(output, approval, 'approves', dryRun));
    });
}

function revokeCommand(root: Root, { connect, write, now }: Surroundings): void {
  root
    .command('revoke')
    .description(
      'Take back consent to a request, all of it or some items; access ends in AWS within seconds. Who asked ends it by deleting the request.',
    )
    .argument('<request>', '<namespace>/<name> of the ShareRequest')
    .requiredOption('--dataset-namespace <namespace>', 'where the dataset is, and so the approval')
    .option('-i, --item <item>', `what is taken back, once for each; else all of it: ${ITEM}`, gather)
    .option('--reason <text>', 'for the requester')
    .option('--dry-run', DRY_RUN)
    .action(async (text, options, command) => {
      const { output, ...rest } = command.optsWithGlobals();
      await using cluster = await connect(rest);
      const { api, namespace } = cluster;
      const name = { namespace: options.datasetNamespace, name: approvalName(namespacedName(text, namespace)) };
      const before = await getIfPresent(api, shareApprovalKind, name);
      if (before === undefined)
        throw new CommandError(
          'notFound',
          `there is no ShareApproval ${name.namespace}/${name.name}: nothing was consented to`,
        );
      const dryRun = options.dryRun ?? false;
      const spec = revocationOf(before, options.item, options.reason, now().toISOString());
      // Refused as a conflict where somebody decided meanwhile.
      const body = { metadata: { resourceVersion: before.metadata.resourceVersion }, spec };
      const approval: ShareApproval = await api.patch(shareApprovalKind, name, { type: 'merge', body }, { dryRun });
      write(written(output, approval, 'takes back', dryRun));
    });
}
