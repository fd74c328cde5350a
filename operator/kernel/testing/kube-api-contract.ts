// What every KubeApi must do: run against MemoryKubeApi by a unit test and against a real API server end to end, so that properties
// proved over the one hold over the other. A real server needs `installContractKind` first. One file, for it is one contract.

import { afterEach, describe, expect, it, vi } from 'vitest';
import { type KubeApi, KubeError, type KubeFailureReason, type WatchEvent } from '../client/kube-api.ts';
import { compareResourceVersions, type Kind, type KubeObject, type Stored } from '../kind.ts';

export interface Note extends KubeObject {
  spec?: { text?: string; tags?: string[]; owner?: string };
  status?: { observedGeneration?: number; phase?: string; message?: string; lines?: string[] };
}

export const noteKind: Kind<Note> = {
  group: 'kernel.test',
  version: 'v1',
  plural: 'notes',
  kind: 'Note',
  scope: 'Namespaced',
};

const strings = { type: 'array', items: { type: 'string' }, 'x-kubernetes-list-type': 'atomic' };

/** Shaped as ours: a status subresource with a default, atomic lists. */
const contractKindManifest = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'notes.kernel.test' },
  spec: {
    group: 'kernel.test',
    scope: 'Namespaced',
    names: { plural: 'notes', singular: 'note', kind: 'Note' },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        subresources: { status: {} },
        schema: {
          openAPIV3Schema: {
            type: 'object',
            properties: {
              spec: {
                type: 'object',
                properties: { text: { type: 'string' }, owner: { type: 'string' }, tags: strings },
              },
              status: {
                type: 'object',
                default: { observedGeneration: -1 },
                properties: {
                  observedGeneration: { type: 'integer' },
                  phase: { type: 'string' },
                  message: { type: 'string' },
                  lines: strings,
                },
              },
            },
          },
        },
      },
    ],
  },
};

const namespaceKind: Kind = { group: '', version: 'v1', plural: 'namespaces', kind: 'Namespace', scope: 'Cluster' };
const definitionKind: Kind = {
  group: 'apiextensions.k8s.io',
  version: 'v1',
  plural: 'customresourcedefinitions',
  kind: 'CustomResourceDefinition',
  scope: 'Cluster',
};

/** Makes the namespace and the kind on a real server; resolves when objects of it can be listed and watched. */
export async function installContractKind(api: KubeApi, namespace: string): Promise<void> {
  await api.create(namespaceKind, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
  await api.create(definitionKind, contractKindManifest);
  await vi.waitFor(() => api.list(noteKind, { namespace }), { timeout: 20_000, interval: 100 });
}

export function note(
  namespace: string,
  name: string,
  rest: Omit<Note, keyof KubeObject> & { metadata?: object } = {},
): Note {
  return { apiVersion: 'kernel.test/v1', kind: 'Note', ...rest, metadata: { ...rest.metadata, namespace, name } };
}

/** @param api called once a test; `namespace` may be shared, names differ by test */
export function describeKubeApiContract(subject: string, connect: () => KubeApi, namespace: string): void {
  describe(`${subject} keeps the KubeApi contract`, () => {
    const otherUid = '00000000-0000-4000-8000-000000000000';
    const watches: AbortController[] = [];
    let made = 0;
    const fresh = () => `note-${(made += 1)}-${Math.random().toString(36).slice(2, 8)}`;
    const named = (name: string) => ({ namespace, name });
    const create = (api: KubeApi, name: string, rest: Parameters<typeof note>[2] = { spec: { text: 'a' } }) =>
      api.create(noteKind, note(namespace, name, rest));

    const open = (api: KubeApi, name: string, from: object) => {
      const abort = new AbortController();
      watches.push(abort);
      const options = { namespace, fieldSelector: `metadata.name=${name}`, signal: abort.signal, timeoutSeconds: 60 };
      const events = api.watch(noteKind, { ...options, ...from })[Symbol.asyncIterator]();
      return {
        abort,
        next: async (): Promise<WatchEvent<Note>> => {
          const { value, done } = await events.next();
          if (done) throw new Error('the watch ended');
          return value;
        },
        /** The next event that is no bookmark. */
        change: async (): Promise<[string, Stored<Note>]> => {
          for (;;) {
            const { value, done } = await events.next();
            if (done) throw new Error('the watch ended');
            if (value.type !== 'BOOKMARK') return [value.type, value.object];
          }
        },
      };
    };

    const failure = async (promise: Promise<unknown>): Promise<KubeFailureReason | 'none'> => {
      try {
        await promise;
        return 'none';
      } catch (error) {
        if (error instanceof KubeError) return error.reason;
        throw error;
      }
    };

    afterEach(() => {
      for (const watch of watches.splice(0)) watch.abort();
    });

    it('completes a created object, and ignores status in it', async () => {
      const api = connect();
      const created = await create(api, fresh(), { spec: { text: 'a' }, status: { phase: 'forged' } });
      expect(created.metadata.uid).toMatch(/^[0-9a-f-]{36}$/);
      expect(created.metadata.generation).toBe(1);
      expect(created.metadata.creationTimestamp).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
      expect(created.status).toEqual({ observedGeneration: -1 });
    });

    it('refuses a second object of the name, and reads of none', async () => {
      const api = connect();
      const name = fresh();
      await create(api, name);
      expect(await failure(create(api, name))).toBe('AlreadyExists');
      expect(await failure(api.get(noteKind, named('nobody')))).toBe('NotFound');
      expect(await failure(api.delete(noteKind, named('nobody')))).toBe('NotFound');
    });

    it('counts generations of the spec, and neither of status nor of labels', async () => {
      const api = connect();
      const name = fresh();
      await create(api, name);
      const edited = await api.patch(noteKind, named(name), { type: 'merge', body: { spec: { text: 'b' } } });
      expect(edited.metadata.generation).toBe(2);
      const labelled = await api.patch(noteKind, named(name), {
        type: 'merge',
        body: { metadata: { labels: { a: 'b' } } },
      });
      expect(labelled.metadata.generation).toBe(2);
      const observed = await api.patch(
        noteKind,
        named(name),
        { type: 'merge', body: { status: { phase: 'Ready' }, spec: { text: 'ignored' } } },
        { subresource: 'status' },
      );
      expect(observed.metadata.generation).toBe(2);
      expect(observed.spec).toEqual({ text: 'b' });
      expect(observed.status?.phase).toBe('Ready');
    });

    it('leaves the resource version alone when nothing changes', async () => {
      const api = connect();
      const name = fresh();
      await create(api, name);
      const repeat = () => api.patch(noteKind, named(name), { type: 'merge', body: { spec: { text: 'a' } } });
      // The real server stores a new object once more at its first write, even an idle one.
      const first = await repeat();
      expect((await repeat()).metadata.resourceVersion).toBe(first.metadata.resourceVersion);
    });

    it('refuses a replace, a patch and a delete that expect another version or another object', async () => {
      const api = connect();
      const name = fresh();
      const stale = await create(api, name);
      const current = await api.patch(noteKind, named(name), { type: 'merge', body: { spec: { text: 'b' } } });
      const { uid, resourceVersion } = stale.metadata;
      expect(await failure(api.replace(noteKind, { ...stale, spec: { text: 'c' } }))).toBe('Conflict');
      const patch = { type: 'merge' as const, body: { metadata: { uid, resourceVersion }, spec: { text: 'c' } } };
      expect(await failure(api.patch(noteKind, named(name), patch))).toBe('Conflict');
      expect(await failure(api.delete(noteKind, named(name), { preconditions: { uid: otherUid } }))).toBe('Conflict');
      expect(await failure(api.delete(noteKind, named(name), { preconditions: { resourceVersion } }))).toBe('Conflict');
      const replaced = await api.replace(noteKind, { ...current, spec: { text: 'd' } });
      expect(replaced.spec).toEqual({ text: 'd' });
      expect(
        compareResourceVersions(replaced.metadata.resourceVersion, current.metadata.resourceVersion),
      ).toBeGreaterThan(0);
    });

    it('applies JSON patches, and refuses one whose test fails', async () => {
      const api = connect();
      const name = fresh();
      await create(api, name, { spec: { tags: ['x'] } });
      const operations = [
        { op: 'test' as const, path: '/spec/tags/0', value: 'x' },
        { op: 'add' as const, path: '/spec/tags/-', value: 'y' },
        { op: 'add' as const, path: '/metadata/annotations', value: { 'a/b': '1' } },
      ];
      const patched = await api.patch(noteKind, named(name), { type: 'json', operations });
      expect(patched.spec?.tags).toEqual(['x', 'y']);
      expect(patched.metadata.annotations).toEqual({ 'a/b': '1' });
      const failing = {
        type: 'json' as const,
        operations: [{ op: 'test' as const, path: '/spec/tags/0', value: 'z' }],
      };
      expect(await failure(api.patch(noteKind, named(name), failing))).toBe('Invalid');
      const removal = {
        type: 'json' as const,
        operations: [{ op: 'remove' as const, path: '/metadata/annotations/a~1b' }],
      };
      expect((await api.patch(noteKind, named(name), removal)).metadata.annotations).toBeUndefined();
    });

    it('keeps an object with finalizers until the last one goes', async () => {
      const api = connect();
      const name = fresh();
      await create(api, name, { metadata: { finalizers: ['kernel.test/a', 'kernel.test/b'] } });
      await api.delete(noteKind, named(name));
      const terminating = await api.get(noteKind, named(name));
      expect(terminating.metadata.deletionTimestamp).toBeDefined();
      expect(terminating.metadata.generation).toBe(2);
      await api.delete(noteKind, named(name));
      expect((await api.get(noteKind, named(name))).metadata.resourceVersion).toBe(
        terminating.metadata.resourceVersion,
      );
      const add = { type: 'merge' as const, body: { metadata: { finalizers: ['kernel.test/a', 'kernel.test/c'] } } };
      expect(await failure(api.patch(noteKind, named(name), add))).toBe('Invalid');
      const keepOne = { type: 'merge' as const, body: { metadata: { finalizers: ['kernel.test/b'] } } };
      expect((await api.patch(noteKind, named(name), keepOne)).metadata.finalizers).toEqual(['kernel.test/b']);
      await api.patch(noteKind, named(name), { type: 'merge', body: { metadata: { finalizers: null } } });
      expect(await failure(api.get(noteKind, named(name)))).toBe('NotFound');
    });

    it('server-side apply creates, owns, removes what is no longer applied, and conflicts with other owners', async () => {
      const api = connect();
      const name = fresh();
      const ours = { fieldManager: 'ours' };
      await api.apply(noteKind, note(namespace, name, { spec: { text: 'a', owner: 'x' } }), ours);
      const theirs = await api.apply(noteKind, note(namespace, name, { spec: { tags: ['t'] } }), {
        fieldManager: 'theirs',
      });
      expect(theirs.spec).toEqual({ text: 'a', owner: 'x', tags: ['t'] });
      const less = await api.apply(noteKind, note(namespace, name, { spec: { text: 'a' } }), ours);
      expect(less.spec).toEqual({ text: 'a', tags: ['t'] });
      const clash = note(namespace, name, { spec: { tags: ['u'] } });
      expect(await failure(api.apply(noteKind, clash, ours))).toBe('Conflict');
      const forced = await api.apply(noteKind, clash, { ...ours, force: true });
      expect(forced.spec).toEqual({ tags: ['u'] });
      expect(forced.metadata.generation).toBe(4);
      const stranger = { metadata: { uid: otherUid }, spec: { tags: ['u'] } };
      expect(await failure(api.apply(noteKind, note(namespace, name, stranger), ours))).toBe('Invalid');
      expect(await failure(api.apply(noteKind, note(namespace, fresh(), stranger), ours))).toBe('Conflict');
      // Sharing: the same value is no conflict, and stays while one of its owners wants it.
      await api.apply(noteKind, note(namespace, name, { spec: { tags: ['u'] } }), { fieldManager: 'theirs' });
      const released = await api.apply(noteKind, note(namespace, name, { spec: {} }), ours);
      expect(released.spec?.tags).toEqual(['u']);
    });

    it('server-side apply merges labels, annotations and finalizers key by key', async () => {
      const api = connect();
      const name = fresh();
      await create(api, name, { metadata: { labels: { a: '1' }, finalizers: ['kernel.test/theirs'] } });
      const metadata = { labels: { b: '2' }, finalizers: ['kernel.test/ours'] };
      const merged = await api.apply(noteKind, note(namespace, name, { metadata }), { fieldManager: 'ours' });
      expect(merged.metadata.labels).toEqual({ a: '1', b: '2' });
      expect(merged.metadata.finalizers).toEqual(['kernel.test/theirs', 'kernel.test/ours']);
      const without = await api.apply(noteKind, note(namespace, name), { fieldManager: 'ours' });
      expect(without.metadata.labels).toEqual({ a: '1' });
      expect(without.metadata.finalizers).toEqual(['kernel.test/theirs']);
    });

    it('server-side apply to status touches status only, and minds the resource version', async () => {
      const api = connect();
      const name = fresh();
      const created = await create(api, name);
      const status = { fieldManager: 'ours', force: true, subresource: 'status' };
      const written = await api.apply(
        noteKind,
        note(namespace, name, {
          status: { observedGeneration: 1, phase: 'Ready', lines: ['a'] },
          spec: { text: 'ignored' },
        }),
        status,
      );
      expect(written.spec).toEqual({ text: 'a' });
      expect(written.status).toEqual({ observedGeneration: 1, phase: 'Ready', lines: ['a'] });
      const less = await api.apply(noteKind, note(namespace, name, { status: { observedGeneration: 1 } }), status);
      expect(less.status).toEqual({ observedGeneration: 1 });
      const again = await api.apply(noteKind, note(namespace, name, { status: { observedGeneration: 1 } }), status);
      expect(again.metadata.resourceVersion).toBe(less.metadata.resourceVersion);
      expect(created.metadata.generation).toBe(again.metadata.generation);
      // Only the resource version guards status: a uid is looked at in neither direction.
      const { resourceVersion } = created.metadata;
      const stale = note(namespace, name, { metadata: { resourceVersion }, status: { phase: 'x' } });
      expect(await failure(api.apply(noteKind, stale, status))).toBe('Conflict');
      const stranger = { metadata: { uid: otherUid }, status: { observedGeneration: 1 } };
      expect(await failure(api.apply(noteKind, note(namespace, name, stranger), status))).toBe('none');
      const nobody = note(namespace, 'nobody', { status: { phase: 'x' } });
      expect(await failure(api.apply(noteKind, nobody, status))).toBe('NotFound');
    });

    it('changes nothing in a dry run', async () => {
      const api = connect();
      const name = fresh();
      await create(api, name);
      const dry = { fieldManager: 'ours', force: true, dryRun: true };
      const answer = await api.apply(noteKind, note(namespace, name, { spec: { text: 'z' } }), dry);
      expect(answer.spec?.text).toBe('z');
      expect((await api.get(noteKind, named(name))).spec?.text).toBe('a');
      await api.delete(noteKind, named(name), { dryRun: true });
      expect((await api.get(noteKind, named(name))).metadata.deletionTimestamp).toBeUndefined();
      expect(await failure(api.delete(noteKind, named('nobody'), { dryRun: true }))).toBe('NotFound');
    });

    it('lists by selector, in pages of one state', async () => {
      const api = connect();
      const group = fresh();
      for (const name of ['a', 'b', 'c']) await create(api, `${group}-${name}`, { metadata: { labels: { group } } });
      const selection = { namespace, labelSelector: `group=${group}`, limit: 2 };
      const first = await api.list(noteKind, selection);
      expect(first.items.map(({ metadata }) => metadata.name)).toEqual([`${group}-a`, `${group}-b`]);
      expect(first.items[0]).toMatchObject({ apiVersion: 'kernel.test/v1', kind: 'Note' });
      await api.delete(noteKind, named(`${group}-c`));
      const second = await api.list(noteKind, { ...selection, continue: first.continue ?? '' });
      expect(second.items.map(({ metadata }) => metadata.name)).toEqual([`${group}-c`]);
      expect(second.continue).toBeUndefined();
      expect(second.resourceVersion).toBe(first.resourceVersion);
      expect((await api.list(noteKind, { ...selection, limit: 5 })).items).toHaveLength(2);
    });

    it('watches from a resource version: every later change, in order, and none before', async () => {
      const api = connect();
      const name = fresh();
      const created = await create(api, name, { spec: { text: 'a' }, metadata: { finalizers: ['kernel.test/a'] } });
      await api.patch(noteKind, named(name), { type: 'merge', body: { spec: { text: 'b' } } });
      const watch = open(api, name, { resourceVersion: created.metadata.resourceVersion });
      expect(await watch.change()).toMatchObject(['MODIFIED', { spec: { text: 'b' } }]);
      await api.delete(noteKind, named(name));
      expect(await watch.change()).toMatchObject(['MODIFIED', { metadata: { generation: 3 } }]);
      await api.patch(noteKind, named(name), { type: 'merge', body: { metadata: { finalizers: null } } });
      const [type, last] = await watch.change();
      expect([type, last.metadata.uid]).toEqual(['DELETED', created.metadata.uid]);
      const anew = await create(api, name);
      expect(compareResourceVersions(anew.metadata.resourceVersion, last.metadata.resourceVersion)).toBeGreaterThan(0);
      expect(await watch.change()).toMatchObject(['ADDED', { metadata: { uid: anew.metadata.uid } }]);
    });

    it('watch-list gives the state, its end, and goes on', async () => {
      const api = connect();
      const name = fresh();
      const created = await create(api, name);
      const watch = open(api, name, { sendInitialEvents: true });
      expect(await watch.next()).toMatchObject({ type: 'ADDED', object: { metadata: { uid: created.metadata.uid } } });
      const end = await watch.next();
      expect(end).toMatchObject({ type: 'BOOKMARK', initialEventsEnd: true });
      const reached = end.type === 'BOOKMARK' ? end.resourceVersion : '';
      expect(compareResourceVersions(reached, created.metadata.resourceVersion)).toBeGreaterThanOrEqual(0);
      await api.patch(noteKind, named(name), { type: 'merge', body: { spec: { text: 'b' } } });
      expect(await watch.change()).toMatchObject(['MODIFIED', { spec: { text: 'b' } }]);
    });

    it('a watch with a selector sees objects come and go as their labels change', async () => {
      const api = connect();
      const name = fresh();
      const created = await create(api, name);
      const watch = open(api, name, { resourceVersion: created.metadata.resourceVersion, labelSelector: `on=${name}` });
      const label = (on: string | null) =>
        api.patch(noteKind, named(name), { type: 'merge', body: { metadata: { labels: { on } } } });
      await label(name);
      expect((await watch.change())[0]).toBe('ADDED');
      await label(null);
      expect((await watch.change())[0]).toBe('DELETED');
    });

    it('ends a watch that is aborted', async () => {
      const api = connect();
      const name = fresh();
      const { metadata } = await create(api, name);
      const watch = open(api, name, { resourceVersion: metadata.resourceVersion });
      const next = failure(watch.next());
      watch.abort.abort();
      expect(await next).toBe('Unavailable');
    });

    it('answers 410 Gone to a list from the future, and nothing to a watch from there', async () => {
      const api = connect();
      const name = fresh();
      const resourceVersion = '999999999999999';
      const { metadata } = await create(api, name);
      const future = open(api, name, { resourceVersion });
      const next = failure(future.next());
      const present = open(api, name, { resourceVersion: metadata.resourceVersion });
      await api.patch(noteKind, named(name), { type: 'merge', body: { spec: { text: 'b' } } });
      expect((await present.change())[0]).toBe('MODIFIED');
      expect(await failure(api.list(noteKind, { namespace, limit: 1, resourceVersion }))).toBe('Gone');
      future.abort.abort();
      // Of the abort: no event came before.
      expect(await next).toBe('Unavailable');
    });
  });
}
