// Invites a group to an organization.

import { useQuery } from 'urql';
import { useAct } from '../../../ui/act.tsx';
import { PermissionsDialog } from '../../../ui/permissions-dialog.tsx';
import { InvitableToOrganizationDocument, InviteToOrganizationDocument } from '../operations.ts';
import { teamStrings as strings } from '../strings.ts';

interface InviteDialogProps {
  readonly organizationUri: string;
  readonly onClose: () => void;
}

export function InviteDialog({ organizationUri, onClose }: InviteDialogProps) {
  const { act, isBusy, refusal, preview } = useAct(InviteToOrganizationDocument);
  const [{ data }] = useQuery({ query: InvitableToOrganizationDocument, variables: { organizationUri } });
  const invite = async (groupUri: string, permissions: string[]): Promise<void> => {
    const input = { organizationUri, groupUri, permissions };
    if ((await act({ input }, strings.invited(groupUri))) !== undefined) onClose();
  };
  return (
    <PermissionsDialog
      title={strings.invite}
      action={strings.invite}
      text={strings.inviteText}
      groups={data?.listGroups?.flatMap((one) => one?.groupName ?? []) ?? []}
      permissions={data?.listInviteOrganizationPermissionsWithDescriptions?.flatMap((one) => one ?? []) ?? []}
      ticked={[]}
      isBusy={isBusy}
      refusal={refusal}
      preview={preview}
      onSend={(group, permissions) => void invite(group, permissions)}
      onCancel={onClose}
    />
  );
}
