// Asks before an organization is deleted.

import { Box } from '@cloudscape-design/components';
import { useNavigate } from 'react-router';
import { useAct } from '../../ui/act.tsx';
import { DeleteDialog } from '../../ui/dialog.tsx';
import { ArchiveOrganizationDocument, type OrganizationDetailsFragment } from './operations.ts';
import { organizationStrings as strings } from './strings.ts';

interface ArchiveDialogProps {
  readonly organization: OrganizationDetailsFragment;
  readonly onCancel: () => void;
}

export function ArchiveDialog({ organization, onCancel }: ArchiveDialogProps) {
  const { act, isBusy, refusal } = useAct(ArchiveOrganizationDocument);
  const navigate = useNavigate();
  const name = organization.label ?? '';
  const archive = async (): Promise<void> => {
    const variables = { organizationUri: organization.organizationUri ?? '' };
    if ((await act(variables, strings.archived)) !== undefined) void navigate('/organizations');
  };
  return (
    <DeleteDialog
      title={strings.archiveTitle(name)}
      action={strings.archive}
      name={name}
      isBusy={isBusy}
      refusal={refusal}
      onConfirm={() => void archive()}
      onCancel={onCancel}
    >
      <Box>{strings.archiveText}</Box>
    </DeleteDialog>
  );
}
