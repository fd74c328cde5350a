// The HTTP connections to one API server, kept alive and renewed.

import { Agent } from 'undici';
import type { Credentials } from './credentials.ts';

/** Less than the 90 s after which Go's server closes idle connections, so that we close them first. */
const keepAliveMs = 30_000;

type Access = Awaited<ReturnType<Credentials['current']>>;

/** One agent per set of TLS options: a rotated client certificate gets new connections, the old ones run out. */
export class Connections {
  #tls: Access['tls'] | undefined;
  #agent: Agent | undefined;

  for(access: Access): Agent {
    if (!this.#agent || this.#tls !== access.tls) {
      this.renew();
      this.#tls = access.tls;
      this.#agent = new Agent({
        connect: { ...access.tls, keepAlive: true, keepAliveInitialDelay: keepAliveMs, timeout: 10_000 },
        // Over HTTP/2 undici joins repeated headers as fetch does: two Impersonate-Group headers would assert one wrong group.
        allowH2: false,
        keepAliveTimeout: keepAliveMs,
        keepAliveMaxTimeout: keepAliveMs,
      });
    }
    return this.#agent;
  }

  /** Uses none of the idle connections again: where one was dead, the others may be, and each would cost a timeout. */
  renew(): void {
    // What is under way may finish; when it breaks instead, its caller hears of it.
    this.#agent?.close().catch(() => {});
    this.#agent = undefined;
  }

  async close(): Promise<void> {
    await this.#agent?.destroy();
  }
}
