// Organizations that the person may see.

import { Badge, type TableProps } from '@cloudscape-design/components';
import { useLiveQuery } from '../../app/live.ts';
import { useListQuestion } from '../../ui/list-question.ts';
import { ListTable } from '../../ui/list-table.tsx';
import { NameCell } from '../../ui/name-cell.tsx';
import { Page } from '../../ui/page.tsx';
import { RouteButton } from '../../ui/route-link.tsx';
import { Time } from '../../ui/time.tsx';
import { OrganizationsDocument, type OrganizationsQuery } from './operations.ts';
import { organizationRoles, organizationStrings as strings } from './strings.ts';

type Organization = NonNullable<NonNullable<NonNullable<OrganizationsQuery['listOrganizations']>['nodes']>[number]>;

const columns: readonly TableProps.ColumnDefinition<Organization>[] = [
  {
    id: 'name',
    header: strings.name,
    isRowHeader: true,
    minWidth: 200,
    cell: ({ organizationUri, label, description }) => (
      <NameCell href={`/organizations/${organizationUri}`} name={label} description={description} />
    ),
  },
  { id: 'owner', header: strings.owner, minWidth: 110, cell: ({ SamlGroupName }) => SamlGroupName },
  {
    id: 'role',
    header: strings.role,
    minWidth: 120,
    cell: ({ userRoleInOrganization: role }) => role && <Badge>{organizationRoles[role]}</Badge>,
  },
  { id: 'environments', header: strings.environments, cell: ({ stats }) => stats?.environments ?? 0 },
  { id: 'groups', header: strings.groups, cell: ({ stats }) => stats?.groups ?? 0 },
  { id: 'created', header: strings.created, minWidth: 130, cell: ({ created }) => <Time at={created} /> },
];

export function OrganizationsPage() {
  const question = useListQuestion();
  const [{ data, fetching, error }, again] = useLiveQuery({
    query: OrganizationsDocument,
    variables: { filter: question.filter },
  });
  return (
    <Page
      title={strings.title}
      description={strings.description}
      actions={
        <RouteButton href="/organizations/new" variant="primary">
          {strings.create}
        </RouteButton>
      }
    >
      <ListTable
        title={strings.title}
        answer={{ list: data?.listOrganizations, fetching, error, onRetry: again }}
        question={question}
        searchLabel={strings.search}
        trackBy="organizationUri"
        columns={columns}
        empty={strings.none}
        emptyHint={strings.noneHint}
      />
    </Page>
  );
}
