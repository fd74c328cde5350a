import { afterAll, beforeAll, expect, it } from 'vitest';
import { startAccounts } from '../testing/simulated-accounts.ts';
import type { SimulatedAccounts } from '../testing/simulated-accounts.ts';

let world: SimulatedAccounts;
beforeAll(async () => {
  world = await startAccounts();
});
afterAll(async () => await world.stop());

it('keeps a parameter until it is deleted', async () => {
  const { ssm } = world.producer;
  expect(await ssm.parameter('/dataall/test/consent')).toBeUndefined();
  await ssm.putParameter('/dataall/test/consent', 'a', 'what the account agreed to');
  await ssm.putParameter('/dataall/test/consent', 'b');
  expect(await ssm.parameter('/dataall/test/consent')).toEqual({
    name: '/dataall/test/consent',
    value: 'b',
    version: 2,
  });
  expect(await world.consumer.ssm.parameter('/dataall/test/consent')).toBeUndefined();
  expect(await ssm.deleteParameter('/dataall/test/consent')).toBe(true);
  expect(await ssm.deleteParameter('/dataall/test/consent')).toBe(false);
});
