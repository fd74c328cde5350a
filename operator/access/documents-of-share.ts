// Which AWS documents must be right for a grant to work, and which a share may have touched at all.
import { accessPointNameOf } from './grant-names.ts';
import { principalFor } from './share-decision.ts';
import { partiesOf, sourceOf } from './parties.ts';
import type { AccessPointKey, DocumentKey } from './document-key.ts';
import type { Consumer, Grant, Source } from './grant.ts';
import type { ShareRequest } from '../resources/share-request.ts';
import type { Specs } from './specs.ts';

/** Data, place of use and principal of a share: what all its grants have in common. */
export type ShareParties = Pick<Grant, 'source' | 'consumer' | 'principal'>;

/** All documents that a request may have touched, as far as they can be named now. */
export const documentsOfShare = (specs: Specs, request: ShareRequest): readonly DocumentKey[] => {
  const { namespace, name } = request.spec.datasetRef;
  const dataset = specs.dataset(namespace, name);
  const consumer = specs.environment(request.metadata.namespace);
  const parties = partiesOf({ request, dataset, consumer, principal: principalFor(specs, request) });
  return parties === undefined ? documentsOfRecord(specs, request) : documentsForAnyItem(parties);
};

/** Whether a document can hold what a share was given. An accepted invitation opens nothing, once what it brought is revoked. */
export const isHolder = ({ kind }: DocumentKey): boolean => kind !== 'invitations';

const NEEDED: Readonly<Record<Grant['item']['kind'], readonly DocumentKey['kind'][]>> = {
  Table: ['catalog-grants', 'invitations', 'shared-database', 'share-policies'],
  Folder: ['bucket-policy', 'access-point', 'key-policy', 'share-policies'],
  Bucket: ['bucket-policy', 'key-policy', 'share-policies'],
};

interface NamedDocuments extends Pick<Grant, 'source' | 'consumer'> {
  readonly byItem: Readonly<Record<Grant['item']['kind'], readonly DocumentKey[]>>;
}

/** By the principal of a decision, whose grants share their parties: five hundred of them ask for the same names, again and again. */
const named = new WeakMap<Grant['principal'], NamedDocuments>();

/** All of these must be satisfied. Order: what has to exist first comes first. */
export const documentsForGrant = (
  grant: ShareParties & { readonly item: Pick<Grant['item'], 'kind'> },
): readonly DocumentKey[] => {
  const { source, consumer, principal, item } = grant;
  const known = named.get(principal);
  if (known?.source === source && known.consumer === consumer) return known.byItem[item.kind];
  const all = documentsForAnyItem(grant);
  const neededBy = (kind: Grant['item']['kind']): readonly DocumentKey[] =>
    all.filter((document) => NEEDED[kind].includes(document.kind));
  const byItem = { Table: neededBy('Table'), Folder: neededBy('Folder'), Bucket: neededBy('Bucket') };
  named.set(principal, { source, consumer, byItem });
  return byItem[item.kind];
};

/**
 * The documents that can still be named when a side is gone, from what is there of it and from what the request's status recorded.
 * What only the Dataset could name (its bucket policy, its catalog) is nobody's without it: its own end sees to that.
 */
const documentsOfRecord = (specs: Specs, { metadata, spec, status }: ShareRequest): readonly DocumentKey[] => {
  const dataset = specs.dataset(spec.datasetRef.namespace, spec.datasetRef.name);
  const source = dataset && sourceOf(dataset);
  const producer = specs.environment(spec.datasetRef.namespace)?.spec.account;
  const consumer = specs.environment(metadata.namespace)?.spec.account;
  const items = status.items ?? [];
  const points = items.flatMap(({ accessPointArn }) => accessPointArn ?? []).map(accessPointKeyOf);
  const account = source?.account ?? producer?.id ?? points[0]?.account;
  const databases = source === undefined ? items.flatMap(({ database }) => sourceNamedBy(database)) : [source];
  return [
    ...(source === undefined ? [] : documentsOfSource(source)),
    ...databases.flatMap(({ account: named = account, database }) =>
      named === undefined || consumer === undefined
        ? []
        : documentsBetween({ account: named, database }, { account: consumer.id, region: consumer.region }),
    ),
    ...points,
    ...(status.principalArn === undefined ? [] : [sharePoliciesKeyOf(status.principalArn)]),
  ];
};

/**
 * What sharedDatabaseName made a name of. One of more than 255 characters was cut, and names nothing any more: its links stay, and
 * open nothing once the grants behind them are gone.
 */
const sourceNamedBy = (name = ''): readonly { readonly account?: string; readonly database: string }[] => {
  const { database, account } = /^(?<database>.+)_shared(?:_(?<account>\d{12}))?$/.exec(name)?.groups ?? {};
  return database === undefined ? [] : [{ database, ...(account !== undefined && { account }) }];
};

/**
 * All documents that a share between these two parties can have touched, whatever its items are or were. Small and fixed, so that
 * revocation does not depend on remembering what once was asked for.
 */
export const documentsForAnyItem = (parties: ShareParties): readonly DocumentKey[] => {
  const { source, consumer, principal } = parties;
  const { account, region } = source;
  return [
    ...documentsOfSource(source),
    { kind: 'access-point', account, region, name: accessPointNameOf(parties) },
    ...documentsBetween(source, consumer),
    sharePoliciesKeyOf(principal.arn),
  ];
};

const documentsOfSource = ({ account, region, database, bucket, keyArn }: Source): readonly DocumentKey[] => [
  { kind: 'catalog-grants', account, region, database },
  { kind: 'bucket-policy', account, region, bucket },
  ...(keyArn === undefined ? [] : [{ kind: 'key-policy' as const, ...keyParts(keyArn) }]),
];

const documentsBetween = (
  source: Pick<Source, 'account' | 'database'>,
  { account, region }: Pick<Consumer, 'account' | 'region'>,
): readonly DocumentKey[] => {
  const sourceAccount = source.account;
  return [
    ...(sourceAccount === account ? [] : [{ kind: 'invitations' as const, account, region, sourceAccount }]),
    { kind: 'shared-database', account, region, sourceAccount, sourceDatabase: source.database },
  ];
};

/** `arn:aws:s3:<region>:<account>:accesspoint/<name>` */
const accessPointKeyOf = (arn: string): AccessPointKey => {
  const [, , , region = '', account = '', resource = ''] = arn.split(':');
  return { kind: 'access-point', account, region, name: resource.replace(/^accesspoint\//, '') };
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
