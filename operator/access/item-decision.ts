// One item of a share that both sides consent to in principle: what of it is granted, and why not the rest.
import { annotations } from '../resources/annotations.ts';
import type { DatasetTable } from '../resources/dataset-table.ts';
import type { Dataset } from '../resources/dataset.ts';
import { compareAge } from '../resources/seniority.ts';
import type { ShareApproval } from '../resources/share-approval.ts';
import type { ShareItem } from '../resources/share-item.ts';
import type { Grant, GrantedItem, SharePermission } from './grant.ts';

export type ItemRefusal =
  'FilterNotFound' | 'FiltersDisagree' | 'ItemNotFound' | 'ApprovalStale' | 'PermissionNotAllowed';

export type ItemDecision =
  | { readonly kind: ShareItem['kind']; readonly name: string; readonly decision: 'Granted'; readonly grant: Grant }
  | { readonly kind: ShareItem['kind']; readonly name: string; readonly decision: 'PendingApproval' }
  | {
      readonly kind: ShareItem['kind'];
      readonly name: string;
      readonly decision: 'Refused';
      readonly reason: ItemRefusal;
      readonly message: string;
    };

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
  { dataset, tables, approval, permissions }: ItemInputs,
  item: ShareItem,
  grantOf: (item: GrantedItem) => Grant,
): ItemDecision => {
  const { kind, name } = item;
  const refused = (reason: ItemRefusal, message: string): ItemDecision => ({
    kind,
    name,
    decision: 'Refused',
    reason,
    message,
  });
  const granted = (what: GrantedItem): ItemDecision => ({ kind, name, decision: 'Granted', grant: grantOf(what) });
  const approved = approvedItems(approval).get(`${kind}/${name}`);
  if (approved === undefined) return { kind, name, decision: 'PendingApproval' };
  if (!permissions.includes('Read'))
    return refused(
      'PermissionNotAllowed',
      'request and approval have no permission in common that is allowed here: both must list Read',
    );
  switch (kind) {
    case 'Table': {
      const filters = commonFilters(item.filters, approved.filters);
      if (filters === 'disagree')
        return refused(
          'FiltersDisagree',
          'request and approval name different filters: ask for, or approve, a filter that both name',
        );
      const defined = filtersOfTable(tables, name);
      const missing = filters.find((filter) => !defined.has(filter));
      if (missing !== undefined)
        return refused(
          'FilterNotFound',
          `table ${name} has no filter ${missing}: define it in a DatasetTable, or approve another`,
        );
      return granted({ kind, name, filters });
    }
    case 'Folder': {
      const folder = dataset.spec.folders?.find((candidate) => candidate.name === name);
      if (folder === undefined)
        return refused('ItemNotFound', `the dataset has no folder ${name}: add it to spec.folders of the dataset`);
      const bound = approval.status.boundTo?.folders?.[name];
      if (bound === undefined) return { kind, name, decision: 'PendingApproval' };
      if (bound !== folder.prefix)
        return refused(
          'ApprovalStale',
          `folder ${name} was ${bound} when it was approved and is ${folder.prefix} now: edit the approval, e.g. its spec.reason, to consent again`,
        );
      return granted({ kind, name, prefix: folder.prefix });
    }
    case 'Bucket':
      if (name !== dataset.status.bucket)
        return refused(
          'ItemNotFound',
          `the bucket of the dataset is ${dataset.status.bucket ?? 'not known yet'}: name that one`,
        );
      return granted({ kind, name });
  }
};

const approvedItems = ({ spec: { items = [] } }: ShareApproval): ReadonlyMap<string, ApprovedItem> => {
  const known = approvals.get(items) ?? new Map(items.map((item) => [`${item.kind}/${item.name}`, item]));
  approvals.set(items, known);
  return known;
};
type ApprovedItem = NonNullable<ShareApproval['spec']['items']>[number];
const approvals = new WeakMap<readonly ApprovedItem[], ReadonlyMap<string, ApprovedItem>>();

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
  leadingTables(byTable(tables).get(table) ?? [])[0];

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

/** Grouped once for each list: a dataset may have thousands, and a request names hundreds. */
export const byTable = (tables: readonly DatasetTable[]): ReadonlyMap<string, readonly DatasetTable[]> => {
  const known = groups.get(tables) ?? Map.groupBy(tables, ({ spec }) => spec.table);
  groups.set(tables, known);
  return known;
};
const groups = new WeakMap<readonly DatasetTable[], ReadonlyMap<string, readonly DatasetTable[]>>();

const filtersOfTable = (tables: readonly DatasetTable[], table: string): ReadonlySet<string> =>
  new Set(datasetTableFor(tables, table)?.spec.filters?.map(({ name }) => name));
