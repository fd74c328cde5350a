// How another object is named in a message: whoever reads the one may not see the other.
import { objectKey } from '../../kernel/kind.ts';

interface Named {
  readonly metadata: { readonly namespace?: string; readonly name: string };
  readonly spec: { readonly owner?: string };
}

/**
 * By its name where every reader may see it: in the same namespace, or without one and of the same owner. Otherwise by its kind; a platform
 * administrator can look for it.
 */
export const toldName = (kind: string, other: Named, reader: Named): string => {
  const { namespace } = other.metadata;
  const isSeen =
    namespace === undefined ? other.spec.owner === reader.spec.owner : namespace === reader.metadata.namespace;
  if (isSeen) return `${kind} ${objectKey(other.metadata)}`;
  return `another ${kind}, which you may not see (a platform administrator can tell)`;
};
