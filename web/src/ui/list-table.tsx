// A list that the gateway pages: words to find by, rows, pages, and what is said where there are none.

import { Box, Header, Pagination, Table, TextFilter, type TableProps } from '@cloudscape-design/components';
import type { ReactNode } from 'react';
import type { CombinedError } from 'urql';
import { Failure } from './failure.tsx';
import { PAGE_SIZE, type ListQuestion } from './list-question.ts';
import { uiStrings } from './strings.ts';

/** One page, as every list of the gateway is answered. */
interface ListPage<Item> {
  readonly count: number | null;
  readonly nodes: readonly (Item | null)[] | null;
}

interface Answered<Item> {
  readonly list: ListPage<Item> | null | undefined;
  readonly fetching: boolean;
  readonly error: CombinedError | undefined;
  readonly onRetry: () => void;
}

interface ListTableProps<Item> extends Pick<
  TableProps<Item>,
  'selectionType' | 'selectedItems' | 'onSelectionChange' | 'ariaLabels' | 'isItemDisabled'
> {
  readonly title: string;
  readonly description?: ReactNode;
  readonly actions?: ReactNode;
  readonly answer: Answered<Item>;
  readonly question: ListQuestion;
  /** What the words are looked for in; without it there is nothing to type into. */
  readonly searchLabel?: string;
  readonly trackBy: Exclude<TableProps<Item>['trackBy'], undefined>;
  readonly columns: readonly TableProps.ColumnDefinition<Item>[];
  readonly empty: ReactNode;
  /** What to do where there are none. */
  readonly emptyHint?: ReactNode;
}

export function ListTable<Item>(props: ListTableProps<Item>) {
  const { title, description, actions, answer, question, searchLabel, columns, empty, emptyHint, ...rest } = props;
  const { list, fetching, error, onRetry } = answer;
  const items = list?.nodes?.flatMap((node) => node ?? []) ?? [];
  const count = list?.count ?? 0;
  if (error !== undefined && list === undefined) return <Failure error={error} onRetry={onRetry} />;
  return (
    <Table
      {...rest}
      items={items}
      columnDefinitions={columns}
      loading={fetching && list === undefined}
      loadingText={uiStrings.loading}
      wrapLines
      enableKeyboardNavigation
      header={
        <Header variant="h2" description={description} actions={actions} {...(list && { counter: `(${count})` })}>
          {title}
        </Header>
      }
      filter={
        searchLabel !== undefined && (
          <TextFilter
            filteringText={question.typed}
            filteringPlaceholder={searchLabel}
            filteringAriaLabel={searchLabel}
            onChange={({ detail }) => question.type(detail.filteringText)}
          />
        )
      }
      pagination={count > PAGE_SIZE && <Pages {...{ question, count }} />}
      empty={<Empty isNarrowed={question.typed !== ''} {...{ empty, emptyHint }} />}
    />
  );
}

const Pages = ({ question, count }: { readonly question: ListQuestion; readonly count: number }) => (
  <Pagination
    currentPageIndex={question.page}
    pagesCount={Math.ceil(count / PAGE_SIZE)}
    onChange={({ detail }) => question.turn(detail.currentPageIndex)}
  />
);

interface EmptyProps {
  readonly isNarrowed: boolean;
  readonly empty: ReactNode;
  readonly emptyHint: ReactNode;
}

const Empty = ({ isNarrowed, empty, emptyHint }: EmptyProps) => (
  <Box textAlign="center" color="text-status-inactive" padding={{ vertical: 'm' }}>
    <Box color="inherit">{isNarrowed ? uiStrings.nothingFound : empty}</Box>
    {!isNarrowed && emptyHint !== undefined && <Box color="inherit">{emptyHint}</Box>}
  </Box>
);
