// A mutation that the gateway tries and does not keep.

import type { DirectiveNode } from 'graphql';
import type { TypedDocumentNode } from 'urql';

const DRY_RUN = { kind: 'Directive', name: { kind: 'Name', value: 'dryRun' } } as unknown as DirectiveNode;

/** A document of its own: what urql remembers of the other (its text, its key) must not be taken for this one's. */
export const asDryRun = <Data, Variables>({
  kind,
  definitions,
}: TypedDocumentNode<Data, Variables>): TypedDocumentNode<Data, Variables> => ({
  kind,
  definitions: definitions.map((definition) =>
    'operation' in definition ? { ...definition, directives: [...(definition.directives ?? []), DRY_RUN] } : definition,
  ),
});
