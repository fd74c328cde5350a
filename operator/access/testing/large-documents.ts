// Documents that very many grants depend on, as claims and as what AWS shows of them, for who counts the work that they take.
import type { GlueTable } from '../../aws/services/glue.ts';
import type { GrantClaims } from '../desired.ts';
import type { DocumentType } from '../document.ts';
import type { DocumentKey } from '../document-key.ts';
import { grantId, type Grant, type GrantedItem } from '../grant.ts';
import { sharePolicies } from '../documents/identity-policy/share-policies.ts';
import { catalogGrants } from '../documents/lake-formation/catalog-grants.ts';
import { invitations } from '../documents/lake-formation/invitations.ts';
import { sharedDatabase } from '../documents/lake-formation/shared-database.ts';
import { accessPoint } from '../documents/resource-policy/access-point.ts';
import { bucketPolicy } from '../documents/resource-policy/bucket-policy.ts';
import { keyPolicy } from '../documents/resource-policy/key-policy.ts';
import type { PutPolicy } from '../documents/resource-policy/owned-statements.ts';
import {
  applied,
  claims as catalogClaims,
  fresh,
  glueTable,
  held,
  key as catalogKey,
  onTable,
} from './catalog-fixtures.ts';
import {
  baseline,
  bucket,
  CONSUMER,
  folder,
  grant,
  grantPrincipal,
  KEY_ARN,
  PRODUCER,
  REGION,
  ROLE_ARN,
  table,
} from './fixtures.ts';

/** What one look at a document takes. */
export type Measure = <Key extends DocumentKey, Claims extends GrantClaims, Observed, Action>(
  type: DocumentType<Key, Claims, Observed, Action>,
  key: Key,
  claims: Claims,
  observed: Observed,
) => number;

/** A catalog that gives half of what is asked for: whole tables and a filter, and on a table that lies elsewhere. */
const catalogFor = (measure: Measure, count: number, lakeFormation: 'Enforced' | 'Hybrid'): number => {
  const datasets = [baseline({ origin: 'Import', lakeFormation, hybridAccess: true })];
  const of = (some: number) =>
    catalogClaims(
      [table('orders'), table('orders', 'eu'), table('customers'), table('elsewhere')].flatMap((item) =>
        byMany(some / 2, item),
      ),
      { datasets },
    );
  const elsewhere = { ...glueTable('elsewhere'), locations: ['s3://others/'] };
  const found = { ...fresh, tables: [...(fresh.tables ?? []), elsewhere] };
  const half = applied(found, catalogGrants.plan(catalogKey, of(count / 2), found).actions);
  const unwanted = held('arn:somebody', onTable('orders'), ['SELECT']);
  return measure(catalogGrants, catalogKey, of(count), { ...half, permissions: [...half.permissions, unwanted] });
};

const several = (count: number, item: (index: number) => GrantedItem): readonly Grant[] =>
  Array.from({ length: count }, (_, index) =>
    grant(item(index), { share: { namespace: 'marketing-prod', name: `share-${index}`, uid: `uid-${index}` } }),
  );
const byMany = (count: number, item: GrantedItem, principals = count): readonly Grant[] =>
  several(count, () => item).map((one, index) => ({ ...one, principal: grantPrincipal(`role${index % principals}`) }));
const policyOf = (actions: readonly PutPolicy[]) => actions[0]?.policy;
const tableArn = (index: number): string => `arn:aws:glue:${REGION}:${PRODUCER}:table/orders/table_${index}`;

const invitationsFor = (measure: Measure, count: number, status: 'PENDING' | 'REJECTED' | 'received'): number => {
  const key = { kind: 'invitations', account: CONSUMER, region: REGION, sourceAccount: PRODUCER } as const;
  const all = Array.from({ length: count }, (_, index) => ({
    invitation: {
      arn: `arn:invitation-${index}`,
      shareArn: `arn:share-${index}`,
      shareName: 'LakeFormation-V4',
      sender: PRODUCER,
      receiver: CONSUMER,
      principal: `arn:aws:iam::${CONSUMER}:role/role${index}`,
      status: status === 'received' ? 'ACCEPTED' : status,
      sentAt: undefined,
    } as const,
    resources: [tableArn(index), tableArn(-index)].map((arn) => ({ arn, shareArn: '', type: '', status: 'AVAILABLE' })),
  }));
  return measure(
    invitations,
    key,
    { grants: several(count, (index) => table(`table_${index}`)) },
    {
      pending: status === 'PENDING' ? all : [],
      refused: status === 'REJECTED' ? all.map(({ invitation }) => invitation) : [],
      received: status === 'received' ? all.map((_, index) => ({ arn: tableArn(index), principal: undefined })) : [],
    },
  );
};

/** What a policy has room for. */
const PRINCIPALS = 100;

const bucketFor = (measure: Measure, count: number, principals = count): number => {
  const key = { kind: 'bucket-policy', account: PRODUCER, region: REGION, bucket: 'orders-data' } as const;
  const claims = (grants: readonly Grant[]) => ({ dataset: baseline(), grants, remediation: 'Repair' }) as const;
  const empty = { exists: true, policy: undefined, accessPoints: [] };
  const policy = policyOf(bucketPolicy.plan(key, claims(byMany(principals / 2, bucket)), empty).actions);
  return measure(bucketPolicy, key, claims(byMany(count, bucket, principals)), { ...empty, policy });
};

const keyFor = (measure: Measure, count: number, principals = count): number => {
  const key = { kind: 'key-policy', account: PRODUCER, region: REGION, keyId: KEY_ARN.split('/')[1] ?? '' } as const;
  const claims = (grants: readonly Grant[]) => ({ datasets: [baseline()], grants, remediation: 'Repair' }) as const;
  const empty = { exists: true, policy: { Version: '2012-10-17', Statement: [] } } as const;
  const policy = policyOf(keyPolicy.plan(key, claims(byMany(principals / 2, bucket)), empty).actions);
  return measure(keyPolicy, key, claims(byMany(count, bucket, principals)), { exists: true, policy });
};

const FOLDERS = 20;

const accessPointFor = (measure: Measure, count: number): number => {
  const key = {
    kind: 'access-point',
    account: PRODUCER,
    region: REGION,
    bucket: 'orders-data',
    name: 'a1b2c3d4-roleaaaa',
  } as const;
  const grants = several(count, (index) => folder(`folder${index % FOLDERS}`));
  const claims = (some: readonly Grant[]) => ({ bucket: 'orders-data', grants: some, remediation: 'Repair' }) as const;
  const empty = { bucket: 'orders-data', isOfVpc: false, alias: 'alias-s3alias', policy: undefined };
  const { actions } = accessPoint.plan(key, claims(grants.slice(0, FOLDERS / 2)), empty);
  const policy = actions.flatMap((action) => (action.do === 'put-policy' ? [action.policy] : []))[0];
  return measure(accessPoint, key, claims(grants), { ...empty, policy });
};

const sharePoliciesFor = (measure: Measure, count: number, served: number): number => {
  const key = { kind: 'share-policies', account: CONSUMER, principal: 'role/analysts' } as const;
  const claims = (grants: readonly Grant[]) =>
    ({
      principalArn: ROLE_ARN,
      policyPrefix: 'dataall-analysts-',
      policyManagement: 'Fully',
      grants,
      accessPoints: new Map<string, string>(),
      links: new Map(grants.map((one) => [grantId(one), { database: 'shared', link: one.item.name }])),
      present: true,
      remediation: 'Repair',
    }) as const;
  const nothing = { principalExists: true, policies: new Map(), foreign: 0 };
  const { actions } = sharePolicies.plan(key, claims(several(served, (index) => table(`table_${index}`))), nothing);
  const policies = new Map(
    actions.flatMap((action) =>
      action.do === 'create'
        ? [[action.index, { arn: `arn:${action.index}`, document: action.document, attached: true }] as const]
        : [],
    ),
  );
  const wanted = claims(several(count, (index) => table(`table_${index}`)));
  return measure(sharePolicies, key, wanted, { ...nothing, policies });
};

const sharedDatabaseFor = (measure: Measure, count: number, served: number): number => {
  const key = {
    kind: 'shared-database',
    account: CONSUMER,
    region: REGION,
    sourceAccount: PRODUCER,
    sourceDatabase: 'orders',
  } as const;
  const claims = {
    preferredName: 'orders_shared',
    alternativeName: 'orders_shared_111111111111',
    sourceRegion: REGION,
    pivotRoleArn: 'arn:pivot',
    administrators: [],
    grants: several(count, (index) => table(`table_${index}`)),
    remediation: 'Repair',
  } as const;
  const target = { catalogId: PRODUCER, database: 'orders' };
  const tables = Array.from({ length: served }, (_, index) => ({
    name: `table_${index}`,
    target: { ...target, table: `table_${index}` },
  })) as unknown as readonly GlueTable[];
  const taken = { preferred: false, alternative: false };
  return measure(sharedDatabase, key, claims, { database: 'orders_shared', taken, tables, permissions: [] });
};

/** By what there is much of: what is measured of one look, for so many grants. */
export const largeDocuments: Readonly<Record<string, (measure: Measure, count: number) => number>> = {
  'a catalog that grants half': (measure, count) => catalogFor(measure, count, 'Enforced'),
  'a hybrid catalog that grants half': (measure, count) => catalogFor(measure, count, 'Hybrid'),
  'invitations that wait': (measure, count) => invitationsFor(measure, count, 'PENDING'),
  'invitations that were rejected': (measure, count) => invitationsFor(measure, count, 'REJECTED'),
  'tables that have come': (measure, count) => invitationsFor(measure, count, 'received'),
  'a bucket policy that names half of the principals': (measure, count) => bucketFor(measure, count, PRINCIPALS),
  'a key policy that names half of the principals': (measure, count) => keyFor(measure, count, PRINCIPALS),
  'an access point that opens half of the folders': accessPointFor,
  'a shared database with all links': (measure, count) => sharedDatabaseFor(measure, count, count),
  'a shared database with half of the links': (measure, count) => sharedDatabaseFor(measure, count, count / 2),
  'share policies that hold half of the tables': (measure, count) => sharePoliciesFor(measure, count, count / 2),
};

/** Policies that would have to be larger than AWS takes: most of it is refused. */
export const fullDocuments: typeof largeDocuments = {
  'a bucket policy that has no room for half of the principals': bucketFor,
  'a key policy that has no room for half of the principals': keyFor,
};
