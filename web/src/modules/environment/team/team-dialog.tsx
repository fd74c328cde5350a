// Invites a group to an environment, or changes what an invited one may do.

import { FormField, Input } from '@cloudscape-design/components';
import { useState } from 'react';
import { useQuery } from 'urql';
import { useAct } from '../../../ui/act.tsx';
import { PermissionsDialog } from '../../../ui/permissions-dialog.tsx';
import { InvitableGroupsDocument, InviteGroupDocument, UpdateGroupDocument } from '../operations.ts';
import { teamStrings as strings } from '../strings.ts';
import type { Team } from './teams-tab.tsx';

interface TeamDialogProps {
  readonly environmentUri: string;
  /** Without it, a group is invited. */
  readonly team?: Team;
  readonly onClose: () => void;
}

export function TeamDialog({ environmentUri, team, onClose }: TeamDialogProps) {
  const inviting = useAct(InviteGroupDocument);
  const changing = useAct(UpdateGroupDocument);
  const [roleArn, setRoleArn] = useState('');
  const [{ data }] = useQuery({ query: InvitableGroupsDocument, variables: { environmentUri } });
  if (data === undefined) return null;
  const send = async (groupUri: string, permissions: string[]): Promise<void> => {
    const input = { environmentUri, groupUri, permissions };
    const withRole = { ...input, ...(roleArn.trim() !== '' && { environmentIAMRoleArn: roleArn.trim() }) };
    const answer =
      team === undefined
        ? await inviting.act({ input: withRole }, strings.invited(groupUri))
        : await changing.act({ input }, strings.changed);
    if (answer !== undefined) onClose();
  };
  const group = team?.groupUri ?? '';
  return (
    <PermissionsDialog
      title={team === undefined ? strings.invite : strings.changeTitle(group)}
      action={team === undefined ? strings.invite : strings.save}
      text={team === undefined ? strings.inviteText : undefined}
      {...(team !== undefined && { group })}
      groups={data.listGroups?.flatMap((one) => one?.groupName ?? []) ?? []}
      permissions={data.listEnvironmentGroupInvitationPermissions?.flatMap((one) => one ?? []) ?? []}
      ticked={team?.environmentPermissions?.flatMap((one) => one?.name ?? []) ?? []}
      isBusy={inviting.isBusy || changing.isBusy}
      refusal={inviting.refusal ?? changing.refusal}
      preview={team === undefined ? inviting.preview : changing.preview}
      onSend={(name, permissions) => void send(name, permissions)}
      onCancel={onClose}
    >
      {team === undefined && (
        <FormField label={strings.roleArn} description={strings.roleArnHint}>
          <Input value={roleArn} spellcheck={false} onChange={({ detail }) => setRoleArn(detail.value)} />
        </FormField>
      )}
    </PermissionsDialog>
  );
}
