/** Ports for the API server: free now, and outside the range the system hands out by itself. */
import { createServer } from 'node:net';
import { SetupError } from './setup-error.ts';

/**
 * Below Linux's ephemeral range (32768-60999) and macOS's (49152-65535): while the API server is down, no outgoing
 * connection can be given its port, and no client dialling it can end up connected to itself.
 */
const FIRST_PORT = 20_000;
const LAST_PORT = 29_999;
const ATTEMPTS = 100;

/** A port of 127.0.0.1 that was free a moment ago. Another process may still be quicker: callers retry. */
export async function pickPort(random: () => number = Math.random): Promise<number> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const port = FIRST_PORT + Math.floor(random() * (LAST_PORT - FIRST_PORT + 1));
    if (await isPortFree(port)) return port;
  }
  throw new SetupError(
    'no-free-port',
    `No free port found between ${FIRST_PORT} and ${LAST_PORT} on 127.0.0.1 (${ATTEMPTS} tried).`,
    'end programs that listen there (`ss -ltn` or `lsof -iTCP -sTCP:LISTEN` lists them), then start again.',
  );
}

/** Whether one may listen to it on 127.0.0.1 now. */
export function isPortFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(true)));
  });
}
