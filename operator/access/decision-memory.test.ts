import { expect, it } from 'vitest';
import { decideOnce } from './decision-memory.ts';
import { shareInputs } from './sharing-cast.ts';

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
    { principal: undefined },
    { pause: 'Maintenance' },
    { allowWrite: !before.allowWrite },
    { allowSelfApproval: !before.allowSelfApproval },
  ] as const;
  for (const change of changes) expect(decideOnce({ ...before, ...change })).not.toBe(decision);
});

it('decides anew at each time where the specs name one', () => {
  const before = shareInputs();
  const request = { ...before.request, spec: { ...before.request.spec, expiresAt: '2030-01-01T00:00:00Z' } };
  const decision = decideOnce({ ...before, request });
  expect(decideOnce({ ...before, request, now: Date.parse('2030-01-02') }).state).toBe('Expired');
  expect(decision.state).toBe('Approved');
});
