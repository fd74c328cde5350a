// A TCP proxy before an API server or a database, for what networks do: cut connections, freeze them, refuse new ones.

import { connect, createServer, type Server, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import type { Credentials } from '../../operator/kernel/client/credentials.ts';

export class Proxy {
  readonly #server: Server;
  readonly #pairs = new Set<[Socket, Socket]>();
  #refuses = false;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async before(url: string): Promise<Proxy> {
    const target = new URL(url);
    const server = createServer();
    const proxy = new Proxy(server);
    server.on('connection', (near) => proxy.#join(near, target));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** The same identity, through the proxy. */
  through(credentials: Credentials): Credentials {
    const server = `https://127.0.0.1:${this.port}`;
    return {
      current: async () => ({ ...(await credentials.current()), server }),
      refresh: () => credentials.refresh(),
    };
  }

  /** Resets all open connections. */
  cut(): void {
    for (const [near, far] of this.#pairs) {
      near.resetAndDestroy();
      far.destroy();
    }
  }

  /** Open connections stay open and say nothing more, as after a firewall lost its state. New ones work. */
  freeze(): void {
    for (const [near, far] of this.#pairs) {
      near.unpipe(far);
      far.unpipe(near);
      near.pause();
      far.pause();
    }
  }

  /** The network is gone: what is open freezes, what is new hangs. */
  isolate(): void {
    this.#refuses = true;
    this.freeze();
  }

  /** On open connections what is asked arrives, and no answer comes back. */
  loseAnswers(): void {
    for (const [near, far] of this.#pairs) {
      far.unpipe(near);
      far.resume();
    }
  }

  /** New connections work again; those from before are reset. */
  restore(): void {
    this.#refuses = false;
    this.cut();
  }

  async close(): Promise<void> {
    this.cut();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  #join(near: Socket, target: URL): void {
    const far = connect(Number(target.port), target.hostname);
    const pair: [Socket, Socket] = [near, far];
    this.#pairs.add(pair);
    const end = () => {
      this.#pairs.delete(pair);
      near.destroy();
      far.destroy();
    };
    for (const socket of pair) socket.on('error', end).on('close', end).setNoDelay(true);
    if (!this.#refuses) near.pipe(far).pipe(near);
  }
}
