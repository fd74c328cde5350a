// How long shares may last: which ends are allowed at a decision, and that later edits of request or rule neither stretch nor cut it.
import { describe, expect, it } from 'vitest';
import { bindApproval } from './binding.ts';
import { decideShare } from './consent.ts';
import { addMonths, endRefusal } from './expiration.ts';
import {
  consumptionRole,
  dataset,
  environment,
  NOW,
  shareApproval,
  shareInputs,
  shareRequest,
} from './testing/fixtures.ts';

/** NOW is 1 June 2026. */
const created = '2026-05-20T15:00:00Z';
const monthly = { setting: 'Monthly', min: 2, max: 6 } as const;
const limited = (expiration: Parameters<typeof endRefusal>[0] = monthly) =>
  dataset({ spec: { sharing: { expiration } } });
const request = (expiresAt?: string) => shareRequest({ metadata: { creationTimestamp: created }, spec: { expiresAt } });
const refusal = (asked?: string, consented?: string, rule: Parameters<typeof endRefusal>[0] = monthly) =>
  endRefusal(rule, request(asked), { expiresAt: consented }, NOW);

describe('the end of a share', () => {
  it.each([
    ['no end where there must be one', undefined, undefined, 'has no end'],
    ['the longest period, of the request alone', '2026-12-01T23:00:00Z', undefined, undefined],
    ['a day more', '2026-12-02T00:00:00Z', undefined, 'would end on 2026-12-02'],
    [
      'a day more in the approval, where the request ends sooner',
      '2026-11-01T00:00:00Z',
      '2030-01-01T00:00:00Z',
      undefined,
    ],
    [
      'a day more in the request, where the approval ends sooner',
      '2030-01-01T00:00:00Z',
      '2026-11-01T00:00:00Z',
      undefined,
    ],
    ['years more in both', '2030-01-01T00:00:00Z', '2031-01-01T00:00:00Z', 'would end on 2030-01-01'],
    ['the end of the approval alone', undefined, '2026-12-02T00:00:00Z', 'would end on 2026-12-02'],
    ['the shortest period since the request', '2026-07-20T00:00:00Z', undefined, undefined],
    ['a day less', '2026-07-19T23:59:59Z', undefined, 'would end on 2026-07-19'],
    ['a day less, as who decides has written', undefined, '2026-07-19T23:59:59Z', undefined],
  ])('%s', (_, asked, consented, expected) => {
    if (expected === undefined) expect(refusal(asked, consented)).toBeUndefined();
    else expect(refusal(asked, consented)).toContain(expected);
  });

  it('may be any where there is no rule', () => {
    expect(endRefusal(undefined, request(), undefined, NOW)).toBeUndefined();
  });

  it('is told with the days that would do and the field to set', () => {
    expect(refusal()).toBe(
      'the dataset lets shares last 2 to 6 months, and this one has no end: set spec.expiresAt of the ShareRequest or the ShareApproval to a day from 2026-07-20 to 2026-12-01',
    );
  });

  it.each([
    [1, 1, 'last 1 month,'],
    [3, 3, 'last 3 months,'],
    [1, 3, 'last 1 to 3 months,'],
  ])('is told in words: %i to %i', (min, max, words) => {
    expect(refusal(undefined, undefined, { setting: 'Monthly', min, max })).toContain(words);
  });

  it('counts quarters', () => {
    const quarterly = { setting: 'Quarterly', min: 1, max: 2 } as const;
    expect(refusal('2026-12-01T00:00:00Z', undefined, quarterly)).toBeUndefined();
    expect(refusal('2026-12-02T00:00:00Z', undefined, quarterly)).toContain('1 to 2 quarters');
    expect(refusal('2026-08-19T00:00:00Z', undefined, quarterly)).toContain('from 2026-08-20 to 2026-12-01');
  });

  it.each([
    ['2026-01-31T10:00:00Z', 1, '2026-02-28T10:00:00.000Z'],
    ['2028-01-31T10:00:00Z', 1, '2028-02-29T10:00:00.000Z'],
    ['2026-12-15T00:00:00Z', 1, '2027-01-15T00:00:00.000Z'],
    ['2026-06-01T00:00:00Z', 120, '2036-06-01T00:00:00.000Z'],
  ])('counts by the calendar: %s and %i months', (from, months, expected) => {
    expect(new Date(addMonths(Date.parse(from), months)).toISOString()).toBe(expected);
  });
});

describe('an end', () => {
  const consentTo = (expiresAt: string | undefined, approval = shareApproval({ status: { boundTo: undefined } })) => {
    const result = bindApproval({
      approval,
      request: request(expiresAt),
      dataset: dataset(),
      consumer: environment('marketing-prod'),
      principal: { kind: 'ConsumptionRole', role: consumptionRole() },
      allowSelfApproval: false,
      at: new Date(NOW).toISOString(),
    });
    if (!result.bound) throw new Error(result.message);
    return { ...approval, status: { ...approval.status, boundTo: result.binding } };
  };
  const august = Date.parse('2026-08-01T00:00:00Z');

  it('that was approved is not moved by whoever asked', () => {
    const approval = consentTo('2026-06-30T00:00:00Z');
    for (const later of [undefined, '2026-06-30T00:00:00Z', '2099-01-01T00:00:00Z'])
      expect(decideShare(shareInputs({ approval, request: request(later), now: august }))).toMatchObject({
        state: 'Expired',
        items: [],
      });
    expect(decideShare(shareInputs({ approval, request: request('2099-01-01T00:00:00Z') })).expiresAt).toBe(
      Date.parse('2026-06-30T00:00:00Z'),
    );
  });

  it('may come sooner than was approved, and need not be there', () => {
    const approval = consentTo('2026-09-01T00:00:00Z');
    expect(decideShare(shareInputs({ approval, request: request('2026-07-01T00:00:00Z'), now: august })).state).toBe(
      'Expired',
    );
    expect(decideShare(shareInputs({ approval: consentTo(undefined), now: august })).state).toBe('Approved');
  });

  /** The approval after an edit that is bound beside a request for this end. */
  const edited = (before: ReturnType<typeof shareApproval>, asked: string | undefined, spec: object) => {
    const metadata = { generation: before.metadata.generation + 1 };
    return consentTo(asked, shareApproval({ metadata, spec, status: { boundTo: before.status.boundTo } }));
  };

  it('that was approved is not moved by an edit of the approval that names none', () => {
    const asked = '2099-01-01T00:00:00Z';
    const first = consentTo('2026-06-30T00:00:00Z');
    for (const later of [asked, undefined]) {
      const approval = edited(first, later, { reason: 'a typo less' });
      expect(approval.status.boundTo).toMatchObject({ approvalGeneration: 2, expiresAt: '2026-06-30T00:00:00.000Z' });
      const share = { approval, request: request(later) };
      expect(decideShare(shareInputs(share))).toMatchObject({ state: 'Approved', extension: { state: 'Pending' } });
      expect(decideShare(shareInputs({ ...share, now: august })).state).toBe('Expired');
      expect(edited(approval, later, {}).status.boundTo?.expiresAt).toBe('2026-06-30T00:00:00.000Z');
    }
    expect(edited(first, '2026-06-20T00:00:00Z', {}).status.boundTo?.expiresAt).toBe('2026-06-20T00:00:00.000Z');
    expect(edited(first, asked, { expiresAt: '2026-12-01T00:00:00Z' }).status.boundTo?.expiresAt).toBe(
      '2026-12-01T00:00:00.000Z',
    );
    expect(
      edited(edited(first, asked, { expiresAt: '2026-05-01T00:00:00Z' }), asked, {}).status.boundTo?.expiresAt,
    ).toBe('2026-05-01T00:00:00.000Z');
  });

  it('is what the request says when it is approved anew after a rejection, or made anew', () => {
    const asked = '2026-09-01T00:00:00Z';
    const first = consentTo('2026-06-30T00:00:00Z');
    const again = edited(edited(first, asked, { decision: 'Rejected' }), asked, {});
    expect(again.status.boundTo?.expiresAt).toBe('2026-09-01T00:00:00.000Z');
    const { boundTo } = first.status;
    const ofAnother = shareApproval({ status: { boundTo: boundTo && { ...boundTo, requestUid: 'uid-before' } } });
    expect(edited(ofAnother, asked, {}).status.boundTo?.expiresAt).toBe('2026-09-01T00:00:00.000Z');
  });

  it.each([
    ['that was approved as it was asked for', '2026-09-01T00:00:00Z', 1, undefined, false],
    ['that moved sooner', '2026-08-01T00:00:00Z', 2, undefined, false],
    ['that moved later', '2027-01-01T00:00:00Z', 2, undefined, true],
    ['that was taken out', undefined, 2, undefined, true],
    ['that was answered by a sooner one', '2027-01-01T00:00:00Z', 1, '2026-09-01T00:00:00Z', false],
    ['that is asked for again after a sooner one', '2027-01-01T00:00:00Z', 2, '2026-09-01T00:00:00Z', true],
  ])('%s waits for a decision or does not', (_, asked, generation, own, waits) => {
    const first = consentTo('2026-09-01T00:00:00Z');
    const approval = shareApproval({ spec: { expiresAt: own }, status: { boundTo: first.status.boundTo } });
    const asking = shareRequest({ metadata: { generation }, spec: { expiresAt: asked } });
    expect(decideShare(shareInputs({ approval, request: asking })).extension?.state).toBe(
      waits ? 'Pending' : undefined,
    );
  });

  it.each([
    ['that nobody has answered', { reason: 'more to do' }, {}, 1, 'Pending'],
    ['that an edit about something else did not answer', {}, { expiresAt: '2026-09-01T00:00:00Z' }, 1, 'Pending'],
    ['that is rejected', {}, { extension: { decision: 'Rejected', at: '2026-06-02T00:00:00Z' } }, 2, 'Rejected'],
    [
      'that is asked for again after it was rejected',
      { askedAt: '2026-06-03T00:00:00Z' },
      { extension: { decision: 'Rejected', at: '2026-06-02T00:00:00Z' } },
      2,
      'Pending',
    ],
    [
      'whose word was taken out after it was rejected',
      undefined,
      { extension: { decision: 'Rejected', at: '2026-06-02T00:00:00Z' } },
      3,
      'Rejected',
    ],
    [
      'of which less was given than asked for',
      {},
      { extension: { decision: 'Approved', at: '2026-06-02T00:00:00Z' }, expiresAt: '2026-09-01T00:00:00Z' },
      1,
      'Approved',
    ],
    [
      'after one of which less was given',
      { askedAt: '2026-06-03T00:00:00Z' },
      { extension: { decision: 'Approved', at: '2026-06-02T00:00:00Z' }, expiresAt: '2026-09-01T00:00:00Z' },
      1,
      'Pending',
    ],
    [
      'that moved on after one was given, with the old word left in place',
      { askedAt: '2026-06-01T00:00:00Z' },
      { extension: { decision: 'Approved', at: '2026-06-02T00:00:00Z' }, expiresAt: '2026-09-01T00:00:00Z' },
      2,
      'Pending',
    ],
  ] as const)('an extension %s', (_, extension, answer, generation, standing) => {
    const { boundTo } = consentTo('2026-09-01T00:00:00Z').status;
    const approval = shareApproval({ spec: answer, status: { boundTo } });
    const asking = (expiresAt: string | undefined) =>
      shareRequest({ metadata: { generation }, spec: { expiresAt, extension } });
    for (const later of ['2027-01-01T00:00:00Z', undefined])
      expect(decideShare(shareInputs({ approval, request: asking(later) }))).toMatchObject({
        state: 'Approved',
        extension: standing && { state: standing },
        ...(later !== undefined && { expiresAt: Date.parse('2026-09-01T00:00:00Z') }),
      });
    const cancelled = shareRequest({ metadata: { generation }, spec: { expiresAt: '2026-09-01T00:00:00Z' } });
    expect(decideShare(shareInputs({ approval, request: cancelled })).extension).toBeUndefined();
  });

  it('that is asked to be later and rejected stays what it was', () => {
    const first = consentTo('2026-06-30T00:00:00Z');
    const extension = { decision: 'Rejected' as const, at: '2026-06-02T00:00:00Z' };
    expect(edited(first, '2027-01-01T00:00:00Z', { extension }).status.boundTo?.expiresAt).toBe(
      '2026-06-30T00:00:00.000Z',
    );
  });

  it('that is over and asked to be later waits for a decision too', () => {
    const approval = consentTo('2026-06-30T00:00:00Z');
    expect(decideShare(shareInputs({ approval, request: request('2027-01-01T00:00:00Z'), now: august }))).toMatchObject(
      {
        state: 'Expired',
        message: expect.stringContaining('consent ended at 2026-06-30T00:00:00Z: set a later spec.expiresAt'),
        consentedUntil: '2026-06-30T00:00:00.000Z',
        extension: { state: 'Pending' },
      },
    );
  });

  it.each(['2027-01-01T00:00:00+24:00', '2027-01-01T00:00:00+23:60'])('that nobody can read is over: %s', (end) => {
    const given = shareApproval({ spec: { expiresAt: end } });
    expect(decideShare(shareInputs({ approval: given })).state).toBe('Expired');
    expect(decideShare(shareInputs({ request: request(end) })).state).toBe('Expired');
    expect(decideShare(shareInputs({ approval: consentTo(end) })).state).toBe('Expired');
  });
});

describe('a decision of a dataset with a rule', () => {
  const at = (now: number) => new Date(now).toISOString();
  const unbound = (expiresAt?: string) => shareApproval({ spec: { expiresAt }, status: { boundTo: undefined } });
  const bind = (changes: Partial<Parameters<typeof bindApproval>[0]>) =>
    bindApproval({
      approval: unbound(),
      request: request(),
      dataset: limited(),
      consumer: environment('marketing-prod'),
      principal: { kind: 'ConsumptionRole', role: consumptionRole() },
      allowSelfApproval: false,
      at: at(NOW),
      ...changes,
    });
  const bound = (changes: Partial<Parameters<typeof bindApproval>[0]>) => {
    const result = bind(changes);
    if (!result.bound) throw new Error(result.message);
    return result.binding;
  };

  it('is not bound to an end that is not allowed, and gives nothing', () => {
    expect(bind({})).toMatchObject({ bound: false, reason: 'ExpirationNotAllowed' });
    const decision = decideShare(shareInputs({ approval: unbound(), request: request(), dataset: limited() }));
    expect(decision).toMatchObject({ state: 'ExpirationNotAllowed', items: [] });
  });

  it('is bound when it rejects, whatever the end', () => {
    const rejection = shareApproval({ spec: { decision: 'Rejected' }, status: { boundTo: undefined } });
    expect(bind({ approval: rejection }).bound).toBe(true);
  });

  it('consents no longer than the rule, whatever the request says later', () => {
    const binding = bound({ request: request('2026-09-01T00:00:00Z') });
    expect(binding.expiresAt).toBe('2026-09-01T00:00:00.000Z');
    const approval = shareApproval({ status: { boundTo: binding } });
    for (const later of [undefined, '2036-01-01T00:00:00Z'])
      expect(decideShare(shareInputs({ approval, request: request(later), dataset: limited() }))).toMatchObject({
        state: 'Approved',
        expiresAt: Date.parse('2026-09-01T00:00:00Z'),
      });
    const over = decideShare(shareInputs({ approval, dataset: limited(), now: Date.parse('2026-09-01T00:00:00Z') }));
    expect(over).toMatchObject({ state: 'Expired', message: expect.stringContaining('ShareApproval') });
  });

  it('consents no longer than the rule where it names a later end than the request', () => {
    const binding = bound({ approval: unbound('2036-01-01T00:00:00Z'), request: request('2026-09-01T00:00:00Z') });
    expect(binding.expiresAt).toBe('2026-12-01T23:59:59.999Z');
  });

  it('stays as it is when the rule changes or comes later', () => {
    for (const approval of [shareApproval(), shareApproval({ status: { boundTo: bound({ dataset: dataset() }) } })]) {
      const strict = limited({ setting: 'Monthly', min: 1, max: 1 });
      expect(decideShare(shareInputs({ approval, dataset: strict })).state).toBe('Approved');
      expect(bind({ approval, dataset: strict }).bound).toBe(true);
    }
  });

  it('goes on as it was bound while an extension is not allowed, and is extended by one that is', () => {
    const boundTo = bound({ request: request('2026-09-01T00:00:00Z') });
    const extended = (expiresAt: string) =>
      shareApproval({ metadata: { generation: 2 }, spec: { expiresAt }, status: { boundTo } });
    const tooLong = { approval: extended('2072-09-01T00:00:00Z'), request: request(), dataset: limited() };
    expect(decideShare(shareInputs(tooLong))).toMatchObject({
      state: 'Approved',
      expiresAt: Date.parse('2026-09-01T00:00:00Z'),
    });
    expect(bind(tooLong)).toMatchObject({
      reason: 'ExpirationNotAllowed',
      message: expect.stringContaining('what was consented to before ends at 2026-09-01'),
    });
    const end = Date.parse('2026-09-01T00:00:00Z');
    expect(decideShare(shareInputs({ ...tooLong, now: end })).state).toBe('ExpirationNotAllowed');
    const allowed = { approval: extended('2026-11-01T00:00:00Z'), request: request(), dataset: limited() };
    expect(bound(allowed)).toMatchObject({ approvalGeneration: 2, expiresAt: '2026-11-01T00:00:00.000Z' });
    expect(decideShare(shareInputs({ ...allowed, now: end })).state).toBe('Binding');
  });

  it('is bound when it says nothing of the end, whatever end is asked for since, and goes on to its own', () => {
    const boundTo = bound({ request: request('2026-09-01T00:00:00Z') });
    const approval = shareApproval({ metadata: { generation: 2 }, status: { boundTo } });
    expect(bound({ approval, request: request('2072-09-01T00:00:00Z') })).toMatchObject({
      approvalGeneration: 2,
      expiresAt: '2026-09-01T00:00:00.000Z',
    });
  });

  it('is bound again in a cluster rebuilt from Git when its end is near, if it says so itself', () => {
    const now = Date.parse('2026-08-31T00:00:00Z');
    const rebuilt = shareRequest({
      metadata: { creationTimestamp: at(now) },
      spec: { expiresAt: '2026-09-01T00:00:00Z' },
    });
    expect(bind({ request: rebuilt, approval: unbound('2026-09-01T00:00:00Z'), at: at(now) }).bound).toBe(true);
    expect(bind({ request: rebuilt, at: at(now) })).toMatchObject({
      reason: 'ExpirationNotAllowed',
      message: expect.stringContaining('or to end it sooner, of the ShareApproval'),
    });
  });

  it('is waited for with the days that it may name', () => {
    const { state, message } = decideShare(
      shareInputs({ approval: undefined, request: request(), dataset: limited() }),
    );
    expect(state).toBe('PendingApproval');
    expect(message).toContain('to a day from 2026-07-20 to 2026-12-01');
  });
});
