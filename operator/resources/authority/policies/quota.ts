// How many objects there may be: said by platform administrators, counted by the API server in namespaces and by the operator elsewhere.

import { validatingPolicy, type AdmissionObject } from '../admission.ts';
import { actsFor, byPeople, IS_PLATFORM_ADMIN, leavesClaimsTo } from '../expressions.ts';
import { OWNERS_AT_QUOTA, type Installation } from '../installation.ts';

/** Variable `full`: who may make no more of the kind, as the operator lists them. Before it has counted, nobody has too many. */
const whoIsFull = ({ namespace }: Installation) => ({
  parameter: {
    kind: { apiVersion: 'v1', kind: 'ConfigMap' },
    namespace,
    name: OWNERS_AT_QUOTA,
    missing: 'Allow',
  } as const,
  variables: { full: `params.data[?request.resource.resource].orValue('').split('\\n')` },
});

export const quotaPolicies = (installation: Installation): readonly AdmissionObject[] => [
  ...validatingPolicy({
    name: 'quota',
    description: 'How many objects the namespace of an environment may hold is said by platform administrators only.',
    requests: [{ resources: ['environments'], operations: ['CREATE', 'UPDATE'] }],
    conditions: [byPeople(installation)],
    variables: {
      same: `(oldObject == null ? !has(object.spec.quota) : object.spec.?quota == oldObject.spec.?quota) && ${leavesClaimsTo('quota')}`,
    },
    validations: [
      {
        expression: `variables.same || ${IS_PLATFORM_ADMIN}`,
        message: 'spec.quota is set by platform administrators: leave it as it is, or ask one of them',
      },
    ],
  }),
  ...validatingPolicy({
    name: 'owner-quota',
    description: 'Who owns as many organizations or environments as the Tenant allows makes no more of them.',
    requests: [{ resources: ['organizations', 'environments'], operations: ['CREATE'] }],
    conditions: [byPeople(installation)],
    ...whoIsFull(installation),
    validations: [
      {
        // Others are refused because they do not act for the owner, and told nothing of how much it owns.
        expression: `!(object.spec.owner in variables.full) || !(${actsFor(installation, 'object.spec.owner')} || ${IS_PLATFORM_ADMIN})`,
        messageExpression: `'group ' + object.spec.owner + ' owns as many ' + request.resource.resource + ' as it may: delete one, or ask a platform administrator to raise spec.ownerQuota of the Tenant'`,
      },
    ],
  }),
  ...validatingPolicy({
    name: 'waiting-decisions',
    description:
      'No group decides about so many requests that do not exist that there is no room for what others decide.',
    requests: [{ resources: ['shareapprovals'], operations: ['CREATE'] }],
    conditions: [byPeople(installation)],
    ...whoIsFull(installation),
    validations: [
      {
        expression: `!((request.namespace + '/' + object.spec.approver) in variables.full)`,
        messageExpression: `'group ' + object.spec.approver + ' has made as many decisions about requests that do not exist as one group may in namespace ' + request.namespace + ': delete those whose requests will not come, or ask a platform administrator to raise spec.quota.shareApprovals of the Environment'`,
      },
    ],
  }),
];
