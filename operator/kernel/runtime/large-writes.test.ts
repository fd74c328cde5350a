import { describe, expect, it } from 'vitest';
import { LargeWrites } from './large-writes.ts';

const LARGE = 100_000;
const SMALL = 1_000;

/** Writes that end when the test says so. */
const held = (writes: LargeWrites) => {
  const begun: string[] = [];
  const write = (name: string, size: number, signal = new AbortController().signal) => {
    const { promise, resolve } = Promise.withResolvers<string>();
    const done = writes.run(size, signal, async () => {
      begun.push(name);
      return promise;
    });
    return { done, end: () => resolve(name) };
  };
  return { begun, write };
};

describe('LargeWrites', () => {
  it('makes one large write after the other, in the order in which they came, and small ones beside them', async () => {
    const { begun, write } = held(new LargeWrites());
    const first = write('first', LARGE);
    const second = write('second', LARGE);
    const small = write('small', SMALL);
    small.end();
    expect(await small.done).toBe('small');
    expect(begun).toEqual(['first', 'small']);
    first.end();
    await first.done;
    second.end();
    expect(await second.done).toBe('second');
  });

  it('lets who waits go when its run ends, and the next one have its turn', async () => {
    const { begun, write } = held(new LargeWrites());
    const first = write('first', LARGE);
    const run = new AbortController();
    const ended = write('ended', LARGE, run.signal);
    const last = write('last', LARGE);
    run.abort();
    await expect(ended.done).rejects.toThrow('before its turn');
    first.end();
    last.end();
    expect(await last.done).toBe('last');
    expect(begun).toEqual(['first', 'last']);
  });

  it('goes on after a write that failed', async () => {
    const writes = new LargeWrites();
    const { signal } = new AbortController();
    const failing = writes.run(LARGE, signal, async () => Promise.reject(new Error('Conflict')));
    await expect(failing).rejects.toThrow('Conflict');
    expect(await writes.run(LARGE, signal, async () => Promise.resolve('written'))).toBe('written');
  });
});
