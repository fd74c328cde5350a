// Changes what is said about something.

import { FormField, Textarea } from '@cloudscape-design/components';
import { useState } from 'react';
import { Dialog } from './dialog.tsx';
import type { Preview } from './preview.ts';

interface DescriptionDialogProps {
  readonly title: string;
  readonly label: string;
  readonly action: string;
  readonly text: string;
  readonly isBusy: boolean;
  readonly refusal: string | undefined;
  readonly preview?: Preview;
  readonly onSave: (text: string) => void;
  readonly onCancel: () => void;
}

export function DescriptionDialog({ label, text, onSave, ...dialog }: DescriptionDialogProps) {
  const [written, setWritten] = useState(text);
  return (
    <Dialog {...dialog} onConfirm={() => onSave(written)}>
      <FormField label={label} stretch>
        <Textarea value={written} rows={6} onChange={({ detail }) => setWritten(detail.value)} autoFocus />
      </FormField>
    </Dialog>
  );
}
