// What was found of an object that somebody's chain of objects names: the object, that there is none, or that the caller may not see it.

import type { AnyObject, ObjectReference } from '../object-reference.ts';

/** Hidden: the API server refused to show it, so that it is not even known whether it exists. */
export type SeenObject =
  | { readonly presence: 'Seen'; readonly reference: ObjectReference; readonly object: AnyObject }
  | { readonly presence: 'Missing'; readonly reference: ObjectReference }
  | { readonly presence: 'Hidden'; readonly reference: ObjectReference };

export const referenceTo = ({ kind, metadata }: AnyObject): ObjectReference => ({
  kind,
  name: metadata.name,
  ...('namespace' in metadata && { namespace: metadata.namespace }),
});

export const isSame = (a: ObjectReference, b: ObjectReference): boolean =>
  a.kind === b.kind && a.name === b.name && a.namespace === b.namespace;
