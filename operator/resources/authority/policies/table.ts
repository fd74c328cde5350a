// Tables: described by who may change the dataset, filtered by who may approve, because filters decide what approved shares show.

import { verbs } from '../../annotations.ts';
import { validatingPolicy, type AdmissionObject } from '../admission.ts';
import { byPeople, EXISTING, may, somethingChanges } from '../expressions.ts';
import type { Installation } from '../installation.ts';

export function tablePolicies(installation: Installation): readonly AdmissionObject[] {
  const dataset = { resource: 'datasets', namespace: 'request.namespace', name: 'variables.dataset' } as const;
  return validatingPolicy({
    name: 'table',
    description:
      'Tables are described by who may change the dataset; filters are changed by who holds verb approve on it.',
    requests: [{ resources: ['datasettables'], operations: ['CREATE', 'UPDATE', 'DELETE'] }],
    conditions: [byPeople(installation), somethingChanges],
    variables: {
      dataset: `(${EXISTING}).spec.datasetRef.name`,
      filtersBefore: 'oldObject == null ? [] : oldObject.spec.?filters.orValue([])',
      filtersAfter: 'object == null ? [] : object.spec.?filters.orValue([])',
      mayApprove: may(verbs.approve, dataset),
      mayChange: may('update', dataset),
    },
    validations: [
      {
        expression: 'variables.mayChange || variables.mayApprove',
        messageExpression: `'only the owner and the stewards of dataset ' + request.namespace + '/' + variables.dataset + ' may describe its tables: ask one of them'`,
      },
      {
        expression: 'variables.filtersBefore == variables.filtersAfter || variables.mayApprove',
        messageExpression: `'changing filters changes what approved shares of dataset ' + request.namespace + '/' + variables.dataset + ' show, so it needs verb approve on it: ask its owner or a steward'`,
      },
    ],
  });
}
