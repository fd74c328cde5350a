// Answers to whatever a page asks, made up from the types of the schema: as many as are wanted, and no database behind them.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeExecutableSchema } from '@graphql-tools/schema';
import {
  execute,
  getNamedType,
  getNullableType,
  isEnumType,
  isListType,
  isObjectType,
  parse,
  type ExecutionResult,
  type GraphQLFieldResolver,
  type GraphQLOutputType,
} from 'graphql';
import { modules } from '../../../api/modules.ts';

/** Fields whose value is not any of its type, by `Type.field`. */
export type Known = Readonly<Record<string, unknown>>;

interface Asked {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

const BASE = join(import.meta.dirname, '..', '..', '..', 'api', 'graphql', 'base.graphql');
const schema = makeExecutableSchema({
  typeDefs: [readFileSync(BASE, 'utf8'), ...modules.map(({ typeDefs }) => typeDefs)],
});

/** Rows of one page, as pages ask for them. */
const ROWS = 20;
const NOW = '2026-11-30T12:00:00Z';
const IS_TIME = /(?:at|from|until|created|updated|since|date|seen)$/i;

export function madeUpAnswer({ query, variables }: Asked, known: Known): ExecutionResult {
  let made = 0;
  const valueOf = (type: GraphQLOutputType, name: string): unknown => {
    const named = getNullableType(type);
    if (isListType(named))
      return Array.from({ length: name === 'nodes' ? ROWS : 2 }, () => valueOf(named.ofType, name));
    if (isObjectType(named)) return {};
    if (isEnumType(named)) return named.getValues()[0]?.name;
    switch (getNamedType(named).name) {
      case 'Int':
        return 1;
      case 'Boolean':
        return true;
      default:
        return IS_TIME.test(name) ? NOW : `${name} ${(made += 1)}`;
    }
  };
  const resolve: GraphQLFieldResolver<unknown, unknown> = (_source, _args, _context, info) => {
    const { parentType, fieldName, returnType } = info;
    return known[`${parentType.name}.${fieldName}`] ?? valueOf(returnType, fieldName);
  };
  const answer = execute({ schema, document: parse(query), variableValues: variables, fieldResolver: resolve });
  if (answer instanceof Promise) throw new Error('made-up answers wait for nothing');
  return answer;
}
