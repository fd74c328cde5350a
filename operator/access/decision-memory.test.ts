import { expect, it } from 'vitest';
import { decideOnce } from './decision-memory.ts';
import type { Resource } from '../resources/kind.ts';
import type { ShareInputs } from './consent.ts';
import { dataset, organization, shareApproval, shareInputs, shareRequest } from './testing/fixtures.ts';

const END = '2030-01-01T00:00:00Z';
const { boundTo: BOUND } = shareApproval().status;

it('decides anew when anything changes that the decision rests on, and only then', () => {
  const before = shareInputs();
  const decision = decideOnce(before);
  expect(decision.state).toBe('Approved');
  expect(decideOnce({ ...before, now: before.now + 86_400_000 })).toBe(decision);
  const principal = before.principal?.kind === 'ConsumptionRole' ? { ...before.principal } : undefined;
  expect(decideOnce({ ...before, principal })).toBe(decision);
  const changes = [
    { approval: undefined },
    { dataset: undefined },
    { tables: [] },
    { producer: undefined },
    { consumer: undefined },
    { producerOrganization: organization(['sales']) },
    { consumerOrganization: organization(['marketing']) },
    { principal: undefined },
    { pause: 'Maintenance' },
    { allowWrite: !before.allowWrite },
    { allowSelfApproval: !before.allowSelfApproval },
  ] as const;
  for (const change of changes) {
    const known = decideOnce(before);
    expect(decideOnce({ ...before, ...change }), Object.keys(change)[0]).not.toBe(known);
  }
});

it('decides nothing anew when a status changes that only tells', () => {
  const before = shareInputs();
  const decision = decideOnce(before);
  const { request, approval, dataset: data, consumer, producer, principal } = before;
  const written = <T extends Resource>(object: T | undefined): T | undefined =>
    object && {
      ...object,
      metadata: { ...object.metadata, resourceVersion: 'another', finalizers: ['another'] },
      status: { ...(object.status as object), observedGeneration: 7, granted: 3, requests: { total: 1 } },
    };
  const role = principal?.kind === 'ConsumptionRole' ? written(principal.role) : undefined;
  const after = {
    ...before,
    request: written(request) ?? request,
    approval: written(approval),
    dataset: written(data),
    consumer: written(consumer),
    producer: written(producer),
    principal: role && { kind: 'ConsumptionRole' as const, role },
  };
  expect(decideOnce(after)).toBe(decision);
});

it.each(['id', 'account', 'region', 'bucket', 'keyArn', 'glueDatabase'] as const)(
  'decides anew when the %s of the dataset is another',
  (fact) => {
    const before = shareInputs();
    const known = decideOnce(before);
    const { dataset: data } = before;
    const after = data && { ...data, status: { ...data.status, [fact]: 'another' } };
    expect(decideOnce({ ...before, dataset: after })).not.toBe(known);
  },
);

it.each<[string, Partial<ShareInputs>]>([
  ['request', { request: shareRequest({ spec: { expiresAt: END } }) }],
  ['approval', { approval: shareApproval({ spec: { expiresAt: END } }) }],
  ['binding', { approval: shareApproval({ status: { boundTo: BOUND && { ...BOUND, expiresAt: END } } }) }],
])('decides anew at each time where the %s names one', (_what, changes) => {
  const before = shareInputs(changes);
  expect(decideOnce(before).state).toBe('Approved');
  expect(decideOnce({ ...before, now: Date.parse('2030-01-02') }).state).toBe('Expired');
});

it('decides anew at each time where the dataset has every share end', () => {
  const expiration = { setting: 'Monthly', min: 1, max: 2 } as const;
  const before = shareInputs({ dataset: dataset({ spec: { sharing: { expiration } } }) });
  expect(decideOnce({ ...before, now: before.now + 1 })).not.toBe(decideOnce(before));
});
