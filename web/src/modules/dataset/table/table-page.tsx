// A table: what is in it, its columns, and the filters by which parts of it can be shared.

import { Box, Container, Header, KeyValuePairs } from '@cloudscape-design/components';
import { lazy } from 'react';
import { useParams } from 'react-router';
import { useLiveQuery } from '../../../app/live.ts';
import { Copied } from '../../../ui/copied.tsx';
import { Failure } from '../../../ui/failure.tsx';
import { Loading } from '../../../ui/loading.tsx';
import { Page } from '../../../ui/page.tsx';
import { RouteLink } from '../../../ui/route-link.tsx';
import { RouteTabs } from '../../../ui/route-tabs.tsx';
import { uiStrings } from '../../../ui/strings.ts';
import { Time } from '../../../ui/time.tsx';
import { Words } from '../../../ui/words.tsx';
import { TableDocument, type TableQuery } from './operations.ts';
import { decides, owns } from '../role.ts';
import { datasetStrings } from '../strings.ts';
import { ColumnsTab } from './columns-tab.tsx';
import { tableStrings as strings } from './strings.ts';
import { TableActions } from './table-actions.tsx';

const FiltersTab = lazy(async () => ({ default: (await import('./filters-tab.tsx')).FiltersTab }));

export type Table = NonNullable<TableQuery['getDatasetTable']>;

export function TablePage() {
  const { tableUri = '' } = useParams();
  const [{ data, error }, again] = useLiveQuery({ query: TableDocument, variables: { tableUri } });
  const table = data?.getDatasetTable;
  const above = [
    { text: datasetStrings.title, href: '/datasets' },
    ...(table?.dataset ? [{ text: table.dataset.label ?? '', href: `/datasets/${table.datasetUri}?tab=data` }] : []),
  ];
  if (table === undefined || table === null)
    return (
      <Page title={strings.title} above={above}>
        {error === undefined ? <Loading /> : <Failure error={error} onRetry={again} />}
      </Page>
    );
  const role = table.userRoleForTable;
  return (
    <Page
      title={table.name ?? ''}
      description={table.description || datasetStrings.noDescription}
      above={above}
      {...(decides(role) && { about: { kind: 'DatasetTable', uri: tableUri } })}
      actions={<TableActions table={table} />}
    >
      <RouteTabs
        ariaLabel={strings.parts}
        tabs={[
          { id: 'overview', label: strings.overview, content: () => <Overview {...table} /> },
          {
            id: 'columns',
            label: strings.columns,
            content: () => <ColumnsTab tableUri={tableUri} mayDescribe={decides(role)} mayRead={owns(role)} />,
          },
          ...(decides(role)
            ? [
                {
                  id: 'filters',
                  label: strings.filters,
                  content: () => <FiltersTab tableUri={tableUri} isOwner={owns(role)} />,
                },
              ]
            : []),
        ]}
      />
    </Page>
  );
}

const Overview = (table: Table) => (
  <Container header={<Header variant="h2">{strings.details}</Header>}>
    <KeyValuePairs
      columns={3}
      minColumnWidth={200}
      items={[
        {
          label: strings.dataset,
          value: (
            <RouteLink href={`/datasets/${table.datasetUri}`}>{table.dataset?.label ?? table.datasetUri}</RouteLink>
          ),
        },
        { label: strings.kind, value: kindOf(table.GlueTableProperties) },
        { label: strings.region, value: table.region },
        ...placeOf(table.restricted),
        {
          label: strings.terms,
          value: <Words words={table.terms?.nodes?.flatMap((term) => term?.path ?? []) ?? []} />,
        },
        { label: strings.changed, value: <Time at={table.updated} /> },
        { label: strings.changedBy, value: table.owner ?? uiStrings.unknown },
      ]}
    />
  </Container>
);

const placeOf = (restricted: Table['restricted']) =>
  restricted === null
    ? [{ label: strings.address, value: <Box color="text-body-secondary">{strings.hidden}</Box> }]
    : [
        { label: strings.account, value: restricted.AwsAccountId },
        { label: strings.database, value: <Copied text={restricted.GlueDatabaseName} label={strings.database} /> },
        { label: strings.glueName, value: <Copied text={restricted.GlueTableName} label={strings.glueName} /> },
        { label: strings.address, value: <Copied text={restricted.S3Prefix} label={strings.address} /> },
      ];

/** @param properties a JSON object with `TableType`, e.g. EXTERNAL_TABLE */
function kindOf(properties: string | null): string {
  const { TableType } = JSON.parse(properties || '{}') as { readonly TableType?: string };
  return TableType ?? uiStrings.unknown;
}
