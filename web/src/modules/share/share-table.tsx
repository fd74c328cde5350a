// Shares as rows: in the inbox, sent or received.

import { Box, Table, type TableProps } from '@cloudscape-design/components';
import type { ReactNode } from 'react';
import { RouteLink } from '../../ui/route-link.tsx';
import { Time } from '../../ui/time.tsx';
import type { ShareSummaryFragment } from './operations.ts';
import { ShareState } from './share-state.tsx';
import { shareStrings } from './strings.ts';

interface ShareTableProps {
  /** Who is on the other side: one's own group is no news. */
  readonly other: 'requester' | 'owner';
  readonly shares: readonly ShareSummaryFragment[];
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
  { id: 'created', header: shareStrings.created, cell: ({ created }) => <Time at={created} /> },
  {
    id: 'expires',
    header: shareStrings.expires,
    cell: ({ expiryDate }) => (expiryDate === null ? shareStrings.neverExpires : <Time at={expiryDate} />),
  },
];

export const ShareTable = ({ other, shares, loading, empty, ...slots }: ShareTableProps) => (
  <Table
    {...slots}
    items={shares}
    trackBy="shareUri"
    loading={loading}
    loadingText={shareStrings.title}
    columnDefinitions={columns.filter(({ id }) => id !== (other === 'owner' ? 'requester' : 'owner'))}
    wrapLines
    empty={
      <Box textAlign="center" color="text-status-inactive" padding="m">
        {empty}
      </Box>
    }
  />
);
