// What people and programs are told of a share: for every decision and every way its documents can stand, and by the rules of Flux.
import { describe, expect, it } from 'vitest';
import { decideShare, grantsOf, type ShareInputs } from '../../access/consent.ts';
import type { Verdict } from '../../access/document.ts';
import { grantId, type Grant } from '../../access/grant.ts';
import {
  consumptionRole,
  CONSUMER,
  dataset,
  environment,
  shareApproval,
  shareInputs,
  shareRequest,
} from '../../access/testing/fixtures.ts';
import { checkConditions } from '../../kernel/testing/condition-checks.ts';
import { mergeConditions } from '../../kernel/conditions.ts';
import type { ItemState } from '../../resources/share-request.ts';
import type { GrantStanding, ShareView } from './item-status.ts';
import { summarizeShare } from './status.ts';

const NOW = Date.parse('2026-06-01T12:00:00Z');
const deleted = { deletionTimestamp: '2026-06-01T00:00:00Z' };
const satisfied: GrantStanding = {
  verdict: { state: 'Satisfied' },
  outputs: undefined,
  failure: undefined,
  isRemembered: false,
};
const items = (state: ItemState) => shareRequest().spec.items.map(({ kind, name }) => ({ kind, name, state }) as const);

type View = Partial<Omit<ShareView, 'standings'>> & { readonly standing?: (grant: Grant) => GrantStanding };

/** The status of a share, checked by Flux's rules. */
const told = (inputs: Partial<ShareInputs>, { standing = () => satisfied, ...view }: View = {}) => {
  const all = shareInputs(inputs);
  const decision = decideShare(all);
  const summary = summarizeShare({
    request: all.request,
    decision,
    standings: new Map(grantsOf(view.decision ?? decision).map((grant) => [grantId(grant), standing(grant)])),
    withdrawn: true,
    drift: [],
    ...view,
  });
  const conditions = mergeConditions([], summary.conditions, all.request.metadata.generation, NOW);
  const status = { observedGeneration: all.request.metadata.generation, conditions };
  expect(checkConditions({ ...all.request, status })).toEqual([]);
  const find = (wanted: string) => conditions.find(({ type }) => type === wanted);
  return {
    ...summary,
    ready: find('Ready'),
    given: find('Granted'),
    healthy: find('Healthy'),
    stalled: find('Stalled')?.reason,
    reconciling: find('Reconciling')?.reason,
  };
};
const standing = (verdict: Verdict | undefined, more: Partial<GrantStanding> = {}) => ({
  standing: () => ({ ...satisfied, verdict, ...more }),
});

describe('a share that waits for a decision', () => {
  it('says on itself and on each item what could not be given as it is asked for', () => {
    const problem = { kind: 'Folder', name: 'raw', reason: 'ItemNotFound', message: 'no such folder' } as const;
    const { ready, items: shown } = told(
      { approval: undefined },
      { problems: { items: [problem], permissions: 'Write is not allowed' } },
    );
    expect(ready).toMatchObject({ status: 'False', reason: 'PendingApproval' });
    expect(ready?.message).toContain('cannot be given: Write is not allowed; Folder raw: no such folder');
    expect(shown).toContainEqual({
      kind: 'Folder',
      name: 'raw',
      state: 'PendingApproval',
      reason: 'ItemNotFound',
      message: 'no such folder',
    });
  });
});

describe('a share of which several items fail', () => {
  it('names all of them in Ready, as far as there is room', () => {
    const failed: Verdict = { state: 'Failed', reason: 'QuotaExceeded', message: 'the policy is full' };
    expect(told({}, standing(failed)).ready?.message).toBe(
      'Table orders: the policy is full; Folder raw: the policy is full; Bucket orders-data: the policy is full',
    );
    const many = Array.from({ length: 500 }, (_, index) => ({ kind: 'Table' as const, name: `table_${index}` }));
    const request = shareRequest({ spec: { items: many } });
    const approval = shareApproval({ spec: { items: many } });
    const { ready } = told({ request, approval }, standing(failed));
    expect(ready?.message).toMatch(/^Table table_0: the policy is full; .*; and \d+ more, see status\.items$/);
    expect(ready?.message.length).toBeLessThan(1_024);
  });
});

describe('a share that gives everything', () => {
  it('is Ready, and only then', () => {
    expect(told({})).toMatchObject({
      phase: 'Granted',
      granted: 3,
      requested: 3,
      ready: { status: 'True', reason: 'Granted' },
    });
  });

  it('is not while some of it waits, failed, or was never read', () => {
    const waiting: Verdict = { state: 'Waiting', reason: 'InvitationPending', message: 'not received yet' };
    const failed: Verdict = { state: 'Failed', reason: 'QuotaExceeded', message: 'the policy is full' };
    expect(told({}, standing(waiting))).toMatchObject({
      phase: 'Granting',
      reconciling: 'Progressing',
      ready: { status: 'False' },
    });
    expect(told({}, standing(undefined))).toMatchObject({ reconciling: 'Progressing', granted: 0 });
    expect(told({}, standing(failed))).toMatchObject({
      granted: 0,
      ready: { status: 'False', reason: 'QuotaExceeded' },
    });
  });

  it('stays so, of unknown health, when AWS cannot be read', () => {
    const blind = told({}, standing({ state: 'Satisfied' }, { failure: { reason: 'Throttled', message: 'later' } }));
    expect(blind).toMatchObject({ granted: 3, ready: { status: 'True' } });
    expect(blind.conditions).toContainEqual(
      expect.objectContaining({ type: 'Healthy', status: 'Unknown', message: 'later' }),
    );
  });

  it('stays so over a restart although this process cannot read any of it, and says why', () => {
    const request = shareRequest({ status: { items: items('Granted') } });
    const failure = {
      reason: 'PivotRoleUnreachable',
      message: 'sts:AssumeRole: NoTrust. Link the account again',
    } as const;
    const blind = told({ request }, standing(undefined, { failure, isRemembered: true }));
    expect(blind).toMatchObject({
      phase: 'Granted',
      granted: 3,
      given: { status: 'True' },
      healthy: { status: 'Unknown', reason: 'Unverified', message: failure.message },
      ready: { status: 'False', reason: 'PivotRoleUnreachable', message: failure.message },
      reconciling: 'ProgressingWithRetry',
    });
    for (const item of blind.items) expect(item).toMatchObject({ state: 'Granted', health: 'Unknown' });
    // So says the next process too, before it has tried.
    const next = shareRequest({ status: { items: [...blind.items] } });
    expect(told({ request: next }, standing(undefined, { isRemembered: true }))).toMatchObject({
      phase: 'Granted',
      ready: { status: 'False', reason: 'PivotRoleUnreachable' },
      healthy: { status: 'Unknown' },
    });
  });

  it('is not called so where nobody ever read it, where a read says no, or where something else is wanted', () => {
    const failure = { reason: 'PivotRoleUnreachable', message: 'no trust' } as const;
    const waiting: Verdict = { state: 'Waiting', reason: 'InvitationPending', message: 'not received yet' };
    const remembered = { failure, isRemembered: true };
    const granted = shareRequest({ status: { items: items('Granted') } });
    const filtered = items('Granted').map((item) => ({ ...item, ...(item.kind === 'Table' && { filters: ['eu'] }) }));
    const states = (request: ReturnType<typeof shareRequest>, view: View) =>
      told({ request }, view).items.map(({ state }) => state);
    const none = ['Granting', 'Granting', 'Granting'];
    expect(states(shareRequest({ status: { items: items('Granting') } }), standing(undefined, remembered))).toEqual(
      none,
    );
    expect(states(granted, standing(undefined, { failure }))).toEqual(none);
    expect(states(granted, standing(waiting, remembered))).toEqual(none);
    const narrowed = shareRequest({ status: { items: filtered } });
    expect(states(narrowed, standing(undefined, remembered))).toEqual(['Granting', 'Granted', 'Granted']);
    const revoking = told(
      { request: granted, approval: undefined },
      { ...standing(undefined, remembered), withdrawn: false },
    );
    expect(revoking.items.map(({ state }) => state)).toEqual(['Revoking', 'Revoking', 'Revoking']);
  });

  it('is as healthy as its items', () => {
    const failed: Verdict = { state: 'Failed', reason: 'QuotaExceeded', message: 'the policy is full' };
    const half = told(
      {},
      { standing: ({ item }) => ({ ...satisfied, ...(item.kind === 'Folder' && { verdict: failed }) }) },
    );
    expect(half).toMatchObject({
      granted: 2,
      healthy: { status: 'False', reason: 'QuotaExceeded', message: 'Folder raw: the policy is full' },
    });
    const drifted = items('Granted').map((item) => ({
      ...item,
      health: 'Unhealthy' as const,
      reason: 'Drifted',
      message: 'statement X is missing',
    }));
    expect(
      told({ request: shareRequest({ status: { items: drifted } }) }, standing(undefined, { isRemembered: true })),
    ).toMatchObject({
      phase: 'Unhealthy',
      healthy: { status: 'False', reason: 'Drifted', message: 'statement X is missing' },
      ready: { status: 'False', reason: 'Drifted' },
    });
  });

  it('is Unhealthy with evidence where drift is reported and not repaired', () => {
    expect(told({}, { drift: ['statement X is missing'] })).toMatchObject({
      phase: 'Unhealthy',
      ready: { status: 'False', reason: 'Drifted', message: expect.stringContaining('statement X') },
    });
  });
});

describe('a share that gives nothing', () => {
  const past = '2020-01-01T00:00:00Z';
  const unbound = shareApproval({ status: { boundTo: undefined } });
  const limited = { dataset: dataset({ spec: { sharing: { expiration: { setting: 'Monthly', min: 1, max: 6 } } } }) };
  const role = (status: object) => ({
    principal: { kind: 'ConsumptionRole' as const, role: consumptionRole({ status }) },
  });
  const cases: readonly [string, 'Stalled' | 'Reconciling' | 'Waiting', string, Partial<ShareInputs>][] = [
    ['Draft', 'Waiting', 'Draft', { request: shareRequest({ spec: { draft: true } }) }],
    ['PendingApproval', 'Waiting', 'Submitted', { approval: undefined }],
    ['Rejected', 'Stalled', 'Rejected', { approval: shareApproval({ spec: { decision: 'Rejected' } }) }],
    ['Expired', 'Stalled', 'Expired', { request: shareRequest({ spec: { expiresAt: past } }) }],
    ['RequestMismatch', 'Stalled', 'Submitted', { approval: shareApproval({ spec: { requester: 'others' } }) }],
    ['ApprovalStale', 'Stalled', 'Submitted', role({ principalId: 'AROAOTHER' })],
    ['EnvironmentNotReady', 'Waiting', 'Submitted', { consumer: undefined }],
    ['PrincipalNotReady', 'Waiting', 'Submitted', role({ principalId: undefined })],
    ['ExpirationNotAllowed', 'Stalled', 'Submitted', { ...limited, approval: unbound }],
    ['DatasetNotFound', 'Waiting', 'Submitted', { dataset: undefined }],
    ['DatasetTerminating', 'Waiting', 'Submitted', { dataset: dataset({ metadata: deleted }) }],
    ['DatasetNotReady', 'Waiting', 'Submitted', { dataset: dataset({ status: { bucket: undefined } }) }],
    ['PrincipalNotFound', 'Waiting', 'Submitted', { principal: undefined }],
    [
      'CrossRegion',
      'Stalled',
      'Submitted',
      { consumer: environment('marketing-prod', { spec: { account: { id: CONSUMER, region: 'us-east-1' } } }) },
    ],
    ['Deleting', 'Reconciling', 'Revoking', { request: shareRequest({ metadata: deleted }) }],
    ['Progressing', 'Reconciling', 'Granting', { approval: unbound }],
  ];
  it.each(cases)('says %s', (reason, type, phase, inputs) => {
    const status = told(inputs);
    expect(status).toMatchObject({ phase, granted: 0, ready: { status: 'False', reason } });
    expect([status.stalled, status.reconciling]).toEqual([
      type === 'Stalled' ? reason : undefined,
      type === 'Reconciling' ? reason : undefined,
    ]);
    expect(status.ready?.message).not.toBe('');
  });

  it.each(cases.filter(([reason]) => ['RequestMismatch', 'ApprovalStale', 'DatasetTerminating'].includes(reason)))(
    'says Revoked only where something was given: %s',
    (_reason, _type, _phase, inputs) => {
      const had = (state: ItemState) => told({ ...inputs, request: shareRequest({ status: { items: items(state) } }) });
      expect(had('Granted').phase).toBe('Revoked');
      expect(had('Revoked').phase).toBe('Revoked');
      expect(had('Rejected').phase).toBe('Submitted');
      expect(had('PendingApproval').phase).toBe('Submitted');
    },
  );

  it('gives one reason for what Ready and Granted both know', () => {
    const { given, ready } = told(role({ principalId: 'AROAOTHER' }));
    expect(given).toMatchObject({ status: 'False', reason: 'ApprovalStale', message: ready?.message });
    expect(told({ approval: shareApproval({ spec: { decision: 'Rejected' } }) }).given?.reason).toBe('Rejected');
  });

  it('says what its deletion waits for', () => {
    const deleting = { request: shareRequest({ metadata: deleted }) };
    expect(told(deleting, { withdrawn: false, obstacle: 'Lake Formation says no' }).ready?.message).toMatch(
      /being deleted: Lake Formation says no$/,
    );
  });

  it.each(cases.filter(([reason]) => reason !== 'Deleting'))(
    'says Revoking first where something was given: %s',
    (_reason, _type, _phase, inputs) => {
      const { request = shareRequest(), ...others } = inputs;
      const given = { ...request, status: { ...request.status, items: items('Granted') } };
      const status = told({ ...others, request: given }, { withdrawn: false });
      expect(status).toMatchObject({
        phase: 'Revoking',
        reconciling: 'Progressing',
        ready: { status: 'False', reason: 'Revoking' },
      });
      expect(status.items.every(({ state }) => state === 'Revoking')).toBe(true);
    },
  );
});

describe('items', () => {
  it('taken out of a request are shown until they are gone', () => {
    const request = shareRequest({
      spec: { items: shareRequest().spec.items.slice(0, 1) },
      status: { items: items('Granted') },
    });
    const going = told({ request }, { withdrawn: false });
    expect(going.items.map(({ state }) => state)).toEqual(['Granted', 'Revoking', 'Revoking']);
    expect(going).toMatchObject({ requested: 1, reconciling: 'Progressing' });
    expect(told({ request }).items).toHaveLength(1);
  });

  it('keeps the names of what is being taken, and says what stands in the way', () => {
    const names = { database: 'orders_shared', link: 'orders', accessPointArn: 'arn:aws:s3:::point' };
    const given = items('Granted').map((item) => ({
      ...item,
      ...names,
      accessPointAlias: 'alias',
      health: 'Healthy' as const,
    }));
    const request = shareRequest({ spec: { items: shareRequest().spec.items.slice(0, 1) }, status: { items: given } });
    const going = told({ request, dataset: undefined }, { withdrawn: false, obstacle: 'Lake Formation says no' });
    expect(going.items).toHaveLength(3);
    for (const item of going.items)
      expect(item).toEqual({ kind: item.kind, name: item.name, state: 'Revoking', ...names });
    expect(going.ready?.message).toMatch(/being taken away: Lake Formation says no$/);
  });

  it('that are not approved yet keep the share from being Ready', () => {
    const approval = shareApproval({ spec: { items: shareRequest().spec.items.slice(0, 1) } });
    expect(told({ approval })).toMatchObject({
      phase: 'PartlyGranted',
      granted: 1,
      ready: { reason: 'PartlyApproved' },
    });
  });

  it('of a request that is over wait for nobody: they ended without having been given, or are taken away', () => {
    const over = (before: ItemState | undefined) => {
      const status = { items: before && items(before) };
      const request = shareRequest({ spec: { expiresAt: '2020-01-01T00:00:00Z' }, status });
      return told({ request, approval: undefined }).items[0]?.state;
    };
    expect([undefined, 'PendingApproval', 'Rejected', 'Expired'].map((state) => over(state as ItemState))).toEqual(
      Array.from({ length: 4 }, () => 'Expired'),
    );
    expect([over('Granted'), over('Revoked')]).toEqual(['Revoked', 'Revoked']);
    const status = { items: items('Expired') };
    expect(told({ request: shareRequest({ status }), approval: undefined }).items[0]?.state).toBe('PendingApproval');
  });

  it('that wait are counted in words that fit', () => {
    const [first, second] = shareRequest().spec.items;
    const approved = (items: readonly (typeof first)[]) => {
      const approval = shareApproval({ spec: { items: items.flatMap((item) => item ?? []) } });
      return told({ approval }).conditions.find(({ type }) => type === 'Approved');
    };
    expect(approved([first, second])?.message).toBe('1 of 3 items waits for a decision');
    expect(approved([first])?.message).toBe('2 of 3 items wait for a decision');
  });

  it('that were all replaced leave nothing approved', () => {
    const request = shareRequest({ spec: { items: [{ kind: 'Table', name: 'returns' }] } });
    const summary = told({ request });
    expect(summary).toMatchObject({
      phase: 'Submitted',
      ready: { status: 'False', reason: 'PendingApproval' },
      given: { status: 'False', reason: 'PendingApproval' },
    });
    expect(summary.conditions).toContainEqual(
      expect.objectContaining({ type: 'Approved', status: 'False', reason: 'PendingApproval' }),
    );
  });

  it('are given until the end that is consented to, and a later one that is asked for is told of', () => {
    const { boundTo } = shareApproval().status;
    const approval = shareApproval({
      status: { boundTo: boundTo && { ...boundTo, expiresAt: '2027-01-01T00:00:00.000Z' } },
    });
    const later = (expiresAt: string | undefined) => told({ approval, request: shareRequest({ spec: { expiresAt } }) });
    const waits =
      'the later end 2028-01-01T00:00:00Z waits for a decision: there is consent until 2027-01-01T00:00:00Z';
    const summary = later('2028-01-01T00:00:00Z');
    expect(summary.ready).toMatchObject({ status: 'True', message: `3 of 3 items granted; ${waits}` });
    expect(summary.conditions).toContainEqual(
      expect.objectContaining({ type: 'Approved', status: 'True', reason: 'PartlyApproved', message: waits }),
    );
    expect(later(undefined).ready?.message).toContain('to go on without an end waits for a decision');
    expect(later('2026-12-01T00:00:00Z').ready?.message).toBe('3 of 3 items granted');
  });

  describe('that were taken back', () => {
    const denied = { kind: 'Table', name: 'orders', at: '2026-06-01T10:00:00Z', reason: 'it holds names' } as const;
    const all = (list: 'withdrawn' | 'rejected') =>
      shareApproval({ spec: { items: [], [list]: shareRequest().spec.items.map((item) => ({ ...denied, ...item })) } });
    const given = shareRequest({ status: { items: items('Granted') } });
    const approved = ({ conditions }: ReturnType<typeof told>) => conditions.find(({ type }) => type === 'Approved');

    it('are on their way out until a read has proved it, then revoked, and the rest stays', () => {
      const approval = shareApproval({ spec: { withdrawn: [denied] } });
      expect(told({ approval, request: given }, { withdrawn: false })).toMatchObject({
        phase: 'Revoking',
        items: [{ state: 'Revoking' }, { state: 'Granted' }, { state: 'Granted' }],
      });
      const summary = told({ approval, request: given });
      expect(summary).toMatchObject({
        phase: 'PartlyGranted',
        granted: 2,
        items: [{ state: 'Revoked', reason: 'Withdrawn' }, { state: 'Granted' }, { state: 'Granted' }],
        ready: { status: 'False', reason: 'Withdrawn', message: expect.stringContaining('Table orders: taken back') },
        stalled: 'Withdrawn',
      });
      expect(approved(summary)).toMatchObject({ status: 'True', reason: 'PartlyApproved' });
    });

    it.each([
      ['withdrawn', 'Withdrawn', 'Revoked'],
      ['rejected', 'Rejected', 'Rejected'],
    ] as const)('all of them, %s, leave nothing approved and nobody asked', (list, reason, phase) => {
      const summary = told({ approval: all(list), request: given });
      expect(summary).toMatchObject({ phase, stalled: reason, granted: 0, given: { status: 'False', reason } });
      expect(summary.items.map(({ state }) => state)).toEqual([phase, phase, phase]);
      expect(approved(summary)).toMatchObject({ status: 'False', reason });
    });

    it('and are asked for again wait like any other', () => {
      const [table, ...rest] = shareRequest().spec.items;
      if (table === undefined) throw new Error('the request of the cast has a table');
      const request = shareRequest({ spec: { items: [{ ...table, askedAt: '2026-06-01T11:00:00Z' }, ...rest] } });
      expect(told({ approval: shareApproval({ spec: { withdrawn: [denied] } }), request })).toMatchObject({
        phase: 'PartlyGranted',
        items: [{ state: 'PendingApproval' }, { state: 'Granted' }, { state: 'Granted' }],
        ready: { reason: 'PartlyApproved' },
        stalled: undefined,
      });
    });
  });

  it('that the requester gave back are shown as revoked, once they are', () => {
    const [table, ...rest] = shareRequest().spec.items;
    if (table === undefined) throw new Error('the request of the cast has a table');
    const request = shareRequest({
      spec: { items: rest, withdrawn: [{ kind: table.kind, name: table.name }] },
      status: { items: items('Granted') },
    });
    const last = (proved: boolean) => told({ request }, { withdrawn: proved }).items.at(-1);
    expect(last(false)).toMatchObject({ name: table.name, state: 'Revoking' });
    expect(last(true)).toMatchObject({ name: table.name, state: 'Revoked' });
    expect(told({ request })).toMatchObject({ phase: 'Granted', requested: 2, granted: 2 });
  });

  it('that a draft does not have yet are not called granted', () => {
    expect(told({ request: shareRequest({ spec: { draft: true, items: [] } }) })).toMatchObject({
      phase: 'Draft',
      requested: 0,
      items: [],
      given: { status: 'False', reason: 'Draft' },
    });
  });

  it.each([
    ['nobody answered', {}, { status: 'False', reason: 'ExtensionPending' }, 'waits for a decision'],
    [
      'it was rejected',
      { extension: { decision: 'Rejected', reason: 'the campaign is over', at: '2026-06-01T10:00:00Z' } },
      { status: 'False', reason: 'ExtensionRejected' },
      'the campaign is over; there is consent until 2027-01-01T00:00:00Z',
    ],
    [
      'it was given',
      {
        expiresAt: '2027-01-01T00:00:00Z',
        extension: { decision: 'Approved', at: '2026-06-01T10:00:00Z' },
      },
      { status: 'True', reason: 'Extended' },
      'there is consent until 2027-01-01T00:00:00Z',
    ],
  ] as const)('go on while a later end is asked for, and a condition says that %s', (_, spec, condition, words) => {
    const { boundTo } = shareApproval().status;
    const status = { boundTo: boundTo && { ...boundTo, expiresAt: '2027-01-01T00:00:00.000Z' } };
    const request = shareRequest({ spec: { expiresAt: '2028-01-01T00:00:00Z', extension: { reason: 'more to do' } } });
    const summary = told({ request, approval: shareApproval({ spec, status }) });
    expect(summary).toMatchObject({ phase: 'Granted', granted: 3 });
    expect(summary.conditions).toContainEqual(
      expect.objectContaining({ type: 'Extended', ...condition, message: expect.stringContaining(words) }),
    );
  });

  it('that cannot be taken away yet say what AWS refuses', () => {
    const request = shareRequest({ spec: { items: [] }, status: { items: items('Granted') } });
    const failure = { reason: 'AccessDenied', message: 'the bucket policy may not be written' } as const;
    for (const item of told({ request }, { withdrawn: false, failure }).items)
      expect(item).toMatchObject({ state: 'Revoking', ...failure });
  });

  it('that failed do not say where to read them', () => {
    const failed: Verdict = { state: 'Failed', reason: 'QuotaExceeded', message: 'the policy is full' };
    const outputs = { database: 'orders_shared', link: 'orders', accessPointArn: 'arn', accessPointAlias: 'alias' };
    for (const item of told({}, standing(failed, { outputs })).items) {
      expect(item).toMatchObject({ state: 'Failed', database: 'orders_shared', accessPointArn: 'arn' });
      expect([item.link, item.accessPointAlias]).toEqual([undefined, undefined]);
    }
  });

  it('say what is wrong with them in as many characters as the CRD takes', () => {
    const long: Verdict = { state: 'Failed', reason: 'AwsError', message: 'x'.repeat(1_000) };
    for (const { message } of told({}, standing(long)).items) expect(message).toHaveLength(256);
  });

  it('are looked up once each, however many there are', () => {
    const many = Array.from({ length: 500 }, (_, index) => ({ kind: 'Table' as const, name: `t${index}` }));
    let looks = 0;
    const before = many.map((item) => ({ ...item, state: 'Granted' as const }));
    const counted = new Proxy(before, {
      get: (array, property, receiver): unknown => {
        if (typeof property === 'string' && /^\d+$/.test(property)) looks += 1;
        return Reflect.get(array, property, receiver);
      },
    });
    const request = shareRequest({ spec: { items: many }, status: { items: counted } });
    const approval = shareApproval({ spec: { items: many } });
    expect(told({ request, approval }).granted).toBe(many.length);
    expect(looks).toBeLessThanOrEqual(5 * many.length);
  });
});
