// LF-Tags: which tags databases and tables carry, and what a tag policy therefore is on.
// https://docs.aws.amazon.com/lake-formation/latest/dg/tag-based-access-control.html
import type { World } from '../../core/world.ts';
import type { CatalogRef } from '../glue/catalog-arn.ts';
import { catalogState } from '../glue/catalog-state.ts';
import type { LakeResource, TagPolicy } from './lake-resource.ts';
import { resourceKey } from './lake-resource.ts';
import { lakeState, type Grant } from './lake-state.ts';

export type TaggedResource = Extract<LakeResource, { readonly kind: 'database' | 'table' }>;

/** Tags given to a resource itself, value by key. */
export const ownTags = (world: World, ref: CatalogRef, resource: TaggedResource): ReadonlyMap<string, string> =>
  lakeState(world, ref).tagged.get(resourceKey(resource)) ?? new Map<string, string>();

/** With those a table inherits from its database, which its own override. */
export const tagsOf = (world: World, ref: CatalogRef, resource: TaggedResource): ReadonlyMap<string, string> =>
  resource.kind === 'database'
    ? ownTags(world, ref, resource)
    : new Map([
        ...ownTags(world, ref, { kind: 'database', catalogId: resource.catalogId, database: resource.database }),
        ...ownTags(world, ref, resource),
      ]);

/** All keys of the expression must have one of their values. */
const meets = (tags: ReadonlyMap<string, string>, { expression }: TagPolicy): boolean =>
  expression.every(({ key, values }) => values.includes(tags.get(key) ?? ''));

/** A grant on a tag policy as grants on the databases or tables that carry its tags now; any other grant as it is. */
export const onNamedResources = (world: World, ref: CatalogRef, grant: Grant): readonly Grant[] => {
  const { resource } = grant;
  if (resource.kind !== 'tag-policy') return [grant];
  const { catalogId } = ref;
  const all = [...catalogState(world, ref).databases].flatMap(([database, { tables }]): TaggedResource[] =>
    resource.type === 'DATABASE'
      ? [{ kind: 'database', catalogId, database }]
      : [...tables.keys()].map((table) => ({ kind: 'table', catalogId, database, table })),
  );
  return all
    .filter((candidate) => meets(tagsOf(world, ref, candidate), resource))
    .map((candidate) => ({ ...grant, resource: candidate }));
};
