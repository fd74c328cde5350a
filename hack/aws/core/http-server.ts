// The simulator as an HTTP server: one port, all services.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { WireRequest } from '../wire/message.ts';
import type { FrontDoor } from './front-door.ts';
import { isConnectionCut } from './pipeline.ts';

const readBody = async (message: IncomingMessage): Promise<Uint8Array> => {
  const chunks: Uint8Array[] = [];
  for await (const chunk of message) chunks.push(chunk as Uint8Array);
  return Buffer.concat(chunks);
};

const flatHeaders = (message: IncomingMessage): Record<string, string> =>
  Object.fromEntries(
    Object.entries(message.headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(',') : (value ?? ''),
    ]),
  );

const readRequest = async (message: IncomingMessage): Promise<WireRequest> => {
  const [path = '/', ...query] = (message.url ?? '/').split('?');
  return {
    method: message.method ?? 'GET',
    host: message.headers.host ?? '',
    path,
    query: query.join('?'),
    headers: flatHeaders(message),
    body: await readBody(message),
  };
};

const answer = async (door: FrontDoor, message: IncomingMessage, response: ServerResponse): Promise<void> => {
  try {
    const { status, headers, body } = await door(await readRequest(message));
    // HEAD has no body but the length of what GET would bring, which the operation sets itself.
    const length =
      message.method === 'HEAD' || 'content-length' in headers ? {} : { 'content-length': String(body.length) };
    response.writeHead(status, { ...headers, ...length });
    response.end(message.method === 'HEAD' ? undefined : body);
  } catch (error) {
    if (!isConnectionCut(error)) console.error(error);
    message.socket.destroy();
  }
};

export interface RunningServer {
  readonly port: number;
  close(): Promise<void>;
}

/** @param port 0 for any free port. Rejects when the port is taken (EADDRINUSE). */
export const listen = async (door: FrontDoor, host: string, port: number): Promise<RunningServer> => {
  const server: Server = createServer((message, response) => void answer(door, message, response));
  // botocore asks before it sends large bodies; "100 Continue" is Node's default answer.
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: async () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};
