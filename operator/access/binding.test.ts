// An approval is tied to exactly what was there when it was given, once for each generation of its own.
import { describe, expect, it } from 'vitest';
import { bindApproval, type BindingInputs } from './binding.ts';
import { decideShare } from './consent.ts';
import {
  consumptionRole,
  dataset,
  environment,
  ROLE_ARN,
  ROLE_ID,
  shareApproval,
  shareInputs,
  shareRequest,
  team,
} from './testing/fixtures.ts';

const AT = '2026-06-01T12:00:00.000Z';
const unbound = { status: { boundTo: undefined } };
const bind = (changes: Partial<BindingInputs> = {}) =>
  bindApproval({
    approval: shareApproval(unbound),
    request: shareRequest(),
    dataset: dataset(),
    consumer: environment('marketing-prod'),
    principal: { kind: 'ConsumptionRole', role: consumptionRole() },
    allowSelfApproval: false,
    at: AT,
    ...changes,
  });
const gone = { deletionTimestamp: '2026-06-01T00:00:00Z' };

describe('binding an approval', () => {
  it('records what it was given for', () => {
    expect(bind()).toEqual({
      bound: true,
      binding: {
        seenGeneration: 1,
        approvalGeneration: 1,
        approver: 'sales',
        approved: { by: 'sales' },
        requestUid: 'uid-orders-for-analysts',
        requestGeneration: 1,
        asked: expect.stringMatching(/^[0-9a-f]{16}$/),
        datasetUid: 'uid-orders',
        principalArn: ROLE_ARN,
        principalId: ROLE_ID,
        folders: { raw: 'raw/' },
        at: AT,
      },
    });
  });

  it('waits for a decision, and tells before what would stand against one', () => {
    const pending = shareApproval({ ...unbound, spec: { decision: 'Pending' } });
    expect(bind({ approval: pending })).toMatchObject({
      bound: false,
      reason: 'PendingApproval',
      binding: { datasetUid: 'uid-orders', seenGeneration: 1 },
    });
    expect(bind({ approval: pending, request: undefined })).toMatchObject({ reason: 'RequestNotFound' });
    const byAStranger = shareApproval({ ...unbound, spec: { decision: 'Pending', approver: 'finance' } });
    expect(bind({ approval: byAStranger })).toMatchObject({ reason: 'ApproverNotAllowed' });
  });

  it('records the dataset at first sight, request or no request, and no other for as long as the approval is not edited', () => {
    const first = bind({ request: undefined });
    expect(first).toEqual({
      bound: false,
      reason: 'RequestNotFound',
      message:
        'there is no ShareRequest marketing-prod/orders-for-analysts: the decision waits until there is; if its name is another, name it in a new ShareApproval',
      binding: { datasetUid: 'uid-orders', seenGeneration: 1 },
    });
    const seen = shareApproval({ status: { boundTo: first.binding } });
    const another = dataset({ metadata: { uid: 'uid-of-another' } });
    expect(bind({ approval: seen, dataset: another })).toMatchObject({
      bound: false,
      reason: 'ApprovalStale',
      binding: first.binding,
    });
    expect(decideShare(shareInputs({ approval: seen, dataset: another })).state).toBe('ApprovalStale');
    const edited = shareApproval({ metadata: { generation: 2 }, status: { boundTo: first.binding } });
    expect(bind({ approval: edited, dataset: another })).toMatchObject({
      bound: true,
      binding: { datasetUid: 'uid-of-another', seenGeneration: 2, approvalGeneration: 2 },
    });
  });

  it('waits for a dataset that is not there yet, and records one that is being deleted, which nothing may come after', () => {
    expect(bind({ dataset: undefined })).toMatchObject({ reason: 'DatasetNotFound', binding: undefined });
    expect(bind({ dataset: dataset({ metadata: gone }) })).toMatchObject({
      reason: 'DatasetNotFound',
      binding: { datasetUid: 'uid-orders' },
    });
  });

  it('keeps nothing of what an earlier generation was bound to in another dataset of the name', () => {
    const edited = shareApproval({ metadata: { generation: 2 } });
    const another = dataset({ metadata: { uid: 'uid-of-another' }, spec: { owner: 'others' } });
    const result = bind({ approval: edited, dataset: another });
    expect(result).toMatchObject({ bound: false, reason: 'ApproverNotAllowed' });
    expect(result.binding).toEqual({ datasetUid: 'uid-of-another', seenGeneration: 2 });
  });

  it('makes the share give what both sides name', () => {
    const result = bind();
    if (!result.bound) throw new Error(result.message);
    const approval = shareApproval({ status: { boundTo: result.binding } });
    expect(decideShare(shareInputs({ approval })).state).toBe('Approved');
  });

  it('keeps a binding whatever else changed, until the approval itself is edited', () => {
    const another = shareRequest({ metadata: { uid: 'uid-of-another', generation: 7 } });
    expect(bind({ approval: shareApproval(), request: another })).toMatchObject({
      binding: { requestUid: 'uid-orders-for-analysts', requestGeneration: 1 },
    });
    const edited = shareApproval({ metadata: { generation: 2 } });
    expect(bind({ approval: edited, request: another })).toMatchObject({
      binding: { approvalGeneration: 2, requestUid: 'uid-of-another', requestGeneration: 7 },
    });
  });

  it('remembers who last approved and why, also when it rejects', () => {
    const approved = bind({ approval: shareApproval({ spec: { reason: 'for the report' }, ...unbound }) });
    if (!approved.bound) throw new Error(approved.message);
    const rejection = shareApproval({
      metadata: { generation: 2 },
      spec: { decision: 'Rejected', approver: 'sales', reason: 'the report is out' },
      status: { boundTo: approved.binding },
    });
    expect(bind({ approval: rejection })).toMatchObject({
      binding: { approvalGeneration: 2, approved: { by: 'sales', reason: 'for the report' } },
    });
  });

  it('keeps the binding when what it was bound to is gone, for a new one would be another consent', () => {
    const approval = shareApproval();
    expect(bind({ approval, request: undefined })).toEqual({ bound: true, binding: approval.status.boundTo });
  });

  it('ties a team whose role we make to environment and group, not to the role', () => {
    const spec = { principal: { kind: 'Team' as const, name: 'analysts' } };
    const inputs = { approval: shareApproval({ spec, ...unbound }), request: shareRequest({ spec }) };
    const made = bind({ ...inputs, principal: { kind: 'Team', team: team('marketing-prod') } });
    expect(made).toMatchObject({ binding: { environmentUid: 'uid-marketing-prod', group: 'marketing' } });
    expect(made).not.toHaveProperty('binding.principalId');
    const brought = team('marketing-prod', { spec: { roleArn: ROLE_ARN } });
    expect(bind({ ...inputs, principal: { kind: 'Team', team: brought } })).toMatchObject({
      binding: { principalId: ROLE_ID },
    });
  });

  it('says of what is not there that it waits, and of what differs what to correct', () => {
    const told = (changes: Partial<BindingInputs>) => {
      const result = bind(changes);
      return result.bound ? '' : result.message;
    };
    for (const changes of [{ request: undefined }, { dataset: undefined }, { principal: undefined }])
      expect(told(changes)).toMatch(/: the decision waits until (there|it) is/);
    const differs = (spec: object) => told({ request: shareRequest({ spec }) });
    expect(differs({ requester: 'others' })).toContain(': correct spec.requester of the approval');
    expect(differs({ principal: { kind: 'Team', name: 'analysts' } })).toContain(
      ': correct spec.principal of the approval',
    );
    expect(differs({ datasetRef: { namespace: 'sales-prod', name: 'customers' } })).toContain(
      ': delete the approval, ',
    );
    const role = consumptionRole({ spec: { principalArn: `${ROLE_ARN}2` } });
    expect(told({ principal: { kind: 'ConsumptionRole', role } })).toContain(
      ': correct spec.principal.arn of the approval',
    );
    const { message: noDataset } = decideShare(shareInputs({ dataset: undefined }));
    expect(noDataset).toContain(
      ': this waits until there is; if its name is another, correct spec.datasetRef in a new request',
    );
    const { message: noPrincipal } = decideShare(shareInputs({ principal: undefined }));
    expect(noPrincipal).toContain(': create it, or correct spec.principal in a new request');
  });

  const missing: readonly [string, Partial<BindingInputs>][] = [
    ['RequestNotFound', { request: undefined }],
    ['RequestNotFound', { request: shareRequest({ metadata: gone }) }],
    ['DatasetNotFound', { dataset: undefined }],
    ['DatasetNotFound', { dataset: dataset({ metadata: gone }) }],
    ['PrincipalNotFound', { principal: undefined }],
    [
      'PrincipalNotFound',
      { principal: { kind: 'ConsumptionRole', role: consumptionRole({ status: { principalId: undefined } }) } },
    ],
    ['RequestMismatch', { request: shareRequest({ spec: { requester: 'others' } }) }],
    [
      'RequestMismatch',
      { request: shareRequest({ spec: { datasetRef: { namespace: 'sales-prod', name: 'customers' } } }) },
    ],
  ];
  it('says first that an approval is about something else: then it can be removed by those whom it stands in the way of', () => {
    const squatting = shareApproval({ spec: { datasetRef: { name: 'tmp' } }, ...unbound });
    expect(bind({ approval: squatting, dataset: undefined, principal: undefined })).toMatchObject({
      bound: false,
      reason: 'RequestMismatch',
    });
  });

  const byStewards = { spec: { approver: 'stewards' }, ...unbound };
  const withStewards = dataset({ spec: { stewards: ['stewards', 'marketing'] } });

  it('waits while the group that decides is neither owner nor steward of the dataset, and says who has to decide', () => {
    const approval = shareApproval(byStewards);
    const result = bind({ approval, dataset: dataset({ spec: { stewards: ['others'] } }) });
    expect(result).toMatchObject({ bound: false, reason: 'ApproverNotAllowed' });
    expect(result).toHaveProperty(
      'message',
      'stewards is neither owner nor steward of Dataset sales-prod/orders: sales or others has to decide, by a ShareApproval with spec.approver of that name',
    );
    expect(decideShare(shareInputs({ approval }))).toMatchObject({ state: 'ApproverNotAllowed', items: [] });
    expect(bind({ approval, dataset: withStewards })).toMatchObject({ bound: true, binding: { approver: 'stewards' } });
  });

  it('keeps what a steward consented to who is none any more, until the approval is edited', () => {
    const bound = shareApproval(byStewards);
    const { binding } = bind({ approval: bound, dataset: withStewards });
    const kept = shareApproval({ spec: byStewards.spec, status: { boundTo: binding } });
    expect(decideShare(shareInputs({ approval: kept })).state).toBe('Approved');
    const edited = shareApproval({ ...kept, metadata: { generation: 2 } });
    expect(bind({ approval: edited })).toMatchObject({ bound: false, reason: 'ApproverNotAllowed' });
    expect(decideShare(shareInputs({ approval: edited }))).toMatchObject({ state: 'ApproverNotAllowed', items: [] });
  });

  it('lets no group consent to what it asks for, unless the installation allows it', () => {
    const approval = shareApproval({ spec: { approver: 'marketing' }, ...unbound });
    const inputs = { approval, dataset: withStewards };
    expect(bind(inputs)).toMatchObject({ bound: false, reason: 'ApproverNotAllowed' });
    expect(decideShare(shareInputs(inputs))).toMatchObject({
      state: 'ApproverNotAllowed',
      message: expect.stringMatching(/^marketing asks for itself.*: sales or stewards has to decide/),
    });
    expect(bind({ ...inputs, allowSelfApproval: true })).toMatchObject({ bound: true });
    expect(decideShare(shareInputs({ ...inputs, allowSelfApproval: true })).state).toBe('Binding');
  });

  it('takes what was approved automatically for a decision of the owner as it is then, whoever asks, and of no steward', () => {
    const automatic = (approver: string, generation = 1) =>
      shareApproval({
        metadata: { generation, labels: { 'dataall.io/auto-approved': 'true' } },
        spec: { approver },
        ...unbound,
      });
    const asksItself = dataset({ spec: { owner: 'marketing', stewards: ['stewards'] } });
    expect(bind({ approval: automatic('marketing'), dataset: asksItself })).toMatchObject({ bound: true });
    for (const approval of [automatic('stewards'), automatic('marketing', 2), automatic('sales')])
      expect(bind({ approval, dataset: asksItself })).toMatchObject({ reason: 'ApproverNotAllowed' });
  });

  it.each(missing)('waits: %s (case %#)', (reason, changes) => {
    expect(bind(changes)).toMatchObject({ bound: false, reason, message: expect.stringMatching(/\w/) });
  });
});
