// ConsumptionRole: an IAM role or user of an environment's account, owned by a team, that may be given access.

import { z } from 'zod';
import { defineKind, type ObjectOf } from './define-kind.ts';
import {
  awsAccountId,
  claimable,
  iamPrincipalArn,
  identityGroup,
  label,
  nameIsLabel,
  resourceId,
  suspend,
} from './fields.ts';
import { immutable, list, text } from './schema.ts';
import { commonStatus, usage } from './status.ts';

const spec = z
  .object({
    id: resourceId()
      .optional()
      .describe('Keeps AWS names over a restore or a migration. Platform administrators only.'),
    label: label().describe('What people call it, at most 64 characters.'),
    owner: identityGroup().describe('The group that may ask for access for it.'),
    principalArn: claimable(iamPrincipalArn()).describe(
      "ARN of the role or user, in the environment's account. Immutable.",
    ),
    policyManagement: z
      .enum(['Fully', 'Partially', 'Externally'])
      .default('Fully')
      .describe(
        'Who keeps its policies. Fully: we make and attach them. Partially: we make them, you attach them. Externally: you do both.',
      ),
    suspend: suspend(),
  })
  .meta({
    'x-kubernetes-validations': [
      immutable('id', 'AWS names are made of it'),
      immutable('principalArn', 'consent was given to it; create a new ConsumptionRole'),
    ],
  });

const status = z.object({
  ...commonStatus,
  id: resourceId().optional().describe('spec.id, or derived from the UID. AWS names are made of it.'),
  account: awsAccountId().optional().describe('AWS account of the principal.'),
  principalId: text({ max: 128 }).optional().describe('Unique id (AROA... or AIDA...): a re-created role has another.'),
  policies: list(
    z.object({
      name: text({ max: 128 }).describe('Name of the managed policy.'),
      arn: text({ max: 704 }).describe('ARN of the managed policy.'),
      attached: z.boolean().describe('Whether the principal has it.'),
    }),
    { max: 20 },
  )
    .optional()
    .describe('The share policies of this principal.'),
  ...usage,
});

export const consumptionRoleKind = defineKind({
  kind: 'ConsumptionRole',
  plural: 'consumptionroles',
  shortNames: ['dcr'],
  scope: 'Namespaced',
  description: "An IAM role or user of the environment's account, owned by a team, that may be given access.",
  spec,
  status,
  rules: [nameIsLabel],
  columns: [
    { name: 'Label', type: 'string', jsonPath: '.spec.label', description: 'What people call it.' },
    { name: 'Owner', type: 'string', jsonPath: '.spec.owner', description: 'Owning group.' },
    { name: 'Principal', type: 'string', jsonPath: '.spec.principalArn', description: 'ARN of the role or user.' },
    {
      name: 'Policies',
      type: 'string',
      jsonPath: '.spec.policyManagement',
      description: 'Who keeps its policies.',
      priority: 1,
    },
    { name: 'In use', type: 'integer', jsonPath: '.status.inUse', description: 'Approved shares.', priority: 1 },
  ],
});

export type ConsumptionRoleSpec = z.output<typeof spec>;
export type ConsumptionRoleStatus = z.output<typeof status>;
export type ConsumptionRole = ObjectOf<typeof consumptionRoleKind>;
