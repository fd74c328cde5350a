// Documents that ask an operation for everything that its type leads to.

import {
  getNamedType,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  isCompositeType,
  isObjectType,
  isRequiredArgument,
} from 'graphql';

/** Objects within objects; what is farther away than this is reached from another operation too. */
const DEPTH = 6;

/** The names of the fields of Query, Mutation and Subscription. */
export const operationsOf = (schema: GraphQLSchema): string[] =>
  [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()].flatMap((type) =>
    Object.keys(type?.getFields() ?? {}),
  );

/** @returns a document with one operation; a mutation is a dry run */
export function documentOf(schema: GraphQLSchema, operation: string): string {
  const types = {
    query: schema.getQueryType(),
    mutation: schema.getMutationType(),
    subscription: schema.getSubscriptionType(),
  };
  const [type, of] = Object.entries(types).find(([, one]) => one?.getFields()[operation] !== undefined) ?? [];
  const field = of?.getFields()[operation];
  if (type === undefined || field === undefined) throw new Error(`the schema has no operation ${operation}`);
  const declared = field.args.map(({ name, type }) => `$${name}: ${String(type)}`).join(', ');
  const given = field.args.map(({ name }) => `${name}: $${name}`).join(', ');
  const variables = declared === '' ? '' : `(${declared})`;
  const call = `${operation}${given === '' ? '' : `(${given})`} ${selectionOf(getNamedType(field.type), [])}`;
  return `${type} ${operation}${variables}${type === 'mutation' ? ' @dryRun' : ''} { ${call} }`;
}

/** Every field that needs no argument, a type within itself not again. */
function selectionOf(type: GraphQLNamedType, within: readonly GraphQLNamedType[]): string {
  if (!isCompositeType(type)) return '';
  if (!isObjectType(type)) return '{ __typename }';
  const path = [...within, type];
  const isAsked = ({ args, type: of }: GraphQLField<unknown, unknown>): boolean => {
    const named = getNamedType(of);
    if (args.some(isRequiredArgument)) return false;
    return !isCompositeType(named) || (path.length < DEPTH && !path.includes(named));
  };
  const fields = Object.values(type.getFields()).filter(isAsked);
  return `{ __typename ${fields.map((field) => `${field.name} ${selectionOf(getNamedType(field.type), path)}`).join(' ')} }`;
}
