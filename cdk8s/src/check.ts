// What the API server would say of a manifest before any policy is asked: schema first, and rules where the schema is kept.
import { holds } from './rule.ts';
import type { KindSchema, Schema } from './schema.ts';

/** @returns a line for each problem, in the API server's words: `spec.s3: Invalid value: an import names its bucket ...`; none when it is fine */
export function problemsOf({ object }: KindSchema, manifest: object): readonly string[] {
  const complete = withDefaults(manifest, object);
  const problems = [...brokenSchema(complete, object, '')];
  return problems.length > 0 ? problems : [...brokenRules(complete, object, '')];
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The schemas of what is in a value, with the name of each. */
function* parts(value: unknown, schema: Schema): Generator<readonly [name: string, value: unknown, schema: Schema]> {
  if (Array.isArray(value) && schema.items !== undefined)
    for (const [index, item] of value.entries()) yield [`[${index}]`, item, schema.items];
  if (!isObject(value)) return;
  for (const [name, member] of Object.entries(value)) {
    const known = schema.properties?.[name] ?? schema.additionalProperties;
    if (known !== undefined) yield [`.${name}`, member, known];
  }
}

const join = (path: string, name: string): string => (path === '' ? name.replace(/^\./, '') : `${path}${name}`);

/** @see https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#defaulting */
function withDefaults(value: unknown, schema: Schema): unknown {
  if (Array.isArray(value)) return value.map((item) => (schema.items ? withDefaults(item, schema.items) : item));
  if (!isObject(value)) return value;
  const completed = new Map(Object.entries(value));
  for (const [name, known] of Object.entries(schema.properties ?? {}))
    if (!completed.has(name) && known.default !== undefined) completed.set(name, known.default);
  for (const [name, member] of completed) {
    const known = schema.properties?.[name] ?? schema.additionalProperties;
    if (known !== undefined) completed.set(name, withDefaults(member, known));
  }
  return Object.fromEntries(completed);
}

function typeOf(value: unknown): string {
  if (Array.isArray(value)) return 'array';
  if (value === null) return 'null';
  return typeof value === 'number' ? (Number.isInteger(value) ? 'integer' : 'number') : typeof value;
}

function* brokenSchema(value: unknown, schema: Schema, path: string): Generator<string> {
  const type = typeOf(value);
  if (type !== schema.type) {
    yield `${path}: Invalid value: ${JSON.stringify(type)}: ${path} in body must be of type ${schema.type}: ${JSON.stringify(type)}`;
    return;
  }
  if (schema.enum !== undefined && !schema.enum.includes(String(value)))
    yield `${path}: Unsupported value: ${JSON.stringify(value)}: supported values: ${schema.enum.map((one) => JSON.stringify(one)).join(', ')}`;
  yield* brokenBounds(value, schema, path);
  if (isObject(value)) {
    for (const name of schema.required ?? [])
      if (value[name] === undefined) yield `${join(path, `.${name}`)}: Required value`;
    // Of metadata, a definition names only what it bounds.
    if (path !== 'metadata' && schema.properties !== undefined && schema.additionalProperties === undefined)
      for (const name of Object.keys(value))
        if (schema.properties[name] === undefined) yield `unknown field ${JSON.stringify(join(path, `.${name}`))}`;
  }
  for (const [name, part, known] of parts(value, schema)) yield* brokenSchema(part, known, join(path, name));
}

function* brokenBounds(value: unknown, schema: Schema, path: string): Generator<string> {
  const { minLength = 0, maxLength = Infinity, maxItems = Infinity, maxProperties = Infinity } = schema;
  const { minimum = -Infinity, maximum = Infinity } = schema;
  const inBody = `Invalid value: ${JSON.stringify(value)}: ${path} in body should be`;
  if (typeof value === 'string') {
    const length = Array.from(value).length;
    if (length < minLength) yield `${path}: ${inBody} at least ${minLength} chars long`;
    if (length > maxLength) yield `${path}: Too long: may not be more than ${maxLength} bytes`;
  }
  if (typeof value === 'number') {
    if (value < minimum) yield `${path}: ${inBody} greater than or equal to ${minimum}`;
    if (value > maximum) yield `${path}: ${inBody} less than or equal to ${maximum}`;
  }
  if (Array.isArray(value) && value.length > maxItems)
    yield `${path}: Too many: ${value.length}: must have at most ${maxItems} items`;
  if (isObject(value) && Object.keys(value).length > maxProperties)
    yield `${path}: Too many: ${Object.keys(value).length}: must have at most ${maxProperties} items`;
}

function* brokenRules(value: unknown, schema: Schema, path: string): Generator<string> {
  for (const { rule, message, fieldPath = '' } of schema.rules ?? []) {
    if (keeps(rule, value)) continue;
    yield `${join(path, fieldPath) || '<nil>'}: Invalid value: ${message}`;
  }
  for (const [name, part, known] of parts(value, schema)) yield* brokenRules(part, known, join(path, name));
}

function keeps(rule: string, value: unknown): boolean {
  try {
    return holds(rule, value);
  } catch {
    return false;
  }
}
