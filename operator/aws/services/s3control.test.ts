import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isFault } from '../fault.ts';
import { region, startAccounts } from '../testing/simulated-accounts.ts';
import type { SimulatedAccounts } from '../testing/simulated-accounts.ts';

describe.each([
  ['in process', { inProcess: true }],
  ['over HTTP', {}],
])('access points, %s', (_how, start) => {
  let world: SimulatedAccounts;
  beforeAll(async () => {
    world = await startAccounts({}, start);
    for (const Bucket of ['orders', 'other'])
      await world.administer('producer', 's3', 'CreateBucket', {
        Bucket,
        CreateBucketConfiguration: { LocationConstraint: region },
      });
  });
  afterAll(async () => await world.stop());

  it('are made once, found, listed and deleted', async () => {
    const { s3control, account } = world.producer;
    expect(await s3control.accessPoint('analysts')).toBeUndefined();
    const made = await s3control.createAccessPoint('analysts', 'orders');
    expect(made).toMatchObject({
      name: 'analysts',
      bucket: 'orders',
      arn: `arn:aws:s3:${region}:${account}:accesspoint/analysts`,
    });
    expect(made.alias).toMatch(/-s3alias$/);
    expect(await s3control.createAccessPoint('analysts', 'orders')).toEqual(made);
    await expect(s3control.createAccessPoint('analysts', 'other')).rejects.toSatisfy((error) =>
      isFault(error, 'AlreadyExists'),
    );
    expect(await s3control.accessPoint('analysts')).toEqual(made);
    expect(await s3control.accessPoints()).toEqual([made]);
    expect(await s3control.accessPoints('other')).toEqual([]);
    expect(await s3control.deleteAccessPoint('analysts')).toBe(true);
    expect(await s3control.deleteAccessPoint('analysts')).toBe(false);
  });

  it('have a policy', async () => {
    const { s3control, account } = world.producer;
    const { arn } = await s3control.createAccessPoint('readers', 'orders');
    expect(await s3control.accessPointPolicy('readers')).toBeUndefined();
    const policy = {
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: { AWS: `arn:aws:iam::${account}:root` },
          Action: 's3:GetObject',
          Resource: `${arn}/object/raw/*`,
        },
      ],
    };
    await s3control.putAccessPointPolicy('readers', JSON.stringify(policy));
    expect(JSON.parse((await s3control.accessPointPolicy('readers')) ?? '')).toEqual(policy);
    await s3control.deleteAccessPoint('readers');
  });
});
