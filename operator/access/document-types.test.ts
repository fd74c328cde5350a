// Which custom resources speak for a document: those of its own account and region, and of its own principal.
import { describe, expect, it } from 'vitest';
import { accessPointName } from '../resources/names.ts';
import type { Team } from '../resources/team.ts';
import {
  CONSUMER,
  consumptionRole,
  dataset,
  environment,
  NOW,
  PRODUCER,
  REGION,
  shareApproval,
  shareRequest,
  ROLE_ARN,
  team,
  uninvitedTeam,
} from './testing/fixtures.ts';
import { sharesTouching } from './document-types.ts';
import { registration } from './documents/lake-formation/registration.ts';
import { accessPoint } from './documents/resource-policy/access-point.ts';
import { bucketPolicy } from './documents/resource-policy/bucket-policy.ts';
import type { Specs } from './specs.ts';

const role = consumptionRole();
const other = consumptionRole({ metadata: { name: 'others' }, status: { id: 'roleothr' } });
const roles = new Map([role, other].map((one) => [one.metadata.name, one]));
const requests = [role, other].map(({ metadata: { name } }) =>
  shareRequest({ metadata: { name: `for-${name}` }, spec: { principal: { kind: 'ConsumptionRole', name } } }),
);

/** One dataset, asked for by two roles. */
const specs = {
  organization: () => undefined,
  environment: (name) => environment(name as 'sales-prod' | 'marketing-prod'),
  teamOfGroup: () => undefined,
  consumptionRole: (_namespace, name) => roles.get(name),
  dataset: () => dataset(),
  datasetById: (id) => (id === 'a1b2c3d4' ? dataset() : undefined),
  datasetsOfBucket: () => [dataset()],
  datasetTables: () => [],
  datasetTablesOf: () => [],
  sharesOfDataset: () => requests,
  approvalFor: () => shareApproval(),
  installation: { allowWrite: true, allowSelfApproval: false, pause: undefined },
} as Partial<Specs> as Specs;

describe('a document', () => {
  it.each([
    ['account', { account: CONSUMER, region: REGION }],
    ['region', { account: PRODUCER, region: 'eu-central-1' }],
  ])('that has a name of ours in another %s is nobody’s', (_what, place) => {
    const key = { kind: 'bucket-policy', ...place, bucket: 'orders-data' } as const;
    expect(bucketPolicy.collect(specs, key, NOW)).toBeUndefined();
    expect(registration.collect(specs, { ...key, kind: 'registration' }, NOW)).toBeUndefined();
    const name = accessPointName('a1b2c3d4', 'roleanal');
    expect(accessPoint.collect(specs, { kind: 'access-point', ...place, name }, NOW)).toBeUndefined();
  });

  it('is the dataset’s where the dataset is, for the role of its owner as long as that is in the organization', () => {
    const key = { kind: 'bucket-policy', account: PRODUCER, region: REGION, bucket: 'orders-data' } as const;
    expect(bucketPolicy.collect(specs, key, NOW)?.dataset.name).toBe('orders');
    const rolesOf = (owners: Team) =>
      bucketPolicy.collect({ ...specs, teamOfGroup: () => owners }, key, NOW)?.dataset.ownerRoleArns;
    expect(rolesOf(team('sales-prod', { spec: { group: 'sales' } }))).toEqual([ROLE_ARN]);
    expect(rolesOf(uninvitedTeam('sales-prod', 'sales'))).toEqual([]);
    expect(registration.collect(specs, { ...key, kind: 'registration' }, NOW)?.owned).toBe(true);
  });
});

describe('an access point', () => {
  const keyFor = (id: string) =>
    ({ kind: 'access-point', account: PRODUCER, region: REGION, name: accessPointName('a1b2c3d4', id) }) as const;

  it('is touched by the shares of its principal alone', () => {
    const names = (id: string) => sharesTouching(specs, keyFor(id)).map(({ metadata }) => metadata.name);
    expect(names('roleanal')).toEqual(['for-analysts']);
    expect(names('roleothr')).toEqual(['for-others']);
    expect(names('rolegone')).toEqual([]);
  });

  it('is touched by shares whose principal is gone, for they may have meant it', () => {
    const gone: Specs = { ...specs, consumptionRole: () => undefined };
    expect(sharesTouching(gone, keyFor('roleanal'))).toHaveLength(2);
  });
});
