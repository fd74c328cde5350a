// What of a request cannot be given as it is asked for, as far as is known before anybody decides. Both sides are shown it, so that nobody
// consents to what cannot come: without a name of AWS that the request does not have, since nobody has consented yet. Advice only: what is
// granted is decided by item-decision.ts and by what AWS has then.
import type { DatasetTable } from '../resources/dataset-table.ts';
import type { Dataset } from '../resources/dataset.ts';
import type { Environment } from '../resources/environment.ts';
import type { ShareItem } from '../resources/share-item.ts';
import type { ShareRequest } from '../resources/share-request.ts';
import { firstRefusal, type Check } from './checks.ts';
import { datasetTableFor, tableIsCalled, type ItemRefusal } from './item-decision.ts';

/** Undefined = there is no such object, or it is not known yet. */
export interface CheckedObjects {
  readonly dataset: Dataset | undefined;
  /** DatasetTables of the dataset. */
  readonly tables: readonly DatasetTable[];
  /** The requester's. */
  readonly consumer: Environment | undefined;
  /** Whether the installation allows Write and Modify (within one account). */
  readonly allowWrite: boolean;
}

/** What is wrong with one item. */
export interface ItemProblem {
  readonly kind: ShareItem['kind'];
  readonly name: string;
  readonly reason: Extract<ItemRefusal, 'ItemNotFound' | 'FilterNotFound'> | 'FilterInvalid';
  /** What to do about it, one sentence. */
  readonly message: string;
}

export interface RequestProblems {
  readonly items: readonly ItemProblem[];
  /** What the permissions ask for and this installation, or two accounts, do not allow. */
  readonly permissions: string | undefined;
}

export const NO_PROBLEMS: RequestProblems = { items: [], permissions: undefined };

/** Nothing is said of what is not known: of a dataset that is not ready, of tables beyond those that its status names. */
export const checkRequest = ({ spec }: ShareRequest, objects: CheckedObjects): RequestProblems => {
  const { dataset } = objects;
  if (dataset?.status.bucket === undefined) return NO_PROBLEMS;
  const known = knownOf(dataset, objects.tables);
  return {
    items: spec.items.flatMap((item) => {
      const problem = firstRefusal(checks, { item, known });
      return problem === undefined ? [] : [{ kind: item.kind, name: item.name, ...problem }];
    }),
    permissions: permissionProblem(spec.permissions, objects),
  };
};

/** All of them in a sentence each, for conditions. */
export const textOfProblems = ({ items, permissions }: RequestProblems): readonly string[] => [
  ...(permissions === undefined ? [] : [permissions]),
  ...items.map(({ kind, name, message }) => `${kind} ${name}: ${message}`),
];

interface Known {
  readonly bucket: string;
  /** Names of the tables in the Glue database; undefined = not all of them are known. */
  readonly names: ReadonlySet<string> | undefined;
  readonly folders: ReadonlySet<string>;
  /** By table: its filters by name, and whether each can be made. */
  readonly filtersOf: (table: string) => ReadonlyMap<string, boolean>;
}

type ItemCheck = Check<{ readonly item: ShareItem; readonly known: Known }, Pick<ItemProblem, 'reason' | 'message'>>;

const tableExists: ItemCheck = ({ item: { kind, name }, known: { names } }) => {
  if (kind !== 'Table' || names === undefined || names.has(name)) return undefined;
  const folded = name.toLowerCase();
  return {
    reason: 'ItemNotFound',
    message: names.has(folded)
      ? tableIsCalled(folded)
      : 'the dataset has no table of this name with its data in its bucket: correct the name, or have the table created',
  };
};

const filtersExist: ItemCheck = ({ item: { kind, name, filters }, known: { filtersOf } }) => {
  if (kind !== 'Table' || filters === undefined) return undefined;
  const defined = filtersOf(name);
  const missing = filters.find((filter) => !defined.has(filter));
  if (missing !== undefined)
    return {
      reason: 'FilterNotFound',
      message: `no DatasetTable defines a filter ${missing} of it: correct the name, or have its owner define it`,
    };
  const invalid = filters.find((filter) => defined.get(filter) === false);
  return invalid === undefined
    ? undefined
    : {
        reason: 'FilterInvalid',
        message: `filter ${invalid} cannot be made as it is defined: have its owner mend it, who reads why in the DatasetTable`,
      };
};

const folderExists: ItemCheck = ({ item: { kind, name }, known: { folders } }) =>
  kind !== 'Folder' || folders.has(name)
    ? undefined
    : {
        reason: 'ItemNotFound',
        message: 'the dataset has no folder of this name: correct the name, or have its owner add it to spec.folders',
      };

const bucketIsItsOwn: ItemCheck = ({ item: { kind, name }, known: { bucket } }) =>
  kind !== 'Bucket' || name === bucket
    ? undefined
    : {
        reason: 'ItemNotFound',
        message: 'the bucket of the dataset has another name: ask its owner for it, who has it in status.bucket',
      };

/** The first that finds something is told. */
const checks: readonly ItemCheck[] = [tableExists, filtersExist, folderExists, bucketIsItsOwn];

const knownOf = ({ spec, status }: Dataset, objects: readonly DatasetTable[]): Known => {
  const { names, count } = status.tables ?? {};
  return {
    bucket: status.bucket ?? '',
    names: names === undefined || names.length !== count ? undefined : new Set(names),
    folders: new Set(spec.folders?.map(({ name }) => name)),
    filtersOf: (table) => filtersIn(datasetTableFor(objects, table)),
  };
};

const filtersIn = (table: DatasetTable | undefined): ReadonlyMap<string, boolean> => {
  const told = new Map(table?.status.filters?.map(({ name, valid }) => [name, valid]));
  return new Map((table?.spec.filters ?? []).map(({ name }) => [name, told.get(name) !== false]));
};

const permissionProblem = (
  permissions: ShareRequest['spec']['permissions'],
  { dataset, consumer, allowWrite }: CheckedObjects,
): string | undefined => {
  const writes = (permissions ?? []).filter((permission) => permission !== 'Read');
  if (writes.length === 0) return undefined;
  const what = writes.join(' and ');
  if (!allowWrite) return `${what} is not allowed in this installation: ask for Read`;
  const account = consumer?.spec.account.id;
  return account === undefined || account === dataset?.status.account
    ? undefined
    : `${what} is given within one account only, and the data is in another: ask for Read`;
};
