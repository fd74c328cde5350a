// Serves /healthz, /readyz and /metrics over plain HTTP, for the kubelet and Prometheus.

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Registry } from 'prom-client';

export interface ProbeServerOptions {
  /** 0 picks a free one. */
  port: number;
  host?: string;
  registry: Registry;
  isHealthy(): boolean;
  isReady(): boolean;
}

export interface ProbeServer {
  readonly port: number;
  close(): Promise<void>;
}

export async function startProbeServer(options: ProbeServerOptions): Promise<ProbeServer> {
  const { registry } = options;
  const answer = async (path: string): Promise<[status: number, body: string, type: string]> => {
    switch (path) {
      case '/healthz':
        return options.isHealthy() ? [200, 'ok', 'text/plain'] : [500, 'lease expired', 'text/plain'];
      case '/readyz':
        return options.isReady() ? [200, 'ok', 'text/plain'] : [503, 'caches not synced', 'text/plain'];
      case '/metrics':
        return [200, await registry.metrics(), registry.contentType];
      default:
        return [404, 'not found', 'text/plain'];
    }
  };
  const server = createServer((request, response) => {
    const path = (request.url ?? '/').split('?')[0] ?? '/';
    answer(path)
      .catch((error: unknown): [number, string, string] => [500, String(error), 'text/plain'])
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
