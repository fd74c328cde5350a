// Who is told what of changes in a tab, and when it looks by itself.

import { beforeEach, expect, it, vi } from 'vitest';
import { pauseAfter } from './change-stream.ts';
import { LiveChanges, type LiveState, type News, type Told } from './live-changes.ts';

beforeEach(() => {
  vi.useFakeTimers();
  return () => vi.useRealTimers();
});

const SHARE = { kind: 'ShareRequest', uri: 'one' } as const;

/** Changes of a tab, with the streams that it has opened. */
function tab() {
  const streams: { readonly told: Told; readonly signal: AbortSignal }[] = [];
  const changes = new LiveChanges((told, signal) => streams.push({ told, signal }));
  const heard: News[] = [];
  const states: LiveState[] = [];
  changes.on((news) => heard.push(news));
  changes.onState(() => states.push(changes.state()));
  return { changes, streams, heard, states };
}

it('A tab hears what its stream tells, and nothing of one that it has closed', () => {
  const { changes, streams, heard } = tab();
  changes.open();
  streams[0]?.told.news([SHARE]);
  changes.open();
  streams[0]?.told.news([SHARE, SHARE]);
  streams[1]?.told.news(undefined);
  changes.close();
  streams[1]?.told.news([SHARE]);
  expect(heard).toEqual([[SHARE], undefined]);
  expect(streams.map(({ signal }) => signal.aborted)).toEqual([true, true]);
});

it('While nobody tells of changes, a tab looks every ten seconds, and says so', async () => {
  const { changes, streams, heard, states } = tab();
  changes.open();
  streams[0]?.told.news(undefined);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(heard).toEqual([undefined]);
  streams[0]?.told.state('Reconnecting');
  await vi.advanceTimersByTimeAsync(30_000);
  expect(heard).toHaveLength(4);
  streams[0]?.told.news(undefined);
  await vi.advanceTimersByTimeAsync(30_000);
  expect(heard).toHaveLength(5);
  expect(states).toEqual(['Live', 'Reconnecting', 'Live']);
  changes.close();
});

it('A tab that is closed looks no more', async () => {
  const { changes, heard } = tab();
  changes.open();
  changes.close();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(heard).toEqual([]);
});

it('A stream that cannot be opened is tried later each time, within half a minute, and not by all tabs at once', () => {
  const failures = [0, 1, 2, 3, 10, 10_000];
  expect(failures.map((count) => pauseAfter(count, 1))).toEqual([500, 1_000, 2_000, 4_000, 30_000, 30_000]);
  expect(failures.map((count) => pauseAfter(count, 0))).toEqual([250, 500, 1_000, 2_000, 15_000, 15_000]);
});
