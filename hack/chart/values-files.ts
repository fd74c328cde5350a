// values.yaml, values.schema.json and the README of the chart, made of its values.
import { readFileSync } from 'node:fs';
import { Document, isMap, type Pair, type Scalar, type YAMLMap } from 'yaml';
import { z } from 'zod';
import { SHIPPED_CONFIG_JSON } from '../../operator/features/shipped.ts';
import { chartValues, processSettings } from './values.ts';

type JsonSchema = z.core.JSONSchema.BaseSchema;

const toSchema = (schema: z.core.$ZodType, override?: Override): JsonSchema =>
  z.toJSONSchema(schema, {
    io: 'input',
    target: 'draft-7',
    // Refinements stay with the process.
    unrepresentable: 'any',
    override: (found) => {
      // Helm's regular expressions are Go's, which look neither ahead nor behind.
      if (found.jsonSchema.pattern?.includes('(?') === true) delete found.jsonSchema.pattern;
      override?.(found);
    },
  });

type Override = NonNullable<NonNullable<Parameters<typeof z.toJSONSchema>[1]>['override']>;

/** Settings of a process may be left out as a whole, and what is needed of them the templates say. */
const draft = toSchema(chartValues, ({ zodSchema, jsonSchema }) => {
  const settings = processSettings.get(zodSchema);
  if (settings === undefined) return;
  const { $schema: _, required: __, ...process } = toSchema(settings);
  Object.assign(
    jsonSchema,
    process.oneOf === undefined ? process : { oneOf: [{ maxProperties: 0 }, ...process.oneOf] },
  );
});

/** What is used where nothing is said. */
const defaults = {
  ...chartValues.parse({}),
  config: JSON.parse(readFileSync(SHIPPED_CONFIG_JSON, 'utf8')) as object,
};

/** Name of a file -> content. Equal input gives equal bytes. */
export const valuesFiles = (): ReadonlyMap<string, string> =>
  new Map([
    ['values.yaml', valuesYaml()],
    ['values.schema.json', `${JSON.stringify(closed(draft), null, 2)}\n`],
    ['README.md', readme()],
  ]);

/**
 * A key that is none is told with those that there are: Helm's validator says of `additionalProperties` only that one is too many.
 * `global` is Helm's own, for charts that have this one as a part.
 */
function closed(schema: JsonSchema, isTop = true): JsonSchema {
  const { additionalProperties, properties, default: _, ...rest } = schema;
  const children = Object.entries(properties ?? {}).map(([name, child]) => [name, closed(child as JsonSchema, false)]);
  const known = [...Object.keys(properties ?? {}), ...(isTop ? ['global'] : [])];
  return {
    ...rest,
    ...(rest.anyOf && { anyOf: rest.anyOf.map((option) => closed(option, false)) }),
    ...(rest.oneOf && { oneOf: rest.oneOf.map((option) => closed(option, false)) }),
    ...(isSchema(rest.items) && { items: closed(rest.items, false) }),
    ...(properties && { properties: Object.fromEntries(children) as Record<string, JsonSchema> }),
    ...(additionalProperties === false
      ? { propertyNames: { enum: known } }
      : additionalProperties !== undefined && { additionalProperties }),
  };
}

const isSchema = (items: unknown): items is JsonSchema =>
  typeof items === 'object' && items !== null && !Array.isArray(items);

function valuesYaml(): string {
  const document = new Document(defaults);
  document.commentBefore = ' Made from hack/chart/values.ts by `npm run generate`. Do not edit.';
  comment(document.contents as unknown as YAMLMap, draft);
  return document.toString({ lineWidth: 120 });
}

function comment(map: YAMLMap, schema: JsonSchema): void {
  for (const pair of map.items as Pair<Scalar, YAMLMap>[]) {
    const child = schema.properties?.[String(pair.key.value)] as JsonSchema | undefined;
    if (child?.description !== undefined) pair.key.commentBefore = ` ${child.description}`;
    if (child !== undefined && isMap(pair.value)) comment(pair.value, child);
  }
}

const readme = (): string =>
  [
    '<!-- Made from hack/chart/values.ts by `npm run generate`. Do not edit. -->',
    '# Chart `dataall`',
    'Operator, gateway and indexer with all that they need in the cluster. docs/install.md says how to use it.\n',
    '| value | default | |\n|---|---|---|',
    ...rows(draft, defaults, ''),
    '',
  ].join('\n');

function rows(schema: JsonSchema, value: unknown, path: string): readonly string[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, child]) => {
    const found = (value as Readonly<Record<string, unknown>>)[name];
    const place = `${path}${name}`;
    const { properties, description = '' } = child as JsonSchema;
    // Of what a process reads itself, its own page tells.
    if (Object.keys(properties ?? {}).some((key) => Object.hasOwn(Object(found), key)))
      return rows(child as JsonSchema, found, `${place}.`);
    const shown = name === 'config' ? 'that of the repository' : `\`${JSON.stringify(found)}\``;
    return [`| \`${place}\` | ${shown} | ${description.replaceAll('|', '\\|')} |`];
  });
}
