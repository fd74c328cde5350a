// What an object hangs together with: the objects that it depends on, the documents in AWS that a share touches, and what of AWS the objects name. Pure.

import { documentsForAnyItem } from '../../access/documents-of-share.ts';
import { formatDocumentKey } from '../../access/document-key.ts';
import { partiesOf } from '../../access/parties.ts';
import { explain } from '../../resources/explanation/explanation.ts';
import { referencesOf } from '../explain/references.ts';
import { isSame, type SeenObject } from '../explain/seen-object.ts';
import { referenceText, type AnyObject } from '../object-reference.ts';

export interface GraphNode {
  /** `Kind namespace/name` of an object, the key of a document, or an ARN. */
  readonly id: string;
  readonly type: 'Object' | 'Document' | 'Aws';
  /** Of objects that are to be seen; of documents as the share says of its items. */
  readonly ready?: boolean | undefined;
  readonly reason?: string | undefined;
}

export interface GraphEdge {
  readonly from: string;
  readonly to: string;
  readonly label: 'needs' | 'writes' | 'is';
}

export interface Graph {
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
  /** What the caller may not see. */
  readonly hidden: readonly string[];
}

export function graphOf(seen: readonly SeenObject[]): Graph {
  const nodes = new Map<string, GraphNode>();
  const edges: GraphEdge[] = [];
  const add = (node: GraphNode): void => void nodes.set(node.id, nodes.get(node.id) ?? node);
  for (const one of seen) add(objectNode(one));
  for (const one of seen) {
    if (one.presence !== 'Seen') continue;
    const from = referenceText(one.reference);
    for (const reference of referencesOf(one.object))
      if (seen.some((other) => isSame(other.reference, reference)))
        edges.push({ from, to: referenceText(reference), label: 'needs' });
    for (const arn of arnsOf(one.object)) {
      add({ id: arn, type: 'Aws' });
      edges.push({ from, to: arn, label: 'is' });
    }
    for (const id of documentsOf(one.object, seen)) {
      add({ id, type: 'Document', ...standingOf(one.object) });
      edges.push({ from, to: id, label: 'writes' });
    }
  }
  const hidden = seen.flatMap(({ presence, reference }) => (presence === 'Hidden' ? [referenceText(reference)] : []));
  return { nodes: [...nodes.values()], edges, hidden };
}

function objectNode(seen: SeenObject): GraphNode {
  const id = referenceText(seen.reference);
  if (seen.presence !== 'Seen') return { id, type: 'Object', reason: seen.presence };
  return { id, type: 'Object', ...standingOf(seen.object) };
}

function standingOf(object: AnyObject): Pick<GraphNode, 'ready' | 'reason'> {
  const { standing, cause } = explain(object);
  return { ready: standing === 'Good', reason: cause?.reason };
}

/** Of a share whose parties are to be seen: what it can have written. */
function documentsOf(object: AnyObject, seen: readonly SeenObject[]): readonly string[] {
  if (object.kind !== 'ShareRequest') return [];
  const found = <Kind extends AnyObject['kind']>(kind: Kind, name: string) =>
    seen.flatMap((one) =>
      one.presence === 'Seen' && one.object.kind === kind && one.reference.name === name
        ? [one.object as Extract<AnyObject, { kind: Kind }>]
        : [],
    )[0];
  const { metadata, spec } = object;
  const dataset = found('Dataset', spec.datasetRef.name);
  const consumer = found('Environment', metadata.namespace);
  const role = found('ConsumptionRole', spec.principal.name);
  const team = found('Team', spec.principal.name);
  const principal =
    spec.principal.kind === 'ConsumptionRole'
      ? role && { kind: 'ConsumptionRole' as const, role }
      : team && { kind: 'Team' as const, team };
  const parties = partiesOf({ request: object, dataset, consumer, principal });
  return parties === undefined ? [] : documentsForAnyItem(parties).map(formatDocumentKey);
}

function arnsOf(object: AnyObject): readonly string[] {
  const some = (...arns: readonly (string | undefined)[]): readonly string[] => arns.flatMap((arn) => arn ?? []);
  switch (object.kind) {
    case 'Environment': {
      const { pivotRole, defaultRole, stack, queue } = object.status;
      return some(pivotRole?.arn, defaultRole?.arn, stack?.arn, queue?.arn);
    }
    case 'Dataset': {
      const { bucketArn, keyArn, roleArn, stack } = object.status;
      return some(bucketArn, keyArn, roleArn, stack?.arn);
    }
    case 'ConsumptionRole':
      return [object.spec.principalArn, ...(object.status.policies ?? []).map(({ arn }) => arn)];
    case 'Team':
      return some(object.status.roleArn);
    case 'ShareRequest':
      return (object.status.items ?? []).flatMap(({ accessPointArn }) => accessPointArn ?? []);
    case 'Tenant':
    case 'Organization':
    case 'DatasetTable':
    case 'ShareApproval':
      return [];
  }
}

const quoted = (text: string): string => `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
const SHAPES = { Object: 'box', Document: 'note', Aws: 'ellipse' } as const;

/** For Graphviz: https://graphviz.org/doc/info/lang.html */
export function dotOf({ nodes, edges }: Graph): string {
  const lines = nodes.map(({ id, type, ready, reason }) => {
    const label = reason === undefined ? id : `${id}\n${reason}`;
    const colour = ready === undefined ? '' : `, color=${ready ? 'darkgreen' : 'red'}`;
    return `  ${quoted(id)} [shape=${SHAPES[type]}, label=${quoted(label).replaceAll('\n', '\\n')}${colour}];`;
  });
  const arrows = edges.map(({ from, to, label }) => `  ${quoted(from)} -> ${quoted(to)} [label=${label}];`);
  return `digraph dataall {\n  rankdir=LR;\n${[...lines, ...arrows].join('\n')}\n}\n`;
}
