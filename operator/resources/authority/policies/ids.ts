// spec.id: AWS names are made of it, so whoever could choose it could take over what another object left in AWS.

import { validatingPolicy, type AdmissionObject } from '../admission.ts';
import { byPeople, IS_PLATFORM_ADMIN } from '../expressions.ts';
import type { Installation } from '../installation.ts';

export function idPolicies(installation: Installation): readonly AdmissionObject[] {
  return validatingPolicy({
    name: 'id',
    description: 'Ids are chosen by platform administrators only, for restores and migrations; they never change.',
    requests: [
      {
        resources: ['organizations', 'environments', 'teams', 'datasets', 'consumptionroles'],
        operations: ['CREATE'],
      },
    ],
    conditions: [byPeople(installation)],
    validations: [
      {
        expression: `!has(object.spec.id) || ${IS_PLATFORM_ADMIN}`,
        message:
          'spec.id is for restores and migrations by platform administrators: leave it out, and an id will be derived',
      },
    ],
  });
}
