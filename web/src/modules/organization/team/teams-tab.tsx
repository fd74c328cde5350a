// The owner of an organization and the groups that it invited.

import { Badge, Button, SpaceBetween, type TableProps } from '@cloudscape-design/components';
import { useState } from 'react';
import { useLiveQuery } from '../../../app/live.ts';
import { later } from '../../../ui/later.tsx';
import { useListQuestion } from '../../../ui/list-question.ts';
import { ListTable } from '../../../ui/list-table.tsx';
import { RowActions } from '../../../ui/row-actions.tsx';
import { uiStrings } from '../../../ui/strings.ts';
import { GroupName } from '../../group/group-name.tsx';
import { OrganizationGroupsDocument, type OrganizationGroupsQuery } from '../operations.ts';
import { organizationStrings, teamStrings as strings } from '../strings.ts';

const InviteDialog = later(async () => (await import('./invite-dialog.tsx')).InviteDialog);
const ChangeDialog = later(async () => (await import('./change-dialog.tsx')).ChangeDialog);
const RemoveDialog = later(async () => (await import('./remove-dialog.tsx')).RemoveDialog);

type Group = NonNullable<NonNullable<NonNullable<OrganizationGroupsQuery['listOrganizationGroups']>['nodes']>[number]>;

interface TeamsTabProps {
  readonly organizationUri: string;
  /** The group that owns the organization: it is no guest there. */
  readonly owner: string;
  readonly isOwner: boolean;
}

type Asking = { readonly what: 'invite' } | { readonly what: 'change' | 'remove'; readonly group: string };

export function TeamsTab({ organizationUri, owner, isOwner }: TeamsTabProps) {
  const question = useListQuestion();
  const [asking, setAsking] = useState<Asking>();
  const variables = { organizationUri, filter: question.filter };
  const [{ data, fetching, error }, again] = useLiveQuery({ query: OrganizationGroupsDocument, variables });
  const close = (): void => {
    setAsking(undefined);
    again({ requestPolicy: 'network-only' });
  };
  const dialog = { organizationUri, onClose: close };
  return (
    <>
      <ListTable
        title={organizationStrings.teams}
        description={strings.description}
        actions={<Button onClick={() => setAsking({ what: 'invite' })}>{strings.invite}</Button>}
        answer={{ list: data?.listOrganizationGroups, fetching, error, onRetry: again }}
        question={question}
        searchLabel={strings.find}
        trackBy="groupUri"
        columns={columnsOf(owner, isOwner, setAsking)}
        empty={strings.none}
      />
      {asking?.what === 'invite' && <InviteDialog {...dialog} />}
      {asking?.what === 'change' && <ChangeDialog {...dialog} group={asking.group} />}
      {asking?.what === 'remove' && <RemoveDialog {...dialog} group={asking.group} />}
    </>
  );
}

const columnsOf = (
  owner: string,
  isOwner: boolean,
  ask: (asking: Asking) => void,
): readonly TableProps.ColumnDefinition<Group>[] => [
  {
    id: 'group',
    header: strings.group,
    isRowHeader: true,
    minWidth: 150,
    cell: ({ groupUri }) => (
      <SpaceBetween direction="horizontal" size="xs">
        <GroupName group={groupUri ?? ''} />
        {groupUri === owner && <Badge>{strings.owner}</Badge>}
      </SpaceBetween>
    ),
  },
  {
    id: 'actions',
    header: uiStrings.actions,
    cell: ({ groupUri }) =>
      groupUri !== owner && (
        <RowActions
          label={uiStrings.actionsOf(groupUri ?? '')}
          actions={[
            ...(isOwner ? [{ text: strings.change, onAct: () => ask({ what: 'change', group: groupUri ?? '' }) }] : []),
            { text: strings.remove, onAct: () => ask({ what: 'remove', group: groupUri ?? '' }) },
          ]}
        />
      ),
  },
];
