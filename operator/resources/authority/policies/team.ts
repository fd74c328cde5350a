// Teams: invited by who may, but changed and removed by the environment's owner alone, or permissions could be widened by their holder.
// Who invited may apply the same again, as Git controllers do.

import { annotations } from '../../annotations.ts';
import { validatingPolicy, type AdmissionObject } from '../admission.ts';
import { byPeople, IS_PLATFORM_ADMIN, NOTHING_CHANGES, OWNS_ENVIRONMENT } from '../expressions.ts';
import type { Installation } from '../installation.ts';

const changes = (installation: Installation) =>
  validatingPolicy({
    name: 'team',
    description: 'Teams are changed and removed by the owner of the environment.',
    requests: [{ resources: ['teams'], operations: ['UPDATE', 'DELETE'] }],
    conditions: [byPeople(installation)],
    variables: { nothingChanges: NOTHING_CHANGES },
    validations: [
      {
        expression: `variables.nothingChanges || ${OWNS_ENVIRONMENT} || ${IS_PLATFORM_ADMIN}`,
        messageExpression: `'only the owner of environment ' + request.namespace + ' may change or remove its teams: ask one of its members'`,
      },
    ],
  });

/** Its owner's group has the environment's own role and rights: a Team for it could only say less. */
const group = (installation: Installation) =>
  validatingPolicy({
    name: 'team-group',
    description: 'The group that owns an environment has no Team in it.',
    requests: [{ resources: ['teams'], operations: ['CREATE'] }],
    conditions: [byPeople(installation)],
    variables: { owner: `namespaceObject.metadata.?annotations[?'${annotations.owner}'].orValue('')` },
    validations: [
      {
        expression: 'object.spec.group != variables.owner',
        messageExpression: `'group ' + object.spec.group + ' owns environment ' + request.namespace + ' and has all rights and a role in it already: it needs no Team'`,
      },
    ],
  });

export const teamPolicies = (installation: Installation): readonly AdmissionObject[] => [
  ...changes(installation),
  ...group(installation),
];
