// Environments that the person may see.

import { Badge, type TableProps } from '@cloudscape-design/components';
import { useLiveQuery } from '../../app/live.ts';
import { useListQuestion } from '../../ui/list-question.ts';
import { ListTable } from '../../ui/list-table.tsx';
import { NameCell } from '../../ui/name-cell.tsx';
import { Page } from '../../ui/page.tsx';
import { RouteButton, RouteLink } from '../../ui/route-link.tsx';
import { uiStrings } from '../../ui/strings.ts';
import { EnvironmentsDocument, type EnvironmentsQuery } from './operations.ts';
import { EnvironmentState } from './state.tsx';
import { environmentRoles, environmentStrings as strings } from './strings.ts';

type Environment = NonNullable<NonNullable<NonNullable<EnvironmentsQuery['listEnvironments']>['nodes']>[number]>;

const columns: readonly TableProps.ColumnDefinition<Environment>[] = [
  {
    id: 'name',
    header: strings.name,
    isRowHeader: true,
    minWidth: 200,
    cell: ({ environmentUri, label, description }) => (
      <NameCell href={`/environments/${environmentUri}`} name={label} description={description} />
    ),
  },
  {
    id: 'organization',
    header: strings.organization,
    minWidth: 120,
    cell: ({ organization }) =>
      organization ? (
        <RouteLink href={`/organizations/${organization.organizationUri}`}>{organization.label}</RouteLink>
      ) : (
        uiStrings.unknown
      ),
  },
  { id: 'account', header: strings.account, minWidth: 140, cell: ({ AwsAccountId }) => AwsAccountId },
  { id: 'region', header: strings.region, minWidth: 110, cell: ({ region }) => region },
  { id: 'owner', header: strings.owner, cell: ({ SamlGroupName }) => SamlGroupName },
  {
    id: 'role',
    header: strings.role,
    minWidth: 130,
    cell: ({ userRoleInEnvironment: role }) => role && <Badge>{environmentRoles[role]}</Badge>,
  },
  { id: 'state', header: strings.state, minWidth: 150, cell: (one) => <EnvironmentState {...one} /> },
];

export function EnvironmentsPage() {
  const question = useListQuestion();
  const [{ data, fetching, error }, again] = useLiveQuery({
    query: EnvironmentsDocument,
    variables: { filter: question.filter },
  });
  return (
    <Page
      title={strings.title}
      description={strings.description}
      actions={
        <RouteButton href="/environments/new" variant="primary">
          {strings.link}
        </RouteButton>
      }
    >
      <ListTable
        title={strings.title}
        answer={{ list: data?.listEnvironments, fetching, error, onRetry: again }}
        question={question}
        searchLabel={strings.search}
        trackBy="environmentUri"
        columns={columns}
        empty={strings.none}
        emptyHint={strings.noneHint}
      />
    </Page>
  );
}
