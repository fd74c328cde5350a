// Asks before an environment is deleted, and what becomes of what was made for it in its account.

import { Box, Checkbox } from '@cloudscape-design/components';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { useAct } from '../../ui/act.tsx';
import { DeleteDialog } from '../../ui/dialog.tsx';
import { DeleteEnvironmentDocument, type EnvironmentDetailsFragment } from './operations.ts';
import { environmentStrings as strings } from './strings.ts';

interface DeleteEnvironmentProps {
  readonly environment: EnvironmentDetailsFragment;
  readonly onCancel: () => void;
}

export function DeleteEnvironment({ environment, onCancel }: DeleteEnvironmentProps) {
  const { act, isBusy, refusal } = useAct(DeleteEnvironmentDocument);
  const [deleteFromAWS, setDeleteFromAWS] = useState(false);
  const navigate = useNavigate();
  const name = environment.label ?? '';
  const remove = async (): Promise<void> => {
    const variables = { environmentUri: environment.environmentUri ?? '', deleteFromAWS };
    if ((await act(variables, strings.deleted)) !== undefined) void navigate('/environments');
  };
  return (
    <DeleteDialog
      title={strings.deleteTitle(name)}
      action={strings.delete}
      name={name}
      isBusy={isBusy}
      refusal={refusal}
      onConfirm={() => void remove()}
      onCancel={onCancel}
    >
      <Box>{strings.deleteText}</Box>
      <Checkbox
        checked={deleteFromAWS}
        description={strings.deleteFromAwsText}
        onChange={({ detail }) => setDeleteFromAWS(detail.checked)}
      >
        {strings.deleteFromAws}
      </Checkbox>
    </DeleteDialog>
  );
}
