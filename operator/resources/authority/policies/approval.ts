// Who may consent: verb `approve` on the dataset, in the name of a group that one acts for, not for one's own request, not by a deployment
// tool. That the group may decide about the dataset is judged by the operator when it binds the approval: policies see no other object.

import { labels, verbs } from '../../annotations.ts';
import { shareApprovalKind } from '../../share-approval.ts';
import { validatingPolicy, type AdmissionObject } from '../admission.ts';
import { actsFor, AUTHOR, byPeople, celList, EXISTING, may } from '../expressions.ts';
import { POLICY_SETTINGS, type Installation } from '../installation.ts';

/**
 * Reasons of condition Ready that say a decision has no effect, so that removing it decides nothing. One that waits for its request is
 * none of them: it may be given before it is asked for, from Git.
 */
const withoutEffect = ['RequestMismatch', 'ApproverNotAllowed'];

/** What a rejection in place leaves as it is: all but the decision and why. */
const untouched = Object.keys(shareApprovalKind.spec.shape)
  .filter((field) => field !== 'decision' && field !== 'reason')
  .map((field) => `object.spec.?${field} == oldObject.spec.?${field}`)
  .join(' && ');

const isInListOfSettings = (value: string, list: string): string => `${value} in params.data.${list}.split('\\n')`;

/** What is decided, and in whose name. */
const decision = (installation: Installation): Readonly<Record<string, string>> => ({
  approval: EXISTING,
  dataset: 'variables.approval.spec.datasetRef.name',
  /**
   * Anybody with a dataset in the namespace could otherwise occupy the name of an approval that another owner must give. What is said of
   * it as it was before somebody edited it says nothing: who watches would delete what is right now.
   */
  discarded: `object == null && variables.approval.?status.conditions.orValue([]).exists(c, c.type == 'Ready' && c.reason in ${celList(withoutEffect)} && c.?observedGeneration.orValue(0) == oldObject.metadata.generation)`,
  /** Ending what was given is no decision in the requester's favour. */
  withdrawn: `object == null && oldObject.spec.decision == 'Approved'`,
  mayApprove: may(verbs.approve, {
    resource: 'datasets',
    namespace: 'request.namespace',
    name: 'variables.dataset',
  }),
  actsForApprover: `object != null && ${actsFor(installation, 'object.spec.approver')}`,
  /** Saying no gives nothing: whoever decides may end what another group of them gave, say why, and leave its name there. */
  rejects: `object != null && oldObject != null && object.spec.decision == 'Rejected' && ${untouched}`,
  actsForRequester: actsFor(installation, 'variables.approval.spec.requester'),
  actsForNewRequester: `object != null && ${actsFor(installation, 'object.spec.requester')}`,
});

export function approvalPolicies(installation: Installation): readonly AdmissionObject[] {
  return validatingPolicy({
    name: 'approve',
    description:
      'Decisions about requests are made by who holds verb approve on the dataset and acts for the approver that they name, and not by the requester.',
    requests: [{ resources: ['shareapprovals'], operations: ['CREATE', 'UPDATE', 'DELETE'] }],
    conditions: [byPeople(installation)],
    parameter: {
      kind: { apiVersion: 'v1', kind: 'ConfigMap' },
      namespace: installation.namespace,
      name: POLICY_SETTINGS,
      missing: 'Deny',
    },
    variables: decision(installation),
    validations: [
      {
        expression: 'variables.discarded || variables.mayApprove',
        messageExpression: `'deciding about requests for dataset ' + request.namespace + '/' + variables.dataset + ' needs verb approve on it: ask its owner or a steward, or correct the name of the dataset in a new ShareApproval'`,
      },
      {
        expression: `!(${isInListOfSettings(AUTHOR, 'approvalDenyList')})`,
        messageExpression: `${AUTHOR} + ' may not decide about requests (approvalDenyList): sync approvals as the team that owns the dataset, by impersonation or a ServiceAccount of its own'`,
      },
      {
        expression: 'object == null || variables.rejects || variables.actsForApprover',
        messageExpression: `'spec.approver is the group that decides, and you do not act for ' + object.spec.approver + ': name a group of yours there, the owner or a steward of dataset ' + variables.dataset + ', or to end what another group gave, change spec.decision to Rejected, and beside it at most spec.reason'`,
      },
      {
        expression: `params.data.allowSelfApproval == 'true' || 'system:masters' in request.userInfo.groups || variables.discarded || variables.withdrawn || !(variables.actsForRequester || variables.actsForNewRequester)`,
        messageExpression: `'you act for the requesting group ' + variables.approval.spec.requester + ' and so may not decide about its request: ask the owner of the dataset, or a steward of another group'`,
      },
      {
        expression: `object == null || params.data.allowSelfApproval == 'true' || object.spec.approver != object.spec.requester`,
        messageExpression: `'group ' + object.spec.requester + ' asks for access, so it may not be spec.approver too: the owner of dataset ' + variables.dataset + ', or a steward of another group, has to decide'`,
      },
      {
        expression: `object != null || variables.discarded || oldObject.metadata.?labels[?'${labels.autoApproved}'].orValue('') != 'true'`,
        message:
          'this request was approved automatically, and without this approval it would be again while sharing.autoApproval of the dataset is on: set spec.decision to Rejected instead, which holds in any case; the approval goes when the request does',
      },
    ],
  });
}
