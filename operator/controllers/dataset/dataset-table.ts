// DatasetTable: says whether the table exists, whether this object is the one that counts for it, and whether its filters can be made.
import type { Specs } from '../../access/specs.ts';
import { datasetTableFor, isTableOf, leadingTables } from '../../access/item-decision.ts';
import { strayLocation, strayMessage } from '../../access/table-location.ts';
import { objectKey, type Stored } from '../../kernel/kind.ts';
import {
  Priority,
  requeueAfter,
  type ControllerDefinition,
  type ReconcileContext,
  type Request,
  type Watch,
} from '../../kernel/runtime/reconciler.ts';
import { datasetKind, type Dataset } from '../../resources/dataset.ts';
import { datasetTableKind, type DatasetTable } from '../../resources/dataset-table.ts';
import { firstRefusal, type Check } from '../../access/checks.ts';
import { foldedName } from '../../resources/names.ts';
import { perEnvironment } from '../reconcile/concurrency.ts';
import { asReconciler, type ObjectReconciler, type StatusFields } from '../reconcile/object-reconciler.ts';
import type { Platform } from '../reconcile/platform.ts';
import { blocked, ready, retryable, stalled, type ReconcileOutcome } from '../reconcile/reconcile-outcome.ts';
import { watch } from '../reconcile/watch.ts';
import { listed } from '../share/message.ts';
import { deleteWithoutDataset } from './dependents.ts';
import { checkFilters } from './filter-check.ts';

/** Columns change in Glue without telling us. */
const LOOK_AGAIN_MS = 15 * 60_000;

export const defineDatasetTableController = (platform: Platform): ControllerDefinition => ({
  name: 'datasettable',
  watches: watchesOf(platform),
  ...perEnvironment,
  reconcile: asReconciler(platform, new DatasetTableReconciler(platform)),
});

type TableOutcome = ReconcileOutcome<DatasetTable>;

class DatasetTableReconciler implements ObjectReconciler<DatasetTable> {
  readonly kind = datasetTableKind;
  readonly #platform: Platform;

  constructor(platform: Platform) {
    this.#platform = platform;
  }

  async reconcile(table: Stored<DatasetTable>, context: ReconcileContext): Promise<TableOutcome | undefined> {
    if (await deleteWithoutDataset(this.#platform, table, table.status.datasetUid)) return undefined;
    const dataset = this.#platform.specs.dataset(table.metadata.namespace, table.spec.datasetRef.name);
    const outcome =
      firstRefusal(refusals, { specs: this.#platform.specs, table, dataset }) ??
      (await this.#observe(table, dataset, context));
    // Whatever it found: tables come and go without telling us.
    const ms = LOOK_AGAIN_MS * (1 - this.#platform.random() / 10);
    return { ...outcome, result: requeueAfter(ms, Priority.backlog) };
  }

  /** It holds nothing in AWS of its own: what its filters gave is taken back through the shares that use them. */
  finalize(): undefined {
    return undefined;
  }

  failed(error: unknown): TableOutcome {
    return retryable(error, (reason) => {
      if (reason === 'PivotRoleUnreachable') return 'DatasetNotReady';
      return reason === 'QuotaExceeded' ? 'AwsError' : reason;
    });
  }

  /** What AWS says of the table. */
  async #observe(
    object: Stored<DatasetTable>,
    dataset: Dataset | undefined,
    { signal }: ReconcileContext,
  ): Promise<TableOutcome> {
    const { datasetRef, filters } = object.spec;
    const name = foldedName(object.spec.table);
    const environment = this.#platform.specs.environment(object.metadata.namespace);
    const aws = environment && this.#platform.accountOf(environment);
    const { glueDatabase, bucket } = dataset?.status ?? {};
    if (aws === undefined || dataset === undefined || glueDatabase === undefined)
      return blocked('DatasetNotReady', `Dataset ${datasetRef.name} is not ready yet`);
    const database = foldedName(glueDatabase);
    const table = await aws.glue.table(database, name);
    if (table === undefined)
      return blocked('ItemNotFound', `database ${database} has no table ${name}: create it, or delete this object`);
    const stray = bucket === undefined ? undefined : strayLocation(table, [bucket]);
    if (bucket !== undefined && stray !== undefined) return blocked('ItemNotFound', strayMessage(name, stray, bucket));
    if (filters === undefined) return ready({}, LOOK_AGAIN_MS);
    const { pause } = this.#platform.specs.installation;
    return outcomeOf(
      await checkFilters({
        aws,
        table,
        name: { catalogId: aws.account, database, table: name },
        filters,
        known: object.status.filters ?? [],
        paused: pause !== undefined || [object, dataset].some(({ spec }) => spec.suspend === true),
        signal,
      }),
    );
  }

  statusOf(table: Stored<DatasetTable>, { status: { filters } }: TableOutcome): StatusFields<DatasetTable> {
    const { metadata, spec, status } = table;
    const dataset = this.#platform.specs.dataset(metadata.namespace, spec.datasetRef.name)?.metadata;
    return { filters, datasetUid: status.datasetUid ?? (isTableOf(table, dataset) ? dataset?.uid : undefined) };
  }
}

const outcomeOf = (filters: Awaited<ReturnType<typeof checkFilters>>): TableOutcome => {
  const status = { filters: [...filters] };
  const invalid = filters.filter(({ valid }) => !valid);
  if (invalid.length === 0) return ready(status, LOOK_AGAIN_MS);
  const messages = invalid.map(({ name, message = '' }) => `filter ${name}: ${message}`);
  return stalled('FilterInvalid', listed(messages, 'status.filters'), { status });
};

type TableCheck = Check<
  { readonly specs: Specs; readonly table: DatasetTable; readonly dataset: Dataset | undefined },
  TableOutcome
>;

const datasetExists: TableCheck = ({ table: { spec }, dataset }) =>
  dataset === undefined
    ? blocked(
        'DatasetNotFound',
        `there is no Dataset ${spec.datasetRef.name} in this namespace: this waits until there is; if its name is another, correct spec.datasetRef in a new DatasetTable`,
      )
    : undefined;

const madeForThisDataset: TableCheck = ({ table, dataset }) =>
  isTableOf(table, dataset?.metadata)
    ? undefined
    : blocked(
        'DatasetNotFound',
        `it is older than Dataset ${table.spec.datasetRef.name}, and so was not made for it: delete it, and apply it again if the dataset's owner wants it`,
      );

const countsForItsTable: TableCheck = ({ specs, table: { metadata, spec } }) => {
  const tables = specs.datasetTablesOf(metadata.namespace, spec.datasetRef.name, spec.table);
  const first = datasetTableFor(tables, spec.table);
  if (first === undefined || first.metadata.uid === metadata.uid) return undefined;
  return blocked(
    'TableTaken',
    `DatasetTable ${first.metadata.name} describes table ${spec.table} already: edit that one, and delete this one`,
  );
};

/** What stands in its way as far as the cluster knows, in the order in which people are told. */
const refusals: readonly TableCheck[] = [datasetExists, madeForThisDataset, countsForItsTable];

const keysOf = (tables: readonly DatasetTable[]): readonly Request[] =>
  tables.map(({ metadata }) => ({ key: objectKey(metadata) }));

const watchesOf = ({ stores }: Platform): readonly Watch[] => [
  // Which of those for one table counts may be another now. The rest of them, of which there may be thousands, find out in their own time.
  watch(datasetTableKind, (table) => {
    const { metadata, spec } = table;
    const forIt = stores
      .get(datasetTableKind)
      .byIndex('table', `${metadata.namespace} ${spec.datasetRef.name} ${foldedName(spec.table)}`);
    return keysOf([...new Set([table, ...leadingTables(forIt)])]);
  }),
  watch(datasetKind, ({ metadata, status }, old, event) =>
    event !== 'deleted' &&
    old !== undefined &&
    old.status.glueDatabase === status.glueDatabase &&
    old.status.tables?.syncedAt === status.tables?.syncedAt
      ? []
      : keysOf(stores.get(datasetTableKind).byIndex('dataset', `${metadata.namespace} ${metadata.name}`)),
  ),
];
