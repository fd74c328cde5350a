import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from './clock.ts';
import { Federation } from './federation.ts';
import type { RoleSession } from './services/sts.ts';
import { pivotRoleName, region, startAccounts, type SimulatedAccounts } from './testing/simulated-accounts.ts';

const session: RoleSession = {
  accessKeyId: 'ASIAEXAMPLE',
  secretAccessKey: 'a secret key',
  sessionToken: 'a session token',
  expiration: new Date(),
  roleId: 'AROAEXAMPLE',
};
const path = 'console/home';

/** A sign-in that answers like this. */
const answering = (status: number, text: string) => {
  const asked: URL[] = [];
  const get = (url: URL): Promise<{ status: number; text: string }> => {
    asked.push(url);
    return Promise.resolve({ status, text });
  };
  return { asked, federation: new Federation({ clients: { get }, clock: systemClock }) };
};

describe('the address of a sign-in', () => {
  it.each([
    ['eu-west-1', 'https://signin.aws.amazon.com', 'https://console.aws.amazon.com'],
    ['cn-north-1', 'https://signin.amazonaws.cn', 'https://console.amazonaws.cn'],
    ['us-gov-west-1', 'https://signin.amazonaws-us-gov.com', 'https://console.amazonaws-us-gov.com'],
    ['eusc-de-east-1', 'https://eusc-de-east-1.signin.amazonaws-eusc.eu', 'https://console.amazonaws-eusc.eu'],
  ])('in %s is that of its partition', async (where, signIn, console) => {
    const { asked, federation } = answering(200, '{"SigninToken":"a token"}');
    const url = new URL(await federation.signInUrl(session, { account: '111111111111', region: where, path }));
    expect(asked.map(({ origin }) => origin)).toEqual([signIn]);
    expect(url.origin).toBe(signIn);
    expect(Object.fromEntries(url.searchParams)).toEqual({
      Action: 'login',
      Issuer: 'data.all',
      Destination: `${console}/${path}?region=${where}`,
      SigninToken: 'a token',
    });
  });

  it.each([
    [400, '<html>the session a secret key is bad</html>', 'Invalid'],
    [503, '', 'Unavailable'],
    [200, '<html>', 'Invalid'],
    [200, '{}', 'Invalid'],
  ])('is a fault when AWS answers %d %s, without what was sent', async (status, text, kind) => {
    const { federation } = answering(status, text);
    const fault = await federation
      .signInUrl(session, { account: '111111111111', region, path })
      .catch((error: unknown) => error);
    expect(fault).toMatchObject({ name: 'AwsFault', kind, service: 'signin' });
    expect(JSON.stringify(fault) + String(fault)).not.toContain('secret key');
  });
});

describe('the simulated sign-in', () => {
  let accounts: SimulatedAccounts;
  beforeAll(async () => {
    accounts = await startAccounts();
  });
  afterAll(() => accounts.stop());
  const visit = () => ({ account: accounts.producer.account, region, path });
  const enter = async () =>
    await accounts.consumer.sts.assumeRole({
      arn: `arn:aws:iam::${accounts.consumer.account}:role/${pivotRoleName}`,
      externalId: 'an-identifier',
      sessionName: 'ann',
      duration: 900,
    });

  it('takes a session that AWS gave, by all of its parts, and until it ends', async () => {
    const mine = await allowSelf().then(enter);
    const { federation } = accounts.accounts;
    await expect(federation.signInUrl(mine, visit())).resolves.toContain('SigninToken=');
    const other = { ...mine, secretAccessKey: 'another' };
    await expect(federation.signInUrl(other, visit())).rejects.toMatchObject({ kind: 'Invalid' });
    accounts.aws.world.clock.advance(901_000);
    await expect(federation.signInUrl(mine, visit())).rejects.toMatchObject({ kind: 'Invalid' });
  });

  /** The role may be entered from its own sessions, which stands for a role of a team here. */
  const allowSelf = async (): Promise<unknown> =>
    await accounts.administer('consumer', 'iam', 'UpdateAssumeRolePolicy', {
      RoleName: pivotRoleName,
      PolicyDocument: JSON.stringify({
        Version: '2012-10-17',
        Statement: [accounts.aws.accounts['hub']?.id, accounts.consumer.account].map((account) => ({
          Effect: 'Allow',
          Principal: { AWS: `arn:aws:iam::${account}:root` },
          Action: 'sts:AssumeRole',
        })),
      }),
    });
});
