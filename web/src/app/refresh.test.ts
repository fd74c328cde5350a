// When something that is shown is asked for again.

import { beforeEach, expect, it, onTestFinished, vi } from 'vitest';
import { Refresh } from './refresh.ts';

beforeEach(() => {
  vi.useFakeTimers();
  return () => vi.useRealTimers();
});

/** Times at which it was asked for, in milliseconds from now; answers take that long. */
function asked(answerMs = 0) {
  const began = performance.now();
  const times: number[] = [];
  const refresh = new Refresh(() => {
    times.push(performance.now() - began);
    refresh.asking(true);
    globalThis.setTimeout(() => refresh.asking(false), answerMs);
  });
  onTestFinished(() => refresh.stop());
  return { refresh, times };
}

it('What has changed is asked for at once, and once for all changes that come together', async () => {
  const { refresh, times } = asked();
  refresh.due();
  refresh.due();
  await vi.advanceTimersByTimeAsync(400);
  expect(times).toEqual([0]);
  refresh.due();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(times).toEqual([0, 500]);
});

it('What changes while it is asked for is asked for once more, since the answer may be of before', async () => {
  const { refresh, times } = asked(2_000);
  refresh.due();
  await vi.advanceTimersByTimeAsync(1_000);
  refresh.due();
  await vi.advanceTimersByTimeAsync(500);
  expect(times).toEqual([0]);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(times).toEqual([0, 2_000]);
});

it('What changes all the time is asked for seldomer and seldomer, and at once again after a pause', async () => {
  const { refresh, times } = asked();
  for (let ms = 0; ms < 60_000; ms += 100) {
    refresh.due();
    await vi.advanceTimersByTimeAsync(100);
  }
  const pauses = times.slice(1).map((time, at) => time - (times[at] ?? 0));
  expect(pauses.slice(0, 5)).toEqual([500, 1_000, 2_000, 4_000, 8_000]);
  expect(Math.max(...pauses)).toBe(8_000);
  await vi.advanceTimersByTimeAsync(60_000);
  const before = times.length;
  refresh.due();
  refresh.due();
  await vi.advanceTimersByTimeAsync(500);
  refresh.due();
  expect(times.slice(before).map((time) => time - (times[before] ?? 0))).toEqual([0, 500]);
});
