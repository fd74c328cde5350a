// Ids: which object has one that several ask for. AWS names are made of ids, so two with one would share roles, policies and stacks.
import { objectKey, type Kind, type Stored } from '../../kernel/kind.ts';
import type { Watch } from '../../kernel/runtime/reconciler.ts';
import type { Indexer } from '../../kernel/cache/indexed-objects.ts';
import type { Stores } from '../../kernel/cache/store.ts';
import { annotations } from '../../resources/annotations.ts';
import { consumptionRoleKind } from '../../resources/consumption-role.ts';
import type { ObjectMeta, Resource } from '../../resources/kind.ts';
import { idFromUid } from '../../resources/names.ts';
import { compareAge } from '../../resources/age.ts';
import { teamKind } from '../../resources/team.ts';
import { watch } from './watch.ts';
import { toldName } from './told-name.ts';

/** An object of a kind with AWS names. */
type Identified = Resource<WithId, WithId, ObjectMeta & { namespace?: string }>;
interface WithId {
  readonly id?: string | undefined;
  readonly owner?: string;
}

/** Access points are named by the id of a principal, whatever its kind. */
export const principalKinds: readonly Kind[] = [teamKind, consumptionRoleKind];

/** The id that an object has, or else asks for. */
export const idOf = ({ metadata, spec, status }: Omit<Identified, 'apiVersion' | 'kind'>): string =>
  status.id ?? spec.id ?? metadata.annotations?.[annotations.id] ?? idFromUid(metadata.uid);

const INDEX = 'wanted-id';

/** For the stores of all kinds that are asked about here. */
export const idIndexers: Readonly<Record<string, Indexer<Stored<Identified>>>> = {
  [INDEX]: (object) => [idOf(object)],
};

/**
 * What stands between an object and its id: another object that has it, or asked for it first. One sentence; undefined when nothing does.
 * @param kinds among whose objects an id must be unique; indexed by {@link idIndexers}
 */
export const idTaken = (stores: Stores, kinds: readonly Kind[], object: Identified): string | undefined => {
  const id = idOf(object);
  const [holder] = wanting(stores, kinds, id).toSorted((a, b) => precedence(a, b, id));
  return holder === undefined || holder.metadata.uid === object.metadata.uid
    ? undefined
    : `${toldName(holder.kind, holder, object)} has id ${id}: choose another spec.id, or delete one of the two`;
};

/** Wakes objects of one kind when another object with their id is gone. */
export const whenIdIsFree = (stores: Stores, kind: Kind, kinds: readonly Kind[] = [kind]): readonly Watch[] =>
  kinds.map((among) =>
    watch(among as Kind<Identified>, (object, _old, event) =>
      event === 'deleted'
        ? wanting(stores, [kind], idOf(object)).map(({ metadata }) => ({ key: objectKey(metadata) }))
        : [],
    ),
  );

const wanting = (stores: Stores, kinds: readonly Kind[], id: string): readonly Stored<Identified>[] =>
  kinds.flatMap((kind) => stores.get(kind as Kind<Identified>).byIndex(INDEX, id));

/** Who has it comes before who asked first: names made of it are in AWS. */
const precedence = (a: Identified, b: Identified, id: string): number =>
  Number(b.status.id === id) - Number(a.status.id === id) || compareAge(a, b);
