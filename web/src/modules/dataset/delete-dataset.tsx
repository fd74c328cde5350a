// Asks before a dataset is deleted, and what becomes of what was made for it in AWS.

import { Box, Checkbox } from '@cloudscape-design/components';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { useAct } from '../../ui/act.tsx';
import { DeleteDialog } from '../../ui/dialog.tsx';
import { DeleteDatasetDocument, type DatasetDetailsFragment } from './operations.ts';
import { datasetStrings, deleteStrings } from './strings.ts';

interface DeleteDatasetProps {
  readonly dataset: DatasetDetailsFragment;
  readonly onCancel: () => void;
}

export function DeleteDataset({ dataset, onCancel }: DeleteDatasetProps) {
  const { act, isBusy, refusal } = useAct(DeleteDatasetDocument);
  const [deleteFromAWS, setDeleteFromAWS] = useState(false);
  const navigate = useNavigate();
  const name = dataset.label ?? '';
  const remove = async (): Promise<void> => {
    const variables = { datasetUri: dataset.datasetUri ?? '', deleteFromAWS };
    if ((await act(variables, deleteStrings.done)) !== undefined) void navigate('/datasets');
  };
  return (
    <DeleteDialog
      title={deleteStrings.title(name)}
      action={datasetStrings.delete}
      name={name}
      isBusy={isBusy}
      refusal={refusal}
      onConfirm={() => void remove()}
      onCancel={onCancel}
    >
      <Box>{deleteStrings.text}</Box>
      <Checkbox
        checked={deleteFromAWS}
        description={deleteStrings.fromAwsText}
        onChange={({ detail }) => setDeleteFromAWS(detail.checked)}
      >
        {deleteStrings.fromAws}
      </Checkbox>
    </DeleteDialog>
  );
}
