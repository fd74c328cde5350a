// Of an environment: the datasets that are in it, and what is shared with it.

import { SpaceBetween, type TableProps } from '@cloudscape-design/components';
import { useLiveQuery } from '../../app/live.ts';
import { useListQuestion } from '../../ui/list-question.ts';
import { ListTable } from '../../ui/list-table.tsx';
import { ReadyIndicator } from '../../ui/object-state.tsx';
import { RouteLink } from '../../ui/route-link.tsx';
import { Time } from '../../ui/time.tsx';
import {
  EnvironmentDatasetsDocument,
  SharedItemsDocument,
  type EnvironmentDatasetsQuery,
  type SharedItemsQuery,
} from './operations.ts';
import { dataStrings as strings } from './strings.ts';

type Dataset = NonNullable<
  NonNullable<NonNullable<EnvironmentDatasetsQuery['listDatasetsCreatedInEnvironment']>['nodes']>[number]
>;
type Item = NonNullable<NonNullable<NonNullable<SharedItemsQuery['searchEnvironmentDataItems']>['nodes']>[number]>;

interface DatasetsTabProps {
  readonly environmentUri: string;
}

export const DatasetsTab = (props: DatasetsTabProps) => (
  <SpaceBetween size="l">
    <Owned {...props} />
    <Shared {...props} />
  </SpaceBetween>
);

const ownedColumns: readonly TableProps.ColumnDefinition<Dataset>[] = [
  {
    id: 'dataset',
    header: strings.dataset,
    isRowHeader: true,
    minWidth: 160,
    cell: ({ datasetUri, label }) => <RouteLink href={`/datasets/${datasetUri}`}>{label}</RouteLink>,
  },
  { id: 'owner', header: strings.owner, cell: ({ SamlAdminGroupName }) => SamlAdminGroupName },
  { id: 'confidentiality', header: strings.confidentiality, cell: ({ confidentiality }) => confidentiality },
  { id: 'state', header: strings.state, minWidth: 120, cell: ({ ready }) => <ReadyIndicator ready={ready} /> },
];

function Owned({ environmentUri }: DatasetsTabProps) {
  const question = useListQuestion();
  const variables = { environmentUri, filter: question.filter };
  const [{ data, fetching, error }, again] = useLiveQuery({ query: EnvironmentDatasetsDocument, variables });
  return (
    <ListTable
      title={strings.owned}
      description={strings.ownedText}
      answer={{ list: data?.listDatasetsCreatedInEnvironment, fetching, error, onRetry: again }}
      question={question}
      searchLabel={strings.findOwned}
      trackBy="datasetUri"
      columns={ownedColumns}
      empty={strings.noneOwned}
    />
  );
}

const sharedColumns: readonly TableProps.ColumnDefinition<Item>[] = [
  { id: 'item', header: strings.item, isRowHeader: true, minWidth: 140, cell: ({ itemName }) => itemName },
  { id: 'kind', header: strings.kind, cell: ({ itemType }) => strings.kinds[itemType] ?? itemType },
  {
    id: 'dataset',
    header: strings.dataset,
    minWidth: 140,
    cell: ({ datasetUri, datasetName }) => <RouteLink href={`/datasets/${datasetUri}`}>{datasetName}</RouteLink>,
  },
  {
    id: 'share',
    header: strings.share,
    minWidth: 120,
    cell: ({ shareUri, itemName }) => (
      <RouteLink href={`/shares/${shareUri}`} ariaLabel={`${strings.see}: ${itemName}`}>
        {strings.see}
      </RouteLink>
    ),
  },
  { id: 'since', header: strings.since, minWidth: 120, cell: ({ created }) => <Time at={created} /> },
];

function Shared({ environmentUri }: DatasetsTabProps) {
  const question = useListQuestion('shared-');
  const variables = { environmentUri, filter: question.filter };
  const [{ data, fetching, error }, again] = useLiveQuery({ query: SharedItemsDocument, variables });
  return (
    <ListTable
      title={strings.shared}
      description={strings.sharedText}
      answer={{ list: data?.searchEnvironmentDataItems, fetching, error, onRetry: again }}
      question={question}
      searchLabel={strings.findShared}
      trackBy={({ shareUri, itemType, itemName }) => `${shareUri} ${itemType} ${itemName}`}
      columns={sharedColumns}
      empty={strings.noneShared}
    />
  );
}
