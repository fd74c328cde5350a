// ShareApproval: the producer's consent to a request, in the dataset's namespace; what is consented to is written out.

import { z } from 'zod';
import { defineKind, type ObjectOf } from './define-kind.ts';
import { dnsLabel, iamPrincipalArn, identityGroup, prose, suspend } from './fields.ts';
import { deadline, immutable, record, text, time } from './schema.ts';
import { MAX_ITEMS, deniedItems, permissionSet, principalKinds, shareItems } from './share-item.ts';
import { commonStatus } from './status.ts';

const principal = z
  .object({
    kind: z.enum(principalKinds).describe('As in the request.'),
    name: dnsLabel('principal.name').describe('As in the request.'),
    arn: iamPrincipalArn().optional().describe('ARN of the role or user; for a ConsumptionRole.'),
  })
  .meta({
    'x-kubernetes-validations': [
      {
        rule: `self.kind != 'ConsumptionRole' || has(self.arn)`,
        message: 'consent to a ConsumptionRole names the role: copy its spec.principalArn to principal.arn',
        fieldPath: '.arn',
      },
      {
        rule: `self.kind != 'Team' || !has(self.arn)`,
        message: "a Team's role is known by its environment and group; remove principal.arn",
        fieldPath: '.arn',
      },
    ],
  });

const spec = z
  .object({
    datasetRef: z
      .object({ name: dnsLabel('datasetRef.name').describe('Name of the Dataset in this namespace.') })
      .describe('The dataset. Immutable.'),
    requestRef: z
      .object({
        namespace: dnsLabel('requestRef.namespace').describe('Namespace of the ShareRequest. Immutable.'),
        name: dnsLabel('requestRef.name').describe('Name of the ShareRequest. Immutable.'),
        uid: text({
          max: 36,
          pattern: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
          hint: 'requestRef.uid is the metadata.uid of the request; leave it out in Git',
        })
          .optional()
          .describe(
            'UID of the ShareRequest, so that a re-created one is not meant. Unset: the one there is at first sight.',
          ),
      })
      .meta({
        'x-kubernetes-validations': [
          immutable('namespace', 'create a new ShareApproval'),
          immutable('name', 'create a new ShareApproval'),
        ],
      })
      .describe('The request this answers.'),
    approver: identityGroup().describe(
      'The group that decides: you act for it, and it owns the dataset or is one of its stewards at the time this is bound.',
    ),
    requester: identityGroup().describe('As in the request.'),
    principal: principal.describe('Who gets access, as in the request.'),
    decision: z
      .enum(['Pending', 'Approved', 'Rejected'])
      .describe(
        'Approved gives what is listed. Rejected ends what was given. Pending is no decision yet: items are what is being prepared, and give nothing.',
      ),
    permissions: permissionSet().optional().describe('Which of Read, Write and Modify are consented to.'),
    items: shareItems().optional().describe('What is consented to, at most 500; there is no word for all.'),
    prepared: shareItems()
      .optional()
      .describe(
        'What is being prepared beside that which is approved, e.g. filters of items that were added to the request, at most 500: gives nothing. Move it to items to consent.',
      ),
    withdrawn: deniedItems()
      .optional()
      .describe(
        'Items that were given and are taken back, at most 500: not given, whatever items say. Shown to the requester as Revoked.',
      ),
    rejected: deniedItems()
      .optional()
      .describe(
        'Items that are refused, at most 500, while others are given: not given, whatever items say. Shown to the requester as Rejected.',
      ),
    expiresAt: deadline()
      .optional()
      .describe(
        'When access ends, RFC 3339. Unset: as the request says when this is first bound to it, whatever it says later; a later end needs to be written here.',
      ),
    extension: z
      .object({
        decision: z.enum(['Approved', 'Rejected']).describe('Rejected leaves the end as it is.'),
        reason: prose(1024).optional().describe('For the requester, at most 1,024 characters.'),
        at: deadline().describe(
          'When that was decided, RFC 3339. The request asks again by a later spec.extension.askedAt.',
        ),
      })
      .optional()
      .describe('The answer to a request for a later end. Consent to one is written into expiresAt.'),
    reason: prose(1024).optional().describe('For the requester, at most 1,024 characters.'),
    suspend: suspend(),
  })
  .meta({
    'x-kubernetes-validations': [
      immutable('datasetRef', 'create a new ShareApproval'),
      {
        rule: `self.decision != 'Approved' || (has(self.items) && has(self.permissions))`,
        message:
          'an approval lists the items and permissions it consents to: copy them from the request and strike what you do not give',
      },
      {
        rule: `self.decision == 'Pending' || !has(self.items) || self.items.size() > 0 || self.?withdrawn.orValue([]).size() + self.?rejected.orValue([]).size() > 0`,
        message: 'list at least one table, folder or bucket',
        fieldPath: '.items',
      },
      {
        rule: `oldSelf.decision != 'Approved' || self.decision != 'Pending'`,
        message:
          'what was approved is neither ended nor kept by Pending: set decision to Rejected to end all of it, move items to withdrawn to end some, and prepare others in prepared',
        fieldPath: '.decision',
      },
      {
        rule: `!has(self.extension) || self.extension.decision != 'Approved' || has(self.expiresAt)`,
        message: 'consent to a later end names it: set expiresAt',
        fieldPath: '.extension',
      },
    ],
  });

const status = z.object({
  ...commonStatus,
  boundTo: z
    .object({
      datasetUid: text({ max: 64 }).describe(
        'UID of the Dataset: of the one that was there when this generation of the approval was first seen beside one.',
      ),
      seenGeneration: z
        .int()
        .min(1)
        .optional()
        .describe(
          'Generation of this approval that datasetUid was recorded for; only a new one may mean another dataset.',
        ),
      approvalGeneration: z
        .int()
        .min(1)
        .optional()
        .describe('Generation of this approval when it was bound to the request; only a new one binds again.'),
      requestUid: text({ max: 64 }).optional().describe('UID of the ShareRequest; absent until there is one.'),
      requestGeneration: z.int().min(1).optional().describe('Generation of the ShareRequest at binding.'),
      asked: text({ max: 16 })
        .optional()
        .describe(
          'Digest of what the ShareRequest asked for then: after a rejection it asks again once that is another.',
        ),
      approver: identityGroup()
        .optional()
        .describe('The group that decided; it owned the dataset or was one of its stewards then.'),
      approved: z
        .object({
          by: identityGroup().describe('spec.approver then.'),
          reason: prose(1024).optional().describe('spec.reason then.'),
        })
        .optional()
        .describe('When this last approved: what a rejection leaves as it was says nothing of the rejection.'),
      principalArn: text({ max: 640 }).optional().describe('ARN of the role or user.'),
      principalId: text({ max: 128 })
        .optional()
        .describe('Unique IAM id of the role or user; absent for roles of our own stacks.'),
      environmentUid: text({ max: 64 }).optional().describe('For a Team whose role we make: UID of its Environment.'),
      group: identityGroup().optional().describe('For a Team whose role we make: its group.'),
      folders: record(text({ max: 512 }), { max: MAX_ITEMS })
        .optional()
        .describe('Prefix of each approved folder, by name.'),
      expiresAt: time().optional().describe('Access ends here at the latest; a later end needs spec.expiresAt.'),
      at: time().optional().describe('When it was bound to the request.'),
    })
    .optional()
    .describe(
      'What exactly was consented to: the dataset from first sight on, the rest once the request is there and approver may decide. A difference ends access and shows ApprovalStale.',
    ),
});

export const shareApprovalKind = defineKind({
  kind: 'ShareApproval',
  plural: 'shareapprovals',
  shortNames: ['dsa'],
  scope: 'Namespaced',
  maxNameLength: 127,
  description:
    "The producer's decision about one ShareRequest. It lives in the dataset's namespace and lists what is consented to.",
  spec,
  status,
  rules: [
    {
      rule: `self.metadata.name == self.spec.requestRef.__namespace__ + '.' + self.spec.requestRef.name`,
      message: 'an approval is named after its request: metadata.name must be <requestRef.namespace>.<requestRef.name>',
    },
  ],
  columns: [
    { name: 'Decision', type: 'string', jsonPath: '.spec.decision', description: 'Pending, Approved or Rejected.' },
    { name: 'Dataset', type: 'string', jsonPath: '.spec.datasetRef.name', description: 'The dataset.' },
    {
      name: 'Approver',
      type: 'string',
      jsonPath: '.spec.approver',
      description: 'The group that decides; of one that another group rejected, still the one that had approved.',
    },
    { name: 'Requester', type: 'string', jsonPath: '.spec.requester', description: 'The group that asked.' },
    { name: 'Principal', type: 'string', jsonPath: '.spec.principal.name', description: 'Who gets access.' },
    { name: 'Expires', type: 'string', jsonPath: '.spec.expiresAt', description: 'When access ends.', priority: 1 },
    {
      name: 'By',
      type: 'string',
      jsonPath: '.metadata.annotations.dataall\\.io/changed-by',
      description: 'Who changed it last.',
      priority: 1,
    },
  ],
});

export type ShareApprovalSpec = z.output<typeof spec>;
export type ShareApprovalStatus = z.output<typeof status>;
export type ShareApproval = ObjectOf<typeof shareApprovalKind>;
