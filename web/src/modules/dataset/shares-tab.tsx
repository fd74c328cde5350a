// Of a dataset: who asks for it and who has it; chosen shares are verified, all are put right.

import { SpaceBetween, type TableProps } from '@cloudscape-design/components';
import { useState } from 'react';
import { useLiveQuery } from '../../app/live.ts';
import { ActButton } from '../../ui/act.tsx';
import { useListQuestion } from '../../ui/list-question.ts';
import { ListTable } from '../../ui/list-table.tsx';
import { RouteLink } from '../../ui/route-link.tsx';
import { Time } from '../../ui/time.tsx';
import { ShareState } from '../share/share-state.tsx';
import {
  DatasetSharesDocument,
  ReapplySharesDocument,
  VerifySharesDocument,
  type DatasetSharesQuery,
} from './operations.ts';
import { sharesStrings as strings } from './strings.ts';

type Share = NonNullable<NonNullable<NonNullable<DatasetSharesQuery['getShareRequestsToMe']>['nodes']>[number]>;

const columns: readonly TableProps.ColumnDefinition<Share>[] = [
  {
    id: 'principal',
    header: strings.principal,
    isRowHeader: true,
    minWidth: 140,
    cell: ({ shareUri, principal }) => (
      <RouteLink href={`/shares/${shareUri}`}>{principal?.principalName ?? shareUri}</RouteLink>
    ),
  },
  { id: 'group', header: strings.group, cell: ({ group }) => group },
  { id: 'state', header: strings.state, minWidth: 200, cell: (share) => <ShareState {...share} /> },
  { id: 'items', header: strings.items, cell: ({ statistics }) => itemsOf(statistics) },
  { id: 'asked', header: strings.asked, cell: ({ created }) => <Time at={created} /> },
  {
    id: 'ends',
    header: strings.ends,
    cell: ({ expiryDate }) => (expiryDate === null ? strings.noEnd : <Time at={expiryDate} />),
  },
];

const itemsOf = (statistics: Share['statistics']): string => {
  const { sharedItems = 0, pendingItems = 0, failedItems = 0 } = statistics ?? {};
  return [
    strings.granted(sharedItems ?? 0),
    ...(pendingItems ? [strings.waiting(pendingItems)] : []),
    ...(failedItems ? [strings.failed(failedItems)] : []),
  ].join(', ');
};

export function SharesTab({ datasetUri }: { readonly datasetUri: string }) {
  const question = useListQuestion();
  const [chosen, setChosen] = useState<readonly Share[]>([]);
  const variables = { filter: { ...question.filter, datasets_uris: [datasetUri] } };
  const [{ data, fetching, error }, again] = useLiveQuery({ query: DatasetSharesDocument, variables });
  const shareUris = chosen.flatMap(({ shareUri }) => shareUri ?? []);
  return (
    <ListTable
      title={strings.title}
      description={strings.description}
      actions={
        <SpaceBetween direction="horizontal" size="xs">
          <ActButton
            document={VerifySharesDocument}
            variables={{ input: { datasetUri, shareUris } }}
            done={strings.verified}
            disabled={chosen.length === 0}
            onDone={() => setChosen([])}
          >
            {strings.verify(chosen.length)}
          </ActButton>
          <ActButton document={ReapplySharesDocument} variables={{ datasetUri }} done={strings.reapplied}>
            {strings.reapply}
          </ActButton>
        </SpaceBetween>
      }
      answer={{ list: data?.getShareRequestsToMe, fetching, error, onRetry: again }}
      question={question}
      searchLabel={strings.find}
      trackBy="shareUri"
      columns={columns}
      selectionType="multi"
      selectedItems={chosen}
      onSelectionChange={({ detail }) => setChosen(detail.selectedItems)}
      ariaLabels={{
        selectionGroupLabel: strings.title,
        allItemsSelectionLabel: () => strings.chooseAll,
        itemSelectionLabel: (_, { principal }) => strings.choose(principal?.principalName ?? ''),
      }}
      empty={strings.none}
    />
  );
}
