import { expect, it } from 'vitest';
import type { Grant } from './compile.ts';
import { rbacKey, rbacSteps, type ObservedRbac } from './rbac-steps.ts';
import { toRbac } from './rbac.ts';

const linker = (group: string): Grant => ({ group, scope: 'Cluster', set: 'account-linker' });
const admin = (group: string): Grant => ({ group, scope: 'Cluster', set: 'platform-admin' });
const viewer = (group: string, name: string): Grant => ({
  group,
  scope: 'Object',
  set: 'environment-viewer',
  name,
});

/** Groups as large as they can be: 128 characters of four bytes each. */
const large = (count: number): readonly string[] =>
  Array.from({ length: count }, (_, index) => `${index}`.padEnd(128, '𒀀').replace(/𒀀.$/, '𒀀'));

const finished = <Result>(work: Generator<number, Result>): Result => {
  for (let step = work.next(); ; step = work.next()) if (step.done === true) return step.value;
};

const told = (observed: readonly ObservedRbac[], desired: ReturnType<typeof toRbac>): readonly string[] =>
  finished(rbacSteps(observed, desired)).map(({ type, object }) => `${type} ${rbacKey(object)}`);

const sizes = (objects: readonly unknown[]): readonly number[] =>
  objects.map((object) => Buffer.byteLength(JSON.stringify(object)));

it('bindings of any number of groups of any length are small enough for the API server', () => {
  const groups = large(4_000);
  const bindings = toRbac(groups.map(linker));
  expect(Math.max(...sizes(bindings))).toBeLessThan(300 * 1024);
  const subjects = bindings.flatMap((object) => ('subjects' in object ? object.subjects.map(({ name }) => name) : []));
  expect(subjects.toSorted()).toEqual(groups.toSorted());
  expect(new Set(bindings.map(rbacKey)).size).toBe(bindings.length);
});

it('a group that comes or goes changes one binding of many', () => {
  const groups = large(4_000);
  const before = toRbac(groups.map(linker)).map((object) => JSON.stringify(object));
  const after = toRbac(groups.slice(1).map(linker)).map((object) => JSON.stringify(object));
  expect(after.filter((object) => !before.includes(object)).length).toBe(1);
});

it('what takes rights away comes before everything that gives some', () => {
  const observed = toRbac([admin('olga'), admin('dismissed'), viewer('gone', 'old'), viewer('olga', 'stays')]);
  const desired = toRbac([admin('olga'), ...large(2_000).map(linker), viewer('olga', 'stays'), viewer('olga', 'new')]);
  const steps = told(observed, desired);
  expect(steps.slice(0, 2)).toEqual([
    'delete ClusterRoleBinding//dataall:environment:old:viewer',
    'apply ClusterRoleBinding//dataall:platform-admin',
  ]);
  expect(steps.at(-1)).toBe('delete ClusterRole//dataall:environment:old:viewer');
  expect(steps.indexOf('apply ClusterRole//dataall:environment:new:viewer')).toBeLessThan(
    steps.indexOf('apply ClusterRoleBinding//dataall:environment:new:viewer'),
  );
});

it('nobody is without a right that is theirs while bindings are split', () => {
  const [few, many] = [large(100), large(2_000)].map((groups) => toRbac(groups.map(linker)));
  const steps = told(few ?? [], many ?? []);
  expect(steps.at(-1)).toBe('delete ClusterRoleBinding//dataall:account-linker');
  expect(steps.slice(0, -1).every((step) => step.startsWith('apply'))).toBe(true);
});

it('a role with other rules than it should have is mended first', () => {
  const objects = toRbac([linker('olga'), viewer('olga', 'sales')]);
  const tampered = objects.map((object) => ('rules' in object ? { ...object, rules: [] } : object));
  expect(told(tampered, objects)[0]).toBe('apply ClusterRole//dataall:environment:sales:viewer');
});

it('a role as it should be waits for what takes, in whatever order the API server writes its fields', () => {
  const objects = toRbac([admin('olga'), viewer('olga', 'sales')]);
  const observed = toRbac([viewer('olga', 'sales'), admin('olga'), admin('dismissed')])
    .map((object) =>
      'rules' in object
        ? { ...object, rules: object.rules.map((rule) => Object.fromEntries(Object.entries(rule).toReversed())) }
        : object,
    )
    .toSorted((a, b) => Number('rules' in b) - Number('rules' in a));
  expect(told(observed, objects)[0]).toBe('apply ClusterRoleBinding//dataall:platform-admin');
});

it('what we did not make is left alone', () => {
  const theirs = { kind: 'ClusterRole', metadata: { name: 'dataall:theirs' } };
  const objects = toRbac([viewer('olga', 'sales')]);
  expect(told([...objects, theirs], objects).filter((step) => step.startsWith('delete'))).toEqual([]);
});

it('rights of any number of groups are compared in pieces, each no larger than one binding', () => {
  const before = toRbac(large(4_000).map(linker));
  const after = toRbac(large(4_000).slice(1).map(linker));
  const pieces = [...rbacSteps(before, after)];
  const largest = Math.max(...before.map((object) => ('subjects' in object ? object.subjects.length : 0)));
  expect(Math.max(...pieces)).toBeLessThanOrEqual(1 + largest);
  expect(pieces.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(2 * 4_000 + before.length + after.length);
});
