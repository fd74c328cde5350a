// Acting for a team: objects that speak in the name of a group are written by who acts for that group. (The approver
// of a decision: approval.ts.)

import { validatingPolicy, type AdmissionObject } from '../admission.ts';
import { actsFor, byPeople, EXISTING, IS_PLATFORM_ADMIN, leavesClaimsTo } from '../expressions.ts';
import type { Installation } from '../installation.ts';

/**
 * `spec.owner`: judged by the old owner when there is one, so ownership is given and not taken. Platform administrators may also
 * create for others, because they restore and migrate, and give what others have to others, but not to a group of their own: what an
 * owner decides is not theirs. (Organizations have invited groups besides: their own policy.)
 */
const owner = (installation: Installation) =>
  validatingPolicy({
    name: 'owner',
    description: 'What a group owns is created, changed, given away and deleted by who acts for that group.',
    requests: [
      { resources: ['environments', 'datasets', 'consumptionroles'], operations: ['CREATE', 'UPDATE', 'DELETE'] },
    ],
    conditions: [byPeople(installation)],
    variables: {
      owner: `(${EXISTING}).spec.owner`,
      heir: 'object == null ? variables.owner : object.spec.owner',
      actsForOwner: actsFor(installation, 'variables.owner'),
      actsForHeir: actsFor(installation, 'variables.heir'),
    },
    validations: [
      {
        expression: `variables.actsForOwner || ${IS_PLATFORM_ADMIN}`,
        messageExpression: `'only members of its owner, group ' + variables.owner + ' (or who may act-as it), may do this: ask one of them or a platform administrator'`,
      },
      {
        expression: 'variables.heir == variables.owner || variables.actsForOwner || !variables.actsForHeir',
        messageExpression: `'a platform administrator gives what group ' + variables.owner + ' owns to others, not to a group of their own such as ' + variables.heir + ': ask one of its owners'`,
      },
    ],
  });

/** What of a dataset decides who gets at its data: who else consents, what is consented to without asking, and what an item is. */
const decisive = ['stewards', 'sharing', 'confidentiality', 's3.coOwners', 'folders'];

const stays = (path: string): string => {
  const field = path.split('.').join('.?');
  return `object.spec.?${field} == oldObject.spec.?${field} && ${leavesClaimsTo(path)}`;
};

/** Platform administrators do not decide about requests, so they open no dataset by these fields either. */
const decisions = (installation: Installation) =>
  validatingPolicy({
    name: 'dataset-decisions',
    description: 'What decides who gets at the data of a dataset is written by who acts for its owner.',
    requests: [{ resources: ['datasets'], operations: ['UPDATE'] }],
    conditions: [byPeople(installation)],
    variables: {
      actsForOwner: actsFor(installation, 'oldObject.spec.owner'),
      touched: `[${decisive.map((path) => `${stays(path)} ? '' : '${path}'`).join(', ')}].filter(path, path != '')`,
    },
    validations: [
      {
        expression: 'variables.touched.size() == 0 || variables.actsForOwner',
        messageExpression: `'spec.' + variables.touched[0] + ' has a say in who gets at the data, so only members of the owner, group ' + oldObject.spec.owner + ' (or who may act-as it), write it: ask one of them (and leave it out of what you apply)'`,
      },
    ],
  });

/** `spec.requester`: nobody asks in another group's name; platform administrators may only clean up. */
const requester = (installation: Installation) =>
  validatingPolicy({
    name: 'requester',
    description: 'Access is asked for by who acts for the requesting group.',
    requests: [{ resources: ['sharerequests'], operations: ['CREATE', 'UPDATE', 'DELETE'] }],
    conditions: [byPeople(installation)],
    variables: {
      requester: `(${EXISTING}).spec.requester`,
      cleansUp: `object == null && ${IS_PLATFORM_ADMIN}`,
    },
    validations: [
      {
        expression: `${actsFor(installation, 'variables.requester')} || variables.cleansUp`,
        messageExpression: `'only members of the requesting group ' + variables.requester + ' (or who may act-as it) may do this: ask as a group of yours'`,
      },
    ],
  });

export const ownershipPolicies = (installation: Installation): readonly AdmissionObject[] => [
  ...owner(installation),
  ...decisions(installation),
  ...requester(installation),
];
