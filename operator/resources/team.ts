// Team: a group's membership of an environment, with its permissions and its IAM role.

import { z } from 'zod';
import { defineKind, type ObjectOf } from './define-kind.ts';
import { claimable, iamRoleArn, identityGroup, nameIsLabel, resourceId, suspend } from './fields.ts';
import { immutable, list, set, text } from './schema.ts';
import { commonStatus, usage } from './status.ts';

/** What an invited group may do in an environment; data.all's names, those of modules that exist. */
export const environmentPermissions = [
  'CREATE_DATASET',
  'CREATE_SHARE_OBJECT',
  'RUN_ATHENA_QUERY',
  'ADD_ENVIRONMENT_CONSUMPTION_ROLES',
  'INVITE_ENVIRONMENT_GROUP',
] as const;

const spec = z
  .object({
    id: resourceId()
      .optional()
      .describe('Keeps AWS names over a restore or a migration. Platform administrators only.'),
    group: identityGroup().describe('The group, exactly as the identity provider spells it. Immutable.'),
    permissions: set(z.enum(environmentPermissions), { max: environmentPermissions.length }).describe(
      'What its members may do here. An empty list lets them see the environment.',
    ),
    roleArn: claimable(iamRoleArn())
      .optional()
      .describe(
        "The team's role, to import it instead of having one made; only the environment's owner may. Immutable.",
      ),
    suspend: suspend(),
  })
  .meta({
    'x-kubernetes-validations': [
      immutable('id', 'AWS names are made of it'),
      immutable('group', 'roles and data belong to it; create a new Team'),
      immutable('roleArn', 'a role is imported or made once; create a new Team'),
    ],
  });

const status = z.object({
  ...commonStatus,
  id: resourceId().optional().describe('spec.id, or derived from the UID.'),
  roleArn: text({ max: 640 }).optional().describe("ARN of the team's role."),
  roleId: text({ max: 128 }).optional().describe('Unique id (AROA...) of the role: a re-created one has another.'),
  workgroup: text({ max: 128 }).optional().describe("The team's Athena workgroup."),
  policies: list(text({ max: 128 }), { max: 20 })
    .optional()
    .describe('Names of the managed policies the role has from us.'),
  datasets: list(resourceId(), { max: 1_000 })
    .optional()
    .describe('Ids of the datasets of its group that its role may have rights to in AWS.'),
  mayQuery: z.boolean().optional().describe('Whether its role may run queries in AWS.'),
  ...usage,
});

export const teamKind = defineKind({
  kind: 'Team',
  plural: 'teams',
  shortNames: ['dteam'],
  scope: 'Namespaced',
  description:
    "A group's membership of the environment whose namespace it is in: what it may do there, and its IAM role.",
  spec,
  status,
  rules: [nameIsLabel],
  columns: [
    { name: 'Group', type: 'string', jsonPath: '.spec.group', description: 'Group of the identity provider.' },
    { name: 'Role', type: 'string', jsonPath: '.status.roleArn', description: 'ARN of its role.', priority: 1 },
    { name: 'Workgroup', type: 'string', jsonPath: '.status.workgroup', description: 'Athena workgroup.', priority: 1 },
  ],
});

export type TeamSpec = z.output<typeof spec>;
export type TeamStatus = z.output<typeof status>;
export type Team = ObjectOf<typeof teamKind>;
