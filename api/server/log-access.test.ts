// Who sees a log, by each word of config.json.

import { describe, expect, it } from 'vitest';
import { featuresWith } from '../../operator/features/testing/features-with.ts';
import { demandLogs, isRecent, seesLogs } from './log-access.ts';

const KEY = 'core.features.show_stack_logs';

const asked = (show: string | null, isAdministrator: boolean) => ({
  features: featuresWith({ core: { features: { show_stack_logs: show } } }),
  identity: { user: 'ann' } as never,
  viewer: async () => ({ groupIds: [], isAdministrator }) as never,
});

describe('a log', () => {
  it.each([
    ['enabled', false, true],
    ['enabled', true, true],
    // Nothing said is enabled.
    [null, false, true],
    ['admin-only', false, false],
    ['admin-only', true, true],
    ['disabled', false, false],
    ['disabled', true, false],
  ])('that is %s is shown to an administrator (%s): %s', async (show, isAdministrator, shown) => {
    const context = asked(show, isAdministrator);
    expect(await seesLogs(context, KEY)).toBe(shown);
    const demanded = demandLogs(context, 'GET_STACK_LOGS', KEY);
    if (shown) await expect(demanded).resolves.toBeUndefined();
    else
      await expect(demanded).rejects.toMatchObject({
        extensions: { code: show === 'disabled' ? 'DisabledByConfig' : 'UnauthorizedOperation' },
      });
  });

  it('goes as many days back as config.json says', () => {
    const now = Date.parse('2026-06-10T12:00:00Z');
    const shows = (days: number, time: string) =>
      isRecent({ features: featuresWith({ core: { log_query_period_days: days } }) }, time, now);
    expect(shows(1, '2026-06-09T12:00:01Z')).toBe(true);
    expect(shows(1, '2026-06-09T11:59:59Z')).toBe(false);
    expect(shows(3, '2026-06-09T11:59:59Z')).toBe(true);
  });
});
