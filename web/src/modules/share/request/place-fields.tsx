// Where the data will be read, and by whom: environment, team, and one principal, chosen knowingly.

import { Alert, Container, FormField, Header, RadioGroup, Select, SpaceBetween } from '@cloudscape-design/components';
import { useEffect, useEffectEvent } from 'react';
import { useQuery } from 'urql';
import { usePerson } from '../../../app/person.ts';
import { RouteLink } from '../../../ui/route-link.tsx';
import { RequestPrincipalsDocument, type RequestPrincipalsQuery } from '../operations.ts';
import type { Principal } from './form.ts';
import type { FieldsProps } from './request-form.tsx';
import type { Environment } from './request-page.tsx';
import { managementTexts, requestStrings } from './strings.ts';

interface PlaceFieldsProps extends FieldsProps {
  readonly environments: readonly Environment[];
}

interface PrincipalChoice extends Principal {
  readonly label: string;
  readonly description: string;
}

export function PlaceFields({ form, problems, onChange, environments }: PlaceFieldsProps) {
  const { groups, choices } = usePrincipals(form.environmentUri, form.group);
  const [only, ...others] = groups;
  // Where there is no choice, none is asked for.
  const chooseOnly = useEffectEvent(() => onChange({ group: only }));
  const hasOne = only !== undefined && others.length === 0 && form.group === undefined;
  useEffect(() => {
    if (hasOne) chooseOnly();
  }, [hasOne]);
  const environmentOptions = environments.map(({ environmentUri, label, region }) => ({
    value: environmentUri ?? '',
    label: label ?? '',
    description: region ?? '',
  }));
  const groupOptions = groups.map((group) => ({ value: group }));
  return (
    <Container header={<Header variant="h2">{requestStrings.where}</Header>}>
      <SpaceBetween size="l">
        {environments.length === 0 && <Alert type="warning">{requestStrings.noEnvironments}</Alert>}
        <FormField
          label={requestStrings.environment}
          description={requestStrings.environmentHint}
          errorText={problems.environmentUri}
        >
          <Select
            selectedOption={environmentOptions.find(({ value }) => value === form.environmentUri) ?? null}
            options={environmentOptions}
            placeholder={requestStrings.chooseEnvironment}
            filteringType="auto"
            onChange={({ detail }) =>
              onChange({ environmentUri: detail.selectedOption.value, group: undefined, principal: undefined })
            }
          />
        </FormField>
        <FormField label={requestStrings.team} description={requestStrings.teamHint} errorText={problems.group}>
          <Select
            selectedOption={groupOptions.find(({ value }) => value === form.group) ?? null}
            options={groupOptions}
            placeholder={requestStrings.chooseTeam}
            disabled={form.environmentUri === undefined}
            onChange={({ detail }) => onChange({ group: detail.selectedOption.value, principal: undefined })}
          />
        </FormField>
        <FormField label={requestStrings.who} description={requestStrings.whoHint} errorText={problems.principal}>
          {form.group === undefined || choices.length === 0 ? (
            <NoPrincipals {...form} />
          ) : (
            <RadioGroup
              value={form.principal?.id ?? null}
              items={choices.map(({ id, label, description }) => ({ value: id, label, description }))}
              onChange={({ detail }) => onChange({ principal: choices.find(({ id }) => id === detail.value) })}
            />
          )}
        </FormField>
      </SpaceBetween>
    </Container>
  );
}

/** Where one registers a role is a click away. */
const NoPrincipals = ({ group, environmentUri }: Pick<FieldsProps['form'], 'group' | 'environmentUri'>) =>
  group === undefined ? (
    requestStrings.noPrincipals
  ) : (
    <>
      {requestStrings.noRoles(group)}{' '}
      <RouteLink href={`/environments/${environmentUri}?tab=roles`}>{requestStrings.registerRole}</RouteLink>
    </>
  );

function usePrincipals(environmentUri: string | undefined, group: string | undefined) {
  const { groups: own } = usePerson();
  const [{ data }] = useQuery({
    query: RequestPrincipalsDocument,
    variables: { environmentUri: environmentUri ?? '' },
    pause: environmentUri === undefined,
  });
  const teams = data?.listEnvironmentGroups?.nodes?.flatMap((node) => node?.groupUri ?? []) ?? [];
  return {
    groups: teams.filter((team) => own.includes(team)),
    choices: group === undefined ? [] : choicesOf(data, group),
  };
}

function choicesOf(data: RequestPrincipalsQuery | undefined, group: string): PrincipalChoice[] {
  const roles = data?.listEnvironmentConsumptionPrincipals?.nodes?.flatMap((node) => node ?? []) ?? [];
  const hasTeam = data?.listEnvironmentInvitedGroups?.nodes?.some((node) => node?.groupUri === group) ?? false;
  const team: PrincipalChoice = {
    id: group,
    type: 'Group',
    label: requestStrings.teamRole(group),
    description: requestStrings.teamRoleHint,
  };
  const own = roles
    .filter(({ groupUri }) => groupUri === group)
    .map((role): PrincipalChoice => ({
      id: role.consumptionPrincipalUri ?? '',
      type: role.consumptionPrincipalType === 'USER' ? 'ConsumptionUser' : 'ConsumptionRole',
      label: role.consumptionPrincipalName ?? '',
      description: [
        requestStrings.consumptionRole(role.IAMPrincipalName ?? ''),
        managementTexts[role.dataallManaged ?? 'FULLY_MANAGED'],
      ]
        .join(' ')
        .trim(),
    }));
  // The owner of an environment has no team in it, but roles and users that it has registered.
  return hasTeam ? [team, ...own] : own;
}
