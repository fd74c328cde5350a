// Changes what a group may do in an organization.

import { useQuery } from 'urql';
import { useAct } from '../../../ui/act.tsx';
import { PermissionsDialog } from '../../../ui/permissions-dialog.tsx';
import {
  InvitableToOrganizationDocument,
  OrganizationGroupPermissionsDocument,
  UpdateOrganizationGroupDocument,
} from '../operations.ts';
import { teamStrings as strings } from '../strings.ts';

interface ChangeDialogProps {
  readonly organizationUri: string;
  readonly group: string;
  readonly onClose: () => void;
}

export function ChangeDialog({ organizationUri, group, onClose }: ChangeDialogProps) {
  const { act, isBusy, refusal, preview } = useAct(UpdateOrganizationGroupDocument);
  const [{ data: all }] = useQuery({ query: InvitableToOrganizationDocument, variables: { organizationUri } });
  const [{ data }] = useQuery({
    query: OrganizationGroupPermissionsDocument,
    variables: { organizationUri, groupUri: group },
    requestPolicy: 'network-only',
  });
  // What is ticked at first has to be known before anything is shown.
  if (all === undefined || data === undefined) return null;
  const change = async (groupUri: string, permissions: string[]): Promise<void> => {
    if ((await act({ input: { organizationUri, groupUri, permissions } }, strings.changed)) !== undefined) onClose();
  };
  return (
    <PermissionsDialog
      title={strings.changeTitle(group)}
      action={strings.save}
      group={group}
      permissions={all.listInviteOrganizationPermissionsWithDescriptions?.flatMap((one) => one ?? []) ?? []}
      ticked={data.listOrganizationGroupPermissions?.flatMap((one) => one?.name ?? []) ?? []}
      isBusy={isBusy}
      refusal={refusal}
      preview={preview}
      onSend={(name, permissions) => void change(name, permissions)}
      onCancel={onClose}
    />
  );
}
