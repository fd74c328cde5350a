// Environments of an organization that the person may see.

import { StatusIndicator, type TableProps } from '@cloudscape-design/components';
import { useLiveQuery } from '../../app/live.ts';
import { useListQuestion } from '../../ui/list-question.ts';
import { ListTable } from '../../ui/list-table.tsx';
import { RouteLink } from '../../ui/route-link.tsx';
import { OrganizationEnvironmentsDocument, type OrganizationEnvironmentsQuery } from './operations.ts';
import { organizationStrings as strings } from './strings.ts';

type Environments = NonNullable<OrganizationEnvironmentsQuery['getOrganization']>['environments'];
type Environment = NonNullable<NonNullable<NonNullable<Environments>['nodes']>[number]>;

const columns: readonly TableProps.ColumnDefinition<Environment>[] = [
  {
    id: 'name',
    header: strings.name,
    isRowHeader: true,
    minWidth: 160,
    cell: ({ environmentUri, label }) => <RouteLink href={`/environments/${environmentUri}`}>{label}</RouteLink>,
  },
  { id: 'account', header: strings.account, minWidth: 140, cell: ({ AwsAccountId }) => AwsAccountId },
  { id: 'region', header: strings.region, minWidth: 110, cell: ({ region }) => region },
  { id: 'owner', header: strings.owner, minWidth: 110, cell: ({ SamlGroupName }) => SamlGroupName },
  {
    id: 'state',
    header: strings.state,
    minWidth: 150,
    cell: ({ validated }) => (
      <StatusIndicator type={validated === true ? 'success' : 'pending'} wrapText={false}>
        {validated === true ? strings.ready : strings.waiting}
      </StatusIndicator>
    ),
  },
];

export function EnvironmentsTab({ organizationUri }: { readonly organizationUri: string }) {
  const question = useListQuestion();
  const variables = { organizationUri, filter: question.filter };
  const [{ data, fetching, error }, again] = useLiveQuery({ query: OrganizationEnvironmentsDocument, variables });
  return (
    <ListTable
      title={strings.environments}
      description={strings.environmentsText}
      answer={{ list: data?.getOrganization?.environments, fetching, error, onRetry: again }}
      question={question}
      searchLabel={strings.findEnvironments}
      trackBy="environmentUri"
      columns={columns}
      empty={strings.noEnvironments}
    />
  );
}
