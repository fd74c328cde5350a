// What data.all 2.9 would answer (permissions.json), what ours is to answer, and the walk that asks everybody for everything.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type GraphQLSchema } from 'graphql';
import { documentOf } from './graphql-selection.ts';
import { exceptions, type Exception } from './permission-exceptions.ts';
import { asInDataall, operations, ownOperations } from './permission-operations.ts';
import type { Try } from './permission-tries.ts';
import { holds, isAdministrator, mayAsTenant } from './permission-rules.ts';
import { askers, type Answer, type Asker, type PermissionScene } from './permission-scene.ts';
import type { Uris } from './permission-uris.ts';

/** What data.all asks for before a resolver runs. */
interface Asked {
  readonly resource?: string;
  readonly tenant?: string;
  readonly tenant_admin?: boolean;
}

const file = join(import.meta.dirname, '..', 'conformance', 'dataall-2.9', 'permissions.json');
const permissions = JSON.parse(readFileSync(file, 'utf8')) as Readonly<Record<string, Asked>>;

/** Undefined for an operation that neither data.all has nor we have of our own. */
export const askedFor = (operation: string): Asked | undefined =>
  ownOperations.includes(operation)
    ? {}
    : (permissions[`Query_${asInDataall(operation)}`] ?? permissions[`Mutation_${asInDataall(operation)}`]);

export function allowedByDataall(operation: string, { on, by = 'everybody' }: Try, who: Asker): boolean {
  const { resource, tenant, tenant_admin: forAdministrators } = askedFor(operation) ?? {};
  if (forAdministrators) return isAdministrator(who);
  // Of what has a target of several types, the type says which permission.
  const isOfCode = resource === undefined || resource === 'TARGET_TYPE_INDIRECT_PERM';
  const code = by === 'everybody' ? undefined : by;
  const asTenant = isOfCode ? (code?.tenant ?? tenant) : tenant;
  if (asTenant !== undefined && asTenant !== 'TARGET_TYPE_INDIRECT_PERM' && !mayAsTenant(who, asTenant)) return false;
  const permission = isOfCode ? code?.permission : resource;
  return permission === undefined || holds(who, permission, on);
}

const concerns = ({ operations: names }: Exception, operation: string, { on }: Try): boolean =>
  [operation, asInDataall(operation)].some((name) => names.includes(name) || names.includes(`${name} on ${on}`));

export function allowedByUs(operation: string, tried: Try, who: Asker): boolean {
  const exception = exceptions.find((one) => one.who.includes(who) && concerns(one, operation, tried));
  return exception === undefined ? allowedByDataall(operation, tried, who) : exception.ours === 'allowed';
}

/** Those that say what data.all would say too, or speak of what nobody tries. */
export const needlessExceptions = (): string[] =>
  exceptions.flatMap((exception) =>
    exception.operations.flatMap((name) =>
      exception.who.flatMap((who) => {
        const differs = Object.entries(operations).some(([operation, tries]) =>
          tries.some(
            (one) =>
              concerns({ ...exception, operations: [name] }, operation, one) &&
              allowedByDataall(operation, one, who) !== (exception.ours === 'allowed'),
          ),
        );
        return differs ? [] : [`${who}: ${name} (${exception.why})`];
      }),
    ),
  );

/** One question of the walk, and what was answered. */
export interface Asking {
  readonly operation: string;
  readonly tried: Try;
  readonly who: Asker;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly answer: Answer;
}

/** Asks everybody for everything, for all that its type leads to. */
export async function walk(schema: GraphQLSchema, scene: PermissionScene, uris: Uris): Promise<readonly Asking[]> {
  const all: Asking[] = [];
  for (const [operation, tries] of Object.entries(operations)) {
    const document = documentOf(schema, operation);
    for (const tried of tries) {
      const asked = askers.map(async (who): Promise<Asking> => {
        const variables = tried.variables?.(uris, who) ?? {};
        return { operation, tried, who, variables, answer: await scene.ask(who, document, variables) };
      });
      all.push(...(await Promise.all(asked)));
    }
  }
  return all;
}
