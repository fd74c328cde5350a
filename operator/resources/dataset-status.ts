// What the operator reports about a Dataset.

import { z } from 'zod';
import { awsAccountId, awsRegion, bucketName, dnsLabel, glueName, identityGroup, prose, resourceId } from './fields.ts';
import { sharePermissions } from './share-item.ts';
import { count, list, text, time } from './schema.ts';
import { commonStatus, stack, usage } from './status.ts';

const lakeFormationPermission = text({ max: 64 });

/** What an import changed, so that deletion can put it back. Recorded before the first change and never overwritten. */
const before = z.object({
  recordedAt: time().describe('When it was recorded.'),
  registration: z
    .object({
      registered: z.boolean().describe('Whether Lake Formation already managed the location.'),
      roleArn: text({ max: 640 }).optional().describe('The role it was registered with.'),
      hybridAccess: z.boolean().optional().describe('Whether it was registered for hybrid access.'),
    })
    .optional()
    .describe("The bucket's registration with Lake Formation."),
  iamAllowedPrincipals: z
    .object({
      database: list(lakeFormationPermission, { max: 16 }).optional().describe('What the group had on the database.'),
      tables: list(
        z.object({
          name: text({ max: 255 }).describe('Name of the table.'),
          permissions: list(lakeFormationPermission, { max: 16 }).describe('What the group had on it.'),
        }),
        { max: 1000 },
      )
        .optional()
        .describe('What the group had on each table.'),
    })
    .optional()
    .describe('Grants to IAMAllowedPrincipals that were removed.'),
  statements: z
    .object({
      bucket: list(text({ max: 128 }), { max: 16 }).describe("In the bucket's policy."),
      key: list(text({ max: 128 }), { max: 16 }).describe("In the key's policy."),
    })
    .optional()
    .describe(
      'Sids of ours that statements of others bore: they stay as they are, and ours stand beside them, with `-2` behind.',
    ),
  grants: list(text({ max: 1024 }), { max: 1000 })
    .optional()
    .describe(
      'Lake Formation grants of others that were there before the import, as `principal PERMISSION resource`: they stay.',
    ),
});

/** 50 requests of so many items fit a status that is quick to write. */
export const MAX_SHOWN_ITEMS = 20;
export const MAX_SHOWN_PROBLEMS = 10;

/** One request as its producer sees it, who cannot read the consumer's namespace: enough to write the approval. */
const request = z.object({
  namespace: dnsLabel('a namespace').describe('Namespace of the ShareRequest.'),
  name: dnsLabel('a request name').describe('Name of the ShareRequest.'),
  uid: text({ max: 64 }).describe('UID of the ShareRequest.'),
  requester: identityGroup().describe('Group that asks.'),
  principal: text({ max: 128 }).describe('Who would get access, as `Kind/name`.'),
  principalArn: text({ max: 640 }).optional().describe('ARN of that role or user.'),
  permissions: list(z.enum(sharePermissions), { max: sharePermissions.length })
    .optional()
    .describe('What they want to do with it.'),
  state: z.enum(['Pending', 'Approved', 'Rejected', 'Revoked', 'Expired']).describe('Where it stands.'),
  items: count().describe('How many items it asks for.'),
  asks: list(text({ max: 128 }), { max: MAX_SHOWN_ITEMS })
    .optional()
    .describe('The first 20 items it asks for, as `Kind name` or `Table name: filters`, cut to 128 characters.'),
  pendingItems: count().optional().describe('How many of them wait for a decision.'),
  waiting: list(text({ max: 128 }), { max: MAX_SHOWN_ITEMS })
    .optional()
    .describe(
      'What of an approved request waits for another decision: a later end, as `end <time>` or `no end`, and items as in `asks`; the first 20.',
    ),
  problems: list(text({ max: 256 }), { max: MAX_SHOWN_PROBLEMS })
    .optional()
    .describe(
      'What of it could not be given if it were approved as it is: the first 10 problems, cut to 256 characters.',
    ),
  purpose: prose(256).optional().describe('Why, cut to 256 characters.'),
  expiresAt: time().optional().describe('Until when they ask for it; unset means without an end.'),
  extension: prose(256)
    .optional()
    .describe('Why a later end is asked for, cut to 256 characters; only while that waits for an answer.'),
  consentedUntil: time()
    .optional()
    .describe('Until when there is consent. A later expiresAt is given once an approval names it.'),
  since: time().describe('When it was submitted.'),
});

export const datasetStatus = z.object({
  ...commonStatus,
  id: resourceId().optional().describe('spec.id, or derived from the UID. AWS names are made of it.'),
  account: awsAccountId().optional().describe('AWS account of the data.'),
  region: awsRegion().optional().describe('AWS region of the data.'),
  bucket: bucketName().optional().describe('Name of the bucket; also the name of the item that shares it whole.'),
  bucketArn: text({ max: 128 }).optional().describe('ARN of the bucket.'),
  keyArn: text({ max: 256 }).optional().describe('ARN of the key that encrypts it; absent with SSE-S3.'),
  glueDatabase: glueName('a database name').optional().describe('Name of the Glue database.'),
  roleArn: text({ max: 640 }).optional().describe("ARN of the dataset's role."),
  lakeFormation: z.enum(['Enforced', 'Hybrid']).optional().describe('What is in effect.'),
  registration: z
    .object({
      resourceArn: text({ max: 512 }).describe('The registered location.'),
      roleArn: text({ max: 640 }).describe('The role that Lake Formation reads it with.'),
      owned: z.boolean().describe('Whether we registered it, and so deregister it at the end.'),
    })
    .optional()
    .describe('The registration of the data with Lake Formation.'),
  tables: z
    .object({
      count: count().describe('How many tables the database has whose data lies in the bucket of this dataset.'),
      names: list(text({ max: 255 }), { max: 500 }).describe('Their names in order, at most 500.'),
      syncedAt: time().describe('When they were last listed.'),
    })
    .optional()
    .describe('Tables found in the Glue database. Those whose data lies elsewhere are not of this dataset.'),
  stack: stack.optional().describe('The CloudFormation stack of this dataset.'),
  requests: z
    .object({
      pending: count().describe(
        'Requests that wait for a decision, all of it or some: items that were added, a later end.',
      ),
      approved: count().describe('Requests that are approved.'),
      rejected: count().describe('Requests that are rejected.'),
      items: list(request, { max: 50 }).describe('At most 50, the undecided first and of those the oldest.'),
    })
    .optional()
    .describe('Who asks for this data; the decision is a ShareApproval in this namespace.'),
  before: before.optional().describe('What an import changed and deletion restores.'),
  ...usage,
});

export type DatasetStatus = z.output<typeof datasetStatus>;
export type DatasetRequest = z.output<typeof request>;
export type BeforeImport = z.output<typeof before>;
