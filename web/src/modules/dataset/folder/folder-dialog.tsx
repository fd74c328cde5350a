// Offers a folder of a dataset's bucket.

import { Box, FormField, Input, Textarea } from '@cloudscape-design/components';
import { useState } from 'react';
import { useAct } from '../../../ui/act.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { CreateFolderDocument } from './operations.ts';
import { folderStrings } from './strings.ts';

interface FolderDialogProps {
  readonly datasetUri: string;
  readonly onClose: () => void;
}

export function FolderDialog({ datasetUri, onClose }: FolderDialogProps) {
  const { act, isBusy, refusal, preview } = useAct(CreateFolderDocument);
  const [label, setLabel] = useState('');
  const [prefix, setPrefix] = useState('');
  const [description, setDescription] = useState('');
  const add = async (): Promise<void> => {
    const input = { label: label.trim(), prefix: prefix.trim(), description };
    if ((await act({ datasetUri, input }, folderStrings.added(input.label))) !== undefined) onClose();
  };
  return (
    <Dialog
      title={folderStrings.addTitle}
      action={folderStrings.add}
      isBusy={isBusy}
      isDisabled={label.trim() === '' || prefix.trim() === ''}
      refusal={refusal}
      preview={preview}
      onConfirm={() => void add()}
      onCancel={onClose}
    >
      <Box>{folderStrings.addText}</Box>
      <FormField label={folderStrings.name} description={folderStrings.nameHint}>
        <Input value={label} onChange={({ detail }) => setLabel(detail.value)} autoFocus />
      </FormField>
      <FormField label={folderStrings.prefix} description={folderStrings.prefixHint}>
        <Input value={prefix} onChange={({ detail }) => setPrefix(detail.value)} />
      </FormField>
      <FormField label={folderStrings.about}>
        <Textarea value={description} onChange={({ detail }) => setDescription(detail.value)} />
      </FormField>
    </Dialog>
  );
}
