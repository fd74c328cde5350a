// Asks before a group is removed from an organization: it may end what others are given.

import { Box } from '@cloudscape-design/components';
import { useAct } from '../../../ui/act.tsx';
import { DeleteDialog } from '../../../ui/dialog.tsx';
import { RemoveFromOrganizationDocument } from '../operations.ts';
import { teamStrings as strings } from '../strings.ts';

interface RemoveDialogProps {
  readonly organizationUri: string;
  readonly group: string;
  readonly onClose: () => void;
}

export function RemoveDialog({ organizationUri, group, onClose }: RemoveDialogProps) {
  const { act, isBusy, refusal } = useAct(RemoveFromOrganizationDocument);
  const remove = async (): Promise<void> => {
    if ((await act({ organizationUri, groupUri: group }, strings.removed(group))) !== undefined) onClose();
  };
  return (
    <DeleteDialog
      title={strings.removeTitle(group)}
      action={strings.remove}
      name={group}
      isBusy={isBusy}
      refusal={refusal}
      onConfirm={() => void remove()}
      onCancel={onClose}
    >
      <Box>{strings.removeText}</Box>
    </DeleteDialog>
  );
}
