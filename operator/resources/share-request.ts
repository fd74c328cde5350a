// ShareRequest: a team of the consumer environment asks for data of a dataset, for one principal.

import { z } from 'zod';
import { MAX_REQUESTED_AT } from './annotations.ts';
import { defineKind, type ObjectOf } from './define-kind.ts';
import { awsAccountId, dnsLabel, filterName, identityGroup, nameIsLabel, prose, suspend } from './fields.ts';
import { count, deadline, immutable, list, text, time } from './schema.ts';
import {
  MAX_ITEMS,
  askedItems,
  itemKinds,
  namedItems,
  permissionSet,
  principalKinds,
  shareItems,
  sharePermissions,
} from './share-item.ts';
import { MAX_MESSAGE, commonStatus } from './status.ts';

const spec = z
  .object({
    datasetRef: z
      .object({
        namespace: dnsLabel('datasetRef.namespace').describe(
          "The dataset's namespace, which is the name of its environment.",
        ),
        name: dnsLabel('datasetRef.name').describe("The dataset's name."),
      })
      .describe('The dataset. Immutable.'),
    requester: identityGroup().describe('The group that asks. Immutable.'),
    principal: z
      .object({
        kind: z.enum(principalKinds).describe('Team or ConsumptionRole.'),
        name: dnsLabel('principal.name').describe('Its name in this namespace.'),
      })
      .describe('Who gets access: a Team or ConsumptionRole of this namespace. Immutable.'),
    permissions: permissionSet().describe(
      'Read, Write, Modify. Write and Modify only within one account, and where the installation allows them.',
    ),
    items: askedItems()
      .default([])
      .describe(
        'What is asked for, at most 500; a draft may have none. Items added later need a new decision; those granted stay.',
      ),
    draftItems: shareItems()
      .optional()
      .describe(
        'Items that are being put together, at most 500: nobody is asked for them, and nothing else changes. Move them to items to ask; one that is there too is asked for.',
      ),
    withdrawn: namedItems()
      .optional()
      .describe(
        'Items that the requester gave back, at most 500: not asked for, and shown as Revoked. One that is in items too is asked for.',
      ),
    purpose: prose(1024).optional().describe('Why, for those who decide; at most 1,024 characters.'),
    expiresAt: deadline()
      .optional()
      .describe('When access ends, RFC 3339. Later than the approval says is a request to extend.'),
    extension: z
      .object({
        reason: prose(1024).optional().describe('Why, for those who decide; at most 1,024 characters.'),
        askedAt: deadline()
          .optional()
          .describe('Asks again for what was rejected before this time, RFC 3339. Needed for nothing else.'),
      })
      .optional()
      .describe(
        'Says of a later expiresAt, or of none, why it is asked for. To cancel, take it away and set expiresAt back to status.expiresAt.',
      ),
    draft: z.boolean().default(false).describe('While true nobody is asked. May change from true to false, not back.'),
    suspend: suspend(),
  })
  .meta({
    'x-kubernetes-validations': [
      immutable('datasetRef', 'consent is given to it; create a new ShareRequest'),
      immutable('requester', 'consent is given to it; create a new ShareRequest'),
      immutable('principal', 'consent is given to it; create a new ShareRequest'),
      {
        rule: `oldSelf.draft || !self.draft`,
        message: 'a submitted request cannot become a draft again; delete it, or edit it as it is',
        fieldPath: '.draft',
      },
      {
        rule: `self.draft || self.items.size() > 0 || self.?draftItems.orValue([]).size() > 0`,
        message: 'list at least one table, folder or bucket, or keep it as a draft: spec.draft',
        fieldPath: '.items',
      },
    ],
  });

/** Where a request stands, in one word for people; programs read conditions. */
export const sharePhases = [
  'Draft',
  'Submitted',
  'Granting',
  'Granted',
  'PartlyGranted',
  'Unhealthy',
  'Rejected',
  'Expired',
  'Revoking',
  'Revoked',
] as const;

export const itemStates = [
  'PendingApproval',
  'Granting',
  'Granted',
  'Failed',
  'Revoking',
  'Revoked',
  'Rejected',
  'Expired',
] as const;
export const itemHealths = ['Healthy', 'Unhealthy', 'Unknown'] as const;

const itemStatus = z.object({
  kind: z.enum(itemKinds).describe('Table, Folder or Bucket.'),
  name: text({ max: 255 }).describe('Name as in spec.'),
  state: z.enum(itemStates).describe('How far it is.'),
  health: z.enum(itemHealths).optional().describe('Whether AWS, when last read, was as granted.'),
  reason: text({ max: 64 }).optional().describe('One word for what is wrong; only where something is.'),
  message: text({ max: MAX_MESSAGE, min: 0 })
    .optional()
    .describe('What is wrong, with evidence and what to do; only where something is.'),
  filters: list(filterName(), { max: 10 }).optional().describe('Filters in effect; the union of what they show.'),
  database: text({ max: 255 }).optional().describe('Database in the consumer account to read the table from.'),
  link: text({ max: 255 }).optional().describe('Name of the table in that database.'),
  accessPointArn: text({ max: 256 }).optional().describe('Access point to read the folder through.'),
  accessPointAlias: text({ max: 63 }).optional().describe('Alias to use wherever a bucket name is asked for.'),
});

const status = z.object({
  ...commonStatus,
  phase: z.enum(sharePhases).optional().describe('Where it stands, for people; programs read conditions.'),
  requested: count().optional().describe('How many items are asked for.'),
  granted: count().optional().describe('How many of them are granted.'),
  items: list(itemStatus, { max: MAX_ITEMS }).optional().describe('Each item, also those being revoked.'),
  permissions: list(z.enum(sharePermissions), { max: sharePermissions.length })
    .optional()
    .describe('Permissions in effect.'),
  principalArn: text({ max: 640 }).optional().describe('ARN of the role or user that has access.'),
  principalId: text({ max: 128 }).optional().describe('Unique id of the role or user that has access.'),
  consumerAccount: awsAccountId().optional().describe('Account of the principal.'),
  approval: z
    .object({
      name: text({ max: 127 }).describe("Name of the ShareApproval in the dataset's namespace."),
      generation: z.int().min(1).describe('Its generation that was judged.'),
    })
    .optional()
    .describe('The decision that counts.'),
  expiresAt: time().optional().describe('When access ends: the earlier of request and approval.'),
  verifyHandledAt: text({ max: MAX_REQUESTED_AT })
    .optional()
    .describe('The newest annotation dataall.io/verify-requested-at, of request or approval, that was acted on.'),
  lastRepair: z
    .object({
      at: time().describe('When, RFC 3339.'),
      message: text({ max: MAX_MESSAGE, min: 0 }).describe('What had been changed.'),
    })
    .optional()
    .describe('When something of this share that somebody had changed in AWS was last put right.'),
  verifiedAt: time()
    .optional()
    .describe('When AWS was last read and found as granted; written at most hourly if nothing changes.'),
});

export const shareRequestKind = defineKind({
  kind: 'ShareRequest',
  plural: 'sharerequests',
  shortNames: ['dsr'],
  scope: 'Namespaced',
  description:
    "A team asks for tables, folders or the bucket of a dataset, for one of its principals. It lives in the consumer environment's namespace.",
  spec,
  status,
  rules: [nameIsLabel],
  columns: [
    { name: 'From', type: 'string', jsonPath: '.spec.datasetRef.namespace', description: "The dataset's environment." },
    { name: 'Dataset', type: 'string', jsonPath: '.spec.datasetRef.name', description: 'The dataset.' },
    { name: 'Principal', type: 'string', jsonPath: '.spec.principal.name', description: 'Who gets access.' },
    { name: 'Phase', type: 'string', jsonPath: '.status.phase', description: 'Where it stands.' },
    { name: 'Items', type: 'integer', jsonPath: '.status.requested', description: 'Items asked for.' },
    { name: 'Granted', type: 'integer', jsonPath: '.status.granted', description: 'Items granted.' },
    {
      name: 'Requester',
      type: 'string',
      jsonPath: '.spec.requester',
      description: 'The group that asks.',
      priority: 1,
    },
    { name: 'Expires', type: 'string', jsonPath: '.status.expiresAt', description: 'When access ends.', priority: 1 },
  ],
});

export type ShareRequestSpec = z.output<typeof spec>;
export type ShareRequestStatus = z.output<typeof status>;
export type ShareItemStatus = z.output<typeof itemStatus>;
export type SharePhase = (typeof sharePhases)[number];
export type ItemState = (typeof itemStates)[number];
export type ItemHealth = (typeof itemHealths)[number];
export type ShareRequest = ObjectOf<typeof shareRequestKind>;
