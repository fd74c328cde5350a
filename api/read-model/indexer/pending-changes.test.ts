import { describe, expect, it } from 'vitest';
import { FakeClock } from '../../../operator/kernel/testing/fake-clock.ts';
import { PendingChanges } from './pending-changes.ts';

describe('Pending changes', () => {
  it('hold each object once, however often it changed, and give the longest waiting table first', async () => {
    const clock = new FakeClock();
    const pending = new PendingChanges(clock);
    pending.mark('dataset', 'a/one');
    await clock.advance(1_000);
    for (let n = 0; n < 100; n++) pending.mark('organization', 'acme');
    pending.mark('dataset', 'a/one');
    pending.remove('dataset', { uid: 'u', resourceVersion: '7' });
    expect(pending.size).toBe(3);
    expect(pending.take(10)).toMatchObject({ table: 'dataset', keys: ['a/one'], gone: [{ uid: 'u' }] });
    expect(pending.take(10)).toMatchObject({ table: 'organization', keys: ['acme'] });
    expect(pending.take(10)).toBeUndefined();
  });

  it('give no more than is asked for, and what could not be written again', () => {
    const pending = new PendingChanges(new FakeClock());
    for (let n = 0; n < 5; n++) pending.mark('dataset', `a/${n}`);
    const batch = pending.take(3);
    expect(batch?.keys).toEqual(['a/0', 'a/1', 'a/2']);
    pending.mark('dataset', 'a/0');
    if (batch) pending.giveBack(batch);
    expect(pending.take(10)?.keys.toSorted()).toEqual(['a/0', 'a/1', 'a/2', 'a/3', 'a/4']);
  });

  it('tell how long the oldest has been waiting, also of one that was given back', async () => {
    const clock = new FakeClock();
    const pending = new PendingChanges(clock);
    expect(pending.lagMs).toBe(0);
    pending.mark('dataset', 'a/one');
    await clock.advance(5_000);
    const batch = pending.take(10);
    expect(pending.lagMs).toBe(5_000);
    if (batch) pending.giveBack(batch);
    expect(pending.lagMs).toBe(5_000);
    pending.take(10);
    pending.take(10);
    expect(pending.lagMs).toBe(0);
  });

  it('wake who waits for them', async () => {
    const clock = new FakeClock();
    const pending = new PendingChanges(clock);
    const waiting = pending.some(60_000, new AbortController().signal);
    pending.mark('dataset', 'a/one');
    await expect(waiting).resolves.toBeUndefined();
    await expect(pending.some(60_000, new AbortController().signal)).resolves.toBeUndefined();
  });
});
