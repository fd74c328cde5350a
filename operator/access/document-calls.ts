// By which calls each kind of document of a share is written, for those who want to know before: the same that operator/access/documents makes.
import type { DocumentKind } from './document-key.ts';

interface DocumentCalls {
  /** `service:Operation`, as CloudTrail has them; which of them depends on what AWS has. */
  readonly gives: readonly string[];
  readonly takes: readonly string[];
}

/** An invitation that was accepted opens nothing once what it brought is revoked: it is left. */
export const DOCUMENT_CALLS: Readonly<Partial<Record<DocumentKind, DocumentCalls>>> = {
  'bucket-policy': { gives: ['s3:PutBucketPolicy'], takes: ['s3:PutBucketPolicy', 's3:DeleteBucketPolicy'] },
  'key-policy': { gives: ['kms:PutKeyPolicy'], takes: ['kms:PutKeyPolicy'] },
  'access-point': {
    gives: ['s3control:CreateAccessPoint', 's3control:PutAccessPointPolicy'],
    takes: ['s3control:PutAccessPointPolicy', 's3control:DeleteAccessPoint'],
  },
  'share-policies': {
    gives: [
      'iam:CreatePolicy',
      'iam:CreatePolicyVersion',
      'iam:DeletePolicyVersion',
      'iam:AttachRolePolicy',
      'iam:AttachUserPolicy',
    ],
    takes: [
      'iam:CreatePolicyVersion',
      'iam:DeletePolicyVersion',
      'iam:DetachRolePolicy',
      'iam:DetachUserPolicy',
      'iam:DeletePolicy',
    ],
  },
  'catalog-grants': {
    gives: [
      'lakeformation:BatchGrantPermissions',
      'lakeformation:CreateDataCellsFilter',
      'lakeformation:UpdateDataCellsFilter',
      'lakeformation:CreateLakeFormationOptIn',
    ],
    takes: [
      'lakeformation:BatchRevokePermissions',
      'lakeformation:DeleteDataCellsFilter',
      'lakeformation:DeleteLakeFormationOptIn',
    ],
  },
  'shared-database': {
    gives: ['glue:CreateDatabase', 'glue:CreateTable', 'lakeformation:BatchGrantPermissions'],
    takes: ['lakeformation:BatchRevokePermissions', 'glue:DeleteTable', 'glue:DeleteDatabase'],
  },
  invitations: { gives: ['ram:AcceptResourceShareInvitation'], takes: [] },
};
