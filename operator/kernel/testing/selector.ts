// Which objects a selection picks: namespace, labels (`a=b,c!=d,e,!f`), and name or namespace as fields.

import type { Selection } from '../client/kube-api.ts';
import type { KubeObject } from '../kind.ts';

/** @see https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/ ; set-based terms (`in`) are not known here */
export function selects(selection: Selection, { metadata }: KubeObject): boolean {
  const { namespace, labelSelector = '', fieldSelector = '' } = selection;
  if (namespace !== undefined && metadata.namespace !== namespace) return false;
  const labels = metadata.labels ?? {};
  const fields = { 'metadata.name': metadata.name, 'metadata.namespace': metadata.namespace };
  return holdAll(labelSelector, labels) && holdAll(fieldSelector, fields);
}

function holdAll(selector: string, values: Readonly<Record<string, string | undefined>>): boolean {
  return selector
    .split(',')
    .filter((term) => term !== '')
    .every((term) => holds(term, values));
}

function holds(term: string, values: Readonly<Record<string, string | undefined>>): boolean {
  const [, key = '', operator, value] = /^(!?[^!=]+)(==?|!=)?(.*)$/.exec(term.trim()) ?? [];
  if (operator !== undefined) return (values[key] === value) === (operator !== '!=');
  return key.startsWith('!') ? values[key.slice(1)] === undefined : values[key] !== undefined;
}
