// Tables: described by who may change or approve for the dataset, filtered by its owner alone, because filters decide what approved
// shares show. Admission cannot look up whose requests those are: a steward who also asks could widen what a colleague approved for them.
// The owner has the data anyway.

import { annotations, verbs } from '../../annotations.ts';
import { validatingPolicy, type AdmissionObject } from '../admission.ts';
import { annotationOf, AUTHOR, byPeople, EXISTING, leavesClaimsTo, may } from '../expressions.ts';
import type { Installation } from '../installation.ts';

export function tablePolicies(installation: Installation): readonly AdmissionObject[] {
  const dataset = { resource: 'datasets', namespace: 'request.namespace', name: 'variables.dataset' } as const;
  return validatingPolicy({
    name: 'table',
    description:
      'Tables are described by who may change the dataset; filters are changed by who may change it and holds verb approve on it.',
    requests: [{ resources: ['datasettables'], operations: ['CREATE', 'UPDATE', 'DELETE'] }],
    conditions: [byPeople(installation)],
    variables: {
      dataset: `(${EXISTING}).spec.datasetRef.name`,
      filtersBefore: 'oldObject == null ? [] : oldObject.spec.?filters.orValue([])',
      filtersAfter: 'object == null ? [] : object.spec.?filters.orValue([])',
      filtersStay: `variables.filtersBefore == variables.filtersAfter && ${leavesClaimsTo('filters')}`,
      byOwner: `object == null ? '' : ${annotationOf('object', annotations.byOwner)}`,
      byOwnerBefore: `oldObject == null ? '' : ${annotationOf('oldObject', annotations.byOwner)}`,
      mayApprove: may(verbs.approve, dataset),
      mayChange: may('update', dataset),
    },
    validations: [
      {
        expression: 'variables.mayChange || variables.mayApprove',
        messageExpression: `'only the owner and the stewards of dataset ' + request.namespace + '/' + variables.dataset + ' may describe its tables: ask one of them, or correct spec.datasetRef if there is no such dataset'`,
      },
      {
        expression: 'variables.filtersStay || (variables.mayApprove && variables.mayChange)',
        messageExpression: `'changing filters changes what approved shares of dataset ' + request.namespace + '/' + variables.dataset + ' show, whoever asked for them, so its owner alone may: ask them (and leave filters out of what you apply)'`,
      },
      {
        // The mutating policy has seen to it already; Kubernetes before 1.36 has none.
        expression: `object == null || variables.byOwner == variables.byOwnerBefore || (variables.byOwner == ${AUTHOR} && variables.mayChange)`,
        message: `annotation ${annotations.byOwner} is written at admission for who may change the dataset: leave it as it is`,
      },
    ],
  });
}
