// Whether the filters of a DatasetTable can be made, before anybody asks for one. Columns are compared with the table's; rows are judged by
// Lake Formation itself, which has no other way to ask than to make a filter: one of the same content is made under a name that no
// filter of people can have, and taken away again. Nobody is ever granted anything on it.
import { createHash } from 'node:crypto';
import type { AccountAws } from '../../aws/account.ts';
import { isFault } from '../../aws/fault.ts';
import type { GlueTable } from '../../aws/services/glue.ts';
import type { TableName } from '../../aws/services/lakeformation-resource.ts';
import type { DataFilter, DatasetTableStatus } from '../../resources/dataset-table.ts';
import { cut } from '../share/message.ts';

type Judged = NonNullable<DatasetTableStatus['filters']>[number];

export interface FilterCheck {
  readonly aws: AccountAws;
  readonly table: GlueTable;
  readonly name: TableName;
  readonly filters: readonly DataFilter[];
  /** What the status says of them. What was judged for the same content and columns is not asked again. */
  readonly known: readonly Judged[];
  /** While nothing may be made, what is not judged yet counts as valid. */
  readonly paused: boolean;
  readonly signal: AbortSignal;
}

/** Throws AwsFault for anything but AWS's refusal of a filter. */
export const checkFilters = async ({ filters, ...check }: FilterCheck): Promise<readonly Judged[]> => {
  const judged: Judged[] = [];
  for (const filter of filters) judged.push(await judge(filter, check));
  return judged;
};

const judge = async (filter: DataFilter, check: Omit<FilterCheck, 'filters'>): Promise<Judged> => {
  const { name } = filter;
  const columns = [...check.table.columns, ...check.table.partitionKeys];
  const unknown = filter.columns?.find((column) => !columns.some((known) => known.name === column));
  if (unknown !== undefined)
    return { name, valid: false, message: `table ${check.name.table} has no column ${unknown}` };
  if (filter.rows === undefined) return { name, valid: true };
  const checked = fingerprint([filter.rows, filter.columns, columns.map((column) => [column.name, column.type])]);
  const before = check.known.find((candidate) => candidate.name === name && candidate.checked === checked);
  if (before !== undefined) return before;
  if (check.paused) return { name, valid: true };
  check.signal.throwIfAborted();
  const refusal = await tryFilter(check, filter, checked);
  return refusal === undefined
    ? { name, valid: true, checked }
    : { name, valid: false, message: cut(`Lake Formation does not take the condition: ${refusal}`), checked };
};

/** @returns AWS's own words where it refuses the filter */
const tryFilter = async (
  { aws, name }: Pick<FilterCheck, 'aws' | 'name'>,
  { rows, columns }: DataFilter,
  checked: string,
): Promise<string | undefined> => {
  // Hyphens: no name of people's has one. Made of the content: one that a killed process left says that AWS took just this.
  const trial = { ...name, name: `dataall-trial-${checked}`, rows, columns: columns ?? { except: [] } };
  try {
    await aws.lakeFormation.createFilter(trial);
  } catch (error) {
    if (isFault(error, 'Invalid')) return error.reason;
    if (!isFault(error, 'AlreadyExists')) throw error;
  }
  await aws.lakeFormation.deleteFilter(trial);
  return undefined;
};

const fingerprint = (content: unknown): string =>
  createHash('sha256').update(JSON.stringify(content)).digest('hex').slice(0, 16);
