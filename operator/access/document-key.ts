// The AWS documents that the engine writes, one work item each. Whoever touches such a document does it through its key.
import { oncePerObject } from './once-per-object.ts';
import { foldedName } from '../resources/names.ts';

/** `s3:bucket/...` policy of one dataset bucket; also the home of the sweep over its access points. */
export interface BucketPolicyKey {
  readonly kind: 'bucket-policy';
  readonly account: string;
  readonly region: string;
  readonly bucket: string;
}
/** Policy of one KMS key; `keyId` is the bare id, not an alias. */
export interface KeyPolicyKey {
  readonly kind: 'key-policy';
  readonly account: string;
  readonly region: string;
  readonly keyId: string;
}
/** One S3 access point with its policy: a dataset and a principal. */
export interface AccessPointKey {
  readonly kind: 'access-point';
  readonly account: string;
  readonly region: string;
  readonly name: string;
}
/** All managed policies that we keep on one IAM role or user (`role/name` or `user/name`, path included). */
export interface SharePoliciesKey {
  readonly kind: 'share-policies';
  readonly account: string;
  readonly principal: string;
}
/** Lake Formation grants, data cells filters and opt-ins on one producer database and its tables. */
export interface CatalogGrantsKey {
  readonly kind: 'catalog-grants';
  readonly account: string;
  readonly region: string;
  readonly database: string;
}
/** The consumer's database of resource links to one source database, and the grants on it. */
export interface SharedDatabaseKey {
  readonly kind: 'shared-database';
  readonly account: string;
  readonly region: string;
  readonly sourceAccount: string;
  readonly sourceDatabase: string;
}
/** Lake Formation settings of one account and region: administrators, cross-account version. */
export interface LakeSettingsKey {
  readonly kind: 'lake-settings';
  readonly account: string;
  readonly region: string;
}
/** Registration of one bucket with Lake Formation. */
export interface RegistrationKey {
  readonly kind: 'registration';
  readonly account: string;
  readonly region: string;
  readonly bucket: string;
}
/** RAM invitations from a producer account to a consumer account. */
export interface InvitationsKey {
  readonly kind: 'invitations';
  readonly account: string;
  readonly region: string;
  readonly sourceAccount: string;
}

/** `account` is always where the document lives. */
export type DocumentKey =
  | BucketPolicyKey
  | KeyPolicyKey
  | AccessPointKey
  | SharePoliciesKey
  | CatalogGrantsKey
  | SharedDatabaseKey
  | LakeSettingsKey
  | RegistrationKey
  | InvitationsKey;

export type DocumentKind = DocumentKey['kind'];

/** Order of the parts in the text form; every part of every kind, so that the two directions cannot disagree. */
const PARTS = {
  'bucket-policy': ['account', 'region', 'bucket'],
  'key-policy': ['account', 'region', 'keyId'],
  'access-point': ['account', 'region', 'name'],
  'share-policies': ['account', 'principal'],
  'catalog-grants': ['account', 'region', 'database'],
  'shared-database': ['account', 'region', 'sourceAccount', 'sourceDatabase'],
  'lake-settings': ['account', 'region'],
  registration: ['account', 'region', 'bucket'],
  invitations: ['account', 'region', 'sourceAccount'],
} as const satisfies Record<DocumentKind, readonly string[]>;

/** Text form, used as queue key and in logs: `bucket-policy:111111111111:eu-west-1:my-bucket`. */
export const formatDocumentKey = oncePerObject((key: DocumentKey): string => {
  const values: Readonly<Record<string, string>> = {
    ...key,
    // One database is one document, however it is written.
    ...('database' in key && { database: foldedName(key.database) }),
    ...('sourceDatabase' in key && { sourceDatabase: foldedName(key.sourceDatabase) }),
  };
  return [key.kind, ...PARTS[key.kind].map((part) => encodeURIComponent(values[part] ?? ''))].join(':');
});

/** Inverse of `formatDocumentKey`. Throws RangeError for anything it did not make. */
export const parseDocumentKey = (text: string): DocumentKey => {
  const [kind = '', ...values] = text.split(':');
  const parts: readonly string[] | undefined = Object.hasOwn(PARTS, kind) ? PARTS[kind as DocumentKind] : undefined;
  if (parts === undefined || parts.length !== values.length) throw new RangeError(`not a document key: ${text}`);
  const entries = parts.map((part, index) => [part, decodeURIComponent(values[index] ?? '')]);
  return { kind, ...Object.fromEntries(entries) } as DocumentKey;
};
