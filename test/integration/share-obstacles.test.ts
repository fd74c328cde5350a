// What stands in the way of a share is told in time, with what to do; and doing it is enough.
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { shareRequestKind } from '../../operator/resources/share-request.ts';
import { NO_ACCESS } from '../support/access-probe.ts';
import { EVERYTHING, oneShare, readyOf } from '../support/one-share.ts';
import { BUCKET } from '../support/sharing-data.ts';
import type { SharingWorld } from '../support/sharing-world.ts';
import { tamper } from '../support/tampering.ts';

const stage = oneShare();
const { reads, settled, share, statusOf, requestOne } = stage;
let world: SharingWorld;
beforeAll(() => {
  ({ world } = stage);
});

const readyOfOne = async () => readyOf(await statusOf('one', 'analysts'));

describe('a role that has no room for another policy', () => {
  it('is granted what is shared soon after somebody made room, without being told', async () => {
    const own = Array.from({ length: 10 }, (_, index) => `own-${index}`);
    const arnOf = (name: string) => `arn:aws:iam::${world.admin.id('consumer')}:policy/${name}`;
    const consumer = async (operation: string, input: object): Promise<unknown> =>
      await world.admin.call('consumer', 'iam', operation, input);
    for (const name of own) {
      const Statement = [{ Effect: 'Allow', Action: 'sts:GetCallerIdentity', Resource: '*' }];
      await consumer('CreatePolicy', {
        PolicyName: name,
        PolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement }),
      });
      await consumer('AttachRolePolicy', { RoleName: 'analysts', PolicyArn: arnOf(name) });
    }
    await share();
    await world.until(async () => {
      expect(await readyOfOne()).toMatchObject({
        reason: 'QuotaExceeded',
        message: expect.stringMatching(/detach policies.*requested-at.*or wait 5 minutes/),
      });
    });
    expect(await reads('analysts')).toEqual(NO_ACCESS);
    await consumer('DetachRolePolicy', { RoleName: 'analysts', PolicyArn: arnOf('own-0') });
    await settled('analysts', EVERYTHING);
    for (const name of own) {
      await consumer('DetachRolePolicy', { RoleName: 'analysts', PolicyArn: arnOf(name) }).catch(() => undefined);
      await consumer('DeletePolicy', { PolicyArn: arnOf(name) });
    }
  });
});

describe('a share that is suspended', () => {
  it('says so while what was given stands, and what differs then too', async () => {
    await share([{ kind: 'Bucket', name: BUCKET }]);
    await settled('analysts', { ...NO_ACCESS, bucket: true });
    await world.edit(shareRequestKind, requestOne(), { suspend: true });
    await world.until(async () =>
      expect(await readyOfOne()).toMatchObject({
        status: 'True',
        reason: 'Suspended',
        message: expect.stringContaining('1 of 1 items granted'),
      }),
    );
    expect(await reads('analysts')).toEqual({ ...NO_ACCESS, bucket: true });
    await tamper(world.admin, 'bucket policy deleted', 'analysts');
    world.verifyAll();
    await world.until(async () =>
      expect(await readyOfOne()).toMatchObject({
        status: 'False',
        reason: 'Suspended',
        message: expect.stringContaining('0 of 1 items granted'),
      }),
    );
    expect(await reads('analysts')).toEqual(NO_ACCESS);
    await world.edit(shareRequestKind, requestOne(), { suspend: false });
    await settled('analysts', { ...NO_ACCESS, bucket: true });
  });
});

describe('AWS that does not answer', () => {
  beforeEach(() => {
    // As quick as the rest of the operator: it gives up and tries again as it does in real time.
    world.start({ awsClock: world.clock });
  });

  const SILENCE = /s3:GetBucketPolicy in \d{12} eu-west-1 for 8 seconds/;

  const hang = (): void => {
    world.faults.add({
      match: { service: 's3', operation: 'GetBucketPolicy', principal: /dataallPivotRole/ },
      fault: { kind: 'hang', when: 'before' },
    });
  };

  it('is told on a share that waits for it, with the call, while it is still waited for', async () => {
    hang();
    await share();
    await world.until(async () => {
      const told = { status: 'False', reason: 'AwsError', message: expect.stringMatching(SILENCE) };
      expect(await readyOfOne()).toMatchObject(told);
    }, true);
    world.faults.clear();
    await settled('analysts', EVERYTHING);
  });

  it('is told on a share that was granted, whose access stands', async () => {
    await share();
    await settled('analysts', EVERYTHING);
    hang();
    world.verifyAll();
    await world.until(async () => {
      const { conditions, items } = await statusOf('one', 'analysts');
      expect(conditions).toContainEqual(
        expect.objectContaining({ type: 'Healthy', status: 'Unknown', message: expect.stringMatching(SILENCE) }),
      );
      expect(items?.find(({ kind }) => kind === 'Bucket')).toMatchObject({ state: 'Granted', health: 'Unknown' });
    }, true);
    expect(await reads('analysts')).toEqual(EVERYTHING);
    world.faults.clear();
    await world.until(async () =>
      expect((await statusOf('one', 'analysts')).conditions).toContainEqual(
        expect.objectContaining({ type: 'Healthy', status: 'True' }),
      ),
    );
  });
});
