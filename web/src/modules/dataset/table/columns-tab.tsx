// The columns of a table, a page at a time; who decides about its dataset says what is in each.

import { Badge, Box, Button, SpaceBetween, type TableProps } from '@cloudscape-design/components';
import { useState } from 'react';
import { useLiveQuery } from '../../../app/live.ts';
import { ActButton } from '../../../ui/act.tsx';
import { later } from '../../../ui/later.tsx';
import { useListQuestion } from '../../../ui/list-question.ts';
import { ListTable } from '../../../ui/list-table.tsx';
import { SyncColumnsDocument, TableColumnsDocument, type TableColumnsQuery } from './operations.ts';
import { columnStrings as strings, tableStrings } from './strings.ts';

const DescribeColumnDialog = later(async () => (await import('./describe-column-dialog.tsx')).DescribeColumnDialog);

export type Column = NonNullable<
  NonNullable<NonNullable<TableColumnsQuery['listDatasetTableColumns']>['nodes']>[number]
>;

interface ColumnsTabProps {
  readonly tableUri: string;
  readonly mayDescribe: boolean;
  /** Have it read from Glue. */
  readonly mayRead: boolean;
}

export function ColumnsTab({ tableUri, mayDescribe, mayRead }: ColumnsTabProps) {
  const question = useListQuestion();
  const [described, setDescribed] = useState<Column>();
  const variables = { tableUri, filter: question.filter };
  const [{ data, fetching, error }, again] = useLiveQuery({ query: TableColumnsDocument, variables });
  return (
    <>
      <ListTable
        title={tableStrings.columns}
        description={strings.description}
        actions={
          mayRead && (
            <ActButton document={SyncColumnsDocument} variables={{ tableUri }} done={strings.synced} iconName="refresh">
              {strings.sync}
            </ActButton>
          )
        }
        answer={{ list: data?.listDatasetTableColumns, fetching, error, onRetry: again }}
        question={question}
        searchLabel={strings.find}
        trackBy="columnUri"
        columns={columnsOf(mayDescribe, setDescribed)}
        empty={strings.none}
      />
      {described !== undefined && (
        <DescribeColumnDialog
          column={described}
          onClose={() => {
            setDescribed(undefined);
            again({ requestPolicy: 'network-only' });
          }}
        />
      )}
    </>
  );
}

const columnsOf = (
  mayDescribe: boolean,
  describe: (column: Column) => void,
): readonly TableProps.ColumnDefinition<Column>[] => [
  {
    id: 'name',
    header: strings.name,
    isRowHeader: true,
    minWidth: 160,
    cell: ({ name, columnType }) => (
      <SpaceBetween direction="horizontal" size="xs">
        <span>{name}</span>
        {columnType?.startsWith('partition') && <Badge>{strings.partition}</Badge>}
      </SpaceBetween>
    ),
  },
  { id: 'type', header: strings.type, minWidth: 120, cell: ({ typeName }) => <Box variant="code">{typeName}</Box> },
  {
    id: 'about',
    header: strings.about,
    minWidth: 200,
    cell: (column) => (
      <SpaceBetween direction="horizontal" size="xs">
        <Box {...(!column.description && { color: 'text-status-inactive' as const })}>
          {column.description || strings.noDescription}
        </Box>
        {mayDescribe && (
          <Button
            variant="inline-icon"
            iconName="edit"
            ariaLabel={strings.edit(column.name ?? '')}
            onClick={() => describe(column)}
          />
        )}
      </SpaceBetween>
    ),
  },
];
