// Datasets that the person's groups own, decide about or were given some of.

import { Badge, SpaceBetween, type TableProps } from '@cloudscape-design/components';
import { useLiveQuery } from '../../app/live.ts';
import { useListQuestion } from '../../ui/list-question.ts';
import { ListTable } from '../../ui/list-table.tsx';
import { NameCell } from '../../ui/name-cell.tsx';
import { ReadyIndicator } from '../../ui/object-state.tsx';
import { Page } from '../../ui/page.tsx';
import { RouteButton, RouteLink } from '../../ui/route-link.tsx';
import { RouteTabs } from '../../ui/route-tabs.tsx';
import { Time } from '../../ui/time.tsx';
import { DatasetsDocument, type DatasetRole, type DatasetsQuery } from './operations.ts';
import { datasetStrings, roleNames } from './strings.ts';

type Dataset = NonNullable<NonNullable<NonNullable<DatasetsQuery['listDatasets']>['nodes']>[number]>;

const columns: readonly TableProps.ColumnDefinition<Dataset>[] = [
  {
    id: 'name',
    header: datasetStrings.name,
    isRowHeader: true,
    minWidth: 220,
    cell: ({ datasetUri, label, description }) => (
      <NameCell href={`/datasets/${datasetUri}`} name={label} description={description} />
    ),
  },
  { id: 'owner', header: datasetStrings.owner, cell: ({ SamlAdminGroupName }) => SamlAdminGroupName },
  {
    id: 'role',
    header: datasetStrings.role,
    minWidth: 110,
    cell: ({ userRoleForDataset }) => userRoleForDataset && <Badge>{roleNames[userRoleForDataset]}</Badge>,
  },
  { id: 'confidentiality', header: datasetStrings.confidentiality, cell: ({ confidentiality }) => confidentiality },
  { id: 'region', header: datasetStrings.region, minWidth: 110, cell: ({ region }) => region },
  { id: 'state', header: datasetStrings.state, minWidth: 120, cell: ({ ready }) => <ReadyIndicator ready={ready} /> },
  { id: 'changed', header: datasetStrings.changed, minWidth: 130, cell: ({ updated }) => <Time at={updated} /> },
];

const OWNED: readonly DatasetRole[] = ['Admin', 'Creator', 'DataSteward'];

export const DatasetsPage = () => (
  <Page
    title={datasetStrings.title}
    description={datasetStrings.description}
    actions={
      <SpaceBetween direction="horizontal" size="xs">
        <RouteButton href="/datasets/new?kind=import">{datasetStrings.import}</RouteButton>
        <RouteButton href="/datasets/new" variant="primary">
          {datasetStrings.create}
        </RouteButton>
      </SpaceBetween>
    }
  >
    <RouteTabs
      ariaLabel={datasetStrings.title}
      tabs={[
        { id: 'all', label: datasetStrings.all, content: () => <Datasets key="all" roles={undefined} /> },
        { id: 'owned', label: datasetStrings.owned, content: () => <Datasets key="owned" roles={OWNED} /> },
        { id: 'shared', label: datasetStrings.shared, content: () => <Datasets key="shared" roles={['Shared']} /> },
      ]}
    />
  </Page>
);

function Datasets({ roles }: { readonly roles: readonly DatasetRole[] | undefined }) {
  const question = useListQuestion();
  const variables = { filter: { ...question.filter, ...(roles && { roles: [...roles] }) } };
  const [{ data, fetching, error }, again] = useLiveQuery({ query: DatasetsDocument, variables });
  return (
    <ListTable
      title={datasetStrings.title}
      answer={{ list: data?.listDatasets, fetching, error, onRetry: again }}
      question={question}
      searchLabel={datasetStrings.search}
      trackBy="datasetUri"
      columns={columns}
      empty={datasetStrings.none}
      emptyHint={
        <>
          {datasetStrings.noneHint} <RouteLink href="/catalog">{datasetStrings.toCatalogue}</RouteLink>
        </>
      }
    />
  );
}
