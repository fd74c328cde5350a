// The consumer's database of links: its name, the names of links, who sees them, and that it goes with the last of them.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { GlueTable } from '../../../aws/services/glue.ts';
import type { SharedDatabaseClaims } from '../../desired.ts';
import { grantId, type Grant } from '../../grant.ts';
import {
  CONSUMER,
  grant,
  grantPrincipal,
  PRODUCER,
  REGION,
  ROLE_ARN,
  suspended,
  table,
} from '../../testing/fixtures.ts';
import { rightsOf } from './lake-rights.ts';
import type { ObservedSharedDatabase } from './observe-shared-database.ts';
import { sharedDatabase, type SharedDatabaseAction } from './shared-database.ts';

const key = {
  kind: 'shared-database',
  account: CONSUMER,
  region: REGION,
  sourceAccount: PRODUCER,
  sourceDatabase: 'orders',
} as const;
const claims = (grants: readonly Grant[]): SharedDatabaseClaims => ({
  preferredName: 'orders_shared',
  alternativeName: 'orders_shared_111111111111',
  sourceRegion: REGION,
  pivotRoleArn: 'arn:pivot',
  administrators: ['arn:admin'],
  grants,
  remediation: 'Repair',
});
const nothing: ObservedSharedDatabase = {
  database: undefined,
  taken: { preferred: false, alternative: false },
  tables: [],
  permissions: [],
};
const foreignTable = (name: string): GlueTable => ({ name, target: undefined }) as unknown as GlueTable;

const applied = (
  observed: ObservedSharedDatabase,
  actions: readonly SharedDatabaseAction[],
): ObservedSharedDatabase => {
  let { database, tables, permissions } = observed;
  for (const action of actions) {
    if (action.do === 'create-database') database = action.name;
    else if (action.do === 'delete-database') [database, tables, permissions] = [undefined, [], []];
    else if (action.do === 'create-link')
      tables = [
        ...tables,
        {
          name: action.link,
          target: { catalogId: PRODUCER, database: 'orders', table: action.table },
        } as unknown as GlueTable,
      ];
    else if (action.do === 'delete-link') {
      const { link } = action;
      tables = tables.filter(({ name }) => name !== link);
      permissions = permissions.filter(({ resource }) => resource.kind !== 'Table' || resource.table !== link);
    } else if (action.do === 'grant') permissions = [...permissions, ...action.entries.map(({ entry }) => entry)];
    else {
      const less = new Set(rightsOf(action.entries).keys());
      permissions = [...rightsOf(permissions)]
        .filter(([text]) => !less.has(text))
        .map(([, { principal, resource, permission }]) => ({
          principal,
          resource,
          permissions: [permission],
          grantable: [],
        }));
    }
  }
  return { ...observed, database, tables, permissions };
};
const plan = (grants: readonly Grant[], observed = nothing) => sharedDatabase.plan(key, claims(grants), observed);
const settled = (grants: readonly Grant[], observed = nothing) => applied(observed, plan(grants, observed).actions);
const linksIn = ({ tables }: ObservedSharedDatabase) => tables.map(({ name }) => name).toSorted();
const outputs = (grants: readonly Grant[], observed: ObservedSharedDatabase) =>
  [...(sharedDatabase.outputs?.(key, claims(grants), observed) ?? [])].map(
    ([, { database, link }]) => `${database}.${link}`,
  );
const rights = ({ permissions }: ObservedSharedDatabase, principal = ROLE_ARN) =>
  [...rightsOf(permissions).keys()]
    .filter((text) => text.startsWith(principal))
    .map((text) => text.slice(principal.length + 1));

describe('the shared database', () => {
  it('has a link for each table and set of filters, however many use it', () => {
    const grants = [
      grant(table('orders')),
      grant(table('orders'), { principal: grantPrincipal('robots') }),
      grant(table('orders', 'slim', 'eu'), { principal: grantPrincipal('interns') }),
    ];
    const after = settled(grants);
    expect(after.database).toBe('orders_shared');
    expect(linksIn(after)).toEqual(['orders', 'orders_eu_slim']);
    expect(outputs(grants, after)).toEqual([
      'orders_shared.orders',
      'orders_shared.orders',
      'orders_shared.orders_eu_slim',
    ]);
    expect(rights(after)).toEqual(['DESCRIBE database/orders_shared', 'DESCRIBE table/orders_shared/orders']);
    expect(rights(after, grantPrincipal('interns').arn)).toEqual([
      'DESCRIBE database/orders_shared',
      'DESCRIBE table/orders_shared/orders_eu_slim',
    ]);
  });

  it('takes the other name where somebody has the first, and none where both are taken', () => {
    const one = grant(table('orders'));
    expect(settled([one], { ...nothing, taken: { preferred: true, alternative: false } }).database).toBe(
      'orders_shared_111111111111',
    );
    const full = { ...nothing, taken: { preferred: true, alternative: true } };
    expect(plan([one], full)).toMatchObject({ actions: [] });
    expect(sharedDatabase.judge(key, claims([one]), full).get(grantId(one))).toMatchObject({ reason: 'DatabaseTaken' });
    expect(plan([], full)).toEqual({ actions: [], drift: [], refused: new Map() });
    expect(sharedDatabase.judge(key, claims([one]), nothing).get(grantId(one))).toMatchObject({
      reason: 'LinkPending',
    });
  });

  it('keeps its name when the first one comes free', () => {
    const one = grant(table('orders'));
    const second = settled([one], { ...nothing, taken: { preferred: true, alternative: false } });
    expect(plan([one], { ...second, taken: nothing.taken }).actions).toEqual([]);
  });

  it('tells links of one name apart, and yields to tables of others', () => {
    const whole = grant(table('orders_eu'));
    const filtered = grant(table('orders', 'eu'));
    const after = settled([filtered, whole]);
    expect(linksIn(after)).toHaveLength(2);
    expect(outputs([filtered, whole], after)).toEqual([
      expect.stringMatching(/orders_eu_[0-9a-f]{6}$/),
      'orders_shared.orders_eu',
    ]);
    const theirs = { ...settled([]), database: 'orders_shared', tables: [foreignTable('orders')] };
    const beside = settled([grant(table('orders'))], theirs);
    expect(linksIn(beside)).toEqual(['orders', expect.stringMatching(/^orders_[0-9a-f]{6}$/)]);
    expect(beside.tables).toContain(theirs.tables[0]);
  });

  it('keeps the name of a link that people know, whoever comes later', () => {
    const filtered = grant(table('orders', 'eu'));
    const before = settled([filtered]);
    const after = settled([filtered, grant(table('orders_eu'))], before);
    expect(outputs([filtered], after)).toEqual(outputs([filtered], before));
    expect(after.tables.map(({ target }) => target?.table)).toEqual(['orders', 'orders_eu']);
  });

  it('never serves a table by a link to another', () => {
    const before = settled([grant(table('orders', 'eu'))]);
    const after = settled([grant(table('orders_eu'))], before);
    expect(after.tables).toMatchObject([{ name: 'orders_eu', target: { table: 'orders_eu' } }]);
  });

  it('loses links that nobody uses, and goes with the last, unless others live in it', () => {
    const both = settled([grant(table('orders')), grant(table('customers'))]);
    const one = settled([grant(table('orders'))], both);
    expect(linksIn(one)).toEqual(['orders']);
    const none = settled([], one);
    expect(none.database).toBeUndefined();
    expect(sharedDatabase.isClean(key, claims([]), none)).toBe(true);
    expect(sharedDatabase.isClean(key, claims([]), one)).toBe(false);
    const shared = settled([], { ...both, tables: [...both.tables, foreignTable('theirs')] });
    expect(shared.database).toBe('orders_shared');
    expect(linksIn(shared)).toEqual(['theirs']);
    expect(sharedDatabase.isClean(key, claims([]), shared)).toBe(true);
  });

  it('shows nothing to strangers, and keeps administrators', () => {
    const grants = [grant(table('orders'))];
    const database = { kind: 'Database' as const, catalogId: CONSUMER, database: 'orders_shared' };
    const after = settled(grants);
    const tampered = {
      ...after,
      permissions: [
        ...after.permissions,
        { principal: 'arn:mallory', resource: database, permissions: ['DESCRIBE' as const], grantable: [] },
        { principal: 'arn:admin', resource: database, permissions: ['ALL' as const], grantable: ['ALL' as const] },
      ],
    };
    expect(sharedDatabase.isClean(key, claims(grants), tampered)).toBe(false);
    expect(plan(grants, tampered).actions).toMatchObject([{ do: 'revoke', entries: [{ principal: 'arn:mallory' }] }]);
  });
});

describe('the shared database (properties)', () => {
  const anyGrants = fc
    .uniqueArray(
      fc.record({
        name: fc.constantFrom('analysts', 'robots'),
        on: fc.constantFrom('orders', 'orders_eu', 'orders_eu_slim'),
        filters: fc.subarray(['eu', 'slim']),
      }),
      { selector: ({ name, on }) => `${name} ${on}` },
    )
    .map((wants) =>
      wants.map(({ name, on, filters }) => grant(table(on, ...filters), { principal: grantPrincipal(name) })),
    );

  it('is planned once, whatever was shared before, and serves every grant', () => {
    fc.assert(
      fc.property(anyGrants, anyGrants, (before, now) => {
        const after = settled(now, settled(before));
        expect(plan(now, after).actions).toEqual([]);
        expect(sharedDatabase.isClean(key, claims(now), after)).toBe(true);
        for (const verdict of sharedDatabase.judge(key, claims(now), after).values())
          expect(verdict).toEqual({ state: 'Satisfied' });
      }),
    );
  });

  it('keeps for suspended grants what is there of them, and makes nothing for them', () => {
    const texts = (observed: ObservedSharedDatabase) => new Set(rightsOf(observed.permissions).keys());
    fc.assert(
      fc.property(anyGrants, anyGrants, anyGrants, (before, paused, active) => {
        const held = paused.filter((one) => !active.some((other) => grantId(other) === grantId(one)));
        const wanted = [...suspended(held), ...active];
        const observed = settled(before);
        const after = settled(wanted, observed);
        expect(plan(wanted, after).actions).toEqual([]);
        expect(sharedDatabase.isClean(key, claims(wanted), after)).toBe(true);
        for (const one of active)
          expect(sharedDatabase.judge(key, claims(wanted), after).get(grantId(one))).toEqual({ state: 'Satisfied' });
        const had = sharedDatabase.judge(key, claims(suspended(held)), observed);
        const has = sharedDatabase.judge(key, claims(wanted), after);
        for (const [id, { state }] of had) if (state === 'Satisfied') expect(has.get(id)?.state).toBe('Satisfied');
        const named = sharedDatabase.outputs?.(key, claims(wanted), after);
        const asked = new Set(
          active.flatMap((one) => [
            `${one.principal.arn} DESCRIBE database/orders_shared`,
            `${one.principal.arn} DESCRIBE table/orders_shared/${named?.get(grantId(one))?.link}`,
          ]),
        );
        for (const text of texts(after)) expect(asked.has(text) || texts(observed).has(text)).toBe(true);
        if (active.length === 0) expect(linksIn(observed)).toEqual(expect.arrayContaining([...linksIn(after)]));
      }),
    );
  });

  it('never leads two different views of data to one link', () => {
    fc.assert(
      fc.property(anyGrants, (grants) => {
        const views = new Map(grants.map(({ item }) => [JSON.stringify(item), item]));
        const names = outputs(grants, settled(grants));
        expect(new Set(names).size).toBe(views.size);
      }),
    );
  });
});
