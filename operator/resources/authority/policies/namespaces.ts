// Namespaces of environments: what marks them as ours is written by the operator, and they go with their Environment.

import { annotations, labels, MANAGED_BY } from '../../annotations.ts';
import { validatingPolicy, type AdmissionObject } from '../admission.ts';
import { annotationOf, byOthers, IS_PLATFORM_ADMIN } from '../expressions.ts';
import type { Installation } from '../installation.ts';

const labelOf = (object: 'object' | 'oldObject'): string =>
  `(${object} == null ? '' : ${object}.metadata.?labels[?'${labels.environment}'].orValue(''))`;

const written = (object: 'object' | 'oldObject', annotation: string): string =>
  `(${object} == null ? '' : ${annotationOf(object, annotation)})`;

const accountOf = (object: 'object' | 'oldObject'): string => written(object, annotations.account);
const ownerOf = (object: 'object' | 'oldObject'): string => written(object, annotations.owner);

/** Tells the operator that it made the namespace and may delete it. */
const isMade = (object: 'object' | 'oldObject'): string =>
  `(${object} != null && ${object}.metadata.?labels[?'${labels.managedBy}'].orValue('') == '${MANAGED_BY}')`;

/** Marked as the namespace of an environment, before or after. */
const isOurs = [
  labelOf('object'),
  labelOf('oldObject'),
  accountOf('object'),
  accountOf('oldObject'),
  ownerOf('object'),
  ownerOf('oldObject'),
]
  .map((value) => `${value} != ''`)
  .concat(isMade('object'), isMade('oldObject'))
  .join(' || ');

export function namespacePolicies(installation: Installation): readonly AdmissionObject[] {
  return validatingPolicy({
    name: 'namespaces',
    description:
      'Label, account, owner and existence of the namespaces of environments are the business of the operator.',
    requests: [
      {
        apiGroup: '',
        apiVersion: 'v1',
        // Labels and annotations can be written through these subresources too.
        resources: ['namespaces', 'namespaces/status', 'namespaces/finalize'],
        operations: ['CREATE', 'UPDATE', 'DELETE'],
      },
    ],
    conditions: [byOthers(installation), { name: 'ours', expression: isOurs }],
    variables: {
      label: labelOf('object'),
      labelBefore: labelOf('oldObject'),
      account: accountOf('object'),
      accountBefore: accountOf('oldObject'),
      // A platform administrator may let a namespace be adopted, and call that off until the operator has written the account.
      offered: `(variables.label == '' || variables.label == object.metadata.name) && variables.accountBefore == '' && ${IS_PLATFORM_ADMIN}`,
    },
    validations: [
      {
        expression: `object != null || variables.labelBefore == ''`,
        messageExpression: `'this is the namespace of Environment ' + variables.labelBefore + ' and goes with it: delete the Environment instead'`,
      },
      {
        expression: `object == null || variables.account == variables.accountBefore`,
        message: `annotation ${annotations.account} is written by the operator: leave it as it is`,
      },
      {
        expression: `object == null || ${ownerOf('object')} == ${ownerOf('oldObject')}`,
        message: `annotation ${annotations.owner} is written by the operator: leave it as it is`,
      },
      {
        expression: `object == null || ${isMade('object')} == ${isMade('oldObject')}`,
        message: `label ${labels.managedBy}: ${MANAGED_BY} marks what the operator made: leave it as it is`,
      },
      {
        expression: `object == null || variables.label == variables.labelBefore || variables.offered`,
        message: `label ${labels.environment} makes a namespace that of an Environment: only a platform administrator sets it, to the namespace's own name, and not once the operator has taken it over`,
      },
    ],
  });
}
