// How the gateway proves to OpenSearch who it is, and that it keeps that to itself.

import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { StartupError } from '../../../operator/kernel/process/start-up.ts';
import { openSearchClient } from './client.ts';
import { OpenSearchSearch } from './opensearch-search.ts';
import { searchSettings } from './settings.ts';

/** What it is sent. */
async function listener(): Promise<{ url: string; requests: IncomingHttpHeaders[] }> {
  const requests: IncomingHttpHeaders[] = [];
  const server = createServer((request, response) => {
    requests.push(request.headers);
    response.setHeader('content-type', 'application/json').end('{}');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests };
}

const settings = (opensearch: object) => {
  const parsed = searchSettings.parse({ backend: 'opensearch', opensearch });
  if (parsed.backend !== 'opensearch') throw new Error('another backend');
  return parsed.opensearch;
};

afterEach(() => vi.unstubAllEnvs());

describe('A client of OpenSearch', () => {
  it.each(['es', 'aoss'] as const)('signs its requests to %s as the role of the gateway', async (service) => {
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIAEXAMPLE');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret');
    const { url, requests } = await listener();
    const client = openSearchClient(settings({ url, auth: { type: 'aws', service, region: 'eu-west-1' } }));
    await client.count({ index: 'dataall-index' });
    await client.close();
    expect(requests[0]?.authorization).toMatch(
      new RegExp(
        `^AWS4-HMAC-SHA256 Credential=AKIAEXAMPLE/\\d{8}/eu-west-1/${service}/aws4_request, SignedHeaders=.*, Signature=[0-9a-f]{64}$`,
      ),
    );
    expect(JSON.stringify(requests)).not.toContain('secret');
  });

  it('sends the password of the environment, which must be there', async () => {
    const { url, requests } = await listener();
    const basic = settings({ url, auth: { type: 'basic', user: 'gateway' } });
    // Told by itself, without a stack.
    expect(() => openSearchClient(basic)).toThrow(StartupError);
    expect(() => openSearchClient(basic)).toThrow('OPENSEARCH_PASSWORD is missing');
    vi.stubEnv('OPENSEARCH_PASSWORD', 'known');
    const client = openSearchClient(basic);
    await client.count();
    await client.close();
    expect(requests[0]?.authorization).toBe(`Basic ${Buffer.from('gateway:known').toString('base64')}`);
  });

  it('is not told of a password in an address, and the refusal does not repeat it', () => {
    const { error } = searchSettings.safeParse({
      backend: 'opensearch',
      opensearch: { url: 'https://me:hidden@search.example' },
    });
    expect(error?.message).toContain('OPENSEARCH_PASSWORD');
    expect(error?.message).not.toContain('hidden');
  });

  it('asks once for a search and waits no longer than it is told to: PostgreSQL answers then', async () => {
    let asked = 0;
    const silent = createServer(() => {
      asked += 1;
    }).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    onTestFinished(() => {
      silent.close();
      silent.closeAllConnections();
    });
    const url = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
    const client = openSearchClient(settings({ url, auth: { type: 'none' }, timeoutMs: 100 }));
    const everything = { query: { kind: 'everything' }, facets: [], page: { from: 0, size: 1 } } as const;
    const search = new OpenSearchSearch(client).search(everything, { groups: [], seesEverything: false });
    await expect(search).rejects.toThrow(/timed out/i);
    await client.close();
    expect(asked).toBe(1);
  });
});
