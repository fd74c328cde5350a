// What a stack has made, and what has happened to it. A stack has 500 resources at most, so that both are whole.

import { Box, Header, Table, type TableProps } from '@cloudscape-design/components';
import type { ReactNode } from 'react';
import { uiStrings } from '../../ui/strings.ts';
import { Time } from '../../ui/time.tsx';
import type { StackEvent, StackResource } from './stack-json.ts';
import { StackStatus } from './stack-status.tsx';
import { stackStrings as strings } from './strings.ts';

const columns: readonly TableProps.ColumnDefinition<StackResource>[] = [
  { id: 'logical', header: strings.logicalId, isRowHeader: true, minWidth: 140, cell: (one) => one.LogicalResourceId },
  { id: 'type', header: strings.type, minWidth: 140, cell: ({ ResourceType }) => ResourceType },
  {
    id: 'status',
    header: strings.status,
    minWidth: 230,
    cell: ({ ResourceStatus }) => <StackStatus status={ResourceStatus} />,
  },
  {
    id: 'physical',
    header: strings.physicalId,
    minWidth: 180,
    cell: (one) => one.PhysicalResourceId || uiStrings.unknown,
  },
  { id: 'reason', header: strings.reason, cell: (one) => one.ResourceStatusReason || uiStrings.unknown },
  { id: 'when', header: strings.when, minWidth: 110, cell: ({ Timestamp }) => <Time at={Timestamp} /> },
];

interface Shown {
  readonly loading: boolean;
  readonly action: ReactNode;
}

export const ResourceTable = ({ resources, ...shown }: Shown & { readonly resources: readonly StackResource[] }) => (
  <Rows {...shown} rows={resources} title={strings.resources} empty={strings.noResources} trackBy="LogicalResourceId" />
);

export const EventTable = ({ events, ...shown }: Shown & { readonly events: readonly StackEvent[] }) => (
  <Rows
    {...shown}
    rows={events}
    title={strings.events}
    description={strings.eventsText}
    empty={strings.noEvents}
    trackBy="EventId"
  />
);

interface RowsProps extends Shown {
  readonly rows: readonly StackResource[];
  readonly title: string;
  readonly description?: string;
  readonly empty: string;
  readonly trackBy: string;
}

const Rows = ({ rows, title, description, empty, action, ...table }: RowsProps) => (
  <Table
    {...table}
    items={rows}
    columnDefinitions={columns}
    loadingText={uiStrings.loading}
    wrapLines
    header={
      <Header variant="h2" counter={`(${rows.length})`} description={description} actions={action}>
        {title}
      </Header>
    }
    empty={<Box color="text-status-inactive">{empty}</Box>}
  />
);
