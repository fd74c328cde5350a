// Tenant: the installation itself. One object, named `default`.

import { z } from 'zod';
import { defineKind, type ObjectOf } from './define-kind.ts';
import { identityGroup, prose, suspend } from './fields.ts';
import { keyedList, quota, set } from './schema.ts';
import { commonStatus, usage } from './status.ts';

/** What a group may do in this installation at all; data.all's tenant permissions, those of modules that exist. */
export const tenantPermissions = [
  'MANAGE_ORGANIZATIONS',
  'MANAGE_ENVIRONMENTS',
  'MANAGE_DATASETS',
  'MANAGE_SHARES',
] as const;

const spec = z.object({
  administrators: set(identityGroup(), {
    max: 20,
    nonEmpty: 'name a group: without one nobody could administer the installation',
  }).describe('Groups whose members administer the whole installation.'),
  auditors: set(identityGroup(), { max: 20 })
    .optional()
    .describe(
      'Groups whose members see everything and may do nothing by that: who could read what, and who consented.',
    ),
  permissions: keyedList(
    z.object({
      group: identityGroup().describe('Group of the identity provider.'),
      permissions: set(z.enum(tenantPermissions), { max: tenantPermissions.length }).describe(
        'What it may do anywhere in this installation. An empty list means nothing.',
      ),
    }),
    ['group'],
    { max: 500 },
  )
    .optional()
    .describe('Groups that may do less than everything. A group that is not listed has all tenant permissions.'),
  maintenance: z
    .object({
      mode: z
        .enum(['ReadOnly', 'NoAccess'])
        .describe(
          'ReadOnly: people can look. NoAccess: only administrators can, who end access by deleting the ShareRequest.',
        ),
      message: prose(512).optional().describe('What people are told, at most 512 characters.'),
    })
    .optional()
    .describe(
      'While set, people cannot change anything but end access (delete a ShareRequest or ShareApproval, or reject one that was approved), and grants and repairs stop. Revocation and expiry go on.',
    ),
  ownerQuota: z
    .object({
      organizations: quota().optional().describe('Organizations. Default 20.'),
      environments: quota().optional().describe('Environments. Default 200.'),
    })
    .optional()
    .describe(
      'How many objects of each kind one owner group may have. Of more, the youngest say QuotaExceeded, and new ones are refused. What was let in before stays.',
    ),
  suspend: suspend(),
});

const status = z.object({ ...commonStatus, ...usage });

export const tenantKind = defineKind({
  kind: 'Tenant',
  plural: 'tenants',
  shortNames: ['dtn'],
  scope: 'Cluster',
  description:
    'The installation itself: who administers it, what groups may do at all, and maintenance. Its one object is named default.',
  spec,
  status,
  rules: [
    {
      rule: `self.metadata.name == 'default'`,
      message: 'there is one Tenant and its name is default: set metadata.name: default',
    },
  ],
  columns: [
    {
      name: 'Maintenance',
      type: 'string',
      jsonPath: '.spec.maintenance.mode',
      description: 'Empty when there is none.',
    },
  ],
});

export type TenantSpec = z.output<typeof spec>;
export type TenantStatus = z.output<typeof status>;
export type Tenant = ObjectOf<typeof tenantKind>;
