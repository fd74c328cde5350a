// Roles and users of an environment's account that can be given access to data.

import { Box, Button, StatusIndicator, type TableProps } from '@cloudscape-design/components';
import { useState } from 'react';
import { usePerson } from '../../../app/person.ts';
import { useLiveQuery } from '../../../app/live.ts';
import { aboutColumn, type AboutObject } from '../../../ui/about-object.tsx';
import { Copied } from '../../../ui/copied.tsx';
import { later } from '../../../ui/later.tsx';
import { useListQuestion } from '../../../ui/list-question.ts';
import { ListTable } from '../../../ui/list-table.tsx';
import { ReadyIndicator } from '../../../ui/object-state.tsx';
import { RowActions } from '../../../ui/row-actions.tsx';
import { uiStrings } from '../../../ui/strings.ts';
import { ConsumptionRolesDocument, type ConsumptionRoleFragment } from '../operations.ts';
import { managementNames, roleStrings as strings } from '../strings.ts';

const RoleDialog = later(async () => (await import('./role-dialog.tsx')).RoleDialog);
const RemoveRoleDialog = later(async () => (await import('./remove-role-dialog.tsx')).RemoveRoleDialog);
const PoliciesDialog = later(async () => (await import('./policies-dialog.tsx')).PoliciesDialog);

interface RolesTabProps {
  readonly environmentUri: string;
  readonly isOwner: boolean;
  /** A group of the person's works in the environment. */
  readonly isMember: boolean;
}

type Asking =
  | { readonly what: 'add' }
  | { readonly what: 'change' | 'remove' | 'policies'; readonly role: ConsumptionRoleFragment };

export function RolesTab({ environmentUri, isOwner, isMember }: RolesTabProps) {
  const { groups } = usePerson();
  const question = useListQuestion();
  const [asking, setAsking] = useState<Asking>();
  const variables = { environmentUri, filter: question.filter };
  const [{ data, fetching, error }, again] = useLiveQuery({ query: ConsumptionRolesDocument, variables });
  const close = (): void => {
    setAsking(undefined);
    again({ requestPolicy: 'network-only' });
  };
  const dialog = { environmentUri, onClose: close };
  const mayChange = ({ groupUri }: ConsumptionRoleFragment): boolean => isOwner || groups.includes(groupUri ?? '');
  return (
    <>
      <ListTable
        title={strings.title}
        description={strings.description}
        actions={isMember && <Button onClick={() => setAsking({ what: 'add' })}>{strings.add}</Button>}
        answer={{ list: data?.listAllEnvironmentConsumptionPrincipals, fetching, error, onRetry: again }}
        question={question}
        searchLabel={strings.find}
        trackBy="consumptionPrincipalUri"
        columns={[...columns, aboutColumn(aboutRole), actionsOf(mayChange, setAsking)]}
        empty={strings.none}
      />
      {asking?.what === 'add' && <RoleDialog {...dialog} />}
      {asking?.what === 'change' && <RoleDialog {...dialog} role={asking.role} />}
      {asking?.what === 'remove' && <RemoveRoleDialog {...dialog} role={asking.role} />}
      {asking?.what === 'policies' && <PoliciesDialog {...dialog} role={asking.role} />}
    </>
  );
}

const aboutRole = ({ consumptionPrincipalUri: uri }: ConsumptionRoleFragment): AboutObject => ({
  kind: 'ConsumptionRole',
  uri: uri ?? '',
});

const columns: readonly TableProps.ColumnDefinition<ConsumptionRoleFragment>[] = [
  {
    id: 'name',
    header: strings.name,
    isRowHeader: true,
    minWidth: 140,
    cell: ({ consumptionPrincipalName, deleted }) => (
      <>
        {consumptionPrincipalName}
        {deleted !== null && <StatusIndicator type="in-progress">{strings.removing}</StatusIndicator>}
      </>
    ),
  },
  {
    id: 'arn',
    header: strings.arn,
    minWidth: 240,
    cell: ({ IAMPrincipalArn }) => <Copied text={IAMPrincipalArn} label={strings.arn} />,
  },
  {
    id: 'state',
    header: strings.state,
    minWidth: 180,
    cell: ({ ready, message }) => (
      <>
        <ReadyIndicator ready={ready} />
        {ready === 'False' && <Box fontSize="body-s">{message}</Box>}
      </>
    ),
  },
  { id: 'group', header: strings.group, minWidth: 110, cell: ({ groupUri }) => groupUri },
  {
    id: 'managed',
    header: strings.managed,
    minWidth: 180,
    cell: ({ dataallManaged }) => managementNames[dataallManaged],
  },
];

const actionsOf = (
  mayChange: (role: ConsumptionRoleFragment) => boolean,
  ask: (asking: Asking) => void,
): TableProps.ColumnDefinition<ConsumptionRoleFragment> => ({
  id: 'actions',
  header: uiStrings.actions,
  cell: (role) => (
    <RowActions
      label={uiStrings.actionsOf(role.consumptionPrincipalName ?? '')}
      actions={[
        { text: strings.policies, onAct: () => ask({ what: 'policies', role }) },
        ...(mayChange(role)
          ? [
              { text: strings.change, onAct: () => ask({ what: 'change', role }) },
              { text: strings.remove, onAct: () => ask({ what: 'remove', role }) },
            ]
          : []),
      ]}
    />
  ),
});
