// Invitations, settings and registration: what is accepted, merged and taken over, and what is left alone.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LakeSettings } from '../../../aws/services/lakeformation-settings.ts';
import type { LakeSettingsClaims } from '../../desired.ts';
import { CONSUMER, grant, PRODUCER, REGION, table, suspended } from '../../testing/fixtures.ts';
import { invitations, type ObservedInvitations } from './invitations.ts';
import { lakeSettings } from './lake-settings.ts';
import { registration } from './registration.ts';

describe('invitations', () => {
  const key = { kind: 'invitations', account: CONSUMER, region: REGION, sourceAccount: PRODUCER } as const;
  const glue = (suffix: string, account = PRODUCER, region = REGION) => `arn:aws:glue:${region}:${account}:${suffix}`;
  const ORDERS = glue('table/orders/orders');
  const pendingWith = (arns: readonly string[], shareName = 'LakeFormation-V4-abc'): ObservedInvitations => ({
    pending: [
      {
        invitation: {
          arn: 'arn:invitation',
          shareArn: 'arn:share',
          shareName,
          sender: PRODUCER,
          receiver: CONSUMER,
          status: 'PENDING',
          sentAt: undefined,
        },
        resources: arns.map((arn) => ({ arn, type: 'glue:Table', shareArn: 'arn:share', status: 'AVAILABLE' })),
      },
    ],
    received: [],
    refused: [],
  });
  const claims = { grants: [grant(table('orders')), grant(table('customers', 'eu'))] };
  const accepts = (arns: readonly string[], shareName?: string, grants = claims.grants) =>
    invitations.plan(key, { grants }, pendingWith(arns, shareName)).actions.length > 0;

  it('are accepted when every resource belongs to a claim', () => {
    expect(accepts([ORDERS])).toBe(true);
    expect(accepts([ORDERS, glue('table/orders/customers'), glue('catalog'), glue('database/orders')])).toBe(true);
    expect(accepts([glue('table/orders/*')])).toBe(true);
  });

  it.each([
    ['a table nobody was approved for', [ORDERS, glue('table/orders/salaries')]],
    ['a table of another database', [glue('table/hr/orders')]],
    ['another database', [ORDERS, glue('database/hr')]],
    ['a table of another account', [glue('table/orders/orders', '999999999999')]],
    ['a table of another region', [glue('table/orders/orders', PRODUCER, 'us-east-1')]],
    ['a table whose name only starts alike', [glue('table/orders/orders2')]],
    ['something else', [ORDERS, 'arn:aws:ec2:eu-west-1:111111111111:subnet/subnet-1']],
    ['nothing', []],
  ])('are left alone with %s in them', (_what, arns) => {
    expect(accepts(arns)).toBe(false);
  });

  it('are left alone while all that they bring is suspended', () => {
    const [orders, customers] = [suspended(claims.grants.slice(0, 1)), claims.grants.slice(1)];
    expect(accepts([ORDERS], undefined, [...orders, ...customers])).toBe(false);
    expect(accepts([ORDERS, glue('table/orders/customers')], undefined, [...orders, ...customers])).toBe(true);
  });

  it('are left alone when Lake Formation did not send them, or nothing is approved', () => {
    expect(accepts([ORDERS], 'free-data')).toBe(false);
    expect(accepts([ORDERS], undefined, [])).toBe(false);
    expect(accepts([glue('catalog'), glue('database/orders')])).toBe(false);
  });

  it('tell which tables have arrived', () => {
    const states = (arns: readonly string[], principal?: string) => {
      const received = arns.map((arn) => ({ arn, principal }));
      return [...invitations.judge(key, claims, { pending: [], received, refused: [] }).values()].map(
        ({ state }) => state,
      );
    };
    expect(states([])).toEqual(['Waiting', 'Waiting']);
    expect(states([ORDERS])).toEqual(['Satisfied', 'Waiting']);
    expect(states([glue('table/orders/*')])).toEqual(['Satisfied', 'Satisfied']);
    expect(states([glue('database/orders')])).toEqual(['Waiting', 'Waiting']);
    expect(states([ORDERS], claims.grants[0]?.principal.arn)).toEqual(['Satisfied', 'Waiting']);
    expect(states([ORDERS], `arn:aws:iam::${CONSUMER}:role/somebody-else`)).toEqual(['Waiting', 'Waiting']);
  });
});

describe('settings of Lake Formation', () => {
  const key = { kind: 'lake-settings', account: PRODUCER, region: REGION } as const;
  const claims = (changes: Partial<LakeSettingsClaims> = {}): LakeSettingsClaims => ({
    grants: [],
    administrators: ['arn:pivot'],
    formerAdministrators: [],
    crossAccountVersion: 4,
    restoreVersion: undefined,
    ...changes,
  });
  const theirs: LakeSettings = {
    administrators: ['arn:admin', 'arn:other-admin'],
    newDatabases: [{ principal: 'IAM_ALLOWED_PRINCIPALS', permissions: ['ALL'] }],
    newTables: [],
    parameters: { CROSS_ACCOUNT_VERSION: '1', SET_CONTEXT: 'TRUE' },
    others: { AllowExternalDataFiltering: true, TrustedResourceOwners: ['999999999999'] },
  };
  const after = (wanted: LakeSettingsClaims, observed = theirs) =>
    lakeSettings.plan(key, wanted, observed).actions[0] ?? observed;

  it('are merged: administrators and parameters of others stay, everything else too', () => {
    expect(after(claims())).toEqual({
      ...theirs,
      administrators: ['arn:admin', 'arn:other-admin', 'arn:pivot'],
      parameters: { CROSS_ACCOUNT_VERSION: '4', SET_CONTEXT: 'TRUE' },
    });
  });

  it('never lower the cross-account version, never drop whom we did not add', () => {
    const higher = {
      ...theirs,
      administrators: ['arn:pivot', 'arn:admin'],
      parameters: { CROSS_ACCOUNT_VERSION: '5' },
    };
    expect(lakeSettings.plan(key, claims(), higher).actions).toEqual([]);
  });

  it('give up what linking added, and nothing else', () => {
    const gone = claims({
      administrators: [],
      formerAdministrators: ['arn:pivot'],
      crossAccountVersion: 0,
      restoreVersion: { from: 4, to: 1 },
    });
    expect(lakeSettings.isClean(key, gone, after(claims()))).toBe(false);
    expect(after(gone, after(claims()))).toEqual(theirs);
    expect(lakeSettings.isClean(key, gone, theirs)).toBe(true);

    const raisedSince = { ...after(claims()), parameters: { CROSS_ACCOUNT_VERSION: '5' } };
    expect(after(gone, raisedSince).parameters).toEqual({ CROSS_ACCOUNT_VERSION: '5' });
  });

  it('are planned once (property)', () => {
    const arns = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd'));
    fc.assert(
      fc.property(
        arns,
        arns,
        arns,
        fc.constantFrom('1', '2', '3', '4', '5'),
        (administrators, wanted, former, version) => {
          const formerAdministrators = former.filter((arn) => !wanted.includes(arn));
          const observed = { ...theirs, administrators, parameters: { CROSS_ACCOUNT_VERSION: version } };
          const all = claims({ administrators: wanted, formerAdministrators });
          const merged = after(all, observed);
          expect(lakeSettings.plan(key, all, merged).actions).toEqual([]);
          expect(new Set(merged.administrators)).toEqual(
            new Set([...administrators.filter((arn) => !formerAdministrators.includes(arn)), ...wanted]),
          );
        },
      ),
    );
  });
});

describe('the registration of a bucket', () => {
  const key = { kind: 'registration', account: PRODUCER, region: REGION, bucket: 'orders-data' } as const;
  const wanted = { roleArn: 'arn:dataset-role', hybrid: false };
  const plan = (claims: Partial<Parameters<typeof registration.plan>[1]>, roleArn: string | undefined) =>
    registration.plan(
      key,
      { grants: [], wanted, owned: true, ...claims },
      {
        registration:
          roleArn === undefined ? undefined : { resourceArn: 'arn:aws:s3:::orders-data', roleArn, hybrid: false },
        below: [],
      },
    );
  const BUCKET = 'arn:aws:s3:::orders-data';
  /** What it makes of tables at a place, with these roles for the bucket and what is below it. */
  const reading = (roles: Readonly<Record<string, string>>, prefix: string, hybrid = false) => {
    const all = Object.entries(roles).map(([place, roleArn]) => ({
      resourceArn: `${BUCKET}${place}`,
      roleArn,
      hybrid: hybrid && roleArn !== wanted.roleArn,
    }));
    const observed = {
      registration: all.find(({ resourceArn }) => resourceArn === BUCKET),
      below: all.filter(({ resourceArn }) => resourceArn !== BUCKET),
    };
    return registration.ownReading?.(key, { grants: [], wanted, owned: true }, observed)?.('data0001', prefix);
  };

  it('is made, corrected and taken back', () => {
    expect(plan({}, undefined).actions).toMatchObject([{ do: 'register', as: { roleArn: 'arn:dataset-role' } }]);
    expect(plan({}, 'arn:somebody')).toMatchObject({ actions: [{ do: 'register' }], drift: [{ kind: 'changed' }] });
    expect(plan({}, 'arn:dataset-role').actions).toEqual([]);
    expect(plan({ wanted: undefined }, 'arn:dataset-role').actions).toEqual([{ do: 'deregister' }]);
    expect(plan({ wanted: undefined }, undefined).actions).toEqual([]);
  });

  it('stays when it was there before the import', () => {
    expect(plan({ wanted: undefined, owned: false }, 'arn:dataset-role').actions).toEqual([]);
  });

  it('leaves it unknown whether tables can be read where another role is registered, and nowhere else', () => {
    const other = { '': 'arn:dataset-role', '/raw/orders': 'arn:other' };
    const unknown = {
      health: 'Unknown',
      reason: 'Unverified',
      message: expect.stringMatching(/^arn:aws:s3:::orders-data\/raw\/orders is registered .* by arn:other, /),
    };
    for (const place of ['raw/orders', 'raw/orders/', 'raw/orders/2026/', 'raw/', ''])
      expect(reading(other, place)).toMatchObject(unknown);
    for (const place of ['raw/orders2/', 'raw/order', 'products/', 'raw2/'])
      expect(reading(other, place)).toBeUndefined();
    const both = { ...other, '/raw/orders/2026': 'arn:dataset-role' };
    expect(reading(both, 'raw/orders/2026/')).toBeUndefined();
    expect(reading(both, 'raw/orders/2025/')).toMatchObject(unknown);
    expect(reading({ '': 'arn:dataset-role', '/raw': 'arn:dataset-role' }, 'raw/orders/')).toBeUndefined();
    expect(reading({ '': 'arn:other' }, 'raw/', true)).toMatchObject({
      message: expect.stringContaining('arn:other in hybrid access mode'),
    });
  });

  it('tells that nothing can be read where nothing is registered', () => {
    const none = { health: 'Unhealthy', message: expect.stringContaining('is not registered with Lake Formation') };
    expect(reading({}, 'raw/')).toMatchObject(none);
    expect(reading({ '/raw': 'arn:dataset-role' }, 'products/')).toMatchObject(none);
    expect(reading({ '/raw': 'arn:dataset-role' }, 'raw/orders/')).toBeUndefined();
  });
});
