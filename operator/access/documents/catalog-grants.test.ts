// Lake Formation on the producer's side: exactly what is claimed is granted, filters are never widened, extras go.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AccountAws } from '../../aws/account.ts';
import { AwsFault } from '../../aws/fault.ts';
import type { GlueTable } from '../../aws/glue.ts';
import type { LakeGrant, LakePermission } from '../../aws/lakeformation.ts';
import type { DataCellsFilter, LakeResource } from '../../aws/lakeformation-resource.ts';
import type { CatalogGrantsClaims, FilterDefinition } from '../claims.ts';
import { grantId, type Grant } from '../grant.ts';
import {
  baseline,
  CONSUMER,
  grant,
  grantPrincipal,
  PRODUCER,
  REGION,
  ROLE_ARN,
  suspended,
  table,
} from '../sharing-cast.ts';
import { catalogGrants, type CatalogAction } from './catalog-grants.ts';
import type { ObservedCatalog } from './observe-catalog.ts';
import { rightKey, rightsOf } from './lake-rights.ts';

const key = { kind: 'catalog-grants', account: PRODUCER, region: REGION, database: 'orders' } as const;
const eu: FilterDefinition = { table: 'orders', name: 'eu', rows: "region = 'eu'", columns: undefined };
const slim: FilterDefinition = { table: 'orders', name: 'slim', rows: undefined, columns: ['id', 'region'] };
const claims = (grants: readonly Grant[], changes: Partial<CatalogGrantsClaims> = {}): CatalogGrantsClaims => ({
  datasets: [baseline()],
  grants,
  filters: [eu, slim],
  administrators: ['arn:admin'],
  foreign: [],
  remediation: 'Repair',
  ...changes,
});
const glueTable = (name: string): GlueTable =>
  ({
    name,
    locations: [`s3://orders-data/${name}/`],
    columns: [{ name: 'id' }, { name: 'amount' }],
    partitionKeys: [{ name: 'region' }],
  }) as unknown as GlueTable;
const fresh: ObservedCatalog = { tables: [glueTable('orders'), glueTable('customers')], permissions: [], filters: [] };

const onTable = (name: string): LakeResource => ({
  kind: 'Table',
  catalogId: PRODUCER,
  database: 'orders',
  table: name,
});
const held = (
  principal: string,
  resource: LakeResource,
  permissions: readonly LakePermission[],
  grantable: readonly LakePermission[] = [],
): LakeGrant => ({ principal, resource, permissions, grantable });

/** What Lake Formation keeps: sets of permissions by principal and resource. */
const applied = (observed: ObservedCatalog, actions: readonly CatalogAction[]): ObservedCatalog => {
  let { permissions, filters } = observed;
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
    }
  }
  return { ...observed, permissions, filters };
};
const plan = (wanted: CatalogGrantsClaims, observed = fresh) => catalogGrants.plan(key, wanted, observed);
const settled = (wanted: CatalogGrantsClaims, observed = fresh) => applied(observed, plan(wanted, observed).actions);
const rights = ({ permissions }: ObservedCatalog, principal = ROLE_ARN) =>
  [...rightsOf(permissions).keys()]
    .filter((text) => text.startsWith(`${principal} `))
    .map((text) => text.slice(principal.length + 1));
const verdict = (wanted: CatalogGrantsClaims, observed: ObservedCatalog, one: Grant) =>
  catalogGrants.judge(key, wanted, observed).get(grantId(one));

const lying = (name: string, ...locations: readonly string[]): GlueTable => ({ ...glueTable(name), locations });
const OWN_ROLES = [baseline().datasetRoleArn, ...baseline().ownerRoleArns];

describe('grants on a database that names data of others, too', () => {
  const stray = lying('customers', 's3://acme-treasury/ledger/');
  const mixed: ObservedCatalog = { ...fresh, tables: [glueTable('orders'), stray] };
  const both = [grant(table('orders')), grant(table('customers'))];

  it.each([
    ['another bucket', 's3://acme-treasury/ledger/', 's3://acme-treasury/'],
    ['another bucket by the scheme of Hadoop', 's3a://acme-treasury/ledger', 's3a://acme-treasury/'],
    ['another bucket by the old scheme of Hadoop', 's3n://acme-treasury/', 's3n://acme-treasury/'],
    ['a bucket whose name begins alike', 's3://orders-data-evil/orders/', 's3://orders-data-evil/'],
    ['a bucket whose name ends alike', 's3://evil.orders-data/orders/', 's3://evil.orders-data/'],
    [
      'a bucket behind a name that looks like a user',
      's3://orders-data@acme-treasury/',
      's3://orders-data@acme-treasury/',
    ],
    ['a bucket behind a port', 's3://orders-data:acme-treasury/', 's3://orders-data:acme-treasury/'],
    ['another spelling of the bucket', 's3://Orders-Data/', 's3://Orders-Data/'],
    ['something that is no bucket', 'jdbc:mysql://orders-data/x', 'jdbc:mysql://orders-data/'],
  ])('refuse a table that lies in %s', (_, location, shown) => {
    const observed = { ...fresh, tables: [glueTable('orders'), lying('customers', location)] };
    const { refused } = plan(claims(both), observed);
    expect(refused.get(grantId(both[1] as Grant))).toEqual({
      state: 'Failed',
      reason: 'ItemNotFound',
      message: `table customers lies in ${shown}, not in bucket orders-data of this dataset: share it from the dataset of that bucket`,
    });
    expect(refused.size).toBe(1);
    expect(rights(settled(claims(both), observed))).toEqual([
      'DESCRIBE table/orders/orders',
      'SELECT table/orders/orders',
    ]);
  });

  it.each([['s3://orders-data'], ['S3://orders-data/customers/'], ['s3a://orders-data/x'], ['s3n://orders-data/']])(
    'serve a table that lies in the bucket as %s',
    (location) => {
      const observed = { ...fresh, tables: [glueTable('orders'), lying('customers', location)] };
      expect(plan(claims(both), observed).refused.size).toBe(0);
    },
  );

  it('refuse a table of which one place of many lies elsewhere', () => {
    const observed = { ...fresh, tables: [lying('orders', 's3://orders-data/orders/', 's3://acme-treasury/')] };
    expect(plan(claims([both[0] as Grant]), observed).refused.size).toBe(1);
  });

  it('are taken back when a table is moved, and no run calls the document clean before', () => {
    const before = settled(claims(both));
    const moved = { ...before, tables: mixed.tables };
    expect(catalogGrants.isClean(key, claims(both), moved)).toBe(false);
    const after = settled(claims(both), moved);
    expect(rights(after)).toEqual(['DESCRIBE table/orders/orders', 'SELECT table/orders/orders']);
    expect(catalogGrants.isClean(key, claims(both), after)).toBe(true);
    expect(plan(claims(both), after).actions).toEqual([]);
  });

  it("give the dataset's own roles the tables of its bucket alone, and all again once no other is there", () => {
    const closed = settled(claims([]), { ...settled(claims([])), tables: mixed.tables });
    for (const role of OWN_ROLES)
      expect(rights(closed, role)).toEqual(['ALL database/orders', 'ALL table/orders/orders']);
    const open = settled(claims([]), { ...closed, tables: fresh.tables });
    for (const role of OWN_ROLES) expect(rights(open, role)).toContain('ALL tables/orders');
  });

  it("take from the dataset's own roles what making a table over data of others gave them, at whatever level", () => {
    const [role = ''] = baseline().ownerRoleArns;
    const permissions = [
      held(role, onTable('customers'), ['ALL'], ['ALL']),
      held(role, { kind: 'Columns', catalogId: PRODUCER, database: 'orders', table: 'customers', columns: ['id'] }, [
        'SELECT',
      ]),
      held(role, onTable('orders'), ['ALL'], ['ALL']),
    ];
    const after = settled(claims([]), { ...mixed, permissions });
    expect(rights(after, role)).toEqual([
      'ALL table/orders/orders',
      'ALL table/orders/orders with grant option',
      'ALL database/orders',
    ]);
  });

  it('part the tables of two datasets of one database by their buckets', () => {
    const hr = 'arn:aws:iam::111111111111:role/hr';
    const second = baseline({ name: 'people', bucket: 'acme-treasury', datasetRoleArn: hr, ownerRoleArns: [] });
    const after = settled(claims(both, { datasets: [baseline(), second] }), mixed);
    expect(rights(after, hr)).toEqual(['ALL database/orders', 'ALL table/orders/customers']);
    for (const role of OWN_ROLES)
      expect(rights(after, role)).toEqual(['ALL database/orders', 'ALL table/orders/orders']);
    const ours = grant(table('customers'), { source: { ...(both[0] as Grant).source, bucket: 'acme-treasury' } });
    expect(plan(claims([ours], { datasets: [baseline(), second] }), mixed).refused.size).toBe(0);
  });

  it("leave nothing of what was given by table to the dataset's roles at its end, and what they made themselves", () => {
    const [role = ''] = baseline().ownerRoleArns;
    const made = held(role, onTable('made'), ['ALL'], ['ALL']);
    const tables = [...(mixed.tables ?? []), glueTable('made')];
    const before = settled(claims([]), { ...mixed, tables, permissions: [made] });
    const ended = settled(claims([], { datasets: [baseline({ present: false })] }), before);
    expect(rights(ended, role)).toEqual(['ALL table/orders/made', 'ALL table/orders/made with grant option']);
  });
});

describe('grants on a catalog', () => {
  it('refuses a filter that an older dataset of the database defines otherwise, for that dataset alone', () => {
    const filtered = grant(table('orders', 'eu'));
    const { namespace, name } = filtered.source.dataset;
    const contested = [`${namespace}/${name} orders/eu`];
    const plan = catalogGrants.plan(key, claims([filtered], { contested }), fresh);
    expect(plan.refused.get(grantId(filtered))).toMatchObject({ state: 'Failed', reason: 'FilterInvalid' });
    expect(plan.actions.filter((action) => action.do === 'create-filter')).toEqual([]);
    const other = catalogGrants.plan(key, claims([filtered], { contested: ['other/one orders/eu'] }), fresh);
    expect(other.refused.size).toBe(0);
  });

  it('give a whole table, or what filters show of it, and never both', () => {
    expect(rights(settled(claims([grant(table('orders'))])))).toEqual([
      'DESCRIBE table/orders/orders',
      'SELECT table/orders/orders',
    ]);
    expect(rights(settled(claims([grant(table('orders', 'eu', 'slim'))])))).toEqual([
      'SELECT filter/orders/orders/eu',
      'SELECT filter/orders/orders/slim',
    ]);
  });

  it('make filters before they are granted, and remove them after they are revoked', () => {
    const wanted = claims([grant(table('orders', 'eu'))]);
    expect(plan(wanted).actions.map((action) => action.do)).toEqual(['create-filter', 'grant']);
    const later = claims([], { filters: [slim] });
    expect(plan(later, settled(wanted)).actions.map((action) => action.do)).toEqual(['revoke', 'delete-filter']);
    const imported = claims([], { filters: [slim], datasets: [baseline({ origin: 'Import' })] });
    expect(plan(imported, settled(wanted)).actions.map((action) => action.do)).toEqual(['revoke']);
    const unused = claims([], { datasets: [baseline({ origin: 'Import' })] });
    expect(settled(unused, settled(wanted)).filters).toEqual([]);
  });

  it('follow a changed filter with the version AWS knows', () => {
    const before = settled(claims([grant(table('orders', 'eu'))]));
    const changed = claims([grant(table('orders', 'eu'))], { filters: [{ ...eu, rows: "region = 'ie'" }] });
    expect(plan(changed, before).actions).toMatchObject([
      { do: 'update-filter', filter: { rows: "region = 'ie'", version: '1' } },
    ]);
  });

  it('turn a whole table into a filtered one by taking the whole first', () => {
    const whole = settled(claims([grant(table('orders'))]));
    const filtered = claims([grant(table('orders', 'eu'))]);
    expect(plan(filtered, whole).actions.map((action) => action.do)).toEqual(['revoke', 'create-filter', 'grant']);
    expect(rights(settled(filtered, whole))).toEqual(['SELECT filter/orders/orders/eu']);
  });

  it('take what nobody asked for: strangers, IAMAllowedPrincipals, grant options, other columns', () => {
    const wanted = claims([grant(table('orders'))]);
    const columns: LakeResource = {
      kind: 'Columns',
      catalogId: PRODUCER,
      database: 'orders',
      table: 'customers',
      columns: ['id'],
    };
    const tampered: ObservedCatalog = {
      ...settled(wanted),
      permissions: [
        ...settled(wanted).permissions,
        held('IAM_ALLOWED_PRINCIPALS', onTable('orders'), ['ALL']),
        held(`arn:aws:iam::${CONSUMER}:role/mallory`, onTable('orders'), ['SELECT'], ['SELECT']),
        held(ROLE_ARN, columns, ['SELECT']),
        held(ROLE_ARN, onTable('orders'), ['DELETE']),
      ],
    };
    const { drift } = plan(wanted, tampered);
    expect(drift.map(({ kind }) => kind)).toEqual(['extra', 'extra', 'extra', 'extra', 'extra']);
    expect(catalogGrants.isClean(key, wanted, tampered)).toBe(false);
    expect([...rightsOf(settled(wanted, tampered).permissions).keys()].toSorted()).toEqual(
      [...rightsOf(settled(wanted).permissions).keys()].toSorted(),
    );
  });

  it('take the right to pass a permission on, and give the permission again', () => {
    const wanted = claims([grant(table('orders'))]);
    const passable = settled(wanted).permissions.map((row) =>
      row.principal === ROLE_ARN ? { ...row, grantable: ['SELECT' as const] } : row,
    );
    const tampered = { ...fresh, permissions: passable };
    expect(plan(wanted, tampered).actions).toMatchObject([
      { do: 'revoke', entries: [{ principal: ROLE_ARN, permissions: ['SELECT'], grantable: ['SELECT'] }] },
      {
        do: 'grant',
        entries: [{ entry: { permissions: ['SELECT'], grantable: [] }, grants: [grantId(grant(table('orders')))] }],
      },
    ]);
    expect(rights(settled(wanted, tampered))).toEqual(['DESCRIBE table/orders/orders', 'SELECT table/orders/orders']);
  });

  it("leave alone what administrators, the dataset's own roles and earlier owners hold", () => {
    const theirs = held('arn:aws:iam::111111111111:role/earlier', onTable('orders'), ['SELECT'], ['SELECT']);
    const foreign = [rightKey({ principal: theirs.principal, resource: theirs.resource, permission: 'SELECT' })];
    const { pivotRoleArn, datasetRoleArn } = baseline();
    const observed = {
      ...settled(claims([])),
      permissions: [
        ...settled(claims([])).permissions,
        theirs,
        ...['arn:admin', pivotRoleArn, datasetRoleArn].map((arn) => held(arn, onTable('orders'), ['ALL'], ['ALL'])),
      ],
    };
    expect(plan(claims([], { foreign }), observed).actions).toEqual([]);
    expect(plan(claims([]), observed).actions).toMatchObject([
      { do: 'revoke', entries: [{ principal: theirs.principal }] },
    ]);
  });

  it('leave an imported database as it was found, once its last dataset goes', () => {
    const ours = baseline({ origin: 'Import' });
    const before = settled(claims([grant(table('orders', 'eu'))], { datasets: [ours] }));
    const open = held('IAM_ALLOWED_PRINCIPALS', onTable('orders'), ['ALL']);
    const observed = { ...before, permissions: [...before.permissions, open] };
    const ending = claims([], { datasets: [{ ...ours, present: false }] });
    expect(catalogGrants.isClean(key, ending, observed)).toBe(false);
    expect(settled(ending, observed)).toMatchObject({ permissions: [open], filters: [] });

    const other = baseline({ origin: 'Import', datasetRoleArn: 'arn:other' });
    const shared = settled(claims([], { datasets: [{ ...ours, present: false }, other] }), observed);
    expect(rights(shared, ours.datasetRoleArn)).toEqual([]);
    expect(rights(shared, 'arn:other')).not.toEqual([]);
    expect(rights(shared, 'IAM_ALLOWED_PRINCIPALS')).toEqual([]);
  });

  it('refuse what does not exist, item by item', () => {
    const missing = grant(table('salaries'));
    const bad = grant(table('orders', 'bad'));
    const good = grant(table('customers'));
    const wanted = claims([missing, bad, good], { filters: [{ ...slim, name: 'bad', columns: ['id', 'salary'] }] });
    const observed = settled(wanted);
    expect(verdict(wanted, observed, missing)).toMatchObject({ state: 'Failed', reason: 'ItemNotFound' });
    expect(verdict(wanted, observed, bad)).toMatchObject({
      reason: 'FilterInvalid',
      message: expect.stringContaining('salary'),
    });
    expect(verdict(wanted, observed, good)).toMatchObject({ state: 'Satisfied' });
    expect(observed.filters).toEqual([]);
  });

  it('have nothing to do in a database that is gone', () => {
    const gone: ObservedCatalog = { tables: undefined, permissions: [], filters: [] };
    const one = grant(table('orders'));
    expect(verdict(claims([one]), gone, one)).toMatchObject({ reason: 'ItemNotFound' });
    expect(catalogGrants.isClean(key, claims([]), gone)).toBe(true);
  });

  it('know that SELECT on all columns is SELECT on the table', () => {
    const all: LakeResource = {
      kind: 'AllColumns',
      catalogId: PRODUCER,
      database: 'orders',
      table: 'orders',
      except: [],
    };
    const observed = {
      ...settled(claims([])),
      permissions: [
        ...settled(claims([])).permissions,
        held(ROLE_ARN, onTable('orders'), ['DESCRIBE']),
        held(ROLE_ARN, all, ['SELECT']),
      ],
    };
    expect(plan(claims([grant(table('orders'))]), observed).actions).toEqual([]);
  });
});

describe('grants on a catalog (properties)', () => {
  const anyGrants = fc
    .uniqueArray(
      fc.record({
        name: fc.constantFrom('analysts', 'robots', 'interns'),
        on: fc.constantFrom('orders', 'customers', 'missing'),
        filters: fc.subarray(['eu', 'slim']),
        more: fc.subarray(['Write', 'Modify'] as const),
      }),
      { selector: ({ name, on }) => `${name} ${on}` },
    )
    .map((wants) =>
      wants.map(({ name, on, filters, more }) =>
        grant(table(on, ...(on === 'orders' ? filters : [])), {
          principal: grantPrincipal(name),
          permissions: ['Read', ...more],
        }),
      ),
    );
  const anyTampering: fc.Arbitrary<LakeGrant> = fc.record({
    principal: fc.constantFrom(ROLE_ARN, 'IAM_ALLOWED_PRINCIPALS', 'arn:mallory', grantPrincipal('robots').arn),
    resource: fc.constantFrom<LakeResource>(
      onTable('orders'),
      { kind: 'Database', catalogId: PRODUCER, database: 'orders' },
      { kind: 'AllTables', catalogId: PRODUCER, database: 'orders' },
      { kind: 'Filter', catalogId: PRODUCER, database: 'orders', table: 'orders', filter: 'eu' },
    ),
    permissions: fc.subarray<LakePermission>(['SELECT', 'DESCRIBE', 'ALTER'], { minLength: 1 }),
    grantable: fc.subarray<LakePermission>(['SELECT']),
  });
  const anyObserved = fc
    .record({ before: anyGrants, tampering: fc.array(anyTampering, { maxLength: 5 }) })
    .map(({ before, tampering }) => {
      const observed = settled(claims(before));
      return { ...observed, permissions: [...observed.permissions, ...tampering] };
    });

  it('are planned once, and end as exactly what is claimed', () => {
    fc.assert(
      fc.property(anyGrants, anyObserved, (now, observed) => {
        const after = settled(claims(now), observed);
        expect(plan(claims(now), after).actions).toEqual([]);
        expect(catalogGrants.isClean(key, claims(now), after)).toBe(true);
        const clean = settled(claims(now));
        expect([...rightsOf(after.permissions).keys()].toSorted()).toEqual(
          [...rightsOf(clean.permissions).keys()].toSorted(),
        );
      }),
    );
  });

  it('of suspended grants are what was there of them, whoever else comes or goes', () => {
    const texts = ({ permissions }: ObservedCatalog) => new Set(rightsOf(permissions).keys());
    fc.assert(
      fc.property(anyGrants, anyGrants, anyObserved, (paused, active, observed) => {
        const held = paused.filter((one) => !active.some((other) => grantId(other) === grantId(one)));
        const wanted = claims([...suspended(held), ...active]);
        const after = settled(wanted, observed);
        const [before, whole] = [texts(observed), texts(settled(claims(held)))];
        const kept = [...before].filter((text) => whole.has(text));
        expect(texts(after)).toEqual(new Set([...texts(settled(claims(active))), ...kept]));
        expect(plan(wanted, after).actions).toEqual([]);
        expect(catalogGrants.isClean(key, wanted, after)).toBe(true);
        const made = after.filters.filter(({ name }) => !observed.filters.some((filter) => filter.name === name));
        for (const { name } of made)
          expect(active.some(({ item }) => item.kind === 'Table' && item.filters.includes(name))).toBe(true);
      }),
    );
  });

  it('need no order', () => {
    fc.assert(
      fc.property(anyGrants, (grants) => {
        const [one, other] = [grants, grants.toReversed()].map((order) => rightsOf(settled(claims(order)).permissions));
        expect([...(one?.keys() ?? [])].toSorted()).toEqual([...(other?.keys() ?? [])].toSorted());
      }),
    );
  });
});

const filterOf = (definition: FilterDefinition): DataCellsFilter => ({
  catalogId: PRODUCER,
  database: 'orders',
  table: definition.table,
  name: definition.name,
  rows: definition.rows,
  columns: definition.columns ?? { except: [] },
});

describe('a filter that somebody widened in AWS', () => {
  it('is narrowed again', () => {
    const wanted = claims([grant(table('orders', 'eu'))]);
    const wide = { ...settled(wanted), filters: [{ ...filterOf(eu), rows: undefined, version: '7' }] };
    expect(plan(wanted, wide).actions).toEqual([
      {
        do: 'update-filter',
        filter: { ...filterOf(eu), version: '7' },
        grants: [grantId(grant(table('orders', 'eu')))],
        holders: wide.permissions.filter(({ resource }) => resource.kind === 'Filter'),
      },
    ]);
  });
});

const invalid = () =>
  new AwsFault(
    { service: 'lakeformation', operation: 'UpdateDataCellsFilter', account: PRODUCER, region: REGION, write: true },
    { kind: 'Invalid', code: 'InvalidInputException', reason: 'bad rows', retryable: false, outcomeUnknown: false },
  );

describe('a filter whose new definition Lake Formation refuses', () => {
  /** What updating it makes of the world, where Lake Formation lets it be revoked or does not. */
  const updated = async (revocable: boolean) => {
    const before = settled(claims([grant(table('orders', 'eu'))]));
    const wanted = claims([grant(table('orders', 'eu'))], { filters: [{ ...eu, rows: 'no condition' }] });
    const [update] = plan(wanted, before).actions;
    let world = before;
    const lakeFormation = {
      updateFilter: () => Promise.reject(invalid()),
      revoke: async (entries: readonly LakeGrant[]) => {
        if (!revocable) return Promise.resolve(entries.map((one) => ({ grant: one, fault: invalid() })));
        world = applied(world, [{ do: 'revoke', entries }]);
        return Promise.resolve(entries.map((one) => ({ grant: one })));
      },
      deleteFilter: async (filter: DataCellsFilter) => {
        world = applied(world, [{ do: 'delete-filter', filter }]);
        return Promise.resolve(true);
      },
    };
    const context = {
      aws: { lakeFormation } as unknown as AccountAws,
      now: () => 0,
      signal: new AbortController().signal,
    };
    if (update === undefined) throw new Error('nothing to update');
    return { outcome: await catalogGrants.execute(context, key, wanted, update), world };
  };

  it('does not go on showing what the old one showed', async () => {
    const { outcome, world } = await updated(true);
    expect(outcome).toMatchObject({ done: false, verdict: { reason: 'FilterInvalid' } });
    expect([world.filters, rights(world)]).toEqual([[], []]);
  });

  it('counts as something left where it cannot be taken back either', async () => {
    const { outcome } = await updated(false);
    expect(outcome).toMatchObject({
      done: false,
      problem: 'extra',
      grants: [grantId(grant(table('orders', 'eu')))],
      verdict: { message: expect.stringContaining('refused to revoke SELECT') },
    });
  });
});
