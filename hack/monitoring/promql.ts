// What a PromQL expression asks for, by Prometheus's own grammar for editors.
import { parser } from '@prometheus-io/lezer-promql';

/** A metric, and the labels by which it is selected. */
export interface Selector {
  readonly metric: string;
  readonly labels: readonly string[];
}

/** Throws an Error at the place where the expression is no PromQL. */
export function selectorsOf(expr: string): readonly Selector[] {
  const selectors: { metric: string; labels: string[] }[] = [];
  parser.parse(expr).iterate({
    enter: ({ type, from, to, node }) => {
      if (type.isError) throw new Error(`no PromQL at ${from}: ${expr}`);
      const text = expr.slice(from, to);
      if (type.name === 'Identifier' && node.parent?.name === 'VectorSelector')
        selectors.push({ metric: text, labels: [] });
      if (type.name === 'LabelName' && node.parent?.name === 'UnquotedLabelMatcher')
        selectors.at(-1)?.labels.push(text);
    },
  });
  return selectors;
}
