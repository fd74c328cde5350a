// Changes what a group may do in the installation at all.

import { useAct } from '../../ui/act.tsx';
import { PermissionsDialog, type DescribedPermission } from '../../ui/permissions-dialog.tsx';
import type { TenantGroup } from './admin-page.tsx';
import { UpdateTenantGroupDocument } from './operations.ts';
import { tenantStrings as strings } from './strings.ts';

interface TenantGroupDialogProps {
  readonly group: TenantGroup;
  readonly permissions: readonly DescribedPermission[];
  readonly onClose: () => void;
}

export function TenantGroupDialog({ group, permissions, onClose }: TenantGroupDialogProps) {
  const { act, isBusy, refusal, preview } = useAct(UpdateTenantGroupDocument);
  const name = group.groupUri ?? '';
  const change = async (groupUri: string, chosen: string[]): Promise<void> => {
    if ((await act({ input: { groupUri, permissions: chosen } }, strings.changed)) !== undefined) onClose();
  };
  return (
    <PermissionsDialog
      title={strings.changeTitle(name)}
      action={strings.save}
      group={name}
      permissions={permissions}
      ticked={group.tenantPermissions?.flatMap((one) => one?.name ?? []) ?? []}
      isBusy={isBusy}
      refusal={refusal}
      preview={preview}
      onSend={(groupUri, chosen) => void change(groupUri, chosen)}
      onCancel={onClose}
    />
  );
}
