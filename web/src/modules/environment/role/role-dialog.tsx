// Adds a role or user to which access can be given, or changes one.

import { Box, FormField, Input, RadioGroup, Select } from '@cloudscape-design/components';
import { useState } from 'react';
import { useQuery } from 'urql';
import { usePerson } from '../../../app/person.ts';
import { useAct } from '../../../ui/act.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import {
  AddRoleDocument,
  TeamsOfDocument,
  UpdateRoleDocument,
  type ConsumptionRoleFragment,
  type PolicyManagementOptions,
} from '../operations.ts';
import { managementNames, roleStrings as strings } from '../strings.ts';

interface RoleDialogProps {
  readonly environmentUri: string;
  /** Without it, one is added. */
  readonly role?: ConsumptionRoleFragment;
  readonly onClose: () => void;
}

const MANAGEMENT = (Object.keys(managementNames) as PolicyManagementOptions[]).map((value) => ({
  value,
  label: managementNames[value],
}));

export function RoleDialog({ environmentUri, role, onClose }: RoleDialogProps) {
  const [name, setName] = useState(role?.consumptionPrincipalName ?? '');
  const [arn, setArn] = useState(role?.IAMPrincipalArn ?? '');
  const [group, setGroup] = useState(role?.groupUri ?? '');
  const [managed, setManaged] = useState<PolicyManagementOptions>(role?.dataallManaged ?? 'FULLY_MANAGED');
  const groups = useTeams(environmentUri);
  const { send, isBusy, refusal, preview } = useSend(environmentUri, role, onClose);
  return (
    <Dialog
      title={role === undefined ? strings.add : strings.changeTitle(role.consumptionPrincipalName ?? '')}
      action={role === undefined ? strings.add : strings.save}
      isBusy={isBusy}
      isDisabled={[name, arn, group].some((text) => text.trim() === '')}
      refusal={refusal}
      preview={preview}
      onConfirm={() => void send(name.trim(), arn.trim(), group, managed)}
      onCancel={onClose}
    >
      {role === undefined && <Box>{strings.addText}</Box>}
      <FormField label={strings.name}>
        <Input value={name} onChange={({ detail }) => setName(detail.value)} autoFocus />
      </FormField>
      <FormField label={strings.arn} description={strings.arnHint}>
        <Input
          value={arn}
          spellcheck={false}
          readOnly={role !== undefined}
          placeholder="arn:aws:iam::123456789012:role/analysts"
          onChange={({ detail }) => setArn(detail.value)}
        />
      </FormField>
      <FormField label={strings.group} description={strings.groupHint}>
        <Select
          selectedOption={group === '' ? null : { value: group, label: group }}
          options={groups.map((value) => ({ value, label: value }))}
          placeholder={strings.group}
          onChange={({ detail }) => setGroup(detail.selectedOption.value ?? '')}
        />
      </FormField>
      <FormField label={strings.managed} description={strings.managedHint}>
        <RadioGroup
          value={managed}
          items={MANAGEMENT}
          onChange={({ detail }) => setManaged(detail.value as PolicyManagementOptions)}
        />
      </FormField>
    </Dialog>
  );
}

/** The person's groups that are in the environment. */
function useTeams(environmentUri: string): string[] {
  const { groups } = usePerson();
  const [{ data }] = useQuery({ query: TeamsOfDocument, variables: { environmentUri } });
  const teams = data?.listEnvironmentGroups?.nodes?.flatMap((team) => team?.groupUri ?? []) ?? [];
  return teams.filter((team) => groups.includes(team));
}

function useSend(environmentUri: string, role: ConsumptionRoleFragment | undefined, onDone: () => void) {
  const adding = useAct(AddRoleDocument);
  const changing = useAct(UpdateRoleDocument);
  return {
    isBusy: adding.isBusy || changing.isBusy,
    refusal: adding.refusal ?? changing.refusal,
    preview: role === undefined ? adding.preview : changing.preview,
    send: async (
      consumptionPrincipalName: string,
      IAMPrincipalArn: string,
      groupUri: string,
      dataallManaged: PolicyManagementOptions,
    ): Promise<void> => {
      const input = { consumptionPrincipalName, groupUri, dataallManaged };
      const answer =
        role === undefined
          ? await adding.act(
              { input: { ...input, IAMPrincipalArn, environmentUri } },
              strings.added(consumptionPrincipalName),
            )
          : await changing.act(
              { environmentUri, consumptionPrincipalUri: role.consumptionPrincipalUri ?? '', input },
              strings.changed,
            );
      if (answer !== undefined) onDone();
    },
  };
}
