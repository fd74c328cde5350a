// The simulator as the request handler of an AWS SDK client: the same calls without sockets.
import { Readable } from 'node:stream';
import { HttpResponse, type HttpRequest } from '@smithy/core/protocols';
import type { WireRequest } from '../wire/message.ts';
import type { FrontDoor } from './front-door.ts';
import { isConnectionCut } from './pipeline.ts';

/** What an SDK client takes as `requestHandler`. */
export interface InProcessHandler {
  handle(request: HttpRequest): Promise<{ response: HttpResponse }>;
  destroy(): void;
  updateHttpClientConfig(): void;
  httpHandlerConfigs(): Record<string, never>;
}

const bytesOf = async (body: unknown): Promise<Uint8Array> => {
  if (body === undefined || body === null) return new Uint8Array(0);
  if (typeof body === 'string') return Buffer.from(body);
  if (body instanceof Uint8Array) return body;
  if (body instanceof ArrayBuffer) return new Uint8Array(body);
  if (body instanceof Blob) return new Uint8Array(await body.arrayBuffer());
  const chunks: Uint8Array[] = [];
  for await (const chunk of body as AsyncIterable<Uint8Array | string>) chunks.push(Buffer.from(chunk as Uint8Array));
  return Buffer.concat(chunks);
};

const encode = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);

const queryOf = (query: HttpRequest['query']): string =>
  Object.entries(query ?? {})
    .flatMap(([name, value]) =>
      (Array.isArray(value) ? value : [value]).map((one) =>
        one === null ? encode(name) : `${encode(name)}=${encode(one)}`,
      ),
    )
    .join('&');

const wireRequestOf = async (request: HttpRequest): Promise<WireRequest> => {
  const headers = Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [name.toLowerCase(), value]),
  );
  const port = request.port === undefined ? '' : `:${request.port}`;
  return {
    method: request.method,
    host: headers['host'] ?? `${request.hostname}${port}`,
    path: request.path,
    query: queryOf(request.query),
    headers,
    body: await bytesOf(request.body),
  };
};

/** How Node's HTTP handler reports a connection that broke: the SDK retries it as transient. */
const connectionReset = (): Error =>
  Object.assign(new Error('socket hang up'), { code: 'ECONNRESET', name: 'TimeoutError' });

export const inProcessHandler = (door: FrontDoor): InProcessHandler => ({
  async handle(request) {
    try {
      const { status, headers, body } = await door(await wireRequestOf(request));
      const length = 'content-length' in headers ? {} : { 'content-length': String(body.length) };
      return {
        response: new HttpResponse({
          statusCode: status,
          headers: { ...headers, ...length },
          body: Readable.from(body.length > 0 ? [body] : []),
        }),
      };
    } catch (error) {
      throw isConnectionCut(error) ? connectionReset() : error;
    }
  },
  destroy() {},
  updateHttpClientConfig() {},
  httpHandlerConfigs: () => ({}),
});
