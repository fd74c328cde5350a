// What the operator says of a share and its items, for who looks for more than the page tells.

import { ExpandableSection, Table, type TableProps } from '@cloudscape-design/components';
import { useState } from 'react';
import { useLiveQuery } from '../../app/live.ts';
import { Failure } from '../../ui/failure.tsx';
import { Time } from '../../ui/time.tsx';
import { ShareLogDocument, type ShareLogQuery } from './operations.ts';
import { shareStrings } from './strings.ts';

type Line = NonNullable<NonNullable<ShareLogQuery['getShareLogs']>[number]>;

const columns: readonly TableProps.ColumnDefinition<Line>[] = [
  { id: 'at', header: shareStrings.logSince, minWidth: 110, cell: ({ timestamp }) => <Time at={timestamp} /> },
  {
    id: 'about',
    header: shareStrings.logAbout,
    minWidth: 160,
    cell: ({ logGroup, logStream }) => `${logGroup} ${logStream}`,
  },
  {
    id: 'message',
    header: shareStrings.logMessage,
    minWidth: 220,
    isRowHeader: true,
    cell: ({ message }) => message,
  },
];

interface ShareLogProps {
  readonly shareUri: string;
}

/** Asked for once somebody opens it. */
export function ShareLog({ shareUri }: ShareLogProps) {
  const [isOpen, setOpen] = useState(false);
  return (
    <ExpandableSection
      variant="container"
      headerText={shareStrings.log}
      headerDescription={shareStrings.logText}
      expanded={isOpen}
      onChange={({ detail }) => setOpen(detail.expanded)}
    >
      {isOpen && <Lines shareUri={shareUri} />}
    </ExpandableSection>
  );
}

function Lines({ shareUri }: ShareLogProps) {
  const [{ data, error, fetching }, again] = useLiveQuery({ query: ShareLogDocument, variables: { shareUri } });
  if (error !== undefined && data === undefined) return <Failure error={error} onRetry={again} />;
  return (
    <Table<Line>
      variant="embedded"
      items={data?.getShareLogs?.flatMap((line) => line ?? []) ?? []}
      columnDefinitions={columns}
      loading={fetching && data === undefined}
      wrapLines
      empty={shareStrings.logEmpty}
      ariaLabels={{ tableLabel: shareStrings.log }}
    />
  );
}
