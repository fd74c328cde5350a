// Ours is a superset of data.all's interface: whatever a client of data.all may ask, of the operations that are there, can be asked here.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pruneSchema } from '@graphql-tools/utils';
import {
  buildSchema,
  findBreakingChanges,
  GraphQLObjectType,
  GraphQLSchema,
  type GraphQLFieldConfigMap,
} from 'graphql';
import { describe, expect, it } from 'vitest';
import { notInThisVersion } from '../../api/graphql/not-in-this-version.ts';
import { gatewaySchema } from '../../api/graphql/schema.ts';
import { switchesOf } from '../../api/graphql/switches.ts';
import { modules } from '../../api/modules.ts';
import { shippedFeatures } from '../../operator/features/shipped.ts';

const folder = join(import.meta.dirname, 'dataall-2.9');
const reference = buildSchema(readFileSync(join(folder, 'schema.graphql'), 'utf8'));
const moduleOf = new Map(
  readFileSync(join(folder, 'operations.tsv'), 'utf8')
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split('\t'))
    .map(([module = '', _kind, name = '']) => [name, module]),
);
const operations = [...moduleOf.keys()];
/** Operations of ours that data.all does not have, by the module that switches them. */
const ofOurs = new Map([
  ['requestAccess', 'shares_base'],
  ['decideShare', 'shares_base'],
  ['listShareFilterValues', 'shares_base'],
  ['listDatasetsToRequest', 'shares_base'],
  ['listImportableNames', 's3_datasets'],
  ['checkDatasetImport', 's3_datasets'],
]);
const ours = gatewaySchema(modules, shippedFeatures());

const fieldsOf = (type: GraphQLObjectType | null | undefined) => type?.toConfig().fields ?? {};

/** The reference without the operations that are not in this version, and without the types that only those use. */
function expectedOfThisVersion(): GraphQLSchema {
  const without = (type: GraphQLObjectType | null | undefined): GraphQLObjectType | undefined => {
    const fields = Object.entries(fieldsOf(type)).filter(([name]) => !notInThisVersion.has(name));
    const kept: GraphQLFieldConfigMap<unknown, unknown> = Object.fromEntries(fields);
    return type && fields.length > 0 ? new GraphQLObjectType({ name: type.name, fields: kept }) : undefined;
  };
  const { query: _, mutation: __, types: ___, ...rest } = reference.toConfig();
  const query = without(reference.getQueryType());
  const mutation = without(reference.getMutationType());
  return pruneSchema(new GraphQLSchema({ ...rest, ...(query && { query }), ...(mutation && { mutation }) }));
}

describe('the interface of data.all', () => {
  it('is broken nowhere: each operation that is there has its arguments, types, enum values and nullability', () => {
    const broken = findBreakingChanges(expectedOfThisVersion(), ours).map(({ description }) => description);
    expect(broken).toEqual([]);
  });

  it('is there, or on the list of what is not in this version, operation by operation', () => {
    const there = new Set([
      ...Object.keys(fieldsOf(ours.getQueryType())),
      ...Object.keys(fieldsOf(ours.getMutationType())),
    ]);
    const nowhere = operations.filter((name) => !there.has(name) && !notInThisVersion.has(name));
    const twice = operations.filter((name) => there.has(name) && notInThisVersion.has(name));
    const unknown = [...notInThisVersion].filter((name) => !operations.includes(name));
    expect({ nowhere, twice, unknown }).toEqual({ nowhere: [], twice: [], unknown: [] });
  });

  it('is switched by config.json as there: each operation belongs to its module, and those of the core to none', () => {
    const roots = [ours.getQueryType(), ours.getMutationType()];
    const fields = roots.flatMap((type) => Object.values(type?.getFields() ?? {}));
    const ofModules = fields.map((field) => [
      field.name,
      switchesOf(ours, field).filter((name) => !name.includes('features')),
    ]);
    const expected = fields.map(({ name }) => {
      const module = moduleOf.get(name) ?? ofOurs.get(name) ?? 'core';
      return [name, module === 'base' || module.startsWith('core') ? [] : [`modules.${module}`]];
    });
    expect(ofModules).toEqual(expected);
  });

  it('is described by us, every type, field and argument of ours that needs a word', () => {
    const silent = Object.values(ours.getTypeMap())
      .filter(({ name }) => !name.startsWith('__'))
      .filter(
        (type) =>
          type instanceof GraphQLObjectType && ['Query', 'Mutation', 'Subscription', 'Inbox'].includes(type.name),
      )
      .flatMap((type) => Object.values((type as GraphQLObjectType).getFields()))
      .filter(({ description }) => description === undefined || description === null || description === '')
      .map(({ name }) => name);
    expect(silent).toEqual([]);
  });
});
