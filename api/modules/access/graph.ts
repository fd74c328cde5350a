// Who can read something of which datasets, as a graph: each role and dataset once, and edges by their places.

import type { AccessGraph, AccessGraphDataset, AccessGraphPrincipal } from '../../graphql/schema-types.ts';
import type { GatewayContext } from '../../server/context.ts';
import { inquiryOf } from './answers.ts';
import type { AccessScope } from './question.ts';
import { accessByDataset } from './recorded.ts';

/** What a browser draws without a pause, and an answer of a megabyte. */
const MOST_EDGES = 20_000;

/** One statement, and one where an item is asked about. */
export async function accessGraph(context: GatewayContext, scope: AccessScope): Promise<AccessGraph> {
  const inquiry = await inquiryOf(context, scope);
  const found = await accessByDataset(context.database, inquiry)
    .limit(MOST_EDGES + 1)
    .execute();
  const edges = found.slice(0, MOST_EDGES);
  const principals = new Places<AccessGraphPrincipal>();
  const datasets = new Places<AccessGraphDataset>();
  const ofEdges = edges.map(({ principal_arn: arn, principal: name, group_name: group, environment, ...of }) => {
    const dataset = `${of.dataset_namespace}/${of.dataset}`;
    return {
      principal: principals.of(arn ?? `${environment}/${name}/${group}`, () => ({
        arn,
        name,
        group,
        environment,
        account: arn?.split(':')[4],
      })),
      dataset: datasets.of(dataset, () => ({ datasetUri: of.uri, label: of.label, dataset })),
    };
  });
  return {
    at: scope.at.toISOString(),
    isComplete: found.length <= MOST_EDGES,
    principals: principals.all,
    datasets: datasets.all,
    edges: {
      principals: ofEdges.map(({ principal }) => principal),
      datasets: ofEdges.map(({ dataset }) => dataset),
      items: edges.map(({ items }) => items),
      standings: edges.map(({ standing }) => standing),
    },
  };
}

/** Things in the order in which they are met, each once. */
class Places<T> {
  readonly all: T[] = [];
  readonly #known = new Map<string, number>();

  of(key: string, make: () => T): number {
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    this.#known.set(key, this.all.length);
    return this.all.push(make()) - 1;
  }
}
