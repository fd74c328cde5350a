import { describe, expect, it } from 'vitest';
import { decideShare, type ShareDecision } from '../../access/consent.ts';
import { consumptionRole, shareApproval, shareInputs, shareRequest } from '../../access/testing/fixtures.ts';
import { NO_PROBLEMS } from '../../access/item-check.ts';
import type { ShareRequest } from '../../resources/share-request.ts';
import { requestsOf } from './requests-summary.ts';

const arn = 'arn:aws:iam::333333333333:role/analysts';

const share = (name: string, state: ShareDecision['state'], changes: Partial<ShareRequest['spec']> = {}) => ({
  request: {
    apiVersion: 'dataall.io/v1alpha1',
    kind: 'ShareRequest',
    metadata: { namespace: 'marketing-prod', name, uid: `uid-${name}`, creationTimestamp: '2026-11-01T00:00:00Z' },
    spec: {
      datasetRef: { namespace: 'sales-prod', name: 'orders' },
      requester: 'marketing',
      principal: { kind: 'ConsumptionRole', name: 'analysts' },
      permissions: ['Read'],
      items: [
        { kind: 'Table', name: 'products' },
        { kind: 'Table', name: 'orders', filters: ['eu', 'no_cards'] },
        { kind: 'Folder', name: 'raw' },
      ],
      draft: false,
      ...changes,
    },
    status: { principalArn: arn },
  } as unknown as ShareRequest,
  decision: { state, items: [] } as unknown as ShareDecision,
  problems: () => NO_PROBLEMS,
});

describe('requests as the producer sees them', () => {
  it('say all that an approval repeats', () => {
    expect(requestsOf([share('one', 'PendingApproval')])).toMatchObject({
      pending: 1,
      items: [
        {
          namespace: 'marketing-prod',
          name: 'one',
          requester: 'marketing',
          principal: 'ConsumptionRole/analysts',
          principalArn: arn,
          permissions: ['Read'],
          items: 3,
          asks: ['Table products', 'Table orders: eu, no_cards', 'Folder raw'],
        },
      ],
    });
  });

  it('say what could not be given, of those that wait for a decision', () => {
    const problem = { kind: 'Folder', name: 'rav', reason: 'ItemNotFound', message: 'no such folder' } as const;
    const withProblem = (state: ShareDecision['state']) => ({
      ...share('one', state),
      problems: () => ({ items: [problem], permissions: 'Write is not allowed' }),
    });
    expect(requestsOf([withProblem('PendingApproval')])?.items[0]).toMatchObject({
      problems: ['Write is not allowed', 'Folder rav: no such folder'],
    });
    expect(requestsOf([withProblem('Approved')])?.items[0]).not.toHaveProperty('problems');
  });

  it('stay small, whoever asks for much', () => {
    const items = Array.from({ length: 500 }, (_, index) => ({
      kind: 'Table' as const,
      name: `${index}_`.padEnd(255, 't'),
      filters: ['f'.repeat(200)],
    }));
    const shares = Array.from({ length: 80 }, (_, index) =>
      share(`r${index}`, 'PendingApproval', { items, purpose: 'p'.repeat(1024) }),
    );
    const requests = requestsOf(shares);
    expect(requests?.items).toHaveLength(50);
    expect(requests?.items[0]).toMatchObject({ items: 500, purpose: expect.stringMatching(/p…$/) as string });
    expect(JSON.stringify(requests).length).toBeLessThan(200_000);
  });

  const approved = (request: ShareRequest, approval = shareApproval()) => ({
    request,
    decision: decideShare(shareInputs({ request, approval })),
    problems: () => NO_PROBLEMS,
  });

  it('say why no decision can be made or be of use, and nothing else of the requester’s side', () => {
    const problemsOf = (inputs: Parameters<typeof shareInputs>[0]) => {
      const { request } = shareInputs(inputs);
      const decision = decideShare(shareInputs(inputs));
      return requestsOf([{ request, decision, problems: () => NO_PROBLEMS }])?.items[0]?.problems;
    };
    expect(problemsOf({ approval: undefined, principal: undefined })?.[0]).toContain(
      'there is no ConsumptionRole analysts in namespace marketing-prod',
    );
    const role = consumptionRole({ spec: { owner: 'another-group' } });
    const ofOthers = problemsOf({ approval: undefined, principal: { kind: 'ConsumptionRole', role } });
    expect(ofOthers?.[0]).toContain('the requester may not ask for this principal');
    expect(JSON.stringify(ofOthers)).not.toContain('another-group');
    const approval = shareApproval({ spec: { requester: 'others' } });
    expect(problemsOf({ approval })?.[0]).toContain('the approval names requester others');
    expect(problemsOf({})).toBeUndefined();
  });

  it('name the items that are approved and do not exist', () => {
    const message = 'there is no such table';
    const request = shareRequest({
      status: { items: [{ kind: 'Table', name: 'orders', state: 'Failed', reason: 'ItemNotFound', message }] },
    });
    expect(requestsOf([approved(request)])).toMatchObject({
      pending: 0,
      items: [{ state: 'Approved', problems: [`Table orders: ${message}`] }],
    });
  });

  it('name the items that were added to an approved one, and count it as waiting', () => {
    const items = [...shareRequest().spec.items, { kind: 'Table' as const, name: 'returns', filters: ['eu'] }];
    const requests = requestsOf([share('a', 'Approved'), approved(shareRequest({ spec: { items } }))]);
    expect(requests).toMatchObject({
      pending: 1,
      approved: 2,
      items: [{ state: 'Approved', items: 4, pendingItems: 1, waiting: ['Table returns: eu'] }, { name: 'a' }],
    });
    expect(requests?.items[1]).not.toHaveProperty('waiting');
  });

  it('are not approved where none of the items is', () => {
    const items = [{ kind: 'Table' as const, name: 'returns' }];
    expect(requestsOf([approved(shareRequest({ spec: { items } }))])).toMatchObject({
      pending: 1,
      approved: 0,
      items: [{ state: 'Pending', pendingItems: 1, asks: ['Table returns'] }],
    });
  });

  it.each([
    ['withdrawn', 'Revoked'],
    ['rejected', 'Rejected'],
  ] as const)('of which all is %s wait for nobody', (list, state) => {
    const at = '2026-06-01T10:00:00Z';
    const denied = shareRequest().spec.items.map(({ kind, name }) => ({ kind, name, at }));
    const requests = requestsOf([approved(shareRequest(), shareApproval({ spec: { items: [], [list]: denied } }))]);
    expect(requests).toMatchObject({ pending: 0, approved: 0, items: [{ state }] });
    expect(requests?.items[0]).not.toHaveProperty('problems');
  });

  it('say why a later end is asked for, while that waits', () => {
    const { boundTo } = shareApproval().status;
    const status = { boundTo: boundTo && { ...boundTo, expiresAt: '2027-01-01T00:00:00.000Z' } };
    const request = shareRequest({ spec: { expiresAt: '2028-01-01T00:00:00Z', extension: { reason: 'more to do' } } });
    const told = (spec: object) => requestsOf([approved(request, shareApproval({ spec, status }))]);
    expect(told({})).toMatchObject({ pending: 1, items: [{ extension: 'more to do' }] });
    const answered = told({ extension: { decision: 'Rejected', at: '2026-06-01T10:00:00Z' } });
    expect(answered).toMatchObject({ pending: 0 });
    expect(answered?.items[0]).not.toHaveProperty('extension');
  });

  it('say which end is consented to, and count a later one that is asked for as waiting', () => {
    const { boundTo } = shareApproval().status;
    const approval = shareApproval({
      status: { boundTo: boundTo && { ...boundTo, expiresAt: '2027-01-01T00:00:00.000Z' } },
    });
    const asked = (expiresAt: string) =>
      requestsOf([approved(shareRequest({ metadata: { generation: 2 }, spec: { expiresAt } }), approval)]);
    expect(asked('2028-01-01T00:00:00Z')).toMatchObject({
      pending: 1,
      approved: 1,
      items: [
        {
          expiresAt: '2028-01-01T00:00:00Z',
          consentedUntil: '2027-01-01T00:00:00Z',
          waiting: ['end 2028-01-01T00:00:00Z'],
        },
      ],
    });
    expect(asked('2026-12-01T00:00:00Z')).toMatchObject({
      pending: 0,
      items: [{ expiresAt: '2026-12-01T00:00:00Z', consentedUntil: '2027-01-01T00:00:00Z' }],
    });
  });

  it('show the undecided first, and no drafts', () => {
    const names = requestsOf([share('a', 'Approved'), share('b', 'Draft'), share('c', 'PendingApproval')])?.items.map(
      ({ name }) => name,
    );
    expect(names).toEqual(['c', 'a']);
  });
});
