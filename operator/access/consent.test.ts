// What a share gives, from request, approval and the recorded binding: every state, every refusal, and that nothing slips through.
import { describe, expect, it } from 'vitest';
import { askedDigest } from './approval-match.ts';
import { decideShare, grantsOf, isUnsettled, type ShareInputs } from './consent.ts';
import { basisOf } from './decision-basis.ts';
import {
  CONSUMER,
  consumptionRole,
  dataset,
  environment,
  NOW,
  PRODUCER,
  ROLE_ARN,
  shareApproval,
  shareInputs as shareObjects,
  shareRequest,
  team,
  organization,
} from './testing/fixtures.ts';

/** As decisions are made: a fact that is not in their basis is missed here. */
const shareInputs = (changes: Partial<ShareInputs> = {}): ShareInputs => basisOf(shareObjects(changes));

const state = (changes: Partial<ShareInputs>) => decideShare(shareInputs(changes)).state;
const bound = shareApproval().status.boundTo;
if (bound === undefined) throw new Error('the approval of the cast is bound');
/** AWS was asked, and has no such role. */
const gone = consumptionRole({
  status: {
    principalId: undefined,
    conditions: [
      {
        type: 'Ready',
        status: 'False',
        reason: 'PrincipalNotFound',
        message: '',
        observedGeneration: 1,
        lastTransitionTime: '2026-06-01T00:00:00Z',
      },
    ],
  },
});
const deleted = { deletionTimestamp: '2026-06-01T00:00:00Z' };

describe('what somebody prepares', () => {
  it('gives nothing, and is not told to who asks', () => {
    const approval = shareApproval({ spec: { decision: 'Pending', reason: 'not yet decided between us' } });
    expect(decideShare(shareInputs({ approval }))).toMatchObject({
      state: 'PendingApproval',
      message: 'waits for the decision of sales',
      items: [],
    });
  });
});

describe('a share in order', () => {
  it('counts a requester whom the organization has, and everybody while the organization is not known', () => {
    const owned = environment('marketing-prod', { spec: { owner: 'others' } });
    const inputs: readonly Partial<ShareInputs>[] = [
      { consumerOrganization: organization(['marketing', 'others']), consumer: owned },
      { consumerOrganization: organization(['marketing']), producerOrganization: organization(['sales']) },
      { consumerOrganization: undefined, consumer: owned },
    ];
    expect(inputs.map(state)).toEqual(['Approved', 'Approved', 'Approved']);
  });

  it('ends when the owner of the environment that asks is taken out of the organization, and says who can put it back', () => {
    const decision = decideShare(shareInputs({ consumerOrganization: organization(['sales']) }));
    expect(decision).toMatchObject({ state: 'NotInvited', items: [] });
    expect(decision.message).toMatch(
      /marketing, the owner of Environment marketing-prod, is not in Organization acme.*add it to spec.teams/,
    );
  });

  it('ends when the owner of the environment that gives is taken out, and tells who asks of nobody but who decides', () => {
    const producer = environment('sales-prod', { spec: { owner: 'sales-platform', organization: 'hidden' } });
    const decision = decideShare(shareInputs({ producer, producerOrganization: organization(['marketing']) }));
    expect(decision).toMatchObject({ state: 'NotInvited', items: [] });
    expect(decision.message).toMatch(/^environment sales-prod is not in its organization any more.*ask sales/);
    expect(decision.message).not.toMatch(/sales-platform|hidden/);
  });

  it('gives every item that both sides name, to the principal, with what AWS needs to know', () => {
    const decision = decideShare(shareInputs());
    expect(decision.state).toBe('Approved');
    expect(grantsOf(decision).map(({ item }) => item)).toEqual([
      { kind: 'Table', name: 'orders', filters: [] },
      { kind: 'Folder', name: 'raw', prefix: 'raw/' },
      { kind: 'Bucket', name: 'orders-data' },
    ]);
    for (const grant of grantsOf(decision))
      expect(grant).toMatchObject({
        source: { account: PRODUCER, bucket: 'orders-data', database: 'orders' },
        consumer: { account: CONSUMER },
        principal: { arn: ROLE_ARN, uniqueId: 'AROAANALYSTS' },
        permissions: ['Read'],
        suspended: false,
      });
  });

  it('does not care in which order the two sides list things', () => {
    const items = [...(shareRequest().spec.items ?? [])].reverse();
    const approval = shareApproval({ spec: { items } });
    expect(grantsOf(decideShare(shareInputs({ approval })))).toEqual(grantsOf(decideShare(shareInputs())));
  });
});

describe('a team that becomes a steward', () => {
  it('keeps its share, for stewards decide and have no access by that', () => {
    const request = { requester: 'analysts', principal: { kind: 'Team' as const, name: 'analysts' } };
    const binding = { ...bound, principalId: undefined, environmentUid: 'uid-sales-prod', group: 'analysts' };
    const of = (stewards: string[]) =>
      decideShare(
        shareInputs({
          request: shareRequest({ metadata: { namespace: 'sales-prod' }, spec: request }),
          approval: shareApproval({
            spec: { ...request, requestRef: { namespace: 'sales-prod', name: 'orders-for-analysts' } },
            status: { boundTo: binding },
          }),
          consumer: environment('sales-prod'),
          principal: { kind: 'Team', team: team('sales-prod', { spec: { group: 'analysts' } }) },
          dataset: dataset({ spec: { stewards } }),
        }),
      );
    expect(grantsOf(of([]))).toHaveLength(3);
    expect(grantsOf(of(['analysts']))).toHaveLength(3);
  });
});

describe('why a share gives nothing', () => {
  const past = '2026-06-01T11:59:59Z';
  const limited = { dataset: dataset({ spec: { sharing: { expiration: { setting: 'Monthly', min: 1, max: 6 } } } }) };
  const ownTeam = {
    request: shareRequest({
      metadata: { namespace: 'sales-prod' },
      spec: { principal: { kind: 'Team', name: 'analysts' } },
    }),
    consumer: environment('sales-prod'),
    principal: { kind: 'Team' as const, team: team('sales-prod', { spec: { group: 'sales' } }) },
  };
  const taken = {
    principalId: undefined,
    conditions: [
      {
        type: 'Ready',
        status: 'False' as const,
        reason: 'PrincipalTaken',
        message: 'is taken',
        observedGeneration: 1,
        lastTransitionTime: past,
      },
    ],
  };
  const cases: readonly [string, Partial<ShareInputs>][] = [
    ['Deleting', { request: shareRequest({ metadata: deleted }) }],
    ['DatasetNotFound', { dataset: undefined }],
    ['DatasetTerminating', { dataset: dataset({ metadata: deleted }) }],
    ['Draft', { request: shareRequest({ spec: { draft: true } }) }],
    ['Expired', { request: shareRequest({ spec: { expiresAt: past } }) }],
    ['Expired', { request: shareRequest({ spec: { expiresAt: new Date(NOW).toISOString() } }) }],
    ['Expired', { approval: shareApproval({ spec: { expiresAt: past } }) }],
    ['PrincipalNotFound', { principal: undefined }],
    ['PrincipalNotFound', { principal: { kind: 'ConsumptionRole', role: consumptionRole({ metadata: deleted }) } }],
    ['DatasetNotReady', { dataset: dataset({ status: { bucket: undefined } }) }],
    ['DatasetNotReady', { producer: undefined }],
    ['EnvironmentNotReady', { consumer: undefined }],
    ['EnvironmentNotReady', { consumer: environment('marketing-prod', { status: { id: undefined } }) }],
    [
      'PrincipalNotReady',
      { principal: { kind: 'ConsumptionRole', role: consumptionRole({ status: { principalId: undefined } }) } },
    ],
    [
      'PrincipalTaken',
      {
        principal: { kind: 'ConsumptionRole', role: consumptionRole({ status: taken }) },
      },
    ],
    [
      'CrossRegion',
      { consumer: environment('marketing-prod', { spec: { account: { id: CONSUMER, region: 'us-east-1' } } }) },
    ],
    ['PrincipalNotFound', { principal: { kind: 'ConsumptionRole', role: gone } }],
    ['OwnDataset', ownTeam],
    ['RequesterNotAllowed', { request: shareRequest({ spec: { requester: 'others' } }) }],
    [
      'RequesterNotAllowed',
      {
        consumerOrganization: organization(['others']),
        consumer: environment('marketing-prod', { spec: { owner: 'others' } }),
      },
    ],
    ['PendingApproval', { approval: undefined }],
    ['PendingApproval', { approval: shareApproval({ metadata: deleted }) }],
    ['Rejected', { approval: shareApproval({ spec: { decision: 'Rejected' } }) }],
    ['Binding', { approval: shareApproval({ status: { boundTo: undefined } }) }],
    ['ExpirationNotAllowed', { ...limited, approval: shareApproval({ status: { boundTo: undefined } }) }],
    ['ExpirationNotAllowed', { ...limited, approval: shareApproval({ metadata: { generation: 2 } }) }],
    ['Expired', { approval: shareApproval({ status: { boundTo: { ...bound, expiresAt: past } } }) }],
    [
      'Binding',
      {
        approval: shareApproval({ metadata: { generation: 2 }, status: { boundTo: { ...bound, expiresAt: past } } }),
      },
    ],
    [
      'Binding',
      {
        approval: shareApproval({ metadata: { generation: 2 }, status: { boundTo: { ...bound, requestUid: 'old' } } }),
      },
    ],
  ];
  it.each(cases)('%s (case %#)', (expected, changes) => {
    const decision = decideShare(shareInputs(changes));
    expect(decision.state).toBe(expected);
    expect(grantsOf(decision)).toEqual([]);
    expect(decision.message).not.toBe('');
  });

  it('speaks of a mismatch whatever the approval is about instead', () => {
    const { spec } = shareApproval();
    const others: readonly Partial<typeof spec>[] = [
      { datasetRef: { name: 'customers' } },
      { requester: 'others' },
      { principal: { kind: 'ConsumptionRole', name: 'others', arn: ROLE_ARN } },
      { principal: { kind: 'Team', name: 'analysts' } },
      { principal: { kind: 'ConsumptionRole', name: 'analysts', arn: `${ROLE_ARN}2` } },
      { principal: { kind: 'ConsumptionRole', name: 'analysts' } },
      { requestRef: { ...spec.requestRef, uid: 'uid-of-its-predecessor' } },
    ];
    for (const other of others) expect(state({ approval: shareApproval({ spec: other }) })).toBe('RequestMismatch');
    const elsewhere = shareApproval({ metadata: { namespace: 'hr-prod' } });
    expect(state({ approval: elsewhere })).toBe('RequestMismatch');
  });

  it('may be settled in a moment only while something is not there yet', () => {
    const unsettled = cases
      .filter(([, changes]) => isUnsettled(decideShare(shareInputs(changes))))
      .map(([name]) => name);
    expect([...new Set(unsettled)].toSorted()).toEqual([
      'Binding',
      'DatasetNotReady',
      'EnvironmentNotReady',
      'PrincipalNotReady',
    ]);
  });
});

describe('the binding', () => {
  const stale = (changes: Partial<ShareInputs>) => {
    const decision = decideShare(shareInputs(changes));
    expect(decision).toMatchObject({
      state: 'ApprovalStale',
      message: expect.stringMatching(/: edit the approval, e\.g\. its spec\.reason, to consent again/),
    });
    expect(grantsOf(decision)).toEqual([]);
  };

  it('ends with a request of the same name', () => {
    stale({ request: shareRequest({ metadata: { uid: 'uid-of-another' } }) });
  });

  it('ends with a dataset of the same name', () => {
    stale({ dataset: dataset({ metadata: { uid: 'uid-of-another' } }) });
  });

  it('ends with a role of the same ARN', () => {
    stale({ principal: { kind: 'ConsumptionRole', role: consumptionRole({ status: { principalId: 'AROAOTHER' } }) } });
  });

  it('ends with a role of another ARN, which the approval has to name first', () => {
    const principalArn = `${ROLE_ARN}-new`;
    const principal = { kind: 'ConsumptionRole' as const, role: consumptionRole({ spec: { principalArn } }) };
    expect(state({ principal })).toBe('RequestMismatch');
    stale({
      principal,
      approval: shareApproval({
        spec: { principal: { kind: 'ConsumptionRole', name: 'analysts', arn: principalArn } },
      }),
    });
  });

  describe('of a team', () => {
    const request = shareRequest({ spec: { principal: { kind: 'Team', name: 'analysts' } } });
    const approval = (boundTo: Partial<typeof bound>) =>
      shareApproval({
        spec: { principal: { kind: 'Team', name: 'analysts' } },
        status: { boundTo: { ...bound, principalId: undefined, ...boundTo } },
      });
    const ours = { environmentUid: 'uid-marketing-prod', group: 'marketing' };
    const member = (changes: Parameters<typeof team>[1] = {}) => ({
      kind: 'Team' as const,
      team: team('marketing-prod', changes),
    });

    it('survives that our stack makes its role again', () => {
      const principal = member({ status: { roleId: 'AROAREDEPLOYED' } });
      expect(state({ request, approval: approval(ours), principal })).toBe('Approved');
    });

    it('ends with another environment or group', () => {
      stale({ request, approval: approval({ ...ours, environmentUid: 'uid-of-another' }), principal: member() });
      stale({ request, approval: approval({ ...ours, group: 'others' }), principal: member() });
    });

    it('is to the role itself where the team brought one', () => {
      const imported = { spec: { roleArn: ROLE_ARN } };
      const toRole = approval({ principalId: 'AROAANALYSTS' });
      expect(state({ request, approval: toRole, principal: member(imported) })).toBe('Approved');
      stale({
        request,
        approval: toRole,
        principal: member({ ...imported, status: { roleId: 'AROAOTHER' } }),
      });
    });
  });
});

describe('a rejection', () => {
  const rejected = shareApproval({ spec: { decision: 'Rejected', reason: 'not now' } });

  it('tells its reason', () => {
    expect(decideShare(shareInputs({ approval: rejected })).message).toBe(
      'rejected by sales: not now. Edit the request to ask again',
    );
  });

  it('of what was approved tells neither the reason for approving nor that who approved said no', () => {
    const { boundTo } = shareApproval().status;
    const approved = { by: 'sales', reason: 'for the quarterly report' };
    const inPlace = (spec: object) =>
      decideShare(
        shareInputs({
          dataset: dataset({ spec: { stewards: ['sales-stewards'] } }),
          approval: shareApproval({
            metadata: { generation: 2 },
            spec: { decision: 'Rejected', ...spec },
            status: { boundTo: boundTo && { ...boundTo, approved } },
          }),
        }),
      ).message;
    expect(inPlace({ reason: approved.reason })).toBe(
      'rejected by sales or sales-stewards: no reason is given. Edit the request to ask again',
    );
    expect(inPlace({ reason: 'the report is out' })).toContain('by sales or sales-stewards: the report is out');
    expect(inPlace({ approver: 'sales-stewards', reason: 'not any more' })).toContain(
      'by sales-stewards: not any more',
    );
  });

  it('holds until the request is edited', () => {
    expect(state({ approval: rejected, request: shareRequest({ metadata: { generation: 2 } }) })).toBe(
      'PendingApproval',
    );
  });

  it('holds while only items that nobody is asked for yet are edited, or what was edited is put back', () => {
    const status = { boundTo: { ...bound, asked: askedDigest(shareRequest()) } };
    const approval = shareApproval({ spec: { decision: 'Rejected' }, status });
    const edited = (spec: Partial<ShareInputs['request']['spec']>) =>
      state({ approval, request: shareRequest({ metadata: { generation: 3 }, spec }) });
    expect(edited({ draftItems: [{ kind: 'Table', name: 'returns' }] })).toBe('Rejected');
    expect(edited({})).toBe('Rejected');
    expect(edited({ purpose: 'the yearly report' })).toBe('PendingApproval');
    const items = shareRequest().spec.items.map((item) => ({ ...item, askedAt: '2026-06-01T11:00:00Z' }));
    expect(edited({ items })).toBe('PendingApproval');
  });

  it('holds for the edited request once it is repeated', () => {
    const again = shareApproval({
      metadata: { generation: 2 },
      spec: { decision: 'Rejected' },
      status: { boundTo: { ...bound, approvalGeneration: 2, requestGeneration: 2 } },
    });
    expect(state({ approval: again, request: shareRequest({ metadata: { generation: 2 } }) })).toBe('Rejected');
  });
});

describe('time and suspension', () => {
  it('ends at the earlier of the two sides', () => {
    const request = shareRequest({ spec: { expiresAt: '2027-01-01T00:00:00Z' } });
    const approval = shareApproval({ spec: { expiresAt: '2026-12-01T00:00:00Z' } });
    expect(decideShare(shareInputs({ request, approval })).expiresAt).toBe(Date.parse('2026-12-01T00:00:00Z'));
    expect(decideShare(shareInputs({ request })).expiresAt).toBe(Date.parse('2027-01-01T00:00:00Z'));
    expect(decideShare(shareInputs()).expiresAt).toBeUndefined();
  });

  it('is suspended by any object it rests on, and by maintenance', () => {
    const suspend = { spec: { suspend: true } };
    const all: readonly Partial<ShareInputs>[] = [
      { request: shareRequest(suspend) },
      { approval: shareApproval(suspend) },
      { dataset: dataset(suspend) },
      { producer: environment('sales-prod', suspend) },
      { consumer: environment('marketing-prod', suspend) },
      { principal: { kind: 'ConsumptionRole', role: consumptionRole(suspend) } },
      { pause: 'Maintenance' },
      { pause: 'PoliciesMissing' },
    ];
    for (const changes of all)
      expect(grantsOf(decideShare(shareInputs(changes))).map(({ suspended }) => suspended)).toEqual([true, true, true]);
  });
});
