// cdk8s/src/generated/: a construct for each kind, its types and what is checked, made of the schema that its CustomResourceDefinition is made of.
import { customResourceDefinition } from '../../operator/resources/generate/crd.ts';
import type { StructuralSchema } from '../../operator/resources/generate/structural.ts';
import type { KindDefinition } from '../../operator/resources/kind.ts';
import { kinds } from '../../operator/resources/kinds.ts';
import type { Rule, Schema } from '../src/schema.ts';

const BANNER = '// Made from operator/resources by `npm run generate`. Do not edit.\n';

/** Name of a file -> content. Equal input gives equal bytes. */
export const constructs = (): ReadonlyMap<string, string> =>
  new Map([
    ...kinds.map((definition): [string, string] => [`${fileOf(definition)}.ts`, construct(definition)]),
    ['index.ts', BANNER + kinds.map((definition) => `export * from './${fileOf(definition)}.ts';\n`).join('')],
  ]);

const fileOf = ({ kind }: KindDefinition): string =>
  kind.replaceAll(/(?<=[a-z])[A-Z]/g, (letter) => `-${letter}`).toLowerCase();

function construct(definition: KindDefinition): string {
  const { kind, scope, description } = definition;
  const [version] = customResourceDefinition(definition).spec.versions;
  const { properties, required, ...rest } = version?.schema.openAPIV3Schema ?? never(kind);
  const { status: _status, ...written } = properties;
  const object: Schema = checked({ ...rest, type: 'object', required, properties: written } as StructuralSchema);
  const metadata = scope === 'Namespaced' ? 'NamespacedMetadata' : 'ClusterMetadata';
  const schema = { apiVersion: `${definition.group}/${definition.version}`, kind, object };
  return [
    BANNER,
    `import type { Construct } from 'constructs';`,
    `import { CustomResource, type ${metadata}, type CustomResourceProps } from '../custom-resource.ts';`,
    `import type { KindSchema } from '../schema.ts';\n`,
    `export interface ${kind}Spec ${typeOf(written.spec, '')}\n`,
    comment(description, ''),
    `export class ${kind} extends CustomResource {`,
    `  constructor(scope: Construct, id: string, props: CustomResourceProps<${kind}Spec, ${metadata}>) {`,
    '    super(scope, id, schema, props);',
    '  }',
    '}\n',
    `const schema: KindSchema = ${JSON.stringify(schema, null, 2)};\n`,
  ].join('\n');
}

const never = (kind: string): never => {
  throw new Error(`${kind} has no version`);
};

const comment = (text: string, indent: string): string => `${indent}/** ${text.replaceAll('*/', '*\\/')} */`;

function typeOf(schema: StructuralSchema, indent: string): string {
  switch (schema.type) {
    case 'string':
      return schema.enum?.map((value) => JSON.stringify(value)).join(' | ') ?? 'string';
    case 'integer':
      return 'number';
    case 'boolean':
      return 'boolean';
    case 'array':
      return `readonly (${schema.items ? typeOf(schema.items, indent) : 'unknown'})[]`;
    case 'object':
      return schema.additionalProperties === undefined
        ? members(schema, indent)
        : `Readonly<Record<string, ${typeOf(schema.additionalProperties, indent)}>>`;
  }
}

function members({ properties = {}, required = [] }: StructuralSchema, indent: string): string {
  const inner = `${indent}  `;
  const lines = Object.entries(properties).flatMap(([name, member]) => {
    const optional = required.includes(name) && member.default === undefined ? '' : '?';
    const about = member.description === undefined ? [] : [comment(member.description, inner)];
    return [...about, `${inner}readonly ${name}${optional}: ${typeOf(member, inner)};`];
  });
  return `{\n${lines.join('\n')}\n${indent}}`;
}

/** What is checked, without what is only read by people. */
function checked(schema: StructuralSchema): Schema {
  const {
    description: _description,
    format: _format,
    'x-kubernetes-list-type': _list,
    'x-kubernetes-validations': validations,
    properties,
    items,
    additionalProperties,
    ...bounds
  } = schema;
  const rules = validations?.filter(({ rule }) => !rule.includes('oldSelf')) as readonly Rule[] | undefined;
  return {
    ...bounds,
    ...(properties && {
      properties: Object.fromEntries(Object.entries(properties).map(([name, member]) => [name, checked(member)])),
    }),
    ...(items && { items: checked(items) }),
    ...(additionalProperties && { additionalProperties: checked(additionalProperties) }),
    ...(rules !== undefined && rules.length > 0 && { rules }),
  };
}
