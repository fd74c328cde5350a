// The work that a document takes grows with its grants and with what AWS shows, not with the product of the two.
import { expect, it } from 'vitest';
import type { GlueTable } from '../../aws/services/glue.ts';
import type { GrantClaims } from '../desired.ts';
import type { DocumentType } from '../document.ts';
import type { DocumentKey } from '../document-key.ts';
import { grantId, type Grant, type GrantedItem } from '../grant.ts';
import { countingReads } from '../testing/counted-reads.ts';
import {
  baseline,
  bucket,
  CONSUMER,
  grant,
  grantPrincipal,
  KEY_ARN,
  PRODUCER,
  REGION,
  ROLE_ARN,
  table,
} from '../testing/fixtures.ts';
import { sharePolicies } from './identity-policy/share-policies.ts';
import { invitations } from './lake-formation/invitations.ts';
import { sharedDatabase } from './lake-formation/shared-database.ts';
import { bucketPolicy } from './resource-policy/bucket-policy.ts';
import { keyPolicy } from './resource-policy/key-policy.ts';
import type { PutPolicy } from './resource-policy/owned-statements.ts';

/** How often one look at a document reads anything of what is claimed and observed. */
const effortOf = <Key extends DocumentKey, Claims extends GrantClaims, Observed, Action>(
  type: DocumentType<Key, Claims, Observed, Action>,
  key: Key,
  claims: Claims,
  observed: Observed,
): number => {
  let reads = 0;
  const [wanted, found] = countingReads([claims, observed] as const, () => {
    reads += 1;
  });
  type.plan(key, wanted, found);
  type.judge(key, wanted, found);
  type.isClean(key, wanted, found);
  type.outputs?.(key, wanted, found);
  return reads;
};

const several = (count: number, item: (index: number) => GrantedItem): readonly Grant[] =>
  Array.from({ length: count }, (_, index) =>
    grant(item(index), { share: { namespace: 'marketing-prod', name: `share-${index}`, uid: `uid-${index}` } }),
  );
const byMany = (count: number, item: GrantedItem): readonly Grant[] =>
  Array.from({ length: count }, (_, index) => grant(item, { principal: grantPrincipal(`role${index}`) }));
const policyOf = (actions: readonly PutPolicy[]) => actions[0]?.policy;
const tableArn = (index: number): string => `arn:aws:glue:${REGION}:${PRODUCER}:table/orders/table_${index}`;

const invitationsFor = (count: number, status: 'PENDING' | 'REJECTED' | 'received'): number => {
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
  return effortOf(
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

const bucketFor = (count: number): number => {
  const key = { kind: 'bucket-policy', account: PRODUCER, region: REGION, bucket: 'orders-data' } as const;
  const claims = (grants: readonly Grant[]) => ({ dataset: baseline(), grants, remediation: 'Repair' }) as const;
  const empty = { exists: true, policy: undefined, accessPoints: [] };
  const policy = policyOf(bucketPolicy.plan(key, claims(byMany(count / 2, bucket)), empty).actions);
  return effortOf(bucketPolicy, key, claims(byMany(count, bucket)), { ...empty, policy });
};

const keyFor = (count: number): number => {
  const key = { kind: 'key-policy', account: PRODUCER, region: REGION, keyId: KEY_ARN.split('/')[1] ?? '' } as const;
  const claims = (grants: readonly Grant[]) => ({ datasets: [baseline()], grants, remediation: 'Repair' }) as const;
  const empty = { exists: true, policy: { Version: '2012-10-17', Statement: [] } } as const;
  const policy = policyOf(keyPolicy.plan(key, claims(byMany(count / 2, bucket)), empty).actions);
  return effortOf(keyPolicy, key, claims(byMany(count, bucket)), { exists: true, policy });
};

const sharePoliciesFor = (count: number, served: number): number => {
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
  return effortOf(sharePolicies, key, wanted, { ...nothing, policies });
};

const sharedDatabaseFor = (count: number, served: number): number => {
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
  return effortOf(sharedDatabase, key, claims, { database: 'orders_shared', taken, tables, permissions: [] });
};

it.each<[string, (count: number) => number]>([
  ['invitations that wait', (count) => invitationsFor(count, 'PENDING')],
  ['invitations that were rejected', (count) => invitationsFor(count, 'REJECTED')],
  ['tables that have come', (count) => invitationsFor(count, 'received')],
  ['a bucket policy that names half of the principals', (count) => bucketFor(count)],
  ['a key policy that names half of the principals', keyFor],
  ['a shared database with all links', (count) => sharedDatabaseFor(count, count)],
  ['a shared database with half of the links', (count) => sharedDatabaseFor(count, count / 2)],
  ['share policies that hold half of the tables', (count) => sharePoliciesFor(count, count / 2)],
])('the plan and the verdicts of %s take twice the work for twice the grants', (_what, effort) => {
  expect(effort(400)).toBeLessThan(2.5 * effort(200));
});
