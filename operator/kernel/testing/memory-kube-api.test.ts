import { describe, expect, it } from 'vitest';
import { describeKubeApiContract, note, noteKind } from './kube-api-contract.ts';
import { isKubeError } from '../client/kube-api.ts';
import { MemoryKubeApi } from './memory-kube-api.ts';

const defaults = (_: unknown, object: Record<string, unknown>) =>
  void (object['status'] ??= { observedGeneration: -1 });

const shared = new MemoryKubeApi({ defaults });
describeKubeApiContract('MemoryKubeApi', () => shared, 'contract');

describe('MemoryKubeApi as a failing server', () => {
  it('answers Gone to a watch from before the compaction, and not to one from after', async () => {
    const api = new MemoryKubeApi();
    const { metadata } = await api.create(noteKind, note('a', 'one'));
    await api.create(noteKind, note('a', 'two'));
    api.compact();
    const fromOld = api.watch(noteKind, { resourceVersion: metadata.resourceVersion });
    await expect(fromOld[Symbol.asyncIterator]().next()).rejects.toSatisfy((error) => isKubeError(error, 'Gone'));
    const { resourceVersion } = await api.list(noteKind);
    const fromNow = api.watch(noteKind, { resourceVersion })[Symbol.asyncIterator]();
    const next = fromNow.next();
    await api.delete(noteKind, { namespace: 'a', name: 'two' });
    expect((await next).value).toMatchObject({ type: 'DELETED' });
  });

  it('fails every call and cuts watches while it is down', async () => {
    const api = new MemoryKubeApi();
    const watch = api.watch(noteKind, {})[Symbol.asyncIterator]();
    const next = watch.next();
    api.down();
    await expect(next).rejects.toSatisfy((error) => isKubeError(error, 'Unavailable'));
    await expect(api.list(noteKind)).rejects.toSatisfy((error) => isKubeError(error, 'Unavailable'));
    api.up();
    expect((await api.list(noteKind)).items).toEqual([]);
  });
});
