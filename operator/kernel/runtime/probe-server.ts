// Serves /healthz, /readyz and /metrics over plain HTTP, for the kubelet and Prometheus, and /debug/queues for whoever is on the machine.

import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Registry } from 'prom-client';

export interface ProbeServerOptions {
  /** 0 picks a free one. */
  port: number;
  host?: string;
  registry: Registry;
  isHealthy(): boolean;
  isReady(): boolean | Promise<boolean>;
  /** What is said while it is not ready. */
  readonly notReady: string;
  /** What the controllers work on: names of objects, and of what they are about. Without it there are none. */
  queues?(): object;
}

export interface ProbeServer {
  readonly port: number;
  close(): Promise<void>;
}

type Answer = readonly [status: number, body: string, type: string];

export async function startProbeServer(options: ProbeServerOptions): Promise<ProbeServer> {
  const { registry } = options;
  const answer = async (path: string, request: IncomingMessage): Promise<Answer> => {
    switch (path) {
      case '/healthz':
        return options.isHealthy() ? [200, 'ok', 'text/plain'] : [500, 'lease expired', 'text/plain'];
      case '/readyz':
        return (await options.isReady()) ? [200, 'ok', 'text/plain'] : [503, options.notReady, 'text/plain'];
      case '/metrics':
        return [200, await registry.metrics(), registry.contentType];
      case '/debug/queues':
        if (!options.queues) break;
        return isLocal({ address: request.socket.remoteAddress, headers: request.headers })
          ? [200, JSON.stringify(options.queues(), undefined, 2), 'application/json']
          : [403, 'only from this machine: kubectl port-forward, then http://localhost', 'text/plain'];
    }
    return [404, 'not found', 'text/plain'];
  };
  const server = createServer((request, response) => {
    const path = (request.url ?? '/').split('?')[0] ?? '/';
    answer(path, request)
      .catch((error: unknown): Answer => [500, String(error), 'text/plain'])
      .then(([status, body, type]) => response.writeHead(status, { 'content-type': type }).end(body))
      .catch(() => response.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.host, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Not all of 127.0.0.0/8: what a service mesh lets in comes from 127.0.0.6. */
const loopback = new Set(['127.0.0.1', '::1', '::ffff:127.0.0.1']);
const localHost = /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/;
const proxied = ['forwarded', 'x-forwarded-for', 'x-real-ip', 'via'];

/**
 * Whether somebody on this machine asks, for himself: not a proxy for others, and not a web page that has its own name lead here
 * (https://en.wikipedia.org/wiki/DNS_rebinding).
 */
export function isLocal({
  address,
  headers,
}: {
  readonly address: string | undefined;
  readonly headers: IncomingMessage['headers'];
}): boolean {
  return (
    loopback.has(address ?? '') &&
    localHost.test(headers.host ?? '') &&
    proxied.every((name) => headers[name] === undefined)
  );
}
