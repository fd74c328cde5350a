// Asks before a group is removed from an environment.

import { Box } from '@cloudscape-design/components';
import { useAct } from '../../../ui/act.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { RemoveGroupDocument } from '../operations.ts';
import { teamStrings as strings } from '../strings.ts';
import type { Team } from './teams-tab.tsx';

interface RemoveTeamDialogProps {
  readonly environmentUri: string;
  readonly team: Team;
  readonly onClose: () => void;
}

export function RemoveTeamDialog({ environmentUri, team, onClose }: RemoveTeamDialogProps) {
  const { act, isBusy, refusal } = useAct(RemoveGroupDocument);
  const groupUri = team.groupUri ?? '';
  const remove = async (): Promise<void> => {
    if ((await act({ environmentUri, groupUri }, strings.removed(groupUri))) !== undefined) onClose();
  };
  return (
    <Dialog
      title={strings.removeTitle(groupUri)}
      action={strings.remove}
      isBusy={isBusy}
      refusal={refusal}
      onConfirm={() => void remove()}
      onCancel={onClose}
    >
      <Box>{strings.removeText}</Box>
    </Dialog>
  );
}
