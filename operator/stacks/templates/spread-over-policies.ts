// Spreads statements over managed policies of limited size. Pure.
import type { Statement } from '../../policy/document.ts';
import { LIMITS, nonWhiteLength } from '../../policy/size.ts';

/** A statement that names more than these is split where a policy is full: what a group owns, or somebody imports, has no end. */
const LARGEST_WHOLE = 10;

/**
 * How many policies the roles of one stack may have together: a change set takes a template of 51,200 bytes, of which extensions want
 * some, and a role takes 10 policies, of which shares want some.
 */
export const mostPolicies = { team: 7, environment: 6 } as const;

const EMPTY = nonWhiteLength(JSON.stringify({ Version: '2012-10-17', Statement: [] }));

/** As few policies as the order of the statements allows. */
export const spreadOverPolicies = (statements: readonly Statement[]): readonly (readonly Statement[])[] => {
  const policies: Statement[][] = [[]];
  let room = LIMITS.managed.limit - EMPTY;
  const add = (statement: Statement): void => {
    const size = sizeOf(statement);
    if (size > room && policies.at(-1)?.length !== 0) {
      policies.push([]);
      room = LIMITS.managed.limit - EMPTY;
    }
    policies.at(-1)?.push(statement);
    room -= size;
  };
  for (const statement of statements) {
    const { Resource } = statement;
    if (!Array.isArray(Resource) || Resource.length <= LARGEST_WHOLE) {
      add(statement);
      continue;
    }
    const resources = Resource as readonly string[];
    const around = sizeOf({ ...statement, Resource: [] });
    for (let first = 0; first < resources.length;) {
      const here = fitting(resources, first, room - around);
      // What does not fit beside others has a whole policy.
      const count = here > 0 ? here : fitting(resources, first, LIMITS.managed.limit - EMPTY - around);
      add({ ...statement, Resource: resources.slice(first, first + Math.max(count, 1)) });
      first += Math.max(count, 1);
    }
  }
  return policies;
};

/** How many of the list from `first` on take no more room. */
const fitting = (resources: readonly string[], first: number, room: number): number => {
  let left = room;
  let count = 0;
  for (const resource of resources.slice(first)) {
    left -= sizeOf(resource);
    if (left < 0) break;
    count += 1;
  }
  return count;
};

/** With the comma. */
const sizeOf = (part: Statement | string): number => nonWhiteLength(JSON.stringify(part)) + 1;
