import pino from 'pino';
import { describe, expect, it } from 'vitest';
import { type EventInput, eventKind, EventRecorder } from './event-recorder.ts';
import { FakeClock } from '../testing/fake-clock.ts';
import { note, noteKind } from '../testing/kube-api-contract.ts';
import { MemoryKubeApi } from '../testing/memory-kube-api.ts';

const minute = 60_000;
const granted: EventInput = { type: 'Normal', reason: 'Granted', note: 'table orders is shared' };

async function setUp() {
  const clock = new FakeClock();
  const api = new MemoryKubeApi({ clock });
  const regarding = await api.create(noteKind, note('a', 'one'));
  const recorder = new EventRecorder({
    api,
    clock,
    log: pino({ level: 'silent' }),
    controller: 'kernel-test',
    instance: 'pod-1',
  });
  const events = async () => {
    await recorder.flushed();
    return (await api.list(eventKind)).items;
  };
  return { clock, api, regarding, recorder, events };
}

describe('EventRecorder', () => {
  it('writes an Event that says who, what and about what', async () => {
    const { regarding, recorder, events } = await setUp();
    recorder.record(regarding, granted);
    const { uid } = regarding.metadata;
    expect(await events()).toMatchObject([
      {
        metadata: { namespace: 'a' },
        ...granted,
        action: 'Reconcile',
        eventTime: '2026-11-01T00:00:00.000000Z',
        reportingController: 'kernel-test',
        reportingInstance: 'pod-1',
        regarding: { apiVersion: 'kernel.test/v1', kind: 'Note', namespace: 'a', name: 'one', uid },
      },
    ]);
  });

  it('makes repetitions a series: three writes for a hundred in nine minutes', async () => {
    const { clock, api, regarding, recorder, events } = await setUp();
    const before = Number((await api.list(noteKind)).resourceVersion);
    for (let i = 0; i < 100; i++) {
      recorder.record(regarding, granted);
      await clock.advance(5_000);
    }
    const written = await events();
    expect(written).toMatchObject([{ series: { count: 62 } }]);
    expect(Number((await api.list(noteKind)).resourceVersion) - before).toBe(3);
  });

  it('begins a new Event when something else happened in between, so that the story reads in order', async () => {
    const { clock, api, regarding, recorder, events } = await setUp();
    const pending: EventInput = { type: 'Normal', reason: 'PendingApproval', note: 'waits for sales' };
    const other = await api.create(noteKind, note('a', 'two'));
    for (const event of [pending, pending, granted, pending]) {
      recorder.record(regarding, event);
      recorder.record(other, granted);
      await clock.advance(minute);
    }
    const story = (await events()).filter(({ regarding: about }) => Object(about).name === 'one');
    expect(story.map(({ reason, series }) => [reason, series?.count])).toEqual([
      ['PendingApproval', 2],
      ['Granted', undefined],
      ['PendingApproval', undefined],
    ]);
  });

  it('begins a new Event after ten quiet minutes', async () => {
    const { clock, regarding, recorder, events } = await setUp();
    recorder.record(regarding, granted);
    await clock.advance(9 * minute);
    recorder.record(regarding, granted);
    await clock.advance(11 * minute);
    recorder.record(regarding, granted);
    expect(await events()).toHaveLength(2);
  });

  it('lets an object speak 25 times at once, then once in five minutes', async () => {
    const { clock, api, regarding, recorder, events } = await setUp();
    const speak = (text: string) => recorder.record(regarding, { ...granted, note: text });
    for (let i = 0; i < 100; i++) speak(`message ${i}`);
    expect(await events()).toHaveLength(25);
    await clock.advance(5 * minute);
    speak('later');
    speak('and later');
    expect(await events()).toHaveLength(26);
    recorder.record(await api.create(noteKind, note('a', 'two')), granted);
    expect(await events()).toHaveLength(27);
  });

  it('never throws and never grows: drops what the server refuses, and what waits too long', async () => {
    const { api, regarding, recorder, events } = await setUp();
    api.down();
    for (let i = 0; i < 2_000; i++)
      recorder.record({ ...regarding, metadata: { ...regarding.metadata, uid: `uid-${i}` } }, granted);
    await recorder.flushed();
    api.up();
    recorder.record(regarding, granted);
    expect(await events()).toHaveLength(1);
  });

  it('cuts long notes between characters, and puts Events of cluster-scoped objects into default', async () => {
    const { regarding, recorder, events } = await setUp();
    const { namespace: _, ...metadata } = regarding.metadata;
    recorder.record({ ...regarding, metadata }, { ...granted, note: 'é'.repeat(600) });
    const [event] = await events();
    expect(event).toMatchObject({ metadata: { namespace: 'default' }, note: 'é'.repeat(512) });
  });
});
