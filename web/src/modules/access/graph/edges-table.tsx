// The graph as a list, for eyes and hands that no picture serves.

import { Header, Pagination, Table, type TableProps } from '@cloudscape-design/components';
import { useState } from 'react';
import { RouteLink } from '../../../ui/route-link.tsx';
import { datasetAddress, principalAddress } from '../addresses.ts';
import type { AccessGraphQuery } from '../operations.ts';
import { accessStrings as strings, standingTexts } from '../strings.ts';

type Answer = AccessGraphQuery['accessGraph'];

const PAGE = 20;

interface Row {
  readonly edge: number;
  readonly principal: Answer['principals'][number] | undefined;
  readonly dataset: Answer['datasets'][number] | undefined;
}

export function EdgesTable({ answer }: { readonly answer: Answer }) {
  const { principals, datasets, edges } = answer;
  const [page, setPage] = useState(1);
  const count = edges.principals.length;
  const pages = Math.max(1, Math.ceil(count / PAGE));
  const shown = Math.min(page, pages);
  const rows = edges.principals.slice((shown - 1) * PAGE, shown * PAGE).map((principal, index): Row => {
    const edge = (shown - 1) * PAGE + index;
    return { edge, principal: principals[principal], dataset: datasets[edges.datasets[edge] ?? -1] };
  });
  return (
    <Table
      items={rows}
      trackBy={({ edge }) => String(edge)}
      columnDefinitions={columnsOf(answer)}
      wrapLines
      header={
        <Header variant="h2" counter={`(${count})`} description={strings.graphListText}>
          {strings.graphList}
        </Header>
      }
      pagination={
        count > PAGE && (
          <Pagination
            currentPageIndex={shown}
            pagesCount={pages}
            onChange={({ detail }) => setPage(detail.currentPageIndex)}
          />
        )
      }
      empty={strings.nobody}
    />
  );
}

const columnsOf = ({ edges }: Answer): readonly TableProps.ColumnDefinition<Row>[] => [
  {
    id: 'who',
    header: strings.who,
    isRowHeader: true,
    minWidth: 160,
    cell: ({ principal }) =>
      principal?.arn ? (
        <RouteLink href={principalAddress(principal.arn)}>{principal.arn.split('/').at(-1)}</RouteLink>
      ) : (
        principal?.name
      ),
  },
  { id: 'group', header: strings.group, minWidth: 110, cell: ({ principal }) => principal?.group },
  { id: 'account', header: strings.account, minWidth: 130, cell: ({ principal }) => principal?.account },
  {
    id: 'dataset',
    header: strings.dataset,
    minWidth: 150,
    cell: ({ dataset }) =>
      dataset?.datasetUri ? <RouteLink href={datasetAddress(dataset.datasetUri)}>{dataset.label}</RouteLink> : dataset?.label, // prettier-ignore
  },
  { id: 'items', header: strings.itemCount, minWidth: 80, cell: ({ edge }) => edges.items[edge] },
  {
    id: 'how',
    header: strings.how,
    minWidth: 150,
    cell: ({ edge }) => standingTexts[edges.standings[edge] ?? 'Ended'],
  },
];
