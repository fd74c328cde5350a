// Which documents a request may have touched, also when its dataset or its role is known by nothing but its own status.
import { describe, expect, it } from 'vitest';
import type { ShareRequestStatus } from '../resources/share-request.ts';
import { sharePolicies } from './documents/identity-policy/share-policies.ts';
import { sharedDatabase } from './documents/lake-formation/shared-database.ts';
import { formatDocumentKey } from './document-key.ts';
import { documentsOfShare } from './documents-of-share.ts';
import {
  CONSUMER,
  consumptionRole,
  dataset,
  environment,
  NOW,
  PRODUCER,
  REGION,
  ROLE_ARN,
  shareRequest,
} from './testing/fixtures.ts';
import type { Specs } from './specs.ts';

const environments = { 'sales-prod': environment('sales-prod'), 'marketing-prod': environment('marketing-prod') };
const specs = {
  organization: () => undefined,
  environment: (name) => environments[name as 'sales-prod' | 'marketing-prod'],
  environmentsOf: (account) => Object.values(environments).filter(({ spec }) => spec.account.id === account),
  environmentsOfAccount: (account) => Object.values(environments).filter(({ spec }) => spec.account.id === account),
  sharesOfEnvironment: () => [given()],
  teamOfGroup: () => undefined,
  consumptionRole: () => consumptionRole(),
  principalsOf: () => [],
  dataset: () => dataset(),
  datasetsOfDatabase: () => [],
  datasetTables: () => [],
  datasetTablesOf: () => [],
  approvalFor: () => undefined,
  installation: { allowWrite: false, allowSelfApproval: false, pause: undefined },
} as Partial<Specs> as Specs;
const noDataset: Specs = { ...specs, dataset: () => undefined };
const POINT = `arn:aws:s3:${REGION}:${PRODUCER}:accesspoint/a1b2c3d4-roleanal`;

/** A request that had access to a table and a folder. */
const given = (items: ShareRequestStatus['items'] = table('orders_shared')) =>
  shareRequest({ status: { principalArn: ROLE_ARN, consumerAccount: CONSUMER, items } });
const table = (database: string): ShareRequestStatus['items'] => [
  { kind: 'Table', name: 'orders', state: 'Granted', database, link: 'orders' },
];
const folder: ShareRequestStatus['items'] = [{ kind: 'Folder', name: 'raw', state: 'Granted', accessPointArn: POINT }];
const named = (from: Specs, request = given()) => documentsOfShare(from, request).map(formatDocumentKey).toSorted();
const links = (database: string) => [
  `invitations:${CONSUMER}:${REGION}:${PRODUCER}`,
  `share-policies:${CONSUMER}:role%2Fanalysts`,
  `shared-database:${CONSUMER}:${REGION}:${PRODUCER}:${database}`,
];

describe('the documents of a request', () => {
  it('are those of the consumer when the dataset is gone, as its status names them', () => {
    expect(named(noDataset)).toEqual(links('orders'));
    expect(named(noDataset, given(table(`old_shared_${PRODUCER}`)))).toEqual(links('old'));
    expect(named(noDataset, given(table('odd_shared_shared')))).toEqual(links('odd_shared'));
    expect(named(noDataset, given(folder))).toEqual([
      `access-point:${PRODUCER}:${REGION}:a1b2c3d4-roleanal`,
      `share-policies:${CONSUMER}:role%2Fanalysts`,
    ]);
  });

  it('are those of the consumer when the producer’s environment is gone too, where a name tells the account', () => {
    const alone: Specs = {
      ...noDataset,
      environment: (name) => (name === 'sales-prod' ? undefined : specs.environment(name)),
    };
    expect(named(alone, given(table(`orders_shared_${PRODUCER}`)))).toEqual(links('orders'));
    expect(named(alone, given([...(table('orders_shared') ?? []), ...(folder ?? [])]))).toEqual([
      `access-point:${PRODUCER}:${REGION}:a1b2c3d4-roleanal`,
      ...links('orders'),
    ]);
  });

  it('are those of both sides when the role, its id, or the id of the environment is gone', () => {
    const bare = environment('marketing-prod', { status: { id: undefined } });
    for (const less of [
      { consumptionRole: () => undefined },
      { consumptionRole: () => consumptionRole({ status: { id: undefined } }) },
      { environment: (name: string) => (name === 'marketing-prod' ? bare : specs.environment(name)) },
    ])
      expect(named({ ...specs, ...less })).toEqual(
        expect.arrayContaining([`bucket-policy:${PRODUCER}:${REGION}:orders-data`, ...links('orders')]),
      );
  });
});

describe('what a side left behind that is gone', () => {
  it('is a database of links of the same two names, whatever datasets there are', () => {
    const key = {
      kind: 'shared-database',
      account: CONSUMER,
      region: REGION,
      sourceAccount: PRODUCER,
      sourceDatabase: 'orders',
    } as const;
    const names = (datasets: Specs['datasetsOfDatabase']) => {
      const claims = sharedDatabase.collect({ ...noDataset, datasetsOfDatabase: datasets }, key, NOW);
      return [claims?.preferredName, claims?.alternativeName];
    };
    const wanted = ['orders_shared', `orders_shared_${PRODUCER}`];
    expect(names(() => [dataset()])).toEqual(wanted);
    expect(names(() => [dataset({ status: { id: 'zzzzzzzz' } })])).toEqual(wanted);
    expect(names(() => [])).toEqual(wanted);
  });

  it('is policies of its role, as long as a request remembers them', () => {
    const key = { kind: 'share-policies', account: CONSUMER, principal: 'role/analysts' } as const;
    const collect = (from: Specs) => sharePolicies.collect(from, key, NOW);
    expect(collect(specs)).toMatchObject({
      policyPrefix: 'dataall-env-envmarke-share-policy-analysts-',
      present: false,
      grants: [],
    });
    expect(collect({ ...specs, sharesOfEnvironment: () => [shareRequest()] })).toBeUndefined();
  });
});
