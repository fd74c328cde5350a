// In which order RBAC is made as it should be: what takes rights away goes before all that gives some. Pure.

import { isDeepStrictEqual } from 'node:util';
import { labels, MANAGED_BY } from '../annotations.ts';
import type { RbacObject, Subject } from './rbac.ts';

/** An RBAC object as the API server lists it. */
export interface ObservedRbac {
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
  };
  readonly roleRef?: { readonly kind: string; readonly name: string };
  readonly subjects?: readonly Pick<Subject, 'kind' | 'name'>[];
  readonly rules?: unknown;
}

export type RbacStep<Observed extends ObservedRbac = ObservedRbac> =
  { readonly type: 'apply'; readonly object: RbacObject } | { readonly type: 'delete'; readonly object: Observed };

/**
 * What makes `observed` (of which only ours counts) into `desired`. First what takes from somebody: bindings of subjects who hold the role
 * no more, roles with other rules. Then everything else that is given; last what is left over and took nothing, such as a binding whose
 * subjects are in others now, so that nobody is without a right that is theirs in between. Yields the size of each piece, in grants.
 */
export function* rbacSteps<Observed extends ObservedRbac>(
  observed: readonly Observed[],
  desired: readonly RbacObject[],
): Generator<number, readonly RbacStep<Observed>[]> {
  const wanted = new Map(desired.map((object) => [rbacKey(object), object]));
  const held = new Set<string>();
  for (const object of desired) {
    const holds = holdings(object);
    for (const holding of holds) held.add(holding);
    yield 1 + holds.length;
  }
  const [taking, keeping]: [Observed[], Observed[]] = [[], []];
  for (const object of observed) {
    if (object.metadata.labels?.[labels.managedBy] !== MANAGED_BY) continue;
    const role = wanted.get(rbacKey(object));
    const takes =
      object.subjects === undefined
        ? role !== undefined && 'rules' in role && !isDeepStrictEqual(role.rules, object.rules)
        : holdings(object).some((holding) => !held.has(holding));
    (takes ? taking : keeping).push(object);
    yield 1 + (object.subjects?.length ?? 0);
  }
  const isStale = (object: Observed): boolean => !wanted.has(rbacKey(object));
  const narrowed = taking.flatMap((object) => wanted.get(rbacKey(object)) ?? []);
  const first = new Set(narrowed);
  return [
    ...taking.filter(isStale).map(deletion),
    ...narrowed.map(application),
    ...desired.filter((object) => !first.has(object)).map(application),
    ...keeping
      .filter(isStale)
      .toSorted((a, b) => Number(isRole(a)) - Number(isRole(b)))
      .map(deletion),
  ];
}

/** Tells RBAC objects apart: kind, namespace and name. */
export const rbacKey = ({ kind, metadata }: Pick<ObservedRbac, 'kind' | 'metadata'>): string =>
  `${kind}/${metadata.namespace ?? ''}/${metadata.name}`;

/** Who holds which role where, whatever the binding is called. */
function holdings(object: ObservedRbac | RbacObject): readonly string[] {
  if (!('roleRef' in object) || object.roleRef === undefined) return [];
  const place = `${object.metadata.namespace ?? ''}/${object.roleRef.kind}/${object.roleRef.name}`;
  return (object.subjects ?? []).map(({ kind, name }) => `${place}/${kind}/${name}`);
}

const isRole = ({ kind }: ObservedRbac): boolean => kind === 'Role' || kind === 'ClusterRole';

const deletion = <Observed extends ObservedRbac>(object: Observed): RbacStep<Observed> => ({ type: 'delete', object });
const application = (object: RbacObject): RbacStep<never> => ({ type: 'apply', object });
