// Hybrid access mode: Lake Formation decides for who has a grant, and for nobody else; what others opted in stays.
import { describe, expect, it } from 'vitest';
import type { AccountAws } from '../../../aws/account.ts';
import { AwsFault } from '../../../aws/fault.ts';
import type { LakeOptIn } from '../../../aws/services/lakeformation-resource.ts';
import type { Grant } from '../../grant.ts';
import { grantId } from '../../grant.ts';
import { applied, claims, fresh, held, key, onTable, plan, settled, verdict } from '../../testing/catalog-fixtures.ts';
import { baseline, CONSUMER, grant, PRODUCER, REGION, ROLE_ARN, suspended, table } from '../../testing/fixtures.ts';
import { catalogGrants, type CatalogAction } from './catalog-grants.ts';
import type { ObservedCatalog } from './observe-catalog.ts';

const EVERYBODY = 'IAM_ALLOWED_PRINCIPALS';
const imported = { origin: 'Import', lakeFormation: 'Hybrid', hybridAccess: true } as const;
const hybrid = (grants: readonly Grant[], changes: Parameters<typeof baseline>[0] = {}) =>
  claims(grants, { datasets: [baseline({ ...imported, ...changes })] });
/** As an import finds it: everything left to IAM. */
const open: ObservedCatalog = {
  ...fresh,
  permissions: [
    held(EVERYBODY, { kind: 'Database', catalogId: PRODUCER, database: 'orders' }, ['ALL']),
    held(EVERYBODY, onTable('orders'), ['ALL']),
    held(EVERYBODY, onTable('customers'), ['ALL']),
  ],
};
const optInOf = (name: string, by: string): LakeOptIn => ({ principal: ROLE_ARN, resource: onTable(name), by });
const steps = (actions: readonly CatalogAction[]) => actions.map(({ do: what }) => what);
const ofEverybody = ({ permissions }: ObservedCatalog) =>
  permissions.filter(({ principal }) => principal === EVERYBODY);

const refusal = () =>
  new AwsFault(
    {
      service: 'lakeformation',
      operation: 'CreateLakeFormationOptIn',
      account: PRODUCER,
      region: REGION,
      write: true,
    },
    {
      kind: 'Invalid',
      code: 'InvalidInputException',
      reason: 'no such table',
      retryable: false,
      outcomeUnknown: false,
    },
  );

describe('a database in hybrid access mode', () => {
  const one = grant(table('orders', 'eu'));
  const wanted = hybrid([one]);

  it('opts in who has a grant on a table, once it is granted, and takes nothing from those who rely on IAM', () => {
    const { actions, drift } = plan(wanted, open);
    expect(steps(actions)).toEqual(['create-filter', 'grant', 'opt-in']);
    expect(drift.map(({ message }) => message)).toContain(`opt-in ${ROLE_ARN} table/orders/orders is missing`);
    const there = applied(open, actions);
    expect(there.optIns).toMatchObject([{ principal: ROLE_ARN, resource: onTable('orders') }]);
    expect(ofEverybody(there)).toEqual(ofEverybody(open));
    expect(plan(wanted, there).actions).toEqual([]);
    expect(verdict(wanted, there, one)).toMatchObject({ state: 'Satisfied' });
  });

  it('gives nothing before the opt-in is read', () => {
    const there = { ...settled(wanted, open), optIns: [] };
    expect(verdict(wanted, there, one)).toMatchObject({ state: 'Waiting', reason: 'GrantPending' });
    expect(steps(plan(wanted, there).actions)).toEqual(['opt-in']);
  });

  it('opts out who has a grant no more, after it is revoked, and is not clean before', () => {
    const there = settled(wanted, open);
    const none = hybrid([]);
    expect(steps(plan(none, there).actions)).toEqual(['revoke', 'delete-filter', 'opt-out']);
    const revoked = applied(there, plan(none, there).actions.slice(0, 2));
    expect(catalogGrants.isClean(key, none, revoked)).toBe(false);
    const clean = settled(none, there);
    expect(clean.optIns).toEqual([]);
    expect(catalogGrants.isClean(key, none, clean)).toBe(true);
    expect(ofEverybody(clean)).toEqual(ofEverybody(open));
  });

  it('leaves alone what somebody else opted in, and makes use of it', () => {
    const theirs = optInOf('orders', `arn:aws:iam::${PRODUCER}:user/administrator`);
    const there = { ...open, optIns: [theirs] };
    expect(steps(plan(wanted, there).actions)).not.toContain('opt-in');
    const granted = settled(wanted, there);
    expect(verdict(wanted, granted, one)).toMatchObject({ state: 'Satisfied' });
    expect(settled(hybrid([]), granted).optIns).toEqual([theirs]);
  });

  it('knows its own opt-ins by the role or the session that made them', () => {
    const left = (by: string) => settled(hybrid([]), { ...open, optIns: [optInOf('orders', by)] }).optIns.length;
    expect(left(`arn:aws:iam::${PRODUCER}:role/dataallPivotRole`)).toBe(0);
    expect(left(`arn:aws:sts::${PRODUCER}:assumed-role/dataallPivotRole/operator`)).toBe(0);
    expect(left(`arn:aws:sts::${PRODUCER}:assumed-role/dataallPivotRoleOfOthers/x`)).toBe(1);
    expect(left(`arn:aws:sts::999999999999:assumed-role/dataallPivotRole/operator`)).toBe(1);
  });

  it('opts nobody in for a grant that is suspended, and out nobody', () => {
    const paused = hybrid([...suspended([one])]);
    expect(steps(plan(paused, open).actions)).not.toContain('opt-in');
    expect(steps(plan(paused, settled(wanted, open)).actions)).not.toContain('opt-out');
  });

  it('becomes one in which Lake Formation decides for all, and the opt-ins go', () => {
    const enforced = hybrid([one], { lakeFormation: 'Enforced', hybridAccess: false });
    const there = settled(enforced, settled(wanted, open));
    expect(there.optIns).toEqual([]);
    expect(ofEverybody(there)).toEqual([]);
    expect(verdict(enforced, there, one)).toMatchObject({ state: 'Satisfied' });
  });

  it('refuses what would not hold: a table left to IAM in a bucket that was registered without hybrid access', () => {
    const before = hybrid([one], { hybridAccess: false });
    expect(verdict(before, open, one)).toMatchObject({ state: 'Failed', reason: 'NotEnforced' });
    expect(steps(plan(before, open).actions)).not.toContain('opt-in');
    expect(JSON.stringify(plan(before, open).actions)).not.toContain(ROLE_ARN);
    // Lake Formation decides about it already, for everybody.
    expect(verdict(before, settled(before, fresh), one)).toMatchObject({ state: 'Satisfied' });
  });

  it.each([
    ['itself', ROLE_ARN, onTable('orders'), 'SELECT table/orders/orders'],
    ['its account', CONSUMER, { kind: 'AllTables', catalogId: PRODUCER, database: 'orders' }, 'SELECT tables/orders'],
  ] as const)(
    'refuses a filter to who has the whole table by a grant to %s from before the import',
    (_, who, on, right) => {
      const foreign = [`${who} ${right}`];
      const there = { ...open, permissions: [...open.permissions, held(who, on, ['SELECT'])] };
      const all = grant(table('orders'));
      const filtered = { ...hybrid([one]), foreign };
      expect(verdict(filtered, there, one)).toMatchObject({ state: 'Failed', reason: 'NotEnforced' });
      expect(verdict(filtered, there, one)).toMatchObject({
        message: expect.stringContaining(`${foreign[0]} was granted before`),
      });
      // Once it is revoked, and of the whole table, there is nothing to enforce.
      expect(verdict(filtered, settled(filtered, open), one)).toMatchObject({ state: 'Satisfied' });
      const whole = { ...hybrid([all]), foreign };
      expect(verdict(whole, settled(whole, there), all)).toMatchObject({ state: 'Satisfied' });
    },
  );

  it('tells whose opt-in AWS refuses, and makes the others', async () => {
    const two = grant(table('customers'));
    const made: LakeOptIn['resource'][] = [];
    const optIn = async ({ resource }: LakeOptIn): Promise<void> => {
      if ('table' in resource && resource.table === 'orders') throw refusal();
      made.push(resource);
    };
    const aws = { lakeFormation: { optIn } } as unknown as AccountAws;
    const both = hybrid([one, two]);
    const action = plan(both, open).actions.find(({ do: what }) => what === 'opt-in');
    if (action === undefined) throw new Error('there is somebody to opt in');
    const context = { aws, now: () => 0, signal: new AbortController().signal };
    expect(await catalogGrants.execute(context, key, both, action)).toMatchObject({
      done: false,
      grants: [grantId(one)],
      verdict: { state: 'Failed', reason: 'AwsError' },
    });
    expect(made).toEqual([onTable('customers')]);
  });

  it('tells which opt-in AWS keeps, and ends the others', async () => {
    const ended: LakeOptIn['resource'][] = [];
    const optOut = async ({ resource }: LakeOptIn): Promise<boolean> => {
      if ('table' in resource && resource.table === 'orders') throw refusal();
      ended.push(resource);
      return true;
    };
    const aws = { lakeFormation: { optOut } } as unknown as AccountAws;
    const none = hybrid([]);
    const there = { ...open, optIns: ['orders', 'customers'].map((name) => optInOf(name, baseline().pivotRoleArn)) };
    const action = plan(none, there).actions.find(({ do: what }) => what === 'opt-out');
    if (action === undefined) throw new Error('there is somebody to opt out');
    const context = { aws, now: () => 0, signal: new AbortController().signal };
    expect(await catalogGrants.execute(context, key, none, action)).toMatchObject({
      done: false,
      problem: 'extra',
      verdict: { message: expect.stringContaining('table/orders/orders') },
    });
    expect(ended).toEqual([onTable('customers')]);
  });
});
