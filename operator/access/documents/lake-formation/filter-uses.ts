// Who goes through which data cells filter of a database: the grants that want it, and what Lake Formation has granted on it.
import type { LakeGrant } from '../../../aws/services/lakeformation.ts';
import { grantId, type Grant } from '../../grant.ts';
import { filterKey } from './filter-definitions.ts';

/** Both by the filter's key. */
export interface FilterUses {
  /** Ids of grants, and whether one of them is not suspended. */
  readonly users: ReadonlyMap<string, { readonly grants: readonly string[]; readonly isActive: boolean }>;
  readonly holders: ReadonlyMap<string, readonly LakeGrant[]>;
}

/** Yields the size of each piece of work, in grants and rights. */
export function* filterUsesIn(
  grants: readonly Grant[],
  permissions: readonly LakeGrant[],
): Generator<number, FilterUses> {
  const users = new Map<string, { readonly grants: string[]; isActive: boolean }>();
  for (const grant of grants) {
    const { item, suspended } = grant;
    for (const filter of item.kind === 'Table' ? item.filters : []) {
      const user = entryOf(users, filterKey({ table: item.name, name: filter }), () => ({
        grants: [],
        isActive: false,
      }));
      user.grants.push(grantId(grant));
      user.isActive ||= !suspended;
    }
    yield 1;
  }
  const holders = new Map<string, LakeGrant[]>();
  for (const row of permissions) {
    const { resource } = row;
    if (resource.kind === 'Filter')
      entryOf(holders, filterKey({ table: resource.table, name: resource.filter }), () => []).push(row);
    yield 1;
  }
  return { users, holders };
}

const entryOf = <Entry>(entries: Map<string, Entry>, key: string, make: () => Entry): Entry => {
  const known = entries.get(key);
  if (known !== undefined) return known;
  const made = make();
  entries.set(key, made);
  return made;
};
