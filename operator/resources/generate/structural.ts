// A zod schema as a Kubernetes structural schema, and the rules every schema of ours keeps.
// https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#specifying-a-structural-schema

import { z } from 'zod';

/** The part of a structural schema that ours use. */
export interface StructuralSchema {
  readonly type: 'object' | 'array' | 'string' | 'integer' | 'boolean';
  readonly description?: string;
  readonly format?: string;
  readonly enum?: readonly string[];
  readonly default?: unknown;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly maxItems?: number;
  readonly maxProperties?: number;
  readonly properties?: Readonly<Record<string, StructuralSchema>>;
  readonly required?: readonly string[];
  readonly items?: StructuralSchema;
  readonly additionalProperties?: StructuralSchema;
  readonly 'x-kubernetes-list-type'?: 'atomic';
  readonly 'x-kubernetes-validations'?: readonly { rule: string; message: string; fieldPath?: string }[];
}

/** In this order they are written; anything else zod emits is an error, so nothing is lost unseen. */
const keywords: readonly (keyof StructuralSchema)[] = [
  'description',
  'type',
  'format',
  'enum',
  'default',
  'minLength',
  'maxLength',
  'minimum',
  'maximum',
  'maxItems',
  'maxProperties',
  'required',
  'properties',
  'items',
  'additionalProperties',
  'x-kubernetes-list-type',
  'x-kubernetes-validations',
];

/**
 * What a person may write, as a structural schema. `pattern` and `minItems` are left out: fields.ts has turned them into CEL rules
 * with a readable message (zod's own pattern for times is said by `format: date-time`).
 * @throws if the schema holds what a structural schema cannot say
 */
export function structuralSchema(schema: z.ZodType): StructuralSchema {
  return ordered(z.toJSONSchema(schema, { target: 'openapi-3.0', io: 'input', unrepresentable: 'throw' }), '');
}

/** The same without CEL rules: for status, which reports what is in AWS and must never be refused for how that is spelt. */
export function withoutRules(schema: StructuralSchema): StructuralSchema {
  const { 'x-kubernetes-validations': _, properties, items, ...rest } = schema;
  return {
    ...rest,
    ...(properties && {
      properties: Object.fromEntries(Object.entries(properties).map(([name, child]) => [name, withoutRules(child)])),
    }),
    ...(items && { items: withoutRules(items) }),
  };
}

function ordered(node: object, path: string): StructuralSchema {
  const entries = new Map(Object.entries(node));
  entries.delete('pattern');
  // Several patterns of one string.
  const all = entries.get('allOf') as object[] | undefined;
  if (all?.every((one) => Object.keys(one).every((name) => name === 'type' || name === 'pattern')))
    entries.delete('allOf');
  entries.delete('minItems');
  if (entries.get('maximum') === Number.MAX_SAFE_INTEGER) entries.delete('maximum');
  if (entries.get('minLength') === 0) entries.delete('minLength');
  if (entries.get('type') === 'integer') entries.set('format', 'int64');
  const result: Record<string, unknown> = {};
  for (const keyword of keywords) {
    if (!entries.has(keyword)) continue;
    result[keyword] = nested(keyword, entries.get(keyword), path);
    entries.delete(keyword);
  }
  if (entries.size > 0) throw new Error(`${path || 'schema'}: cannot say ${[...entries.keys()].join(', ')} in a CRD`);
  return result as unknown as StructuralSchema;
}

function nested(keyword: keyof StructuralSchema, value: unknown, path: string): unknown {
  if (keyword === 'properties') {
    return Object.fromEntries(
      Object.entries(value as Record<string, object>).map(([name, child]) => [name, ordered(child, `${path}.${name}`)]),
    );
  }
  if (keyword === 'items') return ordered(value as object, `${path}[]`);
  if (keyword === 'additionalProperties') return ordered(value as object, `${path}{}`);
  return value;
}

/**
 * What is wrong with a schema by our own rules, as `path: what to do`; empty when nothing is.
 *
 * - Everything is bounded: the API server multiplies bounds to estimate what a CEL rule may cost, and refuses the CRD beyond its budget.
 * - Every field is described: `kubectl explain` is the reference.
 * - Lists are replaced as a whole: an entry that two appliers own would stay when one of them strikes it.
 * - No defaults inside lists: Argo CD replaces lists as a whole and would see a difference for ever.
 */
export function defects(
  schema: StructuralSchema,
  path = '',
  place: { inList?: boolean; field?: boolean } = {},
): string[] {
  const found: string[] = [];
  const report = (what: string): void => void found.push(`${path || 'schema'}: ${what}`);

  if (place.field && !schema.description) report('describe it');
  if (place.inList && schema.default !== undefined)
    report('a default inside a list makes Argo CD see a difference; use an optional field');
  if (schema.type === 'string' && !schema.enum && schema.maxLength === undefined)
    report('bound the string (maxLength)');
  if (schema.type === 'array') {
    if (schema.maxItems === undefined) report('bound the list (maxItems)');
    if (schema['x-kubernetes-list-type'] !== 'atomic')
      report('server-side apply must replace the list as a whole (list, set or keyedList)');
  }
  if (schema.additionalProperties && schema.maxProperties === undefined) report('bound the map (maxProperties)');
  if (schema['x-kubernetes-validations']?.length === 0)
    report('the server drops an empty list of rules, so every apply would differ');

  for (const [name, child] of Object.entries(schema.properties ?? {})) {
    found.push(...defects(child, `${path}.${name}`, { inList: place.inList ?? false, field: true }));
  }
  if (schema.items) found.push(...defects(schema.items, `${path}[]`, { inList: true }));
  if (schema.additionalProperties)
    found.push(...defects(schema.additionalProperties, `${path}{}`, { inList: place.inList ?? false }));
  return found;
}
