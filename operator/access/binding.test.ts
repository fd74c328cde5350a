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
} from './sharing-cast.ts';

const AT = '2026-06-01T12:00:00.000Z';
const unbound = { status: { boundTo: undefined } };
const bind = (changes: Partial<BindingInputs> = {}) =>
  bindApproval({
    approval: shareApproval(unbound),
    request: shareRequest(),
    dataset: dataset(),
    consumer: environment('marketing-prod'),
    principal: { kind: 'ConsumptionRole', role: consumptionRole() },
    at: AT,
    ...changes,
  });
const gone = { deletionTimestamp: '2026-06-01T00:00:00Z' };

describe('binding an approval', () => {
  it('records what it was given for', () => {
    expect(bind()).toEqual({
      bound: true,
      binding: {
        approvalGeneration: 1,
        requestUid: 'uid-orders-for-analysts',
        requestGeneration: 1,
        datasetUid: 'uid-orders',
        principalArn: ROLE_ARN,
        principalId: ROLE_ID,
        folders: { raw: 'raw/' },
        at: AT,
      },
    });
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

  it.each(missing)('waits: %s (case %#)', (reason, changes) => {
    expect(bind(changes)).toMatchObject({ bound: false, reason, message: expect.stringMatching(/\w/) });
  });
});
