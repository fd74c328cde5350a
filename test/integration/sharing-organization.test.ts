// An environment is in its organization for as long as its owner is: the organization's owner ends its shares, and lets them go on.
import { describe, expect, it } from 'vitest';
import { organizationKind } from '../../operator/resources/organization.ts';
import { EVERYTHING, oneShare, readyOf } from '../support/one-share.ts';
import { NO_ACCESS } from '../support/access-probe.ts';

const ORGANIZATION = { name: 'acme' };
const share = oneShare();

const teams = (...groups: readonly string[]) => groups.map((group) => ({ group, permissions: ['LINK_ENVIRONMENT'] }));
const found = async (...groups: readonly string[]): Promise<void> => {
  await share.world.create(organizationKind, {
    metadata: ORGANIZATION,
    spec: { label: 'ACME', owner: 'heads', teams: teams(...groups) },
  });
};
const invite = async (...groups: readonly string[]): Promise<void> => {
  await share.world.edit(organizationKind, ORGANIZATION, { teams: teams(...groups) });
};

describe('a share', () => {
  it.each([
    ['gives', 'sales', ['marketing', 'others'], 'environment sales-prod is not in its organization any more'],
    [
      'asks',
      'marketing',
      ['sales', 'others'],
      'marketing, the owner of Environment marketing-prod, is not in Organization acme',
    ],
  ] as const)(
    'ends when the owner of the environment that %s is taken out of the organization, and goes on when it is back',
    async (_what, owner, others, told) => {
      await found('sales', 'marketing');
      await share.share();
      await share.settled('analysts', EVERYTHING);
      // What is not yet told to be granted would be told to be asked for again, not revoked.
      await share.world.until(async () =>
        expect(await share.statusOf('one', 'analysts')).toMatchObject({ phase: 'Granted' }),
      );
      await invite(...others);
      expect(await share.refusedFor('NotInvited')).toContain(told);
      await share.settled('analysts', NO_ACCESS);
      await share.world.until(async () =>
        expect(await share.statusOf('one', 'analysts')).toMatchObject({ phase: 'Revoked', granted: 0 }),
      );
      await invite(owner, ...others);
      await share.settled('analysts', EVERYTHING);
      await share.world.until(async () =>
        expect(readyOf(await share.statusOf('one', 'analysts'))).toMatchObject({ status: 'True' }),
      );
    },
  );

  it('goes on when another team leaves the organization', async () => {
    await found('sales', 'marketing', 'others');
    await share.share();
    await share.settled('analysts', EVERYTHING);
    await invite('sales', 'marketing');
    await share.settled('analysts', EVERYTHING);
  });
});
