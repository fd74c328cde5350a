// Grants that ask for the same of a policy: a share's hundreds of folders are one principal of a bucket, and a hundred shares of a folder
// are one folder of an access point. What a policy says is found out once for all of them.
import { grantId, type Grant } from '../../grant.ts';
import type { Refusal } from '../refusal.ts';

export interface AlikeGrants {
  readonly example: Grant;
  readonly grants: Grant[];
  /** Of the grants, in their order. */
  readonly ids: string[];
}

/** In the order of their first grants. Yields 1 for each grant. */
export function* groupAlike(
  grants: readonly Grant[],
  asks: (grant: Grant) => string,
): Generator<number, readonly AlikeGrants[]> {
  const groups = new Map<string, AlikeGrants>();
  for (const grant of grants) {
    const what = asks(grant);
    const group = groups.get(what) ?? { example: grant, grants: [], ids: [] };
    groups.set(what, group);
    group.grants.push(grant);
    group.ids.push(grantId(grant));
    yield 1;
  }
  return [...groups.values()];
}

export const examplesOf = (groups: readonly AlikeGrants[]): readonly Grant[] => groups.map(({ example }) => example);

export const grantsIn = (groups: readonly AlikeGrants[]): readonly Grant[] => groups.flatMap(({ grants }) => grants);

export const idsIn = (groups: readonly AlikeGrants[]): readonly string[] => groups.flatMap(({ ids }) => ids);

/** The same refusal for each grant of the groups, by id. */
export const refuseAlike = (groups: readonly AlikeGrants[], refusal: Refusal): ReadonlyMap<string, Refusal> =>
  new Map(idsIn(groups).map((id) => [id, refusal]));
