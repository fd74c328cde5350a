// When a subscription is asked again, and what of the answers is sent.

import { Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import { FakeClock } from '../../operator/kernel/testing/fake-clock.ts';
import { Changes } from './changes.ts';
import { Following } from './following.ts';
import { LiveMetrics } from './live-metrics.ts';
import { type LiveResult, liveResults } from './live-results.ts';

const OURS = { message: 'The gateway failed', path: ['share'], extensions: { code: 'INTERNAL_SERVER_ERROR' } };
const GONE = { message: 'was not found', path: ['share'], extensions: { code: 'ResourceNotFound' } };
const COALESCE_MS = 200;

/** @param answer what is answered now; undefined: it cannot be asked */
function subscription(answer: () => LiveResult | undefined) {
  const [clock, changes, stop] = [new FakeClock(), new Changes(), new AbortController()];
  const following = new Following(changes, clock);
  following.follow('ShareRequest', 'one');
  const sent: LiveResult[] = [];
  let asked = 0;
  const metrics = new LiveMetrics(new Registry(), { streams: () => 0, subscriptions: () => 0 });
  const ask = async (): Promise<LiveResult | undefined> => {
    asked += 1;
    return answer();
  };
  const results = liveResults({ following, ask, coalesceMs: COALESCE_MS, metrics, clock }, stop.signal);
  let isComplete = false;
  void (async () => {
    for await (const result of results) sent.push(result);
    isComplete = true;
  })();
  return {
    clock,
    sent,
    asked: () => asked,
    isComplete: () => isComplete,
    stop: () => stop.abort(),
    change: () => changes.heard('ShareRequest one'),
    everything: () => changes.everything(),
  };
}

const share = (status: string): LiveResult => ({ data: { share: { status } } });

describe('A subscription', () => {
  it('is asked at once after a change that comes alone, and once for all that come with it', async () => {
    let status = 'Draft';
    const { clock, sent, asked, change } = subscription(() => share(status));
    await clock.advance(COALESCE_MS);
    expect(sent).toEqual([share('Draft')]);
    status = 'Submitted';
    change();
    change();
    await clock.advance(0);
    expect(sent).toEqual([share('Draft'), share('Submitted')]);
    status = 'Approved';
    for (let times = 0; times < 10; times += 1) change();
    await clock.advance(COALESCE_MS - 1);
    expect(asked()).toBe(2);
    await clock.advance(1);
    expect(sent.at(-1)).toEqual(share('Approved'));
    await clock.advance(10 * COALESCE_MS);
    expect(asked()).toBe(3);
  });

  it('is not sent what was sent before, nor how old it may be', async () => {
    let behindSeconds = 1;
    const { clock, sent, asked, change } = subscription(() => ({
      ...share('Draft'),
      extensions: { readModel: { behindSeconds } },
    }));
    await clock.advance(COALESCE_MS);
    behindSeconds = 60;
    change();
    await clock.advance(0);
    expect([asked(), sent.length]).toEqual([2, 1]);
  });

  it('is asked again when it is not known what has changed', async () => {
    let status = 'Draft';
    const { clock, sent, everything } = subscription(() => share(status));
    await clock.advance(COALESCE_MS);
    status = 'Submitted';
    everything();
    await clock.advance(0);
    expect(sent.at(-1)).toEqual(share('Submitted'));
  });

  it.each([
    ['cannot be asked', undefined],
    ['fails for a reason of ours', { data: null, errors: [OURS] }],
  ])('that %s is asked again until it can, without a word', async (_, failure) => {
    let answer: LiveResult | undefined = share('Draft');
    const { clock, sent, change } = subscription(() => answer);
    await clock.advance(COALESCE_MS);
    answer = failure;
    change();
    await clock.advance(60_000);
    expect(sent).toEqual([share('Draft')]);
    answer = share('Approved');
    await clock.advance(60_000);
    expect(sent).toEqual([share('Draft'), share('Approved')]);
  });

  it('that fails at first says so and is complete', async () => {
    const { clock, sent, isComplete } = subscription(() => ({ data: null, errors: [OURS] }));
    await clock.advance(0);
    expect([sent.length, isComplete()]).toEqual([1, true]);
  });

  it('is complete when what it follows is gone, and goes on when only a field within it fails', async () => {
    const within = { ...OURS, path: ['share', 'principal'] };
    let answer: LiveResult = { ...share('Draft'), errors: [within] };
    const { clock, sent, isComplete, change } = subscription(() => answer);
    await clock.advance(COALESCE_MS);
    expect([sent.length, isComplete()]).toEqual([1, false]);
    answer = { data: { share: null }, errors: [GONE] };
    change();
    await clock.advance(0);
    expect(sent.at(-1)).toEqual(answer);
    expect(isComplete()).toBe(true);
  });

  it('is asked no more once it is stopped, whatever changes', async () => {
    const { clock, asked, isComplete, stop, change } = subscription(() => share('Draft'));
    await clock.advance(COALESCE_MS);
    stop();
    change();
    await clock.advance(60_000);
    expect([asked(), isComplete()]).toEqual([1, true]);
  });
});
