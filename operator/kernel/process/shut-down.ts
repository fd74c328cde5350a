// How a process of ours is told to stop.

import type { Logger } from 'pino';

/** Aborts at the first SIGTERM or SIGINT; the second ends the process at once. */
export function endOnSignal(log: Logger): AbortSignal {
  const end = new AbortController();
  const stop = (signal: NodeJS.Signals): void => {
    if (end.signal.aborted) process.exit(1);
    log.info({ signal }, 'stopping');
    end.abort();
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  return end.signal;
}
