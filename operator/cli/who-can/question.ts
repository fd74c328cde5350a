// What is asked of who can read: a dataset, an item of it, or a column of a table, as somebody writes it at a shell.

import type { DatasetItem } from '../../access/who-can-read.ts';
import { CommandError } from '../exit-codes.ts';
import { itemOf, namespacedName, type NamespacedName } from '../share-reference.ts';

export interface ReadQuestion {
  readonly dataset: NamespacedName;
  /** Undefined: anything of it. */
  readonly item: DatasetItem | undefined;
  /** Of a table. */
  readonly column: string | undefined;
}

/**
 * Names of datasets have no dot, so what has one is a table and its column.
 *
 * @param text `[namespace/]dataset`, `[namespace/]dataset/table.column`, `namespace/dataset/table`
 * @param item `folder/raw`, as of shares; instead of a table in `text`
 * @throws CommandError `usage`
 */
export function readQuestion(text: string, item: string | undefined, namespace: string): ReadQuestion {
  const parts = text.split('/');
  const [last = ''] = parts.slice(-1);
  const isOfTable = parts.length === 3 || (parts.length === 2 && last.includes('.'));
  if (!isOfTable)
    return {
      dataset: namespacedName(text, namespace),
      item: item === undefined ? undefined : named(item),
      column: undefined,
    };
  if (item !== undefined) throw new CommandError('usage', `${text} names a table already: leave --item out`);
  const [table = '', column, ...more] = last.split('.');
  if (table === '' || column === '' || more.length > 0)
    throw new CommandError('usage', `${text}: write <dataset>/<table>.<column>, or <namespace>/<dataset>/<table>`);
  return {
    dataset: namespacedName(parts.slice(0, -1).join('/'), namespace),
    item: { kind: 'Table', name: table },
    column,
  };
}

function named(text: string): DatasetItem {
  const { kind, name } = itemOf(text);
  return { kind, name };
}
