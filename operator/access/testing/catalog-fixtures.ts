// For tests of a producer's catalog: a database with two tables, and what Lake Formation makes of a plan.
import type { GlueTable } from '../../aws/services/glue.ts';
import type { LakeGrant, LakePermission } from '../../aws/services/lakeformation.ts';
import type { LakeResource } from '../../aws/services/lakeformation-resource.ts';
import type { CatalogGrantsClaims, FilterDefinition } from '../desired.ts';
import { grantId, type Grant } from '../grant.ts';
import { baseline, PRODUCER, REGION, ROLE_ARN } from './fixtures.ts';
import { catalogGrants, type CatalogAction } from '../documents/lake-formation/catalog-grants.ts';
import type { ObservedCatalog } from '../documents/lake-formation/observe-catalog.ts';
import { rightsOf } from '../documents/lake-formation/lake-rights.ts';
import { optInKey } from '../documents/lake-formation/opt-ins.ts';

export const key = { kind: 'catalog-grants', account: PRODUCER, region: REGION, database: 'orders' } as const;
const dataset = { namespace: 'sales-prod', name: 'orders' };
export const eu: FilterDefinition = {
  dataset,
  bucket: 'orders-data',
  table: 'orders',
  name: 'eu',
  rows: "region = 'eu'",
  columns: undefined,
};
export const slim: FilterDefinition = {
  dataset,
  bucket: 'orders-data',
  table: 'orders',
  name: 'slim',
  rows: undefined,
  columns: ['id', 'region'],
};
export const claims = (grants: readonly Grant[], changes: Partial<CatalogGrantsClaims> = {}): CatalogGrantsClaims => ({
  datasets: [baseline()],
  grants,
  filters: [eu, slim],
  administrators: ['arn:admin'],
  foreign: [],
  remediation: 'Repair',
  ...changes,
});
export const glueTable = (name: string): GlueTable =>
  ({
    name,
    locations: [`s3://orders-data/${name}/`],
    columns: [{ name: 'id' }, { name: 'amount' }],
    partitionKeys: [{ name: 'region' }],
  }) as unknown as GlueTable;
export const fresh: ObservedCatalog = {
  tables: [glueTable('orders'), glueTable('customers')],
  permissions: [],
  filters: [],
  optIns: [],
};

export const onTable = (name: string): LakeResource => ({
  kind: 'Table',
  catalogId: PRODUCER,
  database: 'orders',
  table: name,
});
export const held = (
  principal: string,
  resource: LakeResource,
  permissions: readonly LakePermission[],
  grantable: readonly LakePermission[] = [],
): LakeGrant => ({ principal, resource, permissions, grantable });

/** What Lake Formation keeps: sets of permissions by principal and resource. */
export const applied = (observed: ObservedCatalog, actions: readonly CatalogAction[]): ObservedCatalog => {
  let { permissions, filters, optIns } = observed;
  const rowOf = ({ principal, resource }: LakeGrant) => `${principal} ${JSON.stringify(resource)}`;
  for (const action of actions) {
    switch (action.do) {
      case 'grant':
        permissions = [...permissions, ...action.entries.map(({ entry }) => entry)];
        break;
      case 'revoke': {
        const gone = new Map(action.entries.map((entry) => [rowOf(entry), entry]));
        permissions = permissions
          .map((row) => {
            const less = gone.get(rowOf(row));
            return {
              ...row,
              permissions: row.permissions.filter((permission) => !less?.permissions.includes(permission)),
              grantable: row.grantable.filter((permission) => !less?.grantable.includes(permission)),
            };
          })
          .filter((row) => row.permissions.length + row.grantable.length > 0);
        break;
      }
      case 'create-filter':
        filters = [...filters, { ...action.filter, version: '1' }];
        break;
      case 'update-filter':
      case 'delete-filter':
        filters = filters.filter(({ table: on, name }) => on !== action.filter.table || name !== action.filter.name);
        if (action.do === 'update-filter') filters = [...filters, action.filter];
        break;
      case 'opt-in':
        optIns = [...optIns, ...action.entries.map(({ optIn }) => ({ ...optIn, by: baseline().pivotRoleArn }))];
        break;
      case 'opt-out': {
        const out = new Set(action.optIns.map(optInKey));
        optIns = optIns.filter((one) => !out.has(optInKey(one)));
      }
    }
  }
  return { ...observed, permissions, filters, optIns };
};
export const plan = (wanted: CatalogGrantsClaims, observed = fresh) => catalogGrants.plan(key, wanted, observed);
export const settled = (wanted: CatalogGrantsClaims, observed = fresh) =>
  applied(observed, plan(wanted, observed).actions);
export const rights = ({ permissions }: ObservedCatalog, principal = ROLE_ARN) =>
  [...rightsOf(permissions).keys()]
    .filter((text) => text.startsWith(`${principal} `))
    .map((text) => text.slice(principal.length + 1));
export const verdict = (wanted: CatalogGrantsClaims, observed: ObservedCatalog, one: Grant) =>
  catalogGrants.judge(key, wanted, observed).get(grantId(one));
