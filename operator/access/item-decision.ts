// One item of a share that both sides consent to in principle: what of it is granted, and why not the rest.
import { oncePerObject } from './once-per-object.ts';
import { annotations } from '../resources/annotations.ts';
import type { DatasetTable } from '../resources/dataset-table.ts';
import type { Dataset } from '../resources/dataset.ts';
import { foldedName } from '../resources/names.ts';
import { compareAge } from '../resources/age.ts';
import type { ShareApproval } from '../resources/share-approval.ts';
import type { AskedItem, DeniedItem, ShareItem } from '../resources/share-item.ts';
import { firstRefusal, type Check } from './checks.ts';
import { isAskedAfter } from './expiration.ts';
import type { Grant, GrantedItem, SharePermission } from './grant.ts';

export type ItemRefusal =
  'FilterNotFound' | 'FiltersDisagree' | 'ItemNotFound' | 'ApprovalStale' | 'PermissionNotAllowed';

export type ItemDecision =
  | { readonly kind: ShareItem['kind']; readonly name: string; readonly decision: 'Granted'; readonly grant: Grant }
  | { readonly kind: ShareItem['kind']; readonly name: string; readonly decision: 'PendingApproval' }
  | {
      readonly kind: ShareItem['kind'];
      readonly name: string;
      /** Consent was taken back, or was never given, while it is to others. */
      readonly decision: 'Withdrawn' | 'Rejected';
      readonly message: string;
    }
  | {
      readonly kind: ShareItem['kind'];
      readonly name: string;
      readonly decision: 'Refused';
      readonly reason: ItemRefusal;
      readonly message: string;
    };

/** Whether there is consent to it, whatever keeps it from being given. */
export const isConsented = ({ decision }: ItemDecision): boolean => decision === 'Granted' || decision === 'Refused';

/** What the decision about an item rests on. */
export interface ItemInputs {
  readonly dataset: Dataset;
  /** DatasetTables of the dataset. */
  readonly tables: readonly DatasetTable[];
  readonly approval: ShareApproval;
  /** Those that both sides name and that are allowed here. */
  readonly permissions: readonly SharePermission[];
}

export const decideItem = (
  inputs: ItemInputs,
  item: AskedItem,
  grantOf: (item: GrantedItem) => Grant,
): ItemDecision => {
  const { kind, name } = item;
  const denied = deniedItem(inputs.approval, item);
  if (denied !== undefined) return { kind, name, ...denied };
  const approved = approvedItems(inputs.approval).get(`${kind}/${name}`);
  if (approved === undefined) return { kind, name, decision: 'PendingApproval' };
  const asked = { ...inputs, item, approved };
  const outcome = firstRefusal(checks[kind], asked) ?? grantedItem(asked);
  if (outcome === 'pending') return { kind, name, decision: 'PendingApproval' };
  return 'reason' in outcome
    ? { kind, name, decision: 'Refused', ...outcome }
    : { kind, name, decision: 'Granted', grant: grantOf(outcome) };
};

/** Before what is approved: an item that is in several lists, as schemas of another version may let it be, is not given. */
const deniedItem = (
  { spec }: ShareApproval,
  { kind, name, askedAt }: AskedItem,
):
  | { readonly decision: 'Withdrawn' | 'Rejected'; readonly message: string }
  | { readonly decision: 'PendingApproval' }
  | undefined => {
  const key = `${kind}/${name}`;
  const withdrawn = deniedByName(spec.withdrawn ?? NONE).get(key);
  const denial = withdrawn ?? deniedByName(spec.rejected ?? NONE).get(key);
  if (denial === undefined) return undefined;
  if (isAskedAfter(askedAt, denial.at)) return { decision: 'PendingApproval' };
  const what = withdrawn === undefined ? 'rejected' : 'taken back';
  return {
    decision: withdrawn === undefined ? 'Rejected' : 'Withdrawn',
    message: `${what} by ${spec.approver}: ${denial.reason ?? 'no reason is given'}. Take it out of spec.items, or set its askedAt to the time, to ask again`,
  };
};

const NONE: readonly never[] = [];

/** An item that both sides name. */
interface AgreedItem extends ItemInputs {
  readonly item: ShareItem;
  readonly approved: ShareItem;
}

interface Refusal {
  readonly reason: ItemRefusal;
  readonly message: string;
}

/** `pending`: it is not consented to yet. */
type ItemCheck = Check<AgreedItem, Refusal | 'pending'>;

const readIsAllowed: ItemCheck = ({ permissions }) =>
  permissions.includes('Read')
    ? undefined
    : {
        reason: 'PermissionNotAllowed',
        message: 'request and approval have no permission in common that is allowed here: both must list Read',
      };

/** Schemas refuse others; one that was written before they did would be made, and found to be missing, without end. */
const nameIsGlues: ItemCheck = ({ item: { name } }) =>
  name === foldedName(name) ? undefined : { reason: 'ItemNotFound', message: tableIsCalled(foldedName(name)) };

/** What is told of a table in capitals. */
export const tableIsCalled = (folded: string): string =>
  `the table is called ${folded}, as Glue writes all names: ask for that`;

const filtersAgree: ItemCheck = ({ item, approved }) =>
  commonFilters(item.filters, approved.filters) === 'disagree'
    ? {
        reason: 'FiltersDisagree',
        message: 'request and approval name different filters: ask for, or approve, a filter that both name',
      }
    : undefined;

const filtersExist: ItemCheck = ({ item: { name, filters }, approved, tables }) => {
  const common = commonFilters(filters, approved.filters);
  if (common === 'disagree') return undefined;
  const defined = filtersOfTable(tables, name);
  const missing = common.find((filter) => !defined.has(filter));
  return missing === undefined
    ? undefined
    : {
        reason: 'FilterNotFound',
        message: `table ${name} has no filter ${missing}: define it in a DatasetTable, or approve another`,
      };
};

const folderExists: ItemCheck = ({ item: { name }, dataset }) =>
  prefixOf(dataset, name) === undefined
    ? { reason: 'ItemNotFound', message: `the dataset has no folder ${name}: add it to spec.folders of the dataset` }
    : undefined;

const folderIsBound: ItemCheck = ({ item: { name }, approval }) =>
  boundPrefix(approval, name) === undefined ? 'pending' : undefined;

const folderIsWhatWasApproved: ItemCheck = ({ item: { name }, approval, dataset }) => {
  const bound = boundPrefix(approval, name);
  const prefix = prefixOf(dataset, name);
  return bound === prefix
    ? undefined
    : {
        reason: 'ApprovalStale',
        message: `folder ${name} was ${bound} when it was approved and is ${prefix} now: edit the approval, e.g. its spec.reason, to consent again`,
      };
};

const bucketIsTheDatasets: ItemCheck = ({ item: { name }, dataset: { status } }) =>
  name === status.bucket
    ? undefined
    : {
        reason: 'ItemNotFound',
        message:
          'the bucket of the dataset has another name: request and approval must both name that of its status.bucket',
      };

/** The first that finds something is told. */
const checks: Readonly<Record<ShareItem['kind'], readonly ItemCheck[]>> = {
  Table: [readIsAllowed, nameIsGlues, filtersAgree, filtersExist],
  Folder: [readIsAllowed, folderExists, folderIsBound, folderIsWhatWasApproved],
  Bucket: [readIsAllowed, bucketIsTheDatasets],
};

/** What passed its checks; never more than both sides named. */
const grantedItem = ({ item: { kind, name, filters }, approved, dataset }: AgreedItem): GrantedItem | 'pending' => {
  switch (kind) {
    case 'Table': {
      const common = commonFilters(filters, approved.filters);
      return common === 'disagree' ? 'pending' : { kind, name, filters: common };
    }
    case 'Folder': {
      const prefix = prefixOf(dataset, name);
      return prefix === undefined ? 'pending' : { kind, name, prefix };
    }
    case 'Bucket':
      return { kind, name };
  }
};

const prefixOf = ({ spec: { folders } }: Dataset, name: string): string | undefined =>
  folders?.find((folder) => folder.name === name)?.prefix;

/** People choose the name, and every object has a `constructor`. */
const boundPrefix = ({ status: { boundTo } }: ShareApproval, folder: string): string | undefined =>
  boundTo?.folders !== undefined && Object.hasOwn(boundTo.folders, folder) ? boundTo.folders[folder] : undefined;

const approvedItems = ({ spec: { items = [] } }: ShareApproval): ReadonlyMap<string, ShareItem> =>
  approvedByName(items);
const mapByName = <Item extends Pick<ShareItem, 'kind' | 'name'>>(items: readonly Item[]): ReadonlyMap<string, Item> =>
  new Map(items.map((item) => [`${item.kind}/${item.name}`, item]));
const approvedByName = oncePerObject(mapByName<ShareItem>);
const deniedByName = oncePerObject(mapByName<DeniedItem>);

/** No filter means the whole table, so none AND A = A; A AND B = what both name; nothing in common grants nothing. */
export const commonFilters = (
  requested: readonly string[] | undefined,
  approved: readonly string[] | undefined,
): readonly string[] | 'disagree' => {
  const a = requested ?? [];
  const b = approved ?? [];
  if (a.length === 0) return b.toSorted();
  if (b.length === 0) return a.toSorted();
  const both = a.filter((filter) => b.includes(filter)).toSorted();
  return both.length === 0 ? 'disagree' : both;
};

/**
 * Whether a DatasetTable is about this dataset, and not about one before it that had the name. One that was never seen with a dataset is, unless
 * it is older: there was none then, and who wrote it had a right to another one's, or to any.
 */
export const isTableOf = ({ metadata, status }: DatasetTable, dataset: Dataset['metadata'] | undefined): boolean =>
  status.datasetUid === undefined
    ? dataset === undefined || metadata.creationTimestamp >= dataset.creationTimestamp
    : status.datasetUid === dataset?.uid;

/** The DatasetTable that counts for a table. */
export const datasetTableFor = (tables: readonly DatasetTable[], table: string): DatasetTable | undefined =>
  leadingTables(byTable(tables).get(foldedName(table)) ?? [])[0];

/**
 * Of those for one table the one that counts, and the one that would without it: one by the dataset's owner before those of stewards, of
 * these the oldest, the first by name.
 */
export const leadingTables = (tables: readonly DatasetTable[]): readonly DatasetTable[] => {
  let [first, second]: (DatasetTable | undefined)[] = [];
  for (const table of tables)
    if (table.metadata.deletionTimestamp !== undefined) continue;
    else if (first === undefined || compareStanding(table, first) < 0) [first, second] = [table, first];
    else if (second === undefined || compareStanding(table, second) < 0) second = table;
  return [first, second].filter((table) => table !== undefined);
};

const compareStanding = (a: DatasetTable, b: DatasetTable): number =>
  Number(isByOwner(b)) - Number(isByOwner(a)) || compareAge(a, b);

/** Admission writes down who wrote it; of what was there before that, filters tell, which only the owner of a dataset may define. */
const isByOwner = ({ metadata, spec }: DatasetTable): boolean =>
  metadata.annotations?.[annotations.byOwner] !== undefined || (spec.filters ?? []).length > 0;

/** By the name that Glue has. Grouped once for each list: a dataset may have thousands, and a request names hundreds. */
export const byTable = oncePerObject((tables: readonly DatasetTable[]): ReadonlyMap<string, readonly DatasetTable[]> =>
  Map.groupBy(tables, ({ spec }) => foldedName(spec.table)),
);

const filtersOfTable = (tables: readonly DatasetTable[], table: string): ReadonlySet<string> =>
  new Set(datasetTableFor(tables, table)?.spec.filters?.map(({ name }) => name));
