// `dataall trace`: from an object to the objects behind it, the documents in AWS, and what AWS calls them.

import { json, REFERENCE, type Root, type Surroundings } from '../command.ts';
import { readChain } from '../explain/read-chain.ts';
import { parseReference, placed } from '../object-reference.ts';
import { table } from '../table.ts';
import { dotOf, graphOf, type Graph } from '../trace/graph.ts';

export const traceCommand = (root: Root, { connect, write }: Surroundings): void => {
  root
    .command('trace')
    .description(
      'What an object hangs together with: objects with Ready and its reason, the documents in AWS that a share touches, and ARNs. As a table, as JSON (-o json), or for Graphviz (--dot).',
    )
    .argument('<object>', REFERENCE)
    .option('--dot', 'as a graph in the language of Graphviz')
    .action(async (text, options, command) => {
      const { output, ...rest } = command.optsWithGlobals();
      const written = parseReference(text);
      await using cluster = await connect(rest);
      const graph = graphOf(await readChain(cluster.api, placed(written, cluster.namespace)));
      if (options.dot === true) write(dotOf(graph));
      else write(output === 'json' ? json(graph) : graphText(graph));
    });
};

function graphText({ nodes, edges, hidden }: Graph): string {
  const users = (id: string): string =>
    [...new Set(edges.flatMap(({ from, to }) => (to === id ? [from] : [])))].join(', ');
  const rows = nodes.map(({ id, type, ready, reason }) => [type, id, ready === undefined ? '' : String(ready), reason ?? '', users(id)]); // prettier-ignore
  const lines = table([['TYPE', 'NAME', 'READY', 'REASON', 'OF'], ...rows]);
  return `${[...lines, ...(hidden.length > 0 ? ['', `Hidden from you: ${hidden.join(', ')}`] : [])].join('\n')}\n`;
}
