// What config.json switches off of the schema. Every operation stays in it, so that documents of clients stay valid; one that is off says so.

import { getDirectiveValues, type GraphQLField, type GraphQLSchema } from 'graphql';
import type { Features, Switch } from '../../operator/features/features.ts';
import { keyDefinitions, type Key } from '../../operator/features/keys.ts';
import { isModuleName } from '../../operator/features/modules.ts';
import { disabledByConfig } from '../server/failure.ts';

/** Lets operations that are off answer with the key that switches them. @throws Error where the schema names a module or key that there is not */
export function applySwitches(schema: GraphQLSchema, features: Features): GraphQLSchema {
  for (const [field, name] of switchedOff(schema, features)) {
    const refuse = (): never => {
      throw disabledByConfig(name);
    };
    field.resolve = refuse;
    if (field.subscribe !== undefined) field.subscribe = refuse;
  }
  return schema;
}

/** Operations that are off, with what switches them. */
export function switchedOff(
  schema: GraphQLSchema,
  features: Features,
): ReadonlyMap<GraphQLField<unknown, unknown>, string> {
  const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()];
  const fields = roots.flatMap((root) => Object.values(root?.getFields() ?? {}));
  return new Map(
    fields.flatMap((field) => {
      const off = switchesOf(schema, field).find((name) => !isOn(features, name));
      return off === undefined ? [] : [[field, off] as const];
    }),
  );
}

/** Paths of config.json, e.g. `modules.s3_datasets` and `modules.s3_datasets.features.aws_actions`. */
export function switchesOf(
  schema: GraphQLSchema,
  { name, astNode }: GraphQLField<unknown, unknown>,
): readonly string[] {
  if (!astNode) return [];
  const value = (directive: string, argument: string): readonly string[] => {
    const definition = schema.getDirective(directive);
    const said = definition && getDirectiveValues(definition, astNode)?.[argument];
    return typeof said === 'string' ? [said] : [];
  };
  const [module] = value('module', 'name');
  if (module !== undefined && !isModuleName(module)) throw new Error(`${name}: there is no module ${module}`);
  const keys = value('feature', 'key');
  for (const key of keys)
    if (!isSwitch(key)) throw new Error(`${name}: ${key} is no key of config.json that is on or off`);
  return [...(module === undefined ? [] : [`modules.${module}`]), ...keys];
}

const isSwitch = (name: string): name is Switch =>
  Object.hasOwn(keyDefinitions, name) && typeof keyDefinitions[name as Key].fallback === 'boolean';

function isOn(features: Features, name: string): boolean {
  if (isSwitch(name)) return features.isOn(name);
  const module = name.slice('modules.'.length);
  return isModuleName(module) && features.isActive(module);
}
