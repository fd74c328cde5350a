// Acting for a team: objects that speak in the name of a group are written by who acts for that group.

import { validatingPolicy, type AdmissionObject } from '../admission.ts';
import { actsFor, byPeople, EXISTING, IS_PLATFORM_ADMIN, somethingChanges } from '../expressions.ts';
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
    conditions: [byPeople(installation), somethingChanges],
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

/** `spec.stewards`: they decide about requests, which platform administrators do not, so they cannot name themselves. */
const stewards = (installation: Installation) =>
  validatingPolicy({
    name: 'stewards',
    description: 'Who else decides about requests for a dataset is named by who acts for its owner.',
    requests: [{ resources: ['datasets'], operations: ['UPDATE'] }],
    conditions: [byPeople(installation), somethingChanges],
    variables: { actsForOwner: actsFor(installation, 'oldObject.spec.owner') },
    validations: [
      {
        expression: 'object.spec.?stewards == oldObject.spec.?stewards || variables.actsForOwner',
        messageExpression: `'stewards decide about requests, so only members of the owner, group ' + oldObject.spec.owner + ' (or who may act-as it), name them: ask one of them'`,
      },
    ],
  });

/** `spec.requester`: nobody asks in another group's name; platform administrators may only clean up. */
const requester = (installation: Installation) =>
  validatingPolicy({
    name: 'requester',
    description: 'Access is asked for by who acts for the requesting group.',
    requests: [{ resources: ['sharerequests'], operations: ['CREATE', 'UPDATE', 'DELETE'] }],
    conditions: [byPeople(installation), somethingChanges],
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
  ...stewards(installation),
  ...requester(installation),
];
