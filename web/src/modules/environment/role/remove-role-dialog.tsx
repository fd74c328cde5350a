// Asks before a role is removed from those that can be given access.

import { Box } from '@cloudscape-design/components';
import { useAct } from '../../../ui/act.tsx';
import { DeleteDialog } from '../../../ui/dialog.tsx';
import { RemoveRoleDocument, type ConsumptionRoleFragment } from '../operations.ts';
import { roleStrings as strings } from '../strings.ts';

interface RemoveRoleDialogProps {
  readonly environmentUri: string;
  readonly role: ConsumptionRoleFragment;
  readonly onClose: () => void;
}

export function RemoveRoleDialog({ environmentUri, role, onClose }: RemoveRoleDialogProps) {
  const { act, isBusy, refusal } = useAct(RemoveRoleDocument);
  const name = role.consumptionPrincipalName ?? '';
  const remove = async (): Promise<void> => {
    const variables = { environmentUri, consumptionPrincipalUri: role.consumptionPrincipalUri ?? '' };
    if ((await act(variables, strings.removed(name))) !== undefined) onClose();
  };
  return (
    <DeleteDialog
      title={strings.removeTitle(name)}
      action={strings.remove}
      name={name}
      isBusy={isBusy}
      refusal={refusal}
      onConfirm={() => void remove()}
      onCancel={onClose}
    >
      <Box>{strings.removeText}</Box>
    </DeleteDialog>
  );
}
