// An identity provider that names addresses that are not its own, sends people elsewhere, says too much, or is slow.

import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { systemClock } from '../../operator/kernel/clock.ts';
import { Issuer } from './issuer.ts';
import { issuerFetch } from './issuer-fetch.ts';
import { settingsFor } from './testing/settings.ts';

/** @returns its address, and what it was asked for */
async function server(answer: RequestListener) {
  const asked: string[] = [];
  const listening = createServer((request, response) => {
    asked.push(request.url ?? '');
    answer(request, response);
  });
  await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    listening.closeAllConnections();
    await new Promise((resolve) => listening.close(resolve));
  });
  return { url: `http://127.0.0.1:${(listening.address() as AddressInfo).port}`, asked };
}

const innermost = (error: Error): Error => (error.cause instanceof Error ? innermost(error.cause) : error);
const why = async (attempt: Promise<unknown>): Promise<string> =>
  attempt.then(
    () => 'asked',
    (error: Error) => innermost(error).message,
  );

describe('An address that an identity provider names', () => {
  const ask = issuerFetch('https://login.example.com/tenant');

  it.each([
    ['http://login.example.com/keys', 'it is not https'],
    ['http://169.254.169.254/latest/meta-data/iam/security-credentials/', 'it is not https'],
    ['https://169.254.169.254/latest/meta-data/', 'it is in a private network'],
    ['https://0xA9FEA9FE/latest/', 'it is in a private network'],
    ['https://[::ffff:169.254.169.254]/', 'it is in a private network'],
    ['https://[fd00:ec2::254]/', 'it is in a private network'],
    ['https://127.1/', 'it is in a private network'],
    ['https://[::1]/', 'it is in a private network'],
    ['https://10.96.0.1/api/v1/secrets', 'it is in a private network'],
    ['https://localhost:6443/', 'it is on this machine'],
    ['https://api.localhost./', 'it is on this machine'],
    ['https://admin:secret@other.example.com/', 'it bears a password'],
    ['file:///etc/passwd', 'it is not https'],
  ])('%s is not asked', async (address, reason) => {
    expect(await why(ask(address))).toBe(`${address}, which the identity provider names, is not asked: ${reason}`);
  });

  it('is asked on another host, where it is https, and on a private one that the configuration names', async () => {
    expect(await why(ask('https://keys.example.invalid/jwks'))).toMatch(/ENOTFOUND|EAI_AGAIN/);
    const { url, asked } = await server((_, response) => response.end('{}'));
    expect((await issuerFetch(url)(`${url}/keys`)).status).toBe(200);
    const other = await server((_, response) => response.end('{}'));
    expect(await why(issuerFetch(url)(`${other.url}/keys`))).toMatch(/is not asked: it is not https$/);
    expect([asked, other.asked]).toEqual([['/keys'], []]);
  });

  it('is not followed to where it redirects', async () => {
    const target = await server((_, response) => response.end('{"keys": []}'));
    const { url } = await server((_, response) => response.writeHead(302, { location: target.url }).end());
    expect((await issuerFetch(url)(`${url}/keys`)).status).toBe(302);
    expect(target.asked).toEqual([]);
  });
});

describe('An identity provider', () => {
  const discovered = async (answer: (url: string) => RequestListener) => {
    let own = '';
    const { url, asked } = await server((request, response) => answer(own)(request, response));
    own = url;
    return { asked, refusal: await why(new Issuer(settingsFor(url).oidc, systemClock).keys()) };
  };

  it('that says 100 MB of itself is read no further than a megabyte', async () => {
    let sent = 0;
    const { refusal } = await discovered(() => (_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      const more = (): void => {
        while (sent < 100_000_000 && !response.destroyed) {
          sent += 65_536;
          if (!response.write(' '.repeat(65_536))) return void response.once('drain', more);
        }
        response.end('{}');
      };
      more();
    });
    expect(refusal).toMatch(/openid-configuration has more than 1048576 bytes$/);
    // What was under way: buffers of both ends.
    expect(sent).toBeLessThan(20_000_000);
  });

  it('that is slow is given up after five seconds, in its headers or in what follows', async () => {
    const { refusal } = await discovered(() => (_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' }).write('{');
    });
    expect(refusal).toMatch(/timed out|timeout/);
  }, 20_000);

  it('that is another than the configuration says is not believed', async () => {
    const { refusal } = await discovered(() => (_, response) => {
      const document = { issuer: 'https://other.example.com', jwks_uri: 'https://other.example.com/keys' };
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(document));
    });
    expect(refusal).toMatch(/issuer/);
  });
});
