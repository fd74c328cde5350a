// What who decided is told of the decision: that it is in effect, and what of it is not.
import { describe, expect, it } from 'vitest';
import type { Specs } from '../../access/specs.ts';
import {
  consumptionRole,
  dataset,
  environment,
  NOW,
  shareApproval,
  shareRequest,
} from '../../access/testing/fixtures.ts';
import { checkConditions } from '../../kernel/testing/condition-checks.ts';
import { mergeConditions } from '../../kernel/conditions.ts';
import { annotations } from '../../resources/annotations.ts';
import type { ShareApproval } from '../../resources/share-approval.ts';
import type { ShareRequest } from '../../resources/share-request.ts';
import { approvalConditions } from './approval-conditions.ts';

const specs = {
  organization: () => undefined,
  environment: (name) => environment(name as 'sales-prod' | 'marketing-prod'),
  consumptionRole: () => consumptionRole(),
  dataset: () => dataset(),
  datasetTables: () => [],
  installation: { allowWrite: true, allowSelfApproval: false, pause: undefined },
} as Partial<Specs> as Specs;

/** Checked by Flux's rules. */
const ready = (approval: ShareApproval, request: ShareRequest) => {
  const { generation } = approval.metadata;
  const binding = approval.status.boundTo;
  if (binding === undefined) throw new Error('the approval is bound');
  const told = approvalConditions(approval, { bound: true, binding }, request, specs, NOW);
  const conditions = mergeConditions([], told, generation, NOW);
  expect(checkConditions({ ...approval, status: { observedGeneration: generation, conditions } })).toEqual([]);
  return conditions.find(({ type }) => type === 'Ready');
};

describe('an approval', () => {
  it('of all that is asked for is in effect', () => {
    expect(ready(shareApproval(), shareRequest())).toMatchObject({ status: 'True', reason: 'Succeeded', message: '' });
  });

  it('of items that do not exist names them, by the specs and as AWS told the request', () => {
    const items = [
      { kind: 'Folder' as const, name: 'nowhere' },
      { kind: 'Table' as const, name: 'gone' },
      { kind: 'Bucket' as const, name: 'orders-data' },
    ];
    const message = 'there is no such table';
    const request = shareRequest({
      spec: { items },
      status: { items: [{ kind: 'Table', name: 'gone', state: 'Failed', reason: 'ItemNotFound', message }] },
    });
    const told = ready(shareApproval({ spec: { items } }), request);
    expect(told).toMatchObject({ status: 'False', reason: 'ItemNotFound' });
    expect(told?.message).toContain('Folder nowhere: the dataset has no folder nowhere');
    expect(told?.message).toContain('Table gone: there is no such table');
    expect(told?.message).not.toContain('orders-data');
  });

  it('says nothing of what AWS refuses the requester', () => {
    const request = shareRequest({
      status: {
        items: [{ kind: 'Table', name: 'orders', state: 'Failed', reason: 'AccessDenied', message: 'in 333' }],
      },
    });
    expect(ready(shareApproval(), request)).toMatchObject({ status: 'True', message: '' });
  });

  it('that gives and takes back the same item says that it is not given', () => {
    const withdrawn = [{ kind: 'Folder' as const, name: 'raw', at: '2026-06-01T10:00:00Z' }];
    expect(ready(shareApproval({ spec: { withdrawn } }), shareRequest())).toMatchObject({
      status: 'True',
      message: expect.stringMatching(/^Folder raw: in spec.items and in spec.withdrawn .*, and so not given/),
    });
  });

  it('of less than is asked for says what waits', () => {
    const items = shareRequest().spec.items.slice(0, 1);
    expect(ready(shareApproval({ spec: { items } }), shareRequest())).toMatchObject({
      status: 'True',
      message: '2 of 3 items wait for a decision',
    });
  });

  it('for a requester who may not use the principal says that nothing is given, and not whose it is', () => {
    const others = { ...specs, consumptionRole: () => consumptionRole({ spec: { owner: 'another-group' } }) };
    const approval = shareApproval();
    const { boundTo } = approval.status;
    if (boundTo === undefined) throw new Error('the approval is bound');
    const told = approvalConditions(approval, { bound: true, binding: boundTo }, shareRequest(), others, NOW);
    expect(told.find(({ type }) => type === 'Ready')?.message).toBe(
      'nothing is given: the requester may not ask for this principal: the conditions of the request tell the requester why',
    );
  });

  it('that rejects says who changed it last, which spec.approver need not be', () => {
    const approval = shareApproval({
      metadata: { annotations: { [annotations.changedBy]: 'stu' } },
      spec: { decision: 'Rejected' },
    });
    expect(ready(approval, shareRequest())).toMatchObject({
      status: 'True',
      message: 'rejected; last changed by stu',
    });
  });
});
