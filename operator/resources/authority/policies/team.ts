// Teams: invited by who may, but changed and removed by the environment's owner alone, or permissions could be widened by their holder.
// Who invited may apply the same again, as Git controllers do.

import { validatingPolicy, type AdmissionObject } from '../admission.ts';
import { byPeople, IS_PLATFORM_ADMIN, NOTHING_CHANGES, OWNS_ENVIRONMENT } from '../expressions.ts';
import type { Installation } from '../installation.ts';

export function teamPolicies(installation: Installation): readonly AdmissionObject[] {
  return validatingPolicy({
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
}
