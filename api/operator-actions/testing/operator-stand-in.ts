// In place of the operator's internal API, over HTTP: for whom it was asked what, and what it answers. Rights are the operator's to judge
// (operator/actions): here whoever is listed is let in.

import { once } from 'node:events';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import pino from 'pino';
import { onTestFinished } from 'vitest';
import { OperatorClient } from '../operator-actions.ts';
import { shippedFeatures } from '../../../operator/features/shipped.ts';
import { DRY_RUN } from '../../../operator/actions/contract/route.ts';
import { operatorSettings } from '../settings.ts';

interface Heard {
  /** With the query. */
  readonly path: string;
  readonly user: string | undefined;
  readonly body: unknown;
  readonly etag: string | undefined;
}

/** What is answered: 200 with `json`, unless it says otherwise. */
interface Spoken {
  readonly status?: number;
  readonly json?: unknown;
  readonly etag?: string;
}

export interface OperatorStandIn {
  readonly client: OperatorClient;
  readonly heard: Heard[];
}

/** Ends with the test. @param answers by the end of the path, e.g. `datasets/sales-prod/orders/console` */
export async function operatorStandIn(answer: (heard: Heard) => Spoken): Promise<OperatorStandIn> {
  const heard: Heard[] = [];
  const server = createServer((request, response) => {
    void hear(request).then((one) => {
      heard.push(one);
      const isDry = one.path.endsWith(`?${DRY_RUN.name}=${DRY_RUN.value}`);
      const { status = isDry ? 204 : 200, json, etag } = answer(one);
      const type = status < 400 ? 'application/json' : 'application/problem+json';
      response.writeHead(status, { 'content-type': type, ...(etag !== undefined && { etag }) });
      response.end(json === undefined || status === 204 ? '' : JSON.stringify(json));
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const tokenFile = join(mkdtempSync(join(tmpdir(), 'operator-')), 'token');
  writeFileSync(tokenFile, 'token');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const settings = operatorSettings.parse({ url: `http://127.0.0.1:${port}`, tokenFile });
  const client = new OperatorClient(settings, pino({ level: 'silent' }), shippedFeatures());
  onTestFinished(async () => {
    await client.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return { client, heard };
}

async function hear(request: IncomingMessage): Promise<Heard> {
  const sent = await text(request);
  return {
    path: (request.url ?? '').replace('/v1/', ''),
    user: request.headers['impersonate-user']?.toString(),
    body: sent === '' ? undefined : JSON.parse(sent),
    etag: request.headers['if-none-match'],
  };
}

export const forbidden = {
  status: 403,
  json: { type: 'urn:dataall:problem:forbidden', title: 'Not allowed', status: 403, detail: 'no', requestId: 'r' },
};
