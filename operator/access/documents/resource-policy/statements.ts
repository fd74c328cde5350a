// The actions behind Read, Write and Modify for each mechanism, and the statement ids that people and tools know.
// Observable result as data.all 2.9 has it (permissions by Read/Write/Modify, SIDs), exactly and nothing more.
import type { SharePermission } from '../../grant.ts';

export const OWN_BUCKET_SIDS = {
  secureTransport: 'RequiredSecureTransport',
  delegate: 'DelegateAccessToAccessPoint',
  Read: 'DataAll-Bucket-ReadOnly',
  Write: 'DataAll-Bucket-WriteOnly',
  Modify: 'DataAll-Bucket-ModifyOnly',
} as const;

/** Bucket policy actions by permission. */
export const BUCKET_ACTIONS: Readonly<Record<SharePermission, readonly string[]>> = {
  Read: ['s3:GetObject', 's3:GetObjectAttributes', 's3:List*'],
  Write: ['s3:PutObject'],
  Modify: ['s3:DeleteObject'],
};

/** What is done to one object, by permission. */
export const OBJECT_ACTION: Readonly<Record<SharePermission, string>> = {
  Read: 's3:GetObject',
  Write: 's3:PutObject',
  Modify: 's3:DeleteObject',
};

export const OWN_KEY_SIDS = {
  owner: 'EnableDatasetOwnerKeyUsage',
  pivot: 'KMSPivotRolePermissions',
  dataset: 'EnableDatasetIAMRoleKeyUsage',
  bucketDecrypt: 'DataAll-Bucket-KMS-Decrypt',
  bucketEncrypt: 'DataAll-Bucket-KMS-Encrypt',
  accessPointDecrypt: 'DataAll-Access-Point-KMS-Decrypt',
  accessPointEncrypt: 'DataAll-Access-Point-KMS-Encrypt',
} as const;

export const DECRYPT_ACTIONS = ['kms:Decrypt'] as const;
export const ENCRYPT_ACTIONS = ['kms:Encrypt', 'kms:GenerateDataKey*', 'kms:ReEncrypt*'] as const;

/** Object actions on an access point; listing is a statement of its own because its resource and condition differ. */
export const ACCESS_POINT_OBJECT_ACTIONS: Readonly<Record<SharePermission, readonly string[]>> = {
  Read: ['s3:GetObject', 's3:GetObjectAttributes'],
  Write: ['s3:PutObject'],
  Modify: ['s3:DeleteObject'],
};

/** What a principal's own policy needs of Glue to read a table and its link. */
export const GLUE_READ_ACTIONS = [
  'glue:BatchGetPartition',
  'glue:GetDatabase',
  'glue:GetDatabases',
  'glue:GetPartition',
  'glue:GetPartitions',
  'glue:GetTable',
  'glue:GetTables',
] as const;

/** Writing through Lake Formation commits partitions and table versions too. */
export const GLUE_WRITE_ACTIONS = ['glue:BatchCreatePartition', 'glue:CreatePartition', 'glue:UpdateTable'] as const;

export const writes = (permissions: readonly SharePermission[]): boolean =>
  permissions.some((permission) => permission !== 'Read');
