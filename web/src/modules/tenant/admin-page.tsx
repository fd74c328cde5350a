// What groups may do in the installation at all, and what is not as it has to be; for its administrators.

import { Alert, type TableProps } from '@cloudscape-design/components';
import { useState } from 'react';
import { useQuery } from 'urql';
import { useLiveQuery } from '../../app/live.ts';
import { later } from '../../ui/later.tsx';
import { useListQuestion } from '../../ui/list-question.ts';
import { ListTable } from '../../ui/list-table.tsx';
import { Page } from '../../ui/page.tsx';
import { RouteTabs } from '../../ui/route-tabs.tsx';
import { RowActions } from '../../ui/row-actions.tsx';
import { uiStrings } from '../../ui/strings.ts';
import { maintenanceStrings } from '../maintenance/strings.ts';
import { BellDocument } from '../notification/operations.ts';
import { TenantGroupsDocument, type TenantGroupsQuery } from './operations.ts';
import { tenantStrings as strings } from './strings.ts';

const TenantGroupDialog = later(async () => (await import('./tenant-group-dialog.tsx')).TenantGroupDialog);

export type TenantGroup = NonNullable<NonNullable<NonNullable<TenantGroupsQuery['listTenantGroups']>['nodes']>[number]>;

const HealthTab = later(async () => (await import('./health-tab.tsx')).HealthTab);
const MaintenanceTab = later(async () => (await import('../maintenance/maintenance-tab.tsx')).MaintenanceTab);

export function AdminPage() {
  const [{ data }] = useQuery({ query: BellDocument });
  if (data?.viewerIsAdministrator === false)
    return (
      <Page title={strings.title}>
        <Alert type="info" header={strings.forAdministrators}>
          {strings.forAdministratorsText}
        </Alert>
      </Page>
    );
  return (
    <Page title={strings.title} about={{ kind: 'Tenant', uri: '' }}>
      <RouteTabs
        ariaLabel={strings.title}
        tabs={[
          { id: 'teams', label: strings.teams, content: () => <Teams /> },
          { id: 'health', label: strings.health, content: () => <HealthTab /> },
          { id: 'maintenance', label: maintenanceStrings.title, content: () => <MaintenanceTab /> },
        ]}
      />
    </Page>
  );
}

function Teams() {
  const question = useListQuestion();
  const [changed, setChanged] = useState<TenantGroup>();
  const variables = { filter: question.filter };
  const [{ data, fetching, error }, again] = useLiveQuery({ query: TenantGroupsDocument, variables });
  return (
    <>
      <ListTable
        title={strings.teams}
        description={strings.description}
        answer={{ list: data?.listTenantGroups, fetching, error, onRetry: again }}
        question={question}
        searchLabel={strings.find}
        trackBy="groupUri"
        columns={columnsOf(setChanged)}
        empty={strings.none}
      />
      {changed !== undefined && (
        <TenantGroupDialog
          group={changed}
          permissions={data?.listTenantPermissions?.flatMap((one) => one ?? []) ?? []}
          onClose={() => {
            setChanged(undefined);
            again({ requestPolicy: 'network-only' });
          }}
        />
      )}
    </>
  );
}

const columnsOf = (change: (group: TenantGroup) => void): readonly TableProps.ColumnDefinition<TenantGroup>[] => [
  { id: 'group', header: strings.group, isRowHeader: true, minWidth: 160, cell: ({ groupUri }) => groupUri },
  {
    id: 'may',
    header: strings.may,
    minWidth: 220,
    cell: ({ tenantPermissions }) => {
      const texts = tenantPermissions?.flatMap((permission) => permission?.description ?? []) ?? [];
      return texts.length === 0 ? strings.nothing : texts.join('; ');
    },
  },
  {
    id: 'actions',
    header: uiStrings.actions,
    cell: (group) => (
      <RowActions
        label={uiStrings.actionsOf(group.groupUri ?? '')}
        actions={[{ text: strings.change, onAct: () => change(group) }]}
      />
    ),
  },
];
