import { jwtVerify } from 'jose';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FakeClock } from '../../operator/kernel/testing/fake-clock.ts';
import { SigningKeys } from './signing-keys.ts';
import { TokenIssuer } from './testing/token-issuer.ts';

const MINUTE_MS = 60_000;

describe('signing keys', () => {
  let issuer: TokenIssuer;
  let clock: FakeClock;
  let keys: SigningKeys;
  const fetched = (): number => issuer.requests.get('/jwks') ?? 0;
  const verify = async (token: string): Promise<unknown> => jwtVerify(token, keys.find);

  beforeEach(async () => {
    issuer = await TokenIssuer.start();
    clock = new FakeClock();
    keys = new SigningKeys(new URL(`${issuer.url}/jwks`), clock);
  });
  afterEach(async () => issuer.stop());

  it('are fetched once for all tokens of ten minutes, and then again while the known ones go on', async () => {
    const token = await issuer.token();
    for (let index = 0; index < 10; index += 1) await verify(token);
    expect(fetched()).toBe(1);
    await clock.advance(11 * MINUTE_MS);
    await verify(token);
    await expect.poll(fetched).toBe(2);
  });

  it('that the issuer has withdrawn end after ten minutes', async () => {
    const token = await issuer.token();
    await verify(token);
    await issuer.rotateKey('second');
    await verify(token);
    await clock.advance(11 * MINUTE_MS);
    await expect
      .poll(async () =>
        verify(token).then(
          () => 'good',
          () => 'refused',
        ),
      )
      .toBe('refused');
  });

  it('stand for twelve hours while the issuer is down, and no longer', async () => {
    const token = await issuer.token();
    await verify(token);
    issuer.fail();
    await clock.advance(11 * 60 * MINUTE_MS);
    await verify(token);
    await clock.advance(2 * 60 * MINUTE_MS);
    await expect(verify(token)).rejects.toMatchObject({ reason: 'IssuerUnavailable' });
    issuer.comeBack();
    await clock.advance(MINUTE_MS);
    await verify(token);
  });

  it('that cannot be fetched are asked for again after five seconds at the earliest', async () => {
    issuer.fail();
    const token = await issuer.token();
    for (let index = 0; index < 20; index += 1) await expect(verify(token)).rejects.toMatchObject({ status: 503 });
    expect(fetched()).toBe(1);
    issuer.comeBack();
    await clock.advance(6_000);
    await verify(token);
  });
});
