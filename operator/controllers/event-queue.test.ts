import { expect, it } from 'vitest';
import { sessionNameOf } from '../aws/sessions.ts';
import type { Environment } from '../resources/environment.ts';
import { isOurs } from './event-queue.ts';

it('knows what the pivot role did in our sessions, and looks at what others did in sessions that are called like ours', () => {
  const session = sessionNameOf('acme', 7);
  const environment = (id: string | undefined): Pick<Environment, 'status'> => ({
    status: { observedGeneration: 1, pivotRole: { arn: 'arn:aws:iam::222222222222:role/dataallPivotRole', id } },
  });
  expect(isOurs('acme', environment('AROAPIVOT'), { principalId: `AROAPIVOT:${session}` })).toBe(true);
  for (const principalId of [`AROAOTHER:${session}`, 'AROAPIVOT:mallory', `AIDA:AROAPIVOT:${session}`, session])
    expect(isOurs('acme', environment('AROAPIVOT'), { principalId })).toBe(false);
  expect(isOurs('acme', environment(undefined), { principalId: `undefined:${session}` })).toBe(false);
});
