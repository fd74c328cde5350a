// Filters by which parts of a table can be shared.

import { Badge, Box, Button, SpaceBetween, type TableProps } from '@cloudscape-design/components';
import { useState } from 'react';
import { useLiveQuery } from '../../../app/live.ts';
import { later } from '../../../ui/later.tsx';
import { useListQuestion } from '../../../ui/list-question.ts';
import { ListTable } from '../../../ui/list-table.tsx';
import { TableFiltersDocument, type TableFiltersQuery } from './operations.ts';
import { filterStrings as strings, tableStrings } from './strings.ts';

const FilterDialog = later(async () => (await import('./filter-dialog.tsx')).FilterDialog);
const DeleteFilterDialog = later(async () => (await import('./delete-filter-dialog.tsx')).DeleteFilterDialog);

export type Filter = NonNullable<NonNullable<NonNullable<TableFiltersQuery['listTableDataFilters']>['nodes']>[number]>;

interface FiltersTabProps {
  readonly tableUri: string;
  readonly isOwner: boolean;
}

export function FiltersTab({ tableUri, isOwner }: FiltersTabProps) {
  const question = useListQuestion();
  const [isAdding, setAdding] = useState(false);
  const [deleted, setDeleted] = useState<Filter>();
  const { page, pageSize } = question.filter;
  const variables = { tableUri, filter: { page, pageSize } };
  const [{ data, fetching, error }, again] = useLiveQuery({ query: TableFiltersDocument, variables });
  const refresh = (): void => again({ requestPolicy: 'network-only' });
  return (
    <>
      <ListTable
        title={tableStrings.filters}
        description={strings.description}
        actions={isOwner && <Button onClick={() => setAdding(true)}>{strings.add}</Button>}
        answer={{ list: data?.listTableDataFilters, fetching, error, onRetry: refresh }}
        question={question}
        trackBy="filterUri"
        columns={[...columns, ...(isOwner ? [deleteColumn(setDeleted)] : [])]}
        empty={strings.none}
      />
      {isAdding && (
        <FilterDialog
          tableUri={tableUri}
          onClose={() => {
            setAdding(false);
            refresh();
          }}
        />
      )}
      {deleted !== undefined && (
        <DeleteFilterDialog
          filter={deleted}
          onClose={() => {
            setDeleted(undefined);
            refresh();
          }}
        />
      )}
    </>
  );
}

const columns: readonly TableProps.ColumnDefinition<Filter>[] = [
  { id: 'name', header: strings.name, isRowHeader: true, minWidth: 140, cell: ({ name }) => name },
  {
    id: 'rows',
    header: strings.condition,
    minWidth: 160,
    cell: ({ rowExpression }) => (rowExpression ? <Box variant="code">{rowExpression}</Box> : strings.allRows),
  },
  {
    id: 'columns',
    header: strings.columnNames,
    minWidth: 160,
    cell: ({ includedCols }) =>
      includedCols === null ? (
        strings.allColumns
      ) : (
        <SpaceBetween direction="horizontal" size="xxs">
          {includedCols.map((column) => (
            <Badge key={column}>{column}</Badge>
          ))}
        </SpaceBetween>
      ),
  },
];

const deleteColumn = (onDelete: (filter: Filter) => void): TableProps.ColumnDefinition<Filter> => ({
  id: 'delete',
  header: strings.delete,
  cell: (filter) => (
    <Button
      variant="inline-icon"
      iconName="remove"
      ariaLabel={strings.deleteOf(filter.name ?? '')}
      onClick={() => onDelete(filter)}
    />
  ),
});
