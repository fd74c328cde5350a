// The answers of one subscription: it is asked again when what it follows has changed, and what differs from what was sent last is sent.

import { createHash } from 'node:crypto';
import type { GraphQLFormattedError } from 'graphql';
import { type Clock, sleep } from '../../operator/kernel/clock.ts';
import { LoopBackoff } from '../../operator/kernel/runtime/backoff.ts';
import type { Following } from './following.ts';
import type { LiveMetrics } from './live-metrics.ts';

/** As GraphQL answers. */
export interface LiveResult {
  readonly data?: Record<string, unknown> | null;
  readonly errors?: readonly GraphQLFormattedError[];
  readonly extensions?: Record<string, unknown>;
}

export interface LiveQuery {
  readonly following: Following;
  /** Asks, as who they are now. Undefined: it could not be asked. */
  readonly ask: () => Promise<LiveResult | undefined>;
  readonly coalesceMs: number;
  readonly metrics: LiveMetrics;
  readonly clock: Clock;
}

/** Until the signal aborts, or what is asked for is not there or may not be seen any more: that is said once. */
export async function* liveResults(query: LiveQuery, signal: AbortSignal): AsyncGenerator<LiveResult, undefined> {
  const { following, ask, coalesceMs, metrics, clock } = query;
  const backoff = new LoopBackoff(clock);
  let sent: string | undefined;
  if (signal.aborted) return;
  signal.addEventListener('abort', () => void following.return());
  for await (const _ of following) {
    const { heardAt } = following;
    const result = await ask();
    if (signal.aborted) return;
    const refusal = refusalOf(result);
    if (result === undefined || (sent !== undefined && refusal === 'failed')) {
      metrics.looked('failed');
      following.changed();
      await sleep(clock, backoff.next(), signal);
      continue;
    }
    const digest = digestOf(result);
    metrics.looked(digest === sent ? 'unchanged' : 'sent');
    if (digest !== sent) {
      if (heardAt !== undefined) metrics.delayed((clock.monotonic() - heardAt) / 1000);
      sent = digest;
      yield result;
    }
    if (refusal !== undefined) return;
    await sleep(clock, coalesceMs, signal);
  }
}

/** An error of the field itself, not of one within its answer. `failed`: of ours, perhaps not for long. */
function refusalOf(result: LiveResult | undefined): 'refused' | 'failed' | undefined {
  const refusal = result?.errors?.find(({ path }) => (path?.length ?? 0) <= 1);
  if (refusal === undefined) return undefined;
  return FOR_NOW.has(String(refusal.extensions?.['code'])) ? 'failed' : 'refused';
}

const FOR_NOW: ReadonlySet<string> = new Set(['INTERNAL_SERVER_ERROR', 'ServiceUnavailable']);

/** How old rows may be is no news. */
const digestOf = ({ data, errors }: LiveResult): string =>
  createHash('sha256')
    .update(JSON.stringify([data, errors]))
    .digest('base64');
