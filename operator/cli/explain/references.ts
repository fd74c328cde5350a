// On which other objects one depends, nearest first: who decides about it, who gets access, where data and readers are, and whom they belong to.

import { approvalName } from '../../resources/names.ts';
import type { ShareRequest } from '../../resources/share-request.ts';
import type { AnyObject, ObjectReference } from '../object-reference.ts';

const TENANT: ObjectReference = { kind: 'Tenant', name: 'default' };

/** The approval of a request is named after it: see the rules of ShareApproval. */
const approvalOf = ({ metadata, spec }: ShareRequest): ObjectReference => ({
  kind: 'ShareApproval',
  namespace: spec.datasetRef.namespace,
  name: approvalName(metadata),
});

/** Tables are not among them: which object describes one is not told by names (see `tablesOf`). */
export function referencesOf(object: AnyObject): readonly ObjectReference[] {
  switch (object.kind) {
    case 'ShareRequest': {
      const { metadata, spec } = object;
      return [
        approvalOf(object),
        { kind: spec.principal.kind, namespace: metadata.namespace, name: spec.principal.name },
        { kind: 'Dataset', ...spec.datasetRef },
        { kind: 'Environment', name: metadata.namespace },
      ];
    }
    case 'ShareApproval':
      return [
        { kind: 'ShareRequest', namespace: object.spec.requestRef.namespace, name: object.spec.requestRef.name },
        { kind: 'Dataset', namespace: object.metadata.namespace, name: object.spec.datasetRef.name },
      ];
    case 'DatasetTable':
      return [{ kind: 'Dataset', namespace: object.metadata.namespace, name: object.spec.datasetRef.name }];
    case 'Dataset':
    case 'Team':
    case 'ConsumptionRole':
      return [{ kind: 'Environment', name: object.metadata.namespace }];
    case 'Environment':
      return [{ kind: 'Organization', name: object.spec.organization }];
    case 'Organization':
      return [TENANT];
    case 'Tenant':
      return [];
  }
}

/** Names of the tables, in the dataset's database, that a share is about. */
export const tablesOf = (object: AnyObject): readonly string[] =>
  object.kind === 'ShareRequest' ? object.spec.items.flatMap(({ kind, name }) => (kind === 'Table' ? [name] : [])) : [];
