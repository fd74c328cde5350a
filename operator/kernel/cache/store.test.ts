import { describe, expect, it } from 'vitest';
import { FakeClock } from '../testing/fake-clock.ts';
import { type Note, note } from '../testing/kube-api-contract.ts';
import type { Stored } from '../kind.ts';
import { Store, type StoreChange } from './store.ts';
import { TurnCounter } from '../testing/turn-counter.ts';
import { nextTurn } from '../turns.ts';

function stored(
  name: string,
  uid: string,
  resourceVersion: string,
  rest: Parameters<typeof note>[2] = {},
): Stored<Note> {
  return note('a', name, { ...rest, metadata: { ...rest.metadata, uid, resourceVersion } }) as Stored<Note>;
}

function observed(store: Store<Note>): string[] {
  const changes: string[] = [];
  store.subscribe((change: StoreChange<Note>) =>
    changes.push(`${change.type} ${change.object.metadata.name} ${change.object.metadata.uid}`),
  );
  return changes;
}

describe('Store', () => {
  it('holds frozen objects without what others note down of their writes', () => {
    const store = new Store<Note>();
    const annotations = { kept: 'yes', 'kubectl.kubernetes.io/last-applied-configuration': '{"spec":{}}' };
    store.set(stored('one', 'u1', '1', { spec: { tags: ['x'] }, metadata: { managedFields: [{}], annotations } }));
    const object = store.get('a', 'one');
    expect(object?.metadata).not.toHaveProperty('managedFields');
    expect(object?.metadata.annotations).toEqual({ kept: 'yes' });
    expect(() => object?.spec?.tags?.push('y')).toThrow(TypeError);
  });

  it('keeps the spec of an object that is written until the spec is another, or another object has the name', () => {
    const store = new Store<Note>();
    const write = (uid: string, version: string, tag: string): Note['spec'] => {
      store.set(stored('one', uid, version, { spec: { tags: [tag] }, status: { phase: version } }));
      return store.get('a', 'one')?.spec;
    };
    const first = write('u1', '1', 'x');
    expect(write('u1', '2', 'x')).toBe(first);
    expect(store.get('a', 'one')?.status?.phase).toBe('2');
    expect(write('u1', '3', 'y')).toEqual({ tags: ['y'] });
    expect(write('u2', '4', 'y')).toEqual({ tags: ['y'] });
    const second = store.get('a', 'one')?.spec;
    expect(write('u1', '5', 'y')).not.toBe(second);
  });

  it('gives the same list until something in it changes', () => {
    const store = new Store<Note>();
    store.addIndexer('tag', (object) => object.spec?.tags ?? []);
    store.set(stored('one', 'u1', '1', { spec: { tags: ['x'] } }));
    const [all, x] = [store.list(), store.byIndex('tag', 'x')];
    store.set(stored('two', 'u2', '2', { spec: { tags: ['y'] } }));
    expect(store.byIndex('tag', 'x')).toBe(x);
    expect(store.list()).not.toBe(all);
    store.set(stored('one', 'u1', '3', { spec: { tags: ['x'] } }));
    expect(store.byIndex('tag', 'x')).not.toBe(x);
    expect(store.byIndex('tag', 'none')).toBe(store.byIndex('tag', 'nobody'));
  });

  it('finds by index what the indexer says now, and by namespace', () => {
    const store = new Store<Note>();
    store.addIndexer('tag', (object) => object.spec?.tags ?? []);
    store.set(stored('one', 'u1', '1', { spec: { tags: ['x', 'y'] } }));
    store.set(stored('two', 'u2', '2', { spec: { tags: ['y'] } }));
    store.set(stored('one', 'u1', '3', { spec: { tags: ['z'] } }));
    const names = (tag: string) => store.byIndex('tag', tag).map(({ metadata }) => metadata.name);
    expect([names('x'), names('y'), names('z')]).toEqual([[], ['two'], ['one']]);
    expect(store.list('a')).toHaveLength(2);
    expect(store.list('b')).toHaveLength(0);
    store.remove(stored('one', 'u1', '4'));
    expect(names('z')).toEqual([]);
    expect(() => store.byIndex('colour', 'red')).toThrow('no index colour');
  });

  it('leaves an object where its indexes have it while they say the same of it', () => {
    const store = new Store<Note>();
    store.addIndexer('tag', (object) => object.spec?.tags ?? []);
    store.set(stored('one', 'u1', '1', { spec: { tags: ['x', 'y'] } }));
    store.set(stored('two', 'u2', '2', { spec: { tags: ['x', 'z'] } }));
    store.set(stored('one', 'u1', '3', { spec: { tags: ['x', 'z'] } }));
    const versions = (tag: string) => store.byIndex('tag', tag).map(({ metadata }) => metadata.resourceVersion);
    // What was taken out and put back would be the last.
    expect([versions('x'), versions('y'), versions('z')]).toEqual([['3', '2'], [], ['2', '3']]);
  });

  it('tells of an object deleted and made anew between two lists as deleted and added', async () => {
    const store = new Store<Note>();
    await store.replace([stored('one', 'u1', '1'), stored('two', 'u2', '2')], '2');
    const changes = observed(store);
    await store.replace([stored('one', 'u3', '3')], '5');
    expect(changes).toEqual(['deleted two u2', 'deleted one u1', 'added one u3']);
    expect(store.resourceVersion).toBe('5');
  });

  it('takes a long list in turns of the event loop, and shows it whole or not at all', async () => {
    const store = new Store<Note>();
    using turns = new TurnCounter();
    store.addIndexer('tag', () => {
      turns.count();
      return ['x'];
    });
    using tellings = new TurnCounter();
    const sizes = new Set<number>();
    store.subscribe(() => {
      tellings.count();
      sizes.add(store.byIndex('tag', 'x').length);
    });
    const items = Array.from({ length: 2_000 }, (_, index) => stored(`n${index}`, `u${index}`, '1'));
    const replaced = store.replace(items, '2');
    await nextTurn();
    expect([store.size, store.resourceVersion]).toEqual([0, '']);
    await replaced;
    expect([store.size, store.resourceVersion, tellings.total]).toEqual([2_000, '2', 2_000]);
    expect([...sizes]).toEqual([2_000]);
    await store.replace([], '3');
    expect([store.size, tellings.total]).toEqual([0, 4_000]);
    expect(turns.most).toBeLessThanOrEqual(100);
    expect(tellings.most).toBeLessThanOrEqual(20);
  });

  it('says nothing about what it had seen already, and minds uids in deletions', () => {
    const store = new Store<Note>();
    store.set(stored('one', 'u1', '5'));
    const changes = observed(store);
    store.set(stored('one', 'u1', '5'));
    store.remove(stored('one', 'u0', '3'));
    expect(changes).toEqual([]);
  });

  it('waits for a write until an event, a bookmark or a list has passed it', async () => {
    const clock = new FakeClock();
    const store = new Store<Note>();
    store.set(stored('one', 'u1', '9'));
    const write = { namespace: 'a', name: 'one', uid: 'u1', resourceVersion: '10' };
    const shown = store.waitUntilObserved(write, clock, 5_000);
    store.bookmark('10');
    expect(await shown).toBe(true);
    const never = store.waitUntilObserved({ ...write, resourceVersion: '11' }, clock, 5_000);
    await clock.advance(5_000);
    expect(await never).toBe(false);
  });
});
