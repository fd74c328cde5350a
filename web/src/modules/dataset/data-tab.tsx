// Of a dataset: its tables, and the folders of its bucket.

import { Box, Button, SpaceBetween, type TableProps } from '@cloudscape-design/components';
import { useState } from 'react';
import { useLiveQuery } from '../../app/live.ts';
import { ActButton } from '../../ui/act.tsx';
import { later } from '../../ui/later.tsx';
import { useListQuestion } from '../../ui/list-question.ts';
import { ListTable } from '../../ui/list-table.tsx';
import { RouteLink } from '../../ui/route-link.tsx';
import {
  DatasetFoldersDocument,
  DatasetTablesDocument,
  SyncTablesDocument,
  type DatasetFoldersQuery,
  type DatasetTablesQuery,
} from './operations.ts';
import { dataStrings as strings, datasetStrings } from './strings.ts';

const FolderDialog = later(async () => (await import('./folder/folder-dialog.tsx')).FolderDialog);

type Table = NonNullable<
  NonNullable<NonNullable<NonNullable<DatasetTablesQuery['getDataset']>['tables']>['nodes']>[number]
>;
type Folder = NonNullable<
  NonNullable<NonNullable<NonNullable<DatasetFoldersQuery['getDataset']>['locations']>['nodes']>[number]
>;

interface DataTabProps {
  readonly datasetUri: string;
  readonly isOwner: boolean;
}

export const DataTab = (props: DataTabProps) => (
  <SpaceBetween size="l">
    <Tables {...props} />
    <Folders {...props} />
  </SpaceBetween>
);

const About = ({ text }: { readonly text: string | null }) =>
  text || <Box color="text-status-inactive">{datasetStrings.noDescription}</Box>;

const tableColumns: readonly TableProps.ColumnDefinition<Table>[] = [
  {
    id: 'name',
    header: strings.table,
    isRowHeader: true,
    minWidth: 160,
    cell: ({ tableUri, name }) => <RouteLink href={`/tables/${tableUri}`}>{name}</RouteLink>,
  },
  {
    id: 'about',
    header: strings.about,
    minWidth: 160,
    cell: ({ description }) => <About text={description} />,
  },
];

function Tables({ datasetUri, isOwner }: DataTabProps) {
  const question = useListQuestion();
  const variables = { datasetUri, filter: question.filter };
  const [{ data, fetching, error }, again] = useLiveQuery({ query: DatasetTablesDocument, variables });
  return (
    <ListTable
      title={strings.tables}
      description={strings.tablesText}
      actions={
        isOwner && (
          <ActButton document={SyncTablesDocument} variables={{ datasetUri }} done={strings.synced} iconName="refresh">
            {strings.sync}
          </ActButton>
        )
      }
      answer={{ list: data?.getDataset?.tables, fetching, error, onRetry: again }}
      question={question}
      searchLabel={strings.findTables}
      trackBy="tableUri"
      columns={tableColumns}
      empty={strings.noTables}
    />
  );
}

const folderColumns: readonly TableProps.ColumnDefinition<Folder>[] = [
  {
    id: 'name',
    header: strings.folder,
    isRowHeader: true,
    minWidth: 160,
    cell: ({ locationUri, name }) => <RouteLink href={`/folders/${locationUri}`}>{name}</RouteLink>,
  },
  { id: 'prefix', header: strings.prefix, cell: ({ S3Prefix }) => S3Prefix },
  {
    id: 'about',
    header: strings.about,
    minWidth: 160,
    cell: ({ description }) => <About text={description} />,
  },
];

function Folders({ datasetUri, isOwner }: DataTabProps) {
  const question = useListQuestion('folder-');
  const [isAdding, setAdding] = useState(false);
  const variables = { datasetUri, filter: question.filter };
  const [{ data, fetching, error }, again] = useLiveQuery({ query: DatasetFoldersDocument, variables });
  return (
    <>
      <ListTable
        title={strings.folders}
        description={strings.foldersText}
        actions={isOwner && <Button onClick={() => setAdding(true)}>{strings.addFolder}</Button>}
        answer={{ list: data?.getDataset?.locations, fetching, error, onRetry: again }}
        question={question}
        searchLabel={strings.findFolders}
        trackBy="locationUri"
        columns={folderColumns}
        empty={strings.noFolders}
      />
      {isAdding && <FolderDialog datasetUri={datasetUri} onClose={() => setAdding(false)} />}
    </>
  );
}
