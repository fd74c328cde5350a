// The table that an operation is about, with its dataset; and its DatasetTable, which is made when something is first written.

import { datasetTableKind, type DatasetTable } from '../../../../operator/resources/dataset-table.ts';
import { objectName } from '../../../kubernetes/object-name.ts';
import type { Attempt } from '../../../kubernetes/refusal.ts';
import type { GatewayContext } from '../../../server/context.ts';
import { isFailure, notFound, unauthorized } from '../../../server/failure.ts';
import { requiredText } from '../../../server/input.ts';
import type { DatasetRow } from '../dataset.ts';
import { seesItem } from '../given.ts';
import { loadersOf } from '../loaders.ts';
import { isUnclassified } from '../words.ts';
import { tableByUri } from './queries.ts';
import type { TableRow } from './table.ts';

export interface TablePlace {
  readonly table: TableRow;
  readonly dataset: DatasetRow;
}

/** Whoever asks: tables are there to be found. @throws GraphQLError RequiredParameter, ResourceNotFound */
export async function tableFor(
  context: GatewayContext,
  action: string,
  uri: string | null | undefined,
): Promise<TablePlace> {
  const wanted = requiredText(action, 'tableUri', uri);
  const table = await tableByUri(context.database, wanted);
  const dataset = table && (await loadersOf(context).dataset.load(table.dataset_uid));
  if (table === undefined || dataset === undefined) throw notFound(action, 'DatasetTable', wanted);
  return { table, dataset };
}

/** Names and types of columns tell much: of what is not Unclassified only to who may see the dataset or was given the table. */
export const seesColumns = async (context: GatewayContext, place: TablePlace): Promise<boolean> =>
  isUnclassified(context, place.dataset) || (await seesTable(context, place));

const seesTable = (context: GatewayContext, { table, dataset }: TablePlace): Promise<boolean> =>
  seesItem(context, dataset, { kind: 'Table', name: table.name });

/** @throws GraphQLError UnauthorizedOperation */
export async function demandColumns(context: GatewayContext, action: string, place: TablePlace): Promise<void> {
  if (!isUnclassified(context, place.dataset)) await demandTable(context, action, place);
}

/** @throws GraphQLError UnauthorizedOperation unless who asks may see the dataset or was given the table */
export async function demandTable(context: GatewayContext, action: string, place: TablePlace): Promise<void> {
  if (await seesTable(context, place)) return;
  throw unauthorized(action, context.identity.user, 'GET_DATASET_TABLE', `resource: ${place.table.id}`);
}

/** The filters by which each share shows the table to who asks, who may see its columns; undefined: all of it. */
export async function columnFilters(
  context: GatewayContext,
  { table, dataset }: TablePlace,
): Promise<readonly (readonly string[])[] | undefined> {
  if (dataset.seen || isUnclassified(context, dataset)) return undefined;
  const given = await loadersOf(context).given.load(`${dataset.namespace}/${dataset.name}`);
  return given.get(`Table ${table.name}`) ?? [];
}

type Spec = DatasetTable['spec'];

/**
 * Changes what is written about the table, in the name of who asks.
 * @returns undefined where nothing was written about it, and nothing is now
 */
export async function changeTable(
  context: GatewayContext,
  attempt: Attempt,
  { table, dataset }: TablePlace,
  edit: (spec: Partial<Spec>) => Partial<Spec>,
): Promise<DatasetTable> {
  const { kubernetes, dryRun } = context;
  const settings = { attempt, dryRun };
  const { namespace } = dataset;
  const change = (name: string) => kubernetes.change(datasetTableKind, { namespace, name }, edit, settings);
  const name = table.object_name ?? nameFor(dataset, table);
  return table.object_name === null ? made() : change(name);

  /** Somebody may have made it a moment ago, whom the read model does not know yet. */
  async function made() {
    const about = { datasetRef: { name: dataset.name }, table: table.name };
    try {
      return await kubernetes.create(datasetTableKind, { namespace, name }, { ...about, ...edit({}) }, settings);
    } catch (error) {
      if (isFailure(error, 'ResourceAlreadyExists')) return change(name);
      throw error;
    }
  }
}

/** The same for one table whoever writes first. */
const nameFor = ({ name }: DatasetRow, table: TableRow): string =>
  objectName(`${name}-${table.name}`, [name, table.name]);

export const attemptOnTable = (action: string, permission: string, { id }: TableRow): Attempt => ({
  action,
  permission,
  what: 'DatasetTable',
  uri: id,
});
