// The one table of kinds of documents.
import type { ShareRequest } from '../resources/share-request.ts';
import type { GrantClaims } from './desired.ts';
import type { DocumentType } from './document.ts';
import type { DocumentKey, DocumentKind } from './document-key.ts';
import { sharePolicies } from './documents/identity-policy/share-policies.ts';
import { catalogGrants } from './documents/lake-formation/catalog-grants.ts';
import { invitations } from './documents/lake-formation/invitations.ts';
import { lakeSettings } from './documents/lake-formation/lake-settings.ts';
import { registration } from './documents/lake-formation/registration.ts';
import { sharedDatabase } from './documents/lake-formation/shared-database.ts';
import { accessPoint } from './documents/resource-policy/access-point.ts';
import { bucketPolicy } from './documents/resource-policy/bucket-policy.ts';
import { keyPolicy } from './documents/resource-policy/key-policy.ts';
import type { Specs } from './specs.ts';

/** A kind whose own types nobody outside of it need know. */
type AnyDocumentType<Key extends DocumentKey = DocumentKey> = DocumentType<Key, GrantClaims, unknown, unknown>;

const TYPES: { readonly [Kind in DocumentKind]: AnyDocumentType<Extract<DocumentKey, { kind: Kind }>> } = {
  'bucket-policy': bucketPolicy,
  'key-policy': keyPolicy,
  'access-point': accessPoint,
  'share-policies': sharePolicies,
  'catalog-grants': catalogGrants,
  'shared-database': sharedDatabase,
  'lake-settings': lakeSettings,
  registration,
  invitations,
};

export const documentTypeOf = ({ kind }: DocumentKey): AnyDocumentType => TYPES[kind];

/** The requests that a document may serve, whatever they give at the moment. */
export const sharesTouching = (specs: Specs, key: DocumentKey): readonly ShareRequest[] =>
  documentTypeOf(key).shares(specs, key);
