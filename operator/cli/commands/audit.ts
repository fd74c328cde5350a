// `dataall audit`: who could read what at a time, as it was recorded.

import { getIfPresent } from '../../kernel/client/kube-api.ts';
import { datasetKind } from '../../resources/dataset.ts';
import { json, type Root, type Surroundings } from '../command.ts';
import { CommandError } from '../exit-codes.ts';
import { dataOf, gatewayOf, type Gateway } from '../gateway.ts';
import { namespacedName } from '../share-reference.ts';
import { table } from '../table.ts';

const PAGE_SIZE = 100;

const QUERY = `query ($filter: AccessFilter) { listAccess(filter: $filter) { hasNext at recordedSince nodes {
  standing reach dataset itemKind item from until endReason permissions doubts
  principal { kind name environment group arn } consent { approver decidedBy automatic at note until } restrictions { name rows columns } } } }`;

interface Recorded {
  readonly standing: string;
  readonly dataset: string;
  readonly itemKind: string | null;
  readonly item: string | null;
  readonly from: string;
  readonly until: string | null;
  readonly principal: { readonly name: string; readonly group: string; readonly arn: string | null };
  readonly consent: { readonly approver: string; readonly decidedBy: string | null } | null;
}

interface Page {
  readonly hasNext: boolean;
  readonly at: string;
  readonly recordedSince: string | null;
  readonly nodes: readonly Recorded[];
}

export const auditCommand = (root: Root, { connect, write, ask, environment, now }: Surroundings): void => {
  root
    .command('audit')
    .description(
      'Who could read what at a time, through what and by whose consent, as it was recorded: of a dataset (whoever decides about it, and auditors), or of all that you may ask about. Through the gateway.',
    )
    .argument('[dataset]', '[<namespace>/]<name>; without it: everything')
    .option('--at <time>', 'RFC 3339; else now')
    .option('--since <time>', 'what ended between then and --at, too; RFC 3339')
    .option('--group <group>', 'of its roles and users alone')
    .option('--gateway <url>', 'address of the gateway; else $DATAALL_GATEWAY')
    .option('--token-file <file>', 'holds a token of the identity provider; else $DATAALL_TOKEN')
    .action(async (dataset, options, command) => {
      const { output, ...rest } = command.optsWithGlobals();
      const gateway = gatewayOf(options, environment);
      const { at = now().toISOString(), since, group } = options;
      const datasetUri = dataset === undefined ? undefined : await uriOf(dataset, rest, connect);
      const pages = await allPages(gateway, ask, { at, since, group, datasetUri });
      const { recordedSince } = pages[0] ?? {};
      const access = pages.flatMap(({ nodes }) => nodes);
      write(output === 'json' ? json({ at, recordedSince, access }) : auditText(at, recordedSince, access));
    });
};

/** The gateway knows datasets by their id, which the object has. */
async function uriOf(
  text: string,
  options: Parameters<Surroundings['connect']>[0],
  connect: Surroundings['connect'],
): Promise<string> {
  await using cluster = await connect(options);
  const { namespace, name } = namespacedName(text, cluster.namespace);
  const found = await getIfPresent(cluster.api, datasetKind, { namespace, name });
  if (found?.status.id === undefined)
    throw new CommandError('notFound', `there is no Dataset ${namespace}/${name}, or it has no id yet`);
  return found.status.id;
}

async function allPages(gateway: Gateway, ask: Surroundings['ask'], filter: object): Promise<readonly Page[]> {
  const pages: Page[] = [];
  for (let page = 1; ; page++) {
    const variables = { filter: { ...filter, page, pageSize: PAGE_SIZE } };
    const { listAccess } = dataOf<{ readonly listAccess: Page }>(await ask(gateway, QUERY, variables));
    pages.push(listAccess);
    if (!listAccess.hasNext) return pages;
  }
}

function auditText(at: string, recordedSince: string | null | undefined, access: readonly Recorded[]): string {
  const rows = access.map(({ principal, standing, dataset, itemKind, item, consent, from, until }) => [
    principal.arn ?? principal.name,
    principal.group,
    standing,
    item === null ? dataset : `${dataset} ${itemKind} ${item}`,
    consent?.decidedBy ?? consent?.approver ?? '',
    from,
    until ?? '',
  ]);
  const header = ['PRINCIPAL', 'GROUP', 'STANDING', 'WHAT', 'CONSENT', 'FROM', 'UNTIL'];
  const since = recordedSince === null || recordedSince === undefined ? 'nothing was ever recorded' : `recorded since ${recordedSince}`; // prettier-ignore
  const lines = [`At ${at}; ${since}.`, '', ...(rows.length === 0 ? ['nobody'] : table([header, ...rows]))];
  return `${lines.join('\n')}\n`;
}
