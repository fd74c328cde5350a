import { describe, expect, it } from 'vitest';
import { InterceptedKubeApi } from '../testing/intercepted-kube-api.ts';
import { note, type Note, noteKind } from '../testing/kube-api-contract.ts';
import { isKubeError, type KubeApi } from '../client/kube-api.ts';
import { objectKey, type Stored } from '../kind.ts';
import { MemoryKubeApi } from '../testing/memory-kube-api.ts';
import { LargeWrites } from './large-writes.ts';
import { OwnWrites } from './own-writes.ts';
import { StoreAwareWriter } from './object-writer.ts';
import { Priority } from './reconciler.ts';

const named = { namespace: 'a', name: 'one' };

async function setUp() {
  const api = new MemoryKubeApi();
  const created = await api.create(noteKind, note('a', 'one', { spec: { text: 'x' } }));
  const cached = new Map<string, Stored>();
  const see = async () => {
    for (const object of (await api.list(noteKind)).items) cached.set(objectKey(object.metadata), object);
  };
  const lastApplied = new Map<string, { body: string; uid: string }>();
  const writer = (through: KubeApi = api) =>
    new StoreAwareWriter({
      api: through,
      fieldManager: 'kernel-test',
      lookUp: (_, key) => cached.get(key) as never,
      lastApplied,
      ownWrites: new OwnWrites(),
      largeWrites: new LargeWrites(),
      priority: Priority.normal,
      signal: new AbortController().signal,
    });
  return { api, created, see, cached, writer };
}

const conflict = (error: unknown) => isKubeError(error, 'Conflict');

describe('StoreAwareWriter', () => {
  it('writes status when it differs, removes what became undefined, and skips what is there', async () => {
    const { created, writer } = await setUp();
    const write = writer();
    const first = await write.status(noteKind, created, { phase: 'Ready', message: 'hello', lines: ['a'] });
    expect(first.status).toEqual({ phase: 'Ready', message: 'hello', lines: ['a'] });
    const second = await write.status(noteKind, first, { phase: 'Ready', message: undefined, lines: ['a'] });
    expect(second.status).toEqual({ phase: 'Ready', lines: ['a'] });
    expect(await write.status(noteKind, second, { lines: ['a'], message: undefined, phase: 'Ready' })).toBe(second);
    expect(write.writes.map(({ write }) => write.resourceVersion)).toEqual([
      first.metadata.resourceVersion,
      second.metadata.resourceVersion,
    ]);
  });

  it('writes back what an object showed before this writer wrote over it', async () => {
    const { api, created, writer } = await setUp();
    const shown = await writer().status(noteKind, created, { phase: 'Ready' });
    const write = writer();
    await write.status(noteKind, shown, { phase: 'Waiting' });
    await write.status(noteKind, shown, { phase: 'Ready' });
    expect((await api.get(noteKind, named)).status).toEqual({ phase: 'Ready' });
  });

  it('writes status over someone else’s change of the same object, never to another object of its name', async () => {
    const { api, created, writer } = await setUp();
    await api.patch(noteKind, named, { type: 'merge', body: { spec: { text: 'y' } } });
    const written = await writer().status(noteKind, created, { phase: 'Ready' });
    expect([written.spec?.text, written.status?.phase]).toEqual(['y', 'Ready']);
    await api.delete(noteKind, named);
    await expect(writer().status(noteKind, written, { phase: 'Lost' })).rejects.toSatisfy((error) =>
      isKubeError(error, 'NotFound'),
    );
    await api.create(noteKind, note('a', 'one'));
    await expect(writer().status(noteKind, written, { phase: 'Lost' })).rejects.toSatisfy(conflict);
    expect((await api.get<Note>(noteKind, named)).status).toBeUndefined();
  });

  it('does not write status over someone else’s change where it is to be written over the object as given only', async () => {
    const { api, created, writer } = await setUp();
    const other = await writer().status(noteKind, created, { phase: 'Theirs' });
    const late = writer().status(noteKind, created, { phase: 'Ours' }, { ifUnchanged: true });
    await expect(late).rejects.toSatisfy(conflict);
    expect((await api.get(noteKind, named)).status).toEqual({ phase: 'Theirs' });
    await writer().status(noteKind, other, { phase: 'Ours' }, { ifUnchanged: true });
    expect((await api.get(noteKind, named)).status).toEqual({ phase: 'Ours' });
  });

  it('adds and removes its finalizer among others, whatever changed meanwhile', async () => {
    const { api, created, writer } = await setUp();
    const write = writer();
    await api.patch(noteKind, named, { type: 'merge', body: { metadata: { finalizers: ['kernel.test/theirs'] } } });
    const guarded = await write.addFinalizer(noteKind, created, 'kernel.test/ours');
    expect(guarded.metadata.finalizers).toEqual(['kernel.test/theirs', 'kernel.test/ours']);
    expect(await write.addFinalizer(noteKind, guarded, 'kernel.test/ours')).toBe(guarded);
    await api.patch(noteKind, named, { type: 'merge', body: { spec: { text: 'z' } } });
    await write.removeFinalizer(noteKind, guarded, 'kernel.test/ours');
    expect((await api.get(noteKind, named)).metadata.finalizers).toEqual(['kernel.test/theirs']);
  });

  it('is content when the object whose finalizer it removes is gone, or another', async () => {
    const { api, created, writer } = await setUp();
    const guarded = await writer().addFinalizer(noteKind, created, 'kernel.test/ours');
    await api.delete(noteKind, named);
    await api.patch(noteKind, named, { type: 'merge', body: { metadata: { finalizers: null } } });
    await writer().removeFinalizer(noteKind, guarded, 'kernel.test/ours');
    await api.create(noteKind, note('a', 'one', { metadata: { finalizers: ['kernel.test/ours'] } }));
    await writer().removeFinalizer(noteKind, guarded, 'kernel.test/ours');
    expect((await api.get(noteKind, named)).metadata.finalizers).toEqual(['kernel.test/ours']);
  });

  it('applies an object once, again when it drifted, was made anew, or should lose a field', async () => {
    const { api, see, writer, cached } = await setUp();
    const wanted = note('a', 'owned', { spec: { text: 'ours' }, metadata: { labels: { l: '1' } } });
    const versions: string[] = [];
    const apply = async (object = wanted) => {
      versions.push((await writer().apply(noteKind, object)).metadata.resourceVersion);
      await see();
    };
    await apply();
    await apply();
    expect(versions[1]).toBe(versions[0]);
    await api.patch(noteKind, { namespace: 'a', name: 'owned' }, { type: 'merge', body: { spec: { text: 'theirs' } } });
    await see();
    await apply();
    expect((await api.get<Note>(noteKind, wanted.metadata)).spec?.text).toBe('ours');
    await apply(note('a', 'owned', { spec: { text: 'ours' } }));
    expect((await api.get(noteKind, wanted.metadata)).metadata.labels).toBeUndefined();
    await api.delete(noteKind, wanted.metadata);
    cached.delete('a/owned');
    await apply();
    expect((await api.get(noteKind, wanted.metadata)).metadata.labels).toEqual({ l: '1' });
  });

  it('merges annotations, and skips those that are there', async () => {
    const { created, writer } = await setUp();
    const write = writer();
    const first = await write.annotate(noteKind, created, { 'a/x': '1', 'a/y': '2' });
    const second = await write.annotate(noteKind, first, { 'a/x': null });
    expect(second.metadata.annotations).toEqual({ 'a/y': '2' });
    expect(await write.annotate(noteKind, second, { 'a/x': null, 'a/y': '2' })).toBe(second);
  });

  it('gives up after a few conflicts', async () => {
    const { api, created, writer } = await setUp();
    const contested = new InterceptedKubeApi(api, {
      call: async ({ verb }, proceed) => {
        const rival = { type: 'merge' as const, body: { spec: { text: String(Math.random()) } } };
        if (verb === 'patch') await api.patch(noteKind, named, rival);
        return proceed();
      },
    });
    await expect(writer(contested).addFinalizer(noteKind, created, 'kernel.test/ours')).rejects.toSatisfy(conflict);
  });
});
