import { describe, expect, it } from 'vitest';
import { differencesOf } from './difference.ts';
import { MemoryWorld } from './memory-world.ts';

describe('differences', () => {
  it('name the path of each datum that differs, through every kind of container', () => {
    const before = {
      map: new Map([['a', { x: 1 }]]),
      set: new Set(['p']),
      list: [1, 2],
      date: new Date(1),
      bytes: Uint8Array.of(1),
    };
    const after = {
      map: new Map([['a', { x: 2 }]]),
      set: new Set(['q']),
      list: [1],
      date: new Date(2),
      bytes: Uint8Array.of(1),
    };
    expect(differencesOf(before, after)).toEqual([
      { path: 'date', before: new Date(1), after: new Date(2) },
      { path: 'list/1', before: 2, after: undefined },
      { path: 'map/a/x', before: 1, after: 2 },
      { path: 'set/p', before: 'p', after: undefined },
      { path: 'set/q', before: undefined, after: 'q' },
    ]);
  });

  it('report a container that is there on one side only as one difference', () => {
    expect(differencesOf({}, { role: { name: 'x' } })).toEqual([
      { path: 'role', before: undefined, after: { name: 'x' } },
    ]);
  });

  it('do not count state that was looked at and left empty', () => {
    expect(differencesOf(new Map(), new Map([['iam/1/global', { roles: new Map(), users: new Map() }]]))).toEqual([]);
  });
});

describe('the world', () => {
  const world = () => new MemoryWorld({ accounts: ['111111111111'], seed: 5, now: () => 1000 });

  it('goes back to a snapshot, and tells what changed since', () => {
    const one = world();
    const state = () => one.state('iam', '111111111111', 'global', () => ({ roles: new Map<string, string>() }));
    state().roles.set('a', 'x');
    const before = one.snapshot();
    state().roles.set('b', 'y');
    expect(one.diff(before, one.snapshot())).toEqual([
      { path: 'iam/111111111111/global/roles/b', before: undefined, after: 'y' },
    ]);
    one.restore(before);
    expect([...state().roles.keys()]).toEqual(['a']);
    state().roles.set('c', 'z');
    one.restore(before);
    expect([...state().roles.keys()]).toEqual(['a']);
  });

  it('makes the same ids from the same seed', () => {
    expect([world().id(17), world().id(17)]).toEqual([world().id(17), world().id(17)]);
    expect(world().id(17)).toMatch(/^[A-Z2-7]{17}$/);
  });

  it('has a clock that goes forward only', () => {
    const { clock } = world();
    clock.advance(500);
    expect(clock.now()).toBe(1500);
    expect(() => clock.advance(-1)).toThrow('backwards');
  });
});
