// Organization: a group of environments under one owner, who says which teams may link accounts to it.

import { z } from 'zod';
import { defineKind, type ObjectOf } from './define-kind.ts';
import { catalogTags, identityGroup, label, nameIsLabel, prose, resourceId, suspend } from './fields.ts';
import { count, immutable, keyedList, set } from './schema.ts';
import { commonStatus, usage } from './status.ts';

/** What an invited group may do; all of them may see the organization. */
export const organizationPermissions = [
  'LINK_ENVIRONMENT',
  'INVITE_ORGANIZATION_GROUP',
  'REMOVE_ORGANIZATION_GROUP',
] as const;

const spec = z
  .object({
    id: resourceId()
      .optional()
      .describe('Keeps external ids, and so the trust of accounts, over a restore. Platform administrators only.'),
    label: label().describe('What people call it, at most 64 characters.'),
    description: prose(2048).optional().describe('What it is for, at most 2,048 characters.'),
    owner: identityGroup().describe('The group that owns it and may do everything with it.'),
    catalogTags: catalogTags().optional(),
    teams: keyedList(
      z.object({
        group: identityGroup().describe('Group of the identity provider.'),
        permissions: set(z.enum(organizationPermissions), { max: organizationPermissions.length }).describe(
          'What its members may do. LINK_ENVIRONMENT is needed to link an AWS account. An empty list lets them see the organization.',
        ),
      }),
      ['group'],
      { max: 500 },
    )
      .optional()
      .describe('Invited groups. Teams of its environments must be invited here, or be the owner.'),
    suspend: suspend(),
  })
  .meta({ 'x-kubernetes-validations': [immutable('id', 'external ids are derived from it')] });

const status = z.object({
  ...commonStatus,
  id: resourceId().optional().describe('spec.id, or derived from the UID.'),
  environments: count().optional().describe('How many environments belong to it.'),
  ...usage,
});

export const organizationKind = defineKind({
  kind: 'Organization',
  plural: 'organizations',
  shortNames: ['dorg'],
  scope: 'Cluster',
  description: 'A group of environments under one owner, who says which teams may link AWS accounts to it.',
  spec,
  status,
  rules: [nameIsLabel],
  columns: [
    { name: 'Label', type: 'string', jsonPath: '.spec.label', description: 'What people call it.' },
    { name: 'Owner', type: 'string', jsonPath: '.spec.owner', description: 'Owning group.' },
    { name: 'Environments', type: 'integer', jsonPath: '.status.environments', description: 'How many belong to it.' },
  ],
});

export type OrganizationSpec = z.output<typeof spec>;
export type OrganizationStatus = z.output<typeof status>;
export type Organization = ObjectOf<typeof organizationKind>;

/** The groups that belong to it: its owner and those that it invited. */
export const membersOf = ({ spec }: Pick<Organization, 'spec'>): readonly string[] => [
  spec.owner,
  ...(spec.teams ?? []).map(({ group }) => group),
];
