// Who may consent: verb `approve` on the dataset, not for one's own request, not by a deployment tool.

import { labels, verbs } from '../../annotations.ts';
import { validatingPolicy, type AdmissionObject } from '../admission.ts';
import { actsFor, AUTHOR, byPeople, celList, EXISTING, may } from '../expressions.ts';
import { POLICY_SETTINGS, type Installation } from '../installation.ts';

/** Reasons of condition Ready that say a decision has no effect, so that removing it decides nothing. */
const withoutEffect = ['RequestNotFound', 'RequestMismatch'];

const isInListOfSettings = (value: string, list: string): string => `${value} in params.data.${list}.split('\\n')`;

export function approvalPolicies(installation: Installation): readonly AdmissionObject[] {
  return validatingPolicy({
    name: 'approve',
    description:
      'Decisions about requests are made by who holds verb approve on the dataset, and not by the requester.',
    requests: [{ resources: ['shareapprovals'], operations: ['CREATE', 'UPDATE', 'DELETE'] }],
    conditions: [byPeople(installation)],
    parameter: {
      kind: { apiVersion: 'v1', kind: 'ConfigMap' },
      namespace: installation.namespace,
      name: POLICY_SETTINGS,
      missing: 'Deny',
    },
    variables: {
      approval: EXISTING,
      dataset: 'variables.approval.spec.datasetRef.name',
      /** Anybody with a dataset in the namespace could otherwise occupy the name of an approval that another owner must give. */
      discarded: `object == null && variables.approval.?status.conditions.orValue([]).exists(c, c.type == 'Ready' && c.reason in ${celList(withoutEffect)})`,
      /** Ending what was given is no decision in the requester's favour. */
      withdrawn: `object == null && oldObject.spec.decision == 'Approved'`,
      mayApprove: may(verbs.approve, {
        resource: 'datasets',
        namespace: 'request.namespace',
        name: 'variables.dataset',
      }),
      actsForRequester: actsFor(installation, 'variables.approval.spec.requester'),
      actsForNewRequester: `object != null && ${actsFor(installation, 'object.spec.requester')}`,
    },
    validations: [
      {
        expression: 'variables.discarded || variables.mayApprove',
        messageExpression: `'deciding about requests for dataset ' + request.namespace + '/' + variables.dataset + ' needs verb approve on it: ask its owner or a steward'`,
      },
      {
        expression: `!(${isInListOfSettings(AUTHOR, 'approvalDenyList')})`,
        messageExpression: `${AUTHOR} + ' may not decide about requests (approvalDenyList): sync approvals as the team that owns the dataset, by impersonation or a ServiceAccount of its own'`,
      },
      {
        expression: `params.data.allowSelfApproval == 'true' || 'system:masters' in request.userInfo.groups || variables.discarded || variables.withdrawn || !(variables.actsForRequester || variables.actsForNewRequester)`,
        messageExpression: `'you act for the requesting group ' + variables.approval.spec.requester + ' and so may not decide about its request: ask another steward of the dataset'`,
      },
      {
        expression: `object != null || variables.discarded || oldObject.metadata.?labels[?'${labels.autoApproved}'].orValue('') != 'true'`,
        message:
          'this request was approved automatically and would be again: set spec.decision to Rejected instead; the approval goes when the request does',
      },
    ],
  });
}
