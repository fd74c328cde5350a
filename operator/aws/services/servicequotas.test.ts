import { expect, it } from 'vitest';
import { servicequotas } from './servicequotas.ts';

/** An account with quotas of its own, and AWS's defaults: two tables behind the two operations. */
const quotasOf = (applied: Readonly<Record<string, number>>, defaults: Readonly<Record<string, number>>) =>
  servicequotas({
    find: async (operation: string, { QuotaCode }: { QuotaCode: string }) => {
      const value = (operation === 'GetServiceQuota' ? applied : defaults)[QuotaCode];
      return await Promise.resolve(value === undefined ? undefined : { Quota: { Value: value } });
    },
  } as unknown as Parameters<typeof servicequotas>[0]);

it.each([
  ['the raised one', { 'L-0DA4ABF3': 20 }, { 'L-0DA4ABF3': 10 }, 20],
  ["AWS's default where nothing was raised", {}, { 'L-0DA4ABF3': 10 }, 10],
  ['none where there is no such quota', {}, {}, undefined],
])('the quota of an account is %s', async (_which, applied, defaults, quota) => {
  expect(await quotasOf(applied, defaults).quota('iam', 'L-0DA4ABF3')).toBe(quota);
});
