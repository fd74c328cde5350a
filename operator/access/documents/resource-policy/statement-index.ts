// Statements by what they say but for whom: a grant is in place where one says what it needs and names its principal. Thousands of grants
// ask, of a few statements that each may name hundreds.
import { fingerprint } from '../../../policy/canonical.ts';
import type { Statement } from '../../../policy/document.ts';
import { Fingerprints } from '../../../policy/fingerprints.ts';
import { toList } from '../../../policy/one-or-many.ts';

export class StatementIndex {
  readonly #principals = new Map<string, ReadonlySet<string>[]>();
  readonly #fingerprints = new Fingerprints();

  constructor(statements: readonly Statement[]) {
    for (const statement of statements) {
      const shape = this.#shapeOf(statement);
      const alike = this.#principals.get(shape) ?? [];
      this.#principals.set(shape, [...alike, new Set(principalsOf(statement))]);
    }
  }

  /** Whether some statement is the same but for the principals, of which it has at least those of `needed`. */
  covers(needed: Statement): boolean {
    const principals = principalsOf(needed);
    return this.#alike(needed).some((named) => principals.every((principal) => named.has(principal)));
  }

  /** Those of the statement's principals that statements alike name. */
  namedOf(statement: Statement): readonly string[] {
    const alike = this.#alike(statement);
    return principalsOf(statement).filter((principal) => alike.some((named) => named.has(principal)));
  }

  #alike(statement: Statement): readonly ReadonlySet<string>[] {
    return this.#principals.get(this.#shapeOf(statement)) ?? [];
  }

  #shapeOf({ Principal: _principal, ...others }: Statement): string {
    return this.#fingerprints.of(others);
  }
}

/** The same but for the principals. */
export const isAlike = (a: Statement, b: Statement): boolean => {
  const rest = ({ Principal: _principal, ...others }: Statement): string => fingerprint(others);
  return rest(a) === rest(b);
};

export const principalsOf = (statement: Statement): readonly string[] => {
  const { Principal: principal } = statement;
  if (principal === undefined) return [];
  if (principal === '*') return ['*'];
  return toList(principal.AWS);
};
