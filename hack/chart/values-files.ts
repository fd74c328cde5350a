// values.yaml, values.schema.json and the README of the chart, made of its values.
import { readFileSync } from 'node:fs';
import { Document, isMap, type Pair, type Scalar, type YAMLMap } from 'yaml';
import { z } from 'zod';
import { SHIPPED_CONFIG_JSON } from '../../operator/features/shipped.ts';
import { chartValues } from './values.ts';

type JsonSchema = z.core.JSONSchema.BaseSchema;

const draft = z.toJSONSchema(chartValues, { io: 'input', target: 'draft-7' }) as JsonSchema;

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
    ...(properties && { properties: Object.fromEntries(children) as Record<string, JsonSchema> }),
    ...(additionalProperties === false
      ? { propertyNames: { enum: known } }
      : additionalProperties !== undefined && { additionalProperties }),
  };
}

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
    if (Object.keys(properties ?? {}).length > 0 && found !== null)
      return rows(child as JsonSchema, found, `${place}.`);
    const shown = name === 'config' ? 'that of the repository' : `\`${JSON.stringify(found)}\``;
    return [`| \`${place}\` | ${shown} | ${description.replaceAll('|', '\\|')} |`];
  });
}
