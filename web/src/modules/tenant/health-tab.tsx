// What is not as it has to be in the whole installation, and why.

import { Box, SpaceBetween, StatusIndicator, type TableProps } from '@cloudscape-design/components';
import { useLiveQuery } from '../../app/live.ts';
import { aboutColumn } from '../../ui/about-object.tsx';
import { useListQuestion } from '../../ui/list-question.ts';
import { ListTable } from '../../ui/list-table.tsx';
import { RouteLink } from '../../ui/route-link.tsx';
import { Time } from '../../ui/time.tsx';
import { UnreadyObjectsDocument, type FindingStanding, type UnreadyObjectsQuery } from './operations.ts';
import { tenantStrings as strings } from './strings.ts';

type Unready = UnreadyObjectsQuery['listUnreadyObjects']['nodes'][number];

export function HealthTab() {
  const question = useListQuestion();
  const [{ data, fetching, error }, again] = useLiveQuery({
    query: UnreadyObjectsDocument,
    variables: { filter: question.filter },
  });
  return (
    <ListTable
      title={strings.health}
      description={strings.healthDescription}
      answer={{ list: data?.listUnreadyObjects, fetching, error, onRetry: again }}
      question={question}
      searchLabel={strings.healthFind}
      trackBy={({ kind, uri, groupUri }) => `${kind} ${uri} ${groupUri ?? ''}`}
      columns={columns}
      empty={strings.healthNone}
    />
  );
}

const columns: readonly TableProps.ColumnDefinition<Unready>[] = [
  { id: 'what', header: strings.what, isRowHeader: true, minWidth: 160, cell: (one) => <What {...one} /> },
  { id: 'kind', header: strings.kind, minWidth: 110, cell: ({ kind }) => strings.kinds[kind] },
  { id: 'state', header: strings.state, minWidth: 240, cell: (one) => <State {...one} /> },
  { id: 'since', header: strings.since, minWidth: 120, cell: ({ cause }) => <Time at={cause?.since} /> },
  aboutColumn(({ kind, uri, groupUri }) => ({ kind, uri, ...(groupUri !== null && { groupUri }) })),
];

const What = ({ kind, uri, label, namespace }: Unready) => {
  const href = addressOf(kind, uri);
  return (
    <>
      {href === undefined ? label : <RouteLink href={href}>{label}</RouteLink>}
      {namespace !== null && (
        <Box color="text-body-secondary" fontSize="body-s">
          {namespace}
        </Box>
      )}
    </>
  );
};

const indicators = { Good: 'success', Waits: 'in-progress', Stuck: 'warning' } as const satisfies Readonly<
  Record<FindingStanding, string>
>;

const State = ({ standing, cause, isDrifted }: Unready) => (
  <SpaceBetween size="xxs">
    {standing !== 'Good' && <StatusIndicator type={indicators[standing]}>{cause?.says}</StatusIndicator>}
    {isDrifted && <StatusIndicator type="in-progress">{strings.drifts}</StatusIndicator>}
    {standing === 'Stuck' && cause?.evidence && (
      <Box color="text-body-secondary" fontSize="body-s">
        {cause.evidence}
      </Box>
    )}
  </SpaceBetween>
);

/** Of what has a page of its own. */
function addressOf(kind: Unready['kind'], uri: string): string | undefined {
  switch (kind) {
    case 'Organization':
      return `/organizations/${uri}`;
    case 'Environment':
      return `/environments/${uri}`;
    case 'Team':
      return `/environments/${uri}?tab=teams`;
    case 'Dataset':
      return `/datasets/${uri}`;
    case 'DatasetTable':
      return `/tables/${uri}`;
    case 'ShareRequest':
      return `/shares/${uri}`;
    case 'Tenant':
    case 'ConsumptionRole':
    case 'ShareApproval':
      return undefined;
  }
}
