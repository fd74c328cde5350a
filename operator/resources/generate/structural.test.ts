import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { kinds } from '../kinds.ts';
import { keyedList, list, record, set, text } from '../schema.ts';
import { customResourceDefinition } from './crd.ts';
import { defects, structuralSchema, withoutRules } from './structural.ts';

const described = (schema: z.ZodType) => z.object({ field: schema.describe('A field.') });
const defectsOf = (schema: z.ZodType): string[] => defects(structuralSchema(described(schema)));

describe('structuralSchema', () => {
  it('says a format by a CEL rule with a readable message, not by a pattern', () => {
    const schema = structuralSchema(text({ max: 9, pattern: /^a'\\d+$/, hint: 'like this' }));
    expect(schema).toEqual({
      type: 'string',
      minLength: 1,
      maxLength: 9,
      'x-kubernetes-validations': [{ rule: String.raw`self.matches('^a\'\\\\d+$')`, message: 'like this' }],
    });
  });

  it('says that a list has an entry by a CEL rule with what to do', () => {
    const schema = structuralSchema(set(text({ max: 9 }), { max: 5, nonEmpty: 'leave it out' }));
    expect(schema).toMatchObject({
      maxItems: 5,
      'x-kubernetes-list-type': 'atomic',
      'x-kubernetes-validations': [
        { rule: 'self.size() > 0', message: 'leave it out' },
        { rule: 'self.distinct().size() == self.size()' },
      ],
    });
    expect(schema).not.toHaveProperty('minItems');
  });

  it('refuses what a structural schema cannot say', () => {
    expect(() => structuralSchema(z.union([z.string(), z.number()]))).toThrow('anyOf');
  });

  it('drops rules where asked, at every depth', () => {
    const schema = structuralSchema(
      described(list(described(text({ max: 9, pattern: /a/ })), { max: 1, nonEmpty: 'x' })),
    );
    expect(JSON.stringify(schema)).toContain('x-kubernetes-validations');
    expect(JSON.stringify(withoutRules(schema))).not.toContain('x-kubernetes-validations');
  });
});

describe('defects', () => {
  const item = z.object({ name: text({ max: 9 }).describe('Name.') });

  it.each([
    ['an unbounded string', z.string(), 'bound the string'],
    ['an unbounded list', z.array(text({ max: 9 })).meta({ 'x-kubernetes-list-type': 'atomic' }), 'bound the list'],
    ['a list of unknown merging', z.array(text({ max: 9 })).max(5), 'replace the list as a whole'],
    [
      'a list of entries with an owner each',
      set(text({ max: 9 }), { max: 5 }).meta({ 'x-kubernetes-list-type': 'set' }),
      'replace the list as a whole',
    ],
    ['an unbounded map', z.record(z.string(), text({ max: 9 })), 'bound the map'],
    ['an unbounded string in a map', record(z.string(), { max: 5 }), 'bound the string'],
    ['an undescribed field', z.object({ inner: z.boolean() }), 'describe it'],
    ['an undescribed field of a list', list(z.object({ inner: z.boolean() }), { max: 5 }), 'describe it'],
    ['a default in a list', list(z.object({ on: z.boolean().default(true).describe('On.') }), { max: 5 }), 'Argo CD'],
  ])('finds %s', (_, schema, what) => {
    expect(defectsOf(schema)).toEqual([expect.stringContaining(what)]);
  });

  it('finds nothing wrong with a good schema', () => {
    expect(defectsOf(keyedList(item, ['name'], { max: 5 }))).toEqual([]);
  });
});

describe('customResourceDefinition', () => {
  it.each(kinds)('$kind has status, its default, columns and short names', (kind) => {
    const crd = customResourceDefinition(kind);
    const [version] = crd.spec.versions;
    expect(version?.schema.openAPIV3Schema.properties.status.default).toEqual({ observedGeneration: -1 });
    expect(version?.subresources).toEqual({ status: {} });
    expect(version?.additionalPrinterColumns.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['Ready', 'Status', 'Age']),
    );
    expect(crd.spec.names).toMatchObject({ categories: ['dataall'], shortNames: [expect.stringMatching(/^d/)] });
  });

  it('gives every kind spec.suspend, conditions, observedGeneration and lastHandledAt', () => {
    for (const kind of kinds) {
      const { properties } = customResourceDefinition(kind).spec.versions[0]?.schema.openAPIV3Schema ?? {};
      expect(properties?.spec.properties).toHaveProperty('suspend');
      expect(properties?.status.properties).toMatchObject({
        conditions: {},
        observedGeneration: {},
        lastHandledAt: {},
      });
    }
  });

  it('names no two kinds alike', () => {
    const names = kinds.flatMap(({ plural, singular, shortNames }) => [plural, singular, ...shortNames]);
    expect(new Set(names).size).toBe(names.length);
  });
});
