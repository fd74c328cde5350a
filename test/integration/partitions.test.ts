// China and GovCloud: every ARN begins with the partition of its region, or names nothing there.
import { describe, expect, it } from 'vitest';
import { NO_ACCESS } from '../support/access-probe.ts';
import { EVERYTHING, oneShare, readyOf } from '../support/one-share.ts';
import { shareRequestKind } from '../../operator/resources/share-request.ts';
import { letEnginesIn, Reader } from '../support/reading.ts';
import { BUCKET } from '../support/sharing-data.ts';

describe.each([
  ['cn-north-1', 'aws-cn'],
  ['us-gov-west-1', 'aws-us-gov'],
])('an installation in %s', (region, partition) => {
  const stage = oneShare({ region });
  const { settled, share, statusOf } = stage;

  it('gives a table, a folder and a bucket to a role of another account, and says so with ARNs of its partition', async () => {
    const { world } = stage;
    await letEnginesIn(world.admin);
    await share();
    await settled('analysts', EVERYTHING);
    await world.until(async () => {
      expect(readyOf(await statusOf('one', 'analysts'))).toMatchObject({ status: 'True', reason: 'Granted' });
    });
    const status = await statusOf('one', 'analysts');
    const reader = await Reader.of(world.aws, world.admin, 'analysts');
    for (const item of status.items ?? [])
      expect([item.name, await reader.read(item)]).toEqual([item.name, { readable: true }]);
    const arns = JSON.stringify([
      status,
      await world.admin.call('producer', 's3', 'GetBucketPolicy', { Bucket: BUCKET }),
    ]);
    expect(new Set(arns.match(/arn:[^:]*:/g))).toEqual(new Set([`arn:${partition}:`]));
  });

  it('takes all of it back when the request goes', async () => {
    const { world } = stage;
    await share();
    await settled('analysts', EVERYTHING);
    await world.api.delete(shareRequestKind, world.requestName('one', 'analysts'));
    await settled('analysts', NO_ACCESS);
  });
});
