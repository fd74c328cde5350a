// One entry that Lake Formation never accepts: it fails alone, is told, and nothing counts as taken that is still there.
import { describe, expect, it } from 'vitest';
import type { AccountAws } from '../../../aws/account.ts';
import { AwsFault } from '../../../aws/fault.ts';
import type { GlueTable } from '../../../aws/services/glue.ts';
import type { LakeGrant } from '../../../aws/services/lakeformation.ts';
import type { LakeResource } from '../../../aws/services/lakeformation-resource.ts';
import { grantId } from '../../grant.ts';
import { type RunMode, reconcileDocument } from '../../reconcile-document.ts';
import { baseline, grant, grantPrincipal, PRODUCER, REGION, ROLE_ARN, table } from '../../testing/fixtures.ts';
import { catalogGrants } from './catalog-grants.ts';
import { resourceKey, rightsOf } from './lake-rights.ts';
import { resultOfGrants, resultOfRevocations } from './batch-results.ts';

const key = { kind: 'catalog-grants', account: PRODUCER, region: REGION, database: 'orders' } as const;
const ON_ORDERS: LakeResource = { kind: 'Table', catalogId: PRODUCER, database: 'orders', table: 'orders' };
const MALLORY: LakeGrant = { principal: 'arn:mallory', resource: ON_ORDERS, permissions: ['SELECT'], grantable: [] };
const OURS = grant(table('orders'));
const THEIRS = grant(table('orders'), { principal: grantPrincipal('robots') });
const EVE: LakeGrant = { ...MALLORY, principal: 'arn:eve' };

/** A catalog that refuses every change for one principal. */
const refusing = (principal: string, retryable = false, permissions: readonly LakeGrant[] = [MALLORY, EVE]) => {
  const world = { permissions };
  const sameRow = (a: LakeGrant, b: LakeGrant): boolean =>
    a.principal === b.principal && resourceKey(a.resource) === resourceKey(b.resource);
  const each = (entries: readonly LakeGrant[], change: (entry: LakeGrant) => void) =>
    entries.map((one) => {
      if (one.principal !== principal) change(one);
      return one.principal === principal ? { grant: one, fault: refusal(retryable) } : { grant: one };
    });
  const lakeFormation = {
    permissions: async ({ resource }: { resource: LakeResource }) =>
      Promise.resolve(world.permissions.filter((row) => resourceKey(row.resource) === resourceKey(resource))),
    filters: async () => Promise.resolve([]),
    grant: async (entries: readonly LakeGrant[]) =>
      Promise.resolve(each(entries, (entry) => (world.permissions = [...world.permissions, entry]))),
    revoke: async (entries: readonly LakeGrant[]) =>
      Promise.resolve(
        each(entries, (entry) => (world.permissions = world.permissions.filter((row) => !sameRow(row, entry)))),
      ),
  };
  const glue = {
    tables: async () =>
      Promise.resolve([{ name: 'orders', locations: [], columns: [], partitionKeys: [] } as unknown as GlueTable]),
  };
  const context = {
    aws: { lakeFormation, glue } as unknown as AccountAws,
    now: () => 0,
    signal: new AbortController().signal,
  };
  const claims = {
    datasets: [baseline()],
    grants: [OURS, THEIRS],
    filters: [],
    administrators: [],
    foreign: [],
    remediation: 'Repair',
  } as const;
  return {
    holders: () => [...new Set([...rightsOf(world.permissions).values()].map((right) => right.principal))],
    run: async (mode: RunMode = 'repair', first?: ReadonlySet<string>) => {
      const options = { mode, urgentGrants: first, audit: () => undefined };
      const outcome = await reconcileDocument(catalogGrants, context, key, claims, options);
      if (outcome === 'requiresRevocation') throw new Error('a repair takes');
      return outcome;
    },
  };
};

const CALL = {
  service: 'lakeformation',
  operation: 'BatchRevokePermissions',
  account: PRODUCER,
  region: REGION,
  write: true,
} as const;

const refusal = (retryable: boolean): AwsFault =>
  new AwsFault(CALL, {
    kind: 'Invalid',
    code: 'InvalidInputException',
    reason: 'no such thing',
    retryable,
    outcomeUnknown: false,
  });

describe('grants of a database', () => {
  it('are added and none is taken while only that is allowed', async () => {
    const { run, holders } = refusing('nobody');
    const outcome = await run('additive');
    expect(holders()).toEqual(expect.arrayContaining(['arn:mallory', 'arn:eve', ROLE_ARN]));
    expect(outcome.clean).toBe(false);
    expect(outcome.verdicts.get(grantId(OURS))).toMatchObject({ state: 'Satisfied' });
  });
});

describe('grants that somebody waits for', () => {
  const first = new Set([grantId(OURS)]);

  it('are made without those of others, whose turn comes later; what must go goes at once', async () => {
    const { run, holders } = refusing('nobody');
    const outcome = await run('repair', first);
    expect(holders()).toEqual([ROLE_ARN]);
    expect(outcome).toMatchObject({ clean: true, deferred: new Set([grantId(THEIRS)]) });
    expect(outcome.verdicts.get(grantId(OURS))).toMatchObject({ state: 'Satisfied' });
    const later = await run();
    expect(later).toMatchObject({ clean: true, deferred: undefined });
    expect(holders()).toEqual(expect.arrayContaining([ROLE_ARN, THEIRS.principal.arn, baseline().datasetRoleArn]));
  });

  it('that fail leave those of others to their turn all the same', async () => {
    const outcome = await refusing(ROLE_ARN).run('repair', first);
    expect(outcome.deferred).toEqual(new Set([grantId(THEIRS)]));
    expect(outcome.verdicts.get(grantId(OURS))).toMatchObject({ state: 'Failed' });
  });

  it('are nobody where access only ends', async () => {
    const { run, holders } = refusing('nobody');
    expect(await run('repair', new Set())).toMatchObject({ clean: true, writes: 1 });
    expect(holders()).toEqual([]);
  });
});

describe('an entry that Lake Formation refuses for good', () => {
  it('to revoke leaves the document unclean, and the others are granted, revoked and judged', async () => {
    const { run, holders } = refusing('arn:mallory');
    const outcome = await run();
    expect(holders()).toEqual(expect.arrayContaining(['arn:mallory', ROLE_ARN]));
    expect(holders()).not.toContain('arn:eve');
    expect(outcome).toMatchObject({
      clean: false,
      problem: { reason: 'AwsError', message: expect.stringContaining('SELECT on table/orders/orders of arn:mallory') },
    });
    expect(outcome.verdicts.get(grantId(OURS))).toMatchObject({ state: 'Satisfied' });
  });

  it('to grant to a role of the dataset is told of the document, and proves no less that the others are gone', async () => {
    const { run, holders } = refusing(baseline().datasetRoleArn);
    const outcome = await run();
    expect(holders()).toContain(ROLE_ARN);
    expect(outcome).toMatchObject({
      clean: true,
      problem: { message: expect.stringContaining(baseline().datasetRoleArn) },
    });
    expect(outcome.verdicts.get(grantId(OURS))).toMatchObject({ state: 'Satisfied' });
  });

  it('to grant to a share fails that share alone', async () => {
    const { run, holders } = refusing(ROLE_ARN);
    const outcome = await run();
    expect(holders()).toContain(baseline().datasetRoleArn);
    expect(outcome.problem).toBeUndefined();
    expect(outcome.verdicts.get(grantId(OURS))).toMatchObject({
      state: 'Failed',
      reason: 'AwsError',
    });
  });
});

describe('an entry that was never sent, because the lease was not ours', () => {
  it('is no refusal of AWS, and makes the whole work come again', () => {
    const fault = new AwsFault(CALL, {
      kind: 'NotLeader',
      code: 'NotLeader',
      reason: '',
      retryable: false,
      outcomeUnknown: false,
    });
    expect(() => resultOfGrants([{ grant: MALLORY, fault }], [{ entry: MALLORY, grants: ['a share'] }])).toThrow(fault);
    expect(() => resultOfRevocations([{ grant: MALLORY, fault }])).toThrow(fault);
  });
});

describe('an entry that may be accepted later', () => {
  it('makes the whole work come again', async () => {
    await expect(refusing('arn:mallory', true).run()).rejects.toThrow('no such thing');
  });
});
