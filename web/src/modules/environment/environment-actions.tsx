// What can be done with an environment: work in its account as a group, edit it, delete it.

import { ButtonDropdown, SpaceBetween, type ButtonDropdownProps } from '@cloudscape-design/components';
import { useState } from 'react';
import { useClient, useQuery } from 'urql';
import { usePerson } from '../../app/person.ts';
import { useAwsSession } from '../../ui/aws-session.tsx';
import { later } from '../../ui/later.tsx';
import { RouteButton } from '../../ui/route-link.tsx';
import {
  EnvironmentConsoleDocument,
  EnvironmentKeysDocument,
  TeamsOfDocument,
  type EnvironmentDetailsFragment,
} from './operations.ts';
import { environmentStrings as strings } from './strings.ts';

const DeleteEnvironment = later(async () => (await import('./delete-environment.tsx')).DeleteEnvironment);

interface EnvironmentActionsProps {
  readonly environment: EnvironmentDetailsFragment;
}

export function EnvironmentActions({ environment }: EnvironmentActionsProps) {
  const [isDeleting, setDeleting] = useState(false);
  const { environmentUri, userRoleInEnvironment: role, validated } = environment;
  const groups = useTeams(environmentUri ?? '');
  const { act, dialog } = useAwsActs(environmentUri ?? '');
  const isOwner = role === 'Owner';
  const items: ButtonDropdownProps.Item[] = [
    ...(validated === true ? groups : []).flatMap((group) => [
      { id: `console ${group}`, text: strings.consoleAs(group) },
      { id: `keys ${group}`, text: strings.keysAs(group) },
    ]),
    ...(isOwner ? [{ id: 'delete', text: strings.delete }] : []),
  ];
  return (
    <SpaceBetween direction="horizontal" size="xs">
      {items.length > 0 && (
        <ButtonDropdown
          items={items}
          onItemClick={({ detail: { id } }) => (id === 'delete' ? setDeleting(true) : void act(id))}
        >
          {strings.actions}
        </ButtonDropdown>
      )}
      {isOwner && <RouteButton href={`/environments/${environmentUri}/edit`}>{strings.edit}</RouteButton>}
      {dialog}
      {isDeleting && <DeleteEnvironment environment={environment} onCancel={() => setDeleting(false)} />}
    </SpaceBetween>
  );
}

/** The person's groups that have a role in the account. */
function useTeams(environmentUri: string): string[] {
  const { groups } = usePerson();
  const [{ data }] = useQuery({ query: TeamsOfDocument, variables: { environmentUri } });
  const teams = data?.listEnvironmentGroups?.nodes?.flatMap((team) => team?.groupUri ?? []) ?? [];
  return teams.filter((team) => groups.includes(team));
}

function useAwsActs(environmentUri: string) {
  const client = useClient();
  const { openConsole, showKeys, dialog } = useAwsSession();
  const once = { requestPolicy: 'network-only' } as const;
  return {
    dialog,
    /** @param id `console <group>` or `keys <group>` */
    act: async (id: string): Promise<void> => {
      const groupUri = id.slice(id.indexOf(' ') + 1);
      const variables = { environmentUri, groupUri };
      if (id.startsWith('console '))
        await openConsole(
          client.query(EnvironmentConsoleDocument, variables, once),
          (data) => data.getEnvironmentAssumeRoleUrl,
        );
      else
        await showKeys(
          client.query(EnvironmentKeysDocument, variables, once),
          (data) => data.generateEnvironmentAccessToken,
        );
    },
  };
}
