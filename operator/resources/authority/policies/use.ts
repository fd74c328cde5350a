// What others rely on cannot be deleted; the refusal names who they are.

import { annotations } from '../../annotations.ts';
import { validatingPolicy, type AdmissionObject } from '../admission.ts';
import { annotationOf, AUTHOR, celList, IS_PLATFORM_ADMIN, KUBERNETES_CONTROLLERS } from '../expressions.ts';
import { operatorUsername, type Installation } from '../installation.ts';

export function usePolicies(installation: Installation): readonly AdmissionObject[] {
  const exempt = [operatorUsername(installation), KUBERNETES_CONTROLLERS.namespace];
  return validatingPolicy({
    name: 'use',
    description: 'Objects in use are not deleted; status.usedBy says by whom.',
    requests: [
      {
        resources: ['tenants', 'organizations', 'environments', 'teams', 'datasets', 'consumptionroles'],
        operations: ['DELETE'],
      },
    ],
    conditions: [{ name: 'not-exempt', expression: `!(${AUTHOR} in ${celList(exempt)})` }],
    variables: {
      users: 'oldObject.?status.inUse.orValue(0)',
      named: 'oldObject.?status.usedBy.orValue([])',
      abandoned: `${annotationOf('oldObject', annotations.abandon)} == oldObject.metadata.uid && ${IS_PLATFORM_ADMIN}`,
    },
    validations: [
      {
        expression: 'variables.users == 0 || variables.abandoned',
        messageExpression: `oldObject.kind + ' ' + oldObject.metadata.name + ' is in use by ' + string(variables.users) + (variables.users == 1 ? ' object' : ' objects') + (variables.named.size() == 0 ? ' (a platform administrator finds them by: kubectl get dataall -A)' : ': ' + variables.named.join(', ') + (variables.named.size() < variables.users ? ', ...' : '')) + '; end that first, then delete again'`,
      },
    ],
  });
}
