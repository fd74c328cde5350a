import { afterAll, beforeAll, expect, it } from 'vitest';
import { isFault } from '../fault.ts';
import { startAccounts } from '../testing/simulated-accounts.ts';
import type { SimulatedAccounts } from '../testing/simulated-accounts.ts';

let world: SimulatedAccounts;
let arn: string;
beforeAll(async () => {
  world = await startAccounts();
  const made = (await world.administer('producer', 'kms', 'CreateKey', {})) as {
    KeyMetadata: { Arn: string; KeyId: string };
  };
  arn = made.KeyMetadata.Arn;
  await world.administer('producer', 'kms', 'CreateAlias', {
    AliasName: 'alias/orders',
    TargetKeyId: made.KeyMetadata.KeyId,
  });
});
afterAll(async () => await world.stop());

it('finds a key by ARN and by alias', async () => {
  const { kms } = world.producer;
  const key = { arn, id: arn.split('/')[1], state: 'Enabled', manager: 'CUSTOMER' };
  expect(await kms.key(arn)).toEqual(key);
  expect(await kms.key('alias/orders')).toEqual(key);
  expect(await kms.key('alias/none')).toBeUndefined();
});

it('reads its tags', async () => {
  const { kms } = world.producer;
  expect(await kms.tags(arn)).toEqual({});
  await world.administer('producer', 'kms', 'TagResource', {
    KeyId: arn,
    Tags: [{ TagKey: 'dataall:owner', TagValue: 'sales' }],
  });
  expect(await kms.tags(arn)).toEqual({ 'dataall:owner': 'sales' });
});

it('reads and replaces its policy', async () => {
  const { kms } = world.producer;
  const policy = JSON.parse((await kms.keyPolicy(arn)) ?? '') as { Statement: object[] };
  const changed = {
    ...policy,
    Statement: [
      ...policy.Statement,
      {
        Sid: 'Read',
        Effect: 'Allow',
        Principal: { AWS: `arn:aws:iam::${world.consumer.account}:root` },
        Action: 'kms:Decrypt',
        Resource: '*',
      },
    ],
  };
  await kms.putKeyPolicy(arn, JSON.stringify(changed));
  expect(JSON.parse((await kms.keyPolicy(arn)) ?? '')).toEqual(changed);
});

it('says so when the policy names a principal that does not exist', async () => {
  const { kms } = world.producer;
  const policy = JSON.parse((await kms.keyPolicy(arn)) ?? '') as { Statement: object[] };
  const unknown = {
    Effect: 'Allow',
    Principal: { AWS: `arn:aws:iam::${world.consumer.account}:role/gone` },
    Action: 'kms:Decrypt',
    Resource: '*',
  };
  await expect(
    kms.putKeyPolicy(arn, JSON.stringify({ ...policy, Statement: [...policy.Statement, unknown] })),
  ).rejects.toSatisfy((error) => isFault(error, 'UnknownPrincipal'));
});
