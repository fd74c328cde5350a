// Groups that work in an environment: the owner and those that are invited.

import { Badge, Button, SpaceBetween, type TableProps } from '@cloudscape-design/components';
import { useState } from 'react';
import { useLiveQuery } from '../../../app/live.ts';
import { aboutColumn, type AboutObject } from '../../../ui/about-object.tsx';
import { Copied } from '../../../ui/copied.tsx';
import { later } from '../../../ui/later.tsx';
import { useListQuestion } from '../../../ui/list-question.ts';
import { ListTable } from '../../../ui/list-table.tsx';
import { RowActions } from '../../../ui/row-actions.tsx';
import { uiStrings } from '../../../ui/strings.ts';
import { GroupName } from '../../group/group-name.tsx';
import { Time } from '../../../ui/time.tsx';
import { EnvironmentGroupsDocument, type EnvironmentGroupsQuery } from '../operations.ts';
import { environmentStrings, teamStrings as strings } from '../strings.ts';

const TeamDialog = later(async () => (await import('./team-dialog.tsx')).TeamDialog);
const RemoveTeamDialog = later(async () => (await import('./remove-team-dialog.tsx')).RemoveTeamDialog);

export type Team = NonNullable<
  NonNullable<NonNullable<EnvironmentGroupsQuery['listAllEnvironmentGroups']>['nodes']>[number]
>;

interface TeamsTabProps {
  readonly environmentUri: string;
  /** The group that owns the environment: it is no guest there. */
  readonly owner: string;
  readonly isOwner: boolean;
  /** A group of the person's works in the environment. */
  readonly isMember: boolean;
}

type Asking = { readonly what: 'invite' } | { readonly what: 'change' | 'remove'; readonly team: Team };

export function TeamsTab({ environmentUri, owner, isOwner, isMember }: TeamsTabProps) {
  const question = useListQuestion();
  const [asking, setAsking] = useState<Asking>();
  const variables = { environmentUri, filter: question.filter };
  const [{ data, fetching, error }, again] = useLiveQuery({ query: EnvironmentGroupsDocument, variables });
  const close = (): void => {
    setAsking(undefined);
    again({ requestPolicy: 'network-only' });
  };
  const dialog = { environmentUri, onClose: close };
  /** The owner is no Team: its rights are the environment's. */
  const aboutTeam = ({ groupUri }: Team): AboutObject | undefined =>
    groupUri === owner ? undefined : { kind: 'Team', uri: environmentUri, groupUri: groupUri ?? '' };
  return (
    <>
      <ListTable
        title={environmentStrings.teams}
        description={strings.description}
        actions={isMember && <Button onClick={() => setAsking({ what: 'invite' })}>{strings.invite}</Button>}
        answer={{ list: data?.listAllEnvironmentGroups, fetching, error, onRetry: again }}
        question={question}
        searchLabel={strings.find}
        trackBy="groupUri"
        columns={[...columnsOf(owner), aboutColumn(aboutTeam), ...(isOwner ? [actionsOf(owner, setAsking)] : [])]}
        empty={strings.none}
      />
      {asking?.what === 'invite' && <TeamDialog {...dialog} />}
      {asking?.what === 'change' && <TeamDialog {...dialog} team={asking.team} />}
      {asking?.what === 'remove' && <RemoveTeamDialog {...dialog} team={asking.team} />}
    </>
  );
}

const columnsOf = (owner: string): readonly TableProps.ColumnDefinition<Team>[] => [
  {
    id: 'group',
    header: strings.group,
    isRowHeader: true,
    minWidth: 130,
    cell: ({ groupUri }) => (
      <SpaceBetween direction="horizontal" size="xs">
        <GroupName group={groupUri ?? ''} />
        {groupUri === owner && <Badge>{strings.owner}</Badge>}
      </SpaceBetween>
    ),
  },
  { id: 'may', header: strings.may, minWidth: 160, cell: (team) => mayOf(team, owner) },
  {
    id: 'role',
    header: strings.role,
    minWidth: 200,
    cell: ({ environmentIAMRoleArn }) => <Copied text={environmentIAMRoleArn} label={strings.role} />,
  },
  {
    id: 'workgroup',
    header: strings.workgroup,
    minWidth: 140,
    cell: ({ environmentAthenaWorkGroup }) => environmentAthenaWorkGroup || uiStrings.unknown,
  },
  { id: 'since', header: strings.since, minWidth: 110, cell: ({ created }) => <Time at={created} /> },
];

/** Rights that every team has go without saying. */
const isChosen = ({ name }: { readonly name: string }): boolean => !/^(?:GET|LIST|CREDENTIALS)_/.test(name);

function mayOf({ groupUri, environmentPermissions }: Team, owner: string): string {
  if (groupUri === owner) return strings.everything;
  const chosen = environmentPermissions?.flatMap((permission) => permission ?? []).filter(isChosen) ?? [];
  return chosen.length === 0 ? strings.read : chosen.map(({ description }) => description).join(', ');
}

const actionsOf = (owner: string, ask: (asking: Asking) => void): TableProps.ColumnDefinition<Team> => ({
  id: 'actions',
  header: uiStrings.actions,
  cell: (team) =>
    team.groupUri !== owner && (
      <RowActions
        label={uiStrings.actionsOf(team.groupUri ?? '')}
        actions={[
          { text: strings.change, onAct: () => ask({ what: 'change', team }) },
          { text: strings.remove, onAct: () => ask({ what: 'remove', team }) },
        ]}
      />
    ),
});
