// Organizations: changed by their owner; invited groups may add or remove groups if they are allowed to.

import { verbs } from '../../annotations.ts';
import { validatingPolicy, type AdmissionObject } from '../admission.ts';
import { actsFor, byPeople, EXISTING, IS_PLATFORM_ADMIN, may } from '../expressions.ts';
import type { Installation } from '../installation.ts';

/** Everything people write, apart from the invited groups. */
const otherFields = ['id', 'label', 'description', 'owner', 'catalogTags', 'suspend'];
const metadata = ['labels', 'ownerReferences', 'finalizers'];

/** The stamp changes with spec, so annotations are not compared; nobody gains from writing others. */
const onlyTeamsChange = [
  'oldObject != null && object != null',
  ...otherFields.map((field) => `object.spec.?${field} == oldObject.spec.?${field}`),
  ...metadata.map((field) => `object.metadata.?${field} == oldObject.metadata.?${field}`),
].join(' && ');

const holds = (verb: string): string => may(verb, { resource: 'organizations', name: 'object.metadata.name' });

export function organizationPolicies(installation: Installation): readonly AdmissionObject[] {
  return validatingPolicy({
    name: 'organization',
    description:
      'An organization is changed by its owner; groups with verb invite or uninvite may add or remove groups.',
    requests: [{ resources: ['organizations'], operations: ['CREATE', 'UPDATE', 'DELETE'] }],
    conditions: [byPeople(installation)],
    variables: {
      owner: `(${EXISTING}).spec.owner`,
      ownerActs: `${actsFor(installation, 'variables.owner')} || ${IS_PLATFORM_ADMIN}`,
      before: 'oldObject == null ? [] : oldObject.spec.?teams.orValue([])',
      after: 'object == null ? [] : object.spec.?teams.orValue([])',
      onlyTeamsChange,
      adds: `variables.onlyTeamsChange && variables.before.all(team, team in variables.after) && ${holds(verbs.invite)}`,
      removes: `variables.onlyTeamsChange && variables.after.all(team, team in variables.before) && ${holds(verbs.uninvite)}`,
    },
    validations: [
      {
        expression: 'variables.ownerActs || variables.adds || variables.removes',
        messageExpression: `'only members of its owner, group ' + variables.owner + ' (or who may act-as it), may do this; groups with INVITE_ORGANIZATION_GROUP may add to spec.teams, and those with REMOVE_ORGANIZATION_GROUP remove from it'`,
      },
    ],
  });
}
