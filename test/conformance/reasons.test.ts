// What docs/conditions.md promises is kept: every condition and reason is given by product code, and expected by a test. Read from the
// text of both. That a test expects a reason says that it was seen, for a test that expects what is never so fails; what no text can say is
// whether it was seen on every kind that may show it.
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { conditions, itemStatusReasons } from '../../operator/resources/conditions.ts';
import { itemWaits } from '../../operator/resources/item-waits.ts';
import { reasons } from '../../operator/resources/reasons.ts';
import { kinds } from '../../operator/resources/kinds.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const textOf = (patterns: readonly string[], isLeftOut: (file: string) => boolean): string =>
  globSync(patterns, { cwd: ROOT })
    .filter((file) => !isLeftOut(file))
    .map((file) => readFileSync(join(ROOT, file), 'utf8'))
    .join('\n');

/** Where they are defined and described: naming one there gives it to nobody. */
const DEFINITIONS = /^operator\/resources\/(?:conditions\.ts|generate\/)/;
const REASONS = 'operator/resources/reasons.ts';
const isTest = (file: string): boolean => file.endsWith('.test.ts') || file.includes('/testing/');
const product = textOf(['operator/**/*.ts'], (file) => isTest(file) || DEFINITIONS.test(file) || file === REASONS);
const functions = readFileSync(join(ROOT, REASONS), 'utf8').split('export const reasons')[1] ?? '';
const tests = textOf(
  ['operator/**/*.test.ts', 'test/**/*.ts'],
  (file) => file === 'test/conformance/reasons.test.ts' || file.endsWith('/docs.test.ts'),
);

const quoted = (text: string, word: string): boolean => text.includes(`'${word}'`);

describe('every documented reason', () => {
  it.each([...Object.keys(reasons), ...Object.keys(itemWaits)])(
    '%s is given by product code, and expected by a test',
    (reason) => {
      expect(quoted(product, reason) || quoted(functions, reason)).toBe(true);
      expect(quoted(tests, reason)).toBe(true);
    },
  );

  it('belongs to a condition or an item that may show it', () => {
    const listed = new Set([
      ...Object.values(conditions).flatMap((types) => Object.values(types).flatMap(({ reasons: names }) => [...names])),
      ...itemStatusReasons,
    ]);
    expect(Object.keys(reasons).filter((reason) => !listed.has(reason as never))).toEqual([]);
  });
});

describe('every reason that product code gives', () => {
  /** Of a record of a write in the audit log, which is no status. */
  const isRecord = (file: string): boolean => file === 'operator/access/write-result.ts';
  const given = textOf(['operator/{access,controllers}/**/*.ts'], (file) => isTest(file) || isRecord(file));
  const found = [...given.matchAll(/\breason: '([A-Z]\w+)', message/g)].map(([, reason = '']) => reason);
  const ofWaits = [...given.matchAll(/state: 'Waiting',\s+reason: '(\w+)'/g)].map(([, reason = '']) => reason);

  it('is documented', () => {
    expect(ofWaits).toContain('InvitationPending');
    expect([...new Set([...found, ...ofWaits])].filter((reason) => !(reason in { ...reasons, ...itemWaits }))).toEqual(
      [],
    );
  });

  it('is documented among those of items where an item waits for it', () => {
    expect(ofWaits.filter((reason) => !itemStatusReasons.includes(reason as never))).toEqual([]);
  });
});

describe('every documented condition', () => {
  it.each([...new Set(Object.values(conditions).flatMap((types) => Object.keys(types)))])(
    '%s is given by product code, and expected by a test',
    (type) => {
      expect(quoted(product, type)).toBe(true);
      expect(quoted(tests, type)).toBe(true);
    },
  );
});

describe('every field of a status', () => {
  const controllers = textOf(['operator/{controllers,access,stacks}/**/*.ts'], isTest);
  it.each(kinds.flatMap(({ kind, status }) => Object.keys(status.shape).map((field) => [kind, field] as const)))(
    '%s.status.%s is written by a controller',
    (_kind, field) => {
      expect(controllers).toMatch(new RegExp(`\\b${field}\\b`));
    },
  );
});
