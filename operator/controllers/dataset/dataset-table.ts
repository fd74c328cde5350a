// DatasetTable: says whether the table exists, whether this object is the one that counts for it, and whether its filters can be made.
import { datasetTableFor, isTableOf, leadingTables } from '../../access/item-decision.ts';
import { strayLocation, strayMessage } from '../../access/table-location.ts';
import { isFault } from '../../aws/fault.ts';
import { mergeConditions, readyConditions, type Outcome } from '../../kernel/conditions.ts';
import type { Stored } from '../../kernel/kind.ts';
import {
  done,
  requeueAfter,
  transient,
  type ControllerDefinition,
  type ReconcileContext,
  type Result,
} from '../../kernel/runtime/reconciler.ts';
import { annotations, FINALIZER } from '../../resources/annotations.ts';
import type { ReasonFor } from '../../resources/conditions.ts';
import { datasetKind } from '../../resources/dataset.ts';
import { datasetTableKind, type DatasetTable, type DatasetTableStatus } from '../../resources/dataset-table.ts';
import { faultReason } from '../reconcile/fault-reason.ts';
import { checkFilters } from './filter-check.ts';
import { workOn } from '../reconcile/object-work.ts';
import type { Platform } from '../reconcile/platform.ts';
import { listed } from '../share/message.ts';
import { endWithoutDataset } from './dependents.ts';
import { source } from '../reconcile/watch.ts';
import { byEnvironment } from '../reconcile/concurrency.ts';

type Reason = ReasonFor<'DatasetTable', 'Ready'>;
type Finding = Outcome & { readonly reason: Reason; readonly filters?: DatasetTableStatus['filters'] };

/** Columns change in Glue without telling us. */
const LOOK_AGAIN_MS = 15 * 60_000;

export const defineDatasetTableController = (platform: Platform): ControllerDefinition => {
  const { specs, stores } = platform;

  const reconcile = async (key: string, context: ReconcileContext): Promise<Result> => {
    const [namespace = '', name = ''] = key.split('/');
    const table = stores.get(datasetTableKind).get(namespace, name);
    if (table === undefined) return done;
    if (table.metadata.deletionTimestamp !== undefined) {
      // It holds nothing in AWS of its own: what its filters gave is taken back through the shares that use them.
      await context.write.removeFinalizer(datasetTableKind, table, FINALIZER);
      return done;
    }
    if (await endWithoutDataset(platform, table, table.status.datasetUid)) return done;
    try {
      const finding = await workOn(datasetTableKind, table, context, async () => examine(table, context));
      await write(table, finding, context);
      return requeueAfter(LOOK_AGAIN_MS * (1 - platform.random() / 10), -100);
    } catch (error) {
      if (!isFault(error)) throw error;
      const reason = faultReason(error);
      const shown =
        reason === 'PivotRoleUnreachable' ? 'DatasetNotReady' : reason === 'QuotaExceeded' ? 'AwsError' : reason;
      await write(table, { type: 'Reconciling', reason: shown, message: `${error.message}. ${error.advice}` }, context);
      return transient(reason, error.message);
    }
  };

  const examine = async (object: DatasetTable, context: ReconcileContext): Promise<Finding> => {
    const { metadata, spec } = object;
    const dataset = specs.dataset(metadata.namespace, spec.datasetRef.name);
    if (dataset === undefined)
      return {
        type: 'Waiting',
        reason: 'DatasetNotFound',
        message: `there is no Dataset ${spec.datasetRef.name} in this namespace`,
      };
    if (!isTableOf(object, dataset.metadata))
      return {
        type: 'Waiting',
        reason: 'DatasetNotFound',
        message: `it is older than Dataset ${spec.datasetRef.name}, and so was not made for it: delete it, and apply it again if the dataset's owner wants it`,
      };
    const first = datasetTableFor(
      specs.datasetTablesOf(metadata.namespace, spec.datasetRef.name, spec.table),
      spec.table,
    );
    if (first !== undefined && first.metadata.uid !== metadata.uid)
      return {
        type: 'Stalled',
        reason: 'TableTaken',
        message: `DatasetTable ${first.metadata.name} describes table ${spec.table} already: edit that one, and delete this one`,
      };
    const environment = specs.environment(metadata.namespace);
    const aws = environment && platform.accountOf(environment);
    const database = dataset.status.glueDatabase;
    if (aws === undefined || database === undefined)
      return {
        type: 'Waiting',
        reason: 'DatasetNotReady',
        message: `Dataset ${dataset.metadata.name} is not ready yet`,
      };
    const found = await aws.glue.table(database, spec.table);
    if (found === undefined)
      return {
        type: 'Waiting',
        reason: 'ItemNotFound',
        message: `database ${database} has no table ${spec.table}: create it, or delete this object`,
      };
    const { bucket } = dataset.status;
    const stray = bucket === undefined ? undefined : strayLocation(found, [bucket]);
    if (bucket !== undefined && stray !== undefined)
      return { type: 'Waiting', reason: 'ItemNotFound', message: strayMessage(spec.table, stray, bucket) };
    const filters =
      spec.filters &&
      (await checkFilters({
        aws,
        table: found,
        name: { catalogId: aws.account, database, table: spec.table },
        filters: spec.filters,
        known: object.status.filters ?? [],
        paused: specs.installation.pause !== undefined || [spec, dataset.spec].some(({ suspend }) => suspend === true),
        signal: context.signal,
      }));
    const invalid = (filters ?? []).filter(({ valid }) => !valid);
    if (invalid.length > 0)
      return {
        type: 'Stalled',
        reason: 'FilterInvalid',
        message: listed(
          invalid.map(({ name, message = '' }) => `filter ${name}: ${message}`),
          'status.filters',
        ),
        filters: [...(filters ?? [])],
      };
    return { type: 'Ready', reason: 'Succeeded', message: '', ...(filters && { filters: [...filters] }) };
  };

  const write = async (table: Stored<DatasetTable>, finding: Finding, context: ReconcileContext): Promise<void> => {
    const { metadata, spec, status } = table;
    const dataset = specs.dataset(metadata.namespace, spec.datasetRef.name)?.metadata;
    await context.write.status(datasetTableKind, table, {
      observedGeneration: metadata.generation,
      datasetUid: status.datasetUid ?? (isTableOf(table, dataset) ? dataset?.uid : undefined),
      filters: finding.filters,
      conditions: mergeConditions(status.conditions, readyConditions(finding), metadata.generation, context.now()),
      lastHandledAt: metadata.annotations?.[annotations.requestedAt] ?? status.lastHandledAt,
    });
  };

  const keysOf = (tables: readonly DatasetTable[]) =>
    tables.map(({ metadata }) => ({ key: `${metadata.namespace}/${metadata.name}` }));

  return {
    name: 'datasettable',
    sources: [
      // Which of those for one table counts may be another now. The rest of them, of which there may be thousands, find out in their own time.
      source(datasetTableKind, (table) => {
        const { metadata, spec } = table;
        const forIt = stores
          .get(datasetTableKind)
          .byIndex('table', `${metadata.namespace} ${spec.datasetRef.name} ${spec.table}`);
        return keysOf([...new Set([table, ...leadingTables(forIt)])]);
      }),
      source(datasetKind, ({ metadata, status }, old, event) =>
        event !== 'deleted' &&
        old !== undefined &&
        old.status.glueDatabase === status.glueDatabase &&
        old.status.tables?.syncedAt === status.tables?.syncedAt
          ? []
          : keysOf(stores.get(datasetTableKind).byIndex('dataset', `${metadata.namespace} ${metadata.name}`)),
      ),
    ],
    ...byEnvironment,
    reconcile,
  };
};
