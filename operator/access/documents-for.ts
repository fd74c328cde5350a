// Which AWS documents must be right for a grant to work, and which a share may have touched at all.
import { accessPointNameOf } from './collect.ts';
import type { DocumentKey } from './document-key.ts';
import { isSameAccount, type Grant } from './grant.ts';

/** Data, place of use and principal of a share: what all its grants have in common. */
export type ShareSides = Pick<Grant, 'source' | 'consumer' | 'principal'>;

/** All of these must be satisfied. Order: what has to exist first comes first. */
export const documentsForGrant = (grant: Grant): readonly DocumentKey[] => {
  const all = documentsForAnyItem(grant);
  const needed: Readonly<Record<Grant['item']['kind'], readonly DocumentKey['kind'][]>> = {
    Table: ['catalog-grants', 'invitations', 'shared-database', 'share-policies'],
    Folder: ['bucket-policy', 'access-point', 'key-policy', 'share-policies'],
    Bucket: ['bucket-policy', 'key-policy', 'share-policies'],
  };
  return all.filter(({ kind }) => needed[grant.item.kind].includes(kind));
};

/**
 * All documents that a share between these two sides can have touched, whatever its items are or were. Small and fixed, so that
 * revocation does not depend on remembering what once was asked for.
 */
export const documentsForAnyItem = (sides: ShareSides): readonly DocumentKey[] => {
  const { source, consumer, principal } = sides;
  const producer = { account: source.account, region: source.region };
  const keys: DocumentKey[] = [
    { kind: 'catalog-grants', ...producer, database: source.database },
    { kind: 'bucket-policy', ...producer, bucket: source.bucket },
    { kind: 'access-point', ...producer, name: accessPointNameOf(sides) },
  ];
  if (source.keyArn !== undefined) keys.push({ kind: 'key-policy', ...keyParts(source.keyArn) });
  if (!isSameAccount(sides))
    keys.push({
      kind: 'invitations',
      account: consumer.account,
      region: consumer.region,
      sourceAccount: source.account,
    });
  keys.push(
    {
      kind: 'shared-database',
      account: consumer.account,
      region: consumer.region,
      sourceAccount: source.account,
      sourceDatabase: source.database,
    },
    sharePoliciesKeyOf(principal.arn),
  );
  return keys;
};

/** `arn:aws:iam::222222222222:role/path/name` lives in its own account. */
export const sharePoliciesKeyOf = (arn: string): DocumentKey => {
  const [, , , , account = '', ...rest] = arn.split(':');
  return { kind: 'share-policies', account, principal: rest.join(':') };
};

/** `arn:aws:kms:<region>:<account>:key/<id>` */
export const keyParts = (keyArn: string): { account: string; region: string; keyId: string } => {
  const [, , , region = '', account = '', resource = ''] = keyArn.split(':');
  return { account, region, keyId: resource.replace(/^key\//, '') };
};
