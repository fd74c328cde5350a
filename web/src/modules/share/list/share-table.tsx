// Shares as rows: received or sent.

import { Box, Table, type TableProps } from '@cloudscape-design/components';
import type { ReactNode } from 'react';
import { RouteLink } from '../../../ui/route-link.tsx';
import { Time } from '../../../ui/time.tsx';
import { End } from '../end.tsx';
import type { ShareSummaryFragment } from '../operations.ts';
import { ShareState } from '../share-state.tsx';
import { shareStrings } from '../strings.ts';
import { nameOf } from './share-name.ts';
import { listStrings } from './strings.ts';

interface ShareTableProps {
  /** Who is on the other side: one's own group is no news. */
  readonly other: 'requester' | 'owner';
  readonly shares: readonly ShareSummaryFragment[];
  readonly chosen: readonly ShareSummaryFragment[];
  readonly onChoose: (shares: readonly ShareSummaryFragment[]) => void;
  readonly loading: boolean;
  readonly empty: ReactNode;
  readonly header: ReactNode;
  readonly filter: ReactNode;
  readonly pagination: ReactNode;
}

const columns: readonly TableProps.ColumnDefinition<ShareSummaryFragment>[] = [
  {
    id: 'dataset',
    header: shareStrings.dataset,
    isRowHeader: true,
    cell: ({ shareUri, dataset }) => (
      <RouteLink href={`/shares/${shareUri}`}>{dataset?.datasetName ?? shareUri}</RouteLink>
    ),
  },
  { id: 'state', header: shareStrings.state, minWidth: 200, cell: (share) => <ShareState {...share} /> },
  { id: 'principal', header: shareStrings.principal, cell: ({ principal }) => principal?.principalName },
  { id: 'requester', header: shareStrings.requester, cell: ({ group }) => group },
  { id: 'owner', header: shareStrings.owner, cell: ({ dataset }) => dataset?.SamlAdminGroupName },
  {
    id: 'purpose',
    header: listStrings.purpose,
    minWidth: 160,
    cell: ({ requestPurpose }) => shortened(requestPurpose ?? ''),
  },
  { id: 'created', header: shareStrings.created, minWidth: 110, cell: ({ created }) => <Time at={created} /> },
  {
    id: 'expires',
    header: shareStrings.expires,
    minWidth: 90,
    cell: ({ expiryDate }) => <End at={expiryDate} />,
  },
];

/** Rows stay rows, whatever somebody has written. */
const MOST_LETTERS = 90;
const shortened = (text: string): string =>
  text.length > MOST_LETTERS ? `${text.slice(0, MOST_LETTERS).trimEnd()}…` : text;

export const ShareTable = ({ other, shares, chosen, onChoose, loading, empty, ...slots }: ShareTableProps) => (
  <Table<ShareSummaryFragment>
    {...slots}
    items={shares}
    trackBy="shareUri"
    loading={loading}
    loadingText={shareStrings.title}
    columnDefinitions={columns.filter(({ id }) => id !== (other === 'owner' ? 'requester' : 'owner'))}
    wrapLines
    selectionType="multi"
    selectedItems={chosen}
    onSelectionChange={({ detail }) => onChoose(detail.selectedItems)}
    ariaLabels={{
      selectionGroupLabel: shareStrings.title,
      allItemsSelectionLabel: () => listStrings.selectAll,
      itemSelectionLabel: (_: unknown, share) => listStrings.select(nameOf(share)),
    }}
    empty={
      <Box textAlign="center" color="text-status-inactive" padding="m">
        {empty}
      </Box>
    }
  />
);
