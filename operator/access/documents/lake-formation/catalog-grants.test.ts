// Lake Formation on the producer's side: exactly what is claimed is granted, filters are never widened, extras go.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AccountAws } from '../../../aws/account.ts';
import { AwsFault } from '../../../aws/fault.ts';
import type { LakeGrant, LakePermission } from '../../../aws/services/lakeformation.ts';
import type { DataCellsFilter, LakeResource } from '../../../aws/services/lakeformation-resource.ts';
import type { FilterDefinition } from '../../desired.ts';
import { grantId } from '../../grant.ts';
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
} from '../../testing/fixtures.ts';
import { catalogGrants } from './catalog-grants.ts';
import type { ObservedCatalog } from './observe-catalog.ts';
import { rightKey, rightsOf } from './lake-rights.ts';

import {
  key,
  eu,
  slim,
  claims,
  fresh,
  onTable,
  held,
  applied,
  plan,
  settled,
  rights,
  verdict,
} from '../../testing/catalog-fixtures.ts';

describe('grants on a catalog', () => {
  it('refuses a filter that an older dataset of the database defines otherwise, for that dataset alone', () => {
    const filtered = grant(table('orders', 'eu'));
    const { namespace, name } = filtered.source.dataset;
    const older: FilterDefinition = { ...eu, dataset: { namespace, name: 'older' }, rows: 'true' };
    const mine: FilterDefinition = { ...eu, dataset: { namespace, name } };
    const plan = catalogGrants.plan(key, claims([filtered], { filters: [older, mine] }), fresh);
    expect(plan.refused.get(grantId(filtered))).toMatchObject({ state: 'Failed', reason: 'FilterInvalid' });
    expect(plan.actions.filter((action) => action.do === 'create-filter')).toEqual([]);
    const other = catalogGrants.plan(key, claims([filtered], { filters: [mine, older] }), fresh);
    expect(other.refused.size).toBe(0);
    // Who merely uses the database describes no table of another's bucket.
    const rival = { ...older, bucket: 'rivals-data' };
    const beside = catalogGrants.plan(key, claims([filtered], { filters: [rival, mine] }), fresh);
    expect(beside.refused.size).toBe(0);
    expect(beside.actions).toContainEqual(
      expect.objectContaining({ do: 'create-filter', filter: expect.objectContaining({ rows: mine.rows }) }),
    );
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

  it('are taken back to be sent anew where that was asked for, over accounts alone, and only what is there', () => {
    const over = grant(table('orders'));
    const within = grant(table('orders'), { consumer: { ...over.consumer, account: PRODUCER } });
    const wanted = claims([over]);
    const there = settled(wanted);
    const renewal = catalogGrants.renew?.(key, wanted, there, new Set([grantId(over)]));
    expect(renewal).toMatchObject({ do: 'revoke' });
    expect(JSON.stringify(renewal)).toContain(over.principal.arn);
    expect(catalogGrants.renew?.(key, wanted, there, new Set())).toBeUndefined();
    expect(catalogGrants.renew?.(key, wanted, fresh, new Set([grantId(over)]))).toBeUndefined();
    expect(catalogGrants.renew?.(key, claims([within]), there, new Set([grantId(within)]))).toBeUndefined();
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

  it('leave CloudFormation what it needs to drop a database whose dataset goes, and nothing of it before', () => {
    const ours = baseline();
    const resource = { kind: 'Database', catalogId: key.account, database: key.database } as const;
    const execution = `arn:aws:iam::${key.account}:role/cdk-hnb659fds-cfn-exec-role-${key.account}-${key.region}`;
    const drop = held(execution, resource, ['ALTER', 'DROP']);
    const present = settled(claims([], { datasets: [ours] }));
    const observed = { ...present, permissions: [...present.permissions, drop] };
    expect(rights(settled(claims([], { datasets: [ours] }), observed), execution)).toEqual([]);
    const ending = claims([], { datasets: [{ ...ours, present: false }] });
    const left = settled(ending, observed);
    expect(rights(left, execution)).toEqual(['ALTER database/orders', 'DROP database/orders']);
    expect(catalogGrants.isClean(key, ending, left)).toBe(true);
    const readable = { ...observed, permissions: [held(execution, onTable('orders'), ['SELECT'])] };
    expect(rights(settled(ending, readable), execution)).toEqual([]);
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
    const gone: ObservedCatalog = { tables: undefined, permissions: [], filters: [], optIns: [] };
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
