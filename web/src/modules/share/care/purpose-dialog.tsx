// Says better why a share is asked for.

import { FormField, Textarea } from '@cloudscape-design/components';
import { useState } from 'react';
import { useAct } from '../../../ui/act.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { ChangePurposeDocument } from '../operations.ts';
import type { Share } from '../share-page.tsx';
import { careStrings } from './strings.ts';

interface PurposeDialogProps {
  readonly share: Share;
  readonly onClose: () => void;
}

export function PurposeDialog({ share, onClose }: PurposeDialogProps) {
  const [purpose, setPurpose] = useState(share.requestPurpose ?? '');
  const { act, isBusy, refusal, preview } = useAct(ChangePurposeDocument);
  const save = async (): Promise<void> => {
    const done = await act({ shareUri: share.shareUri ?? '', purpose }, careStrings.saved);
    if (done !== undefined) onClose();
  };
  return (
    <Dialog
      title={careStrings.purposeTitle}
      action={careStrings.save}
      isBusy={isBusy}
      refusal={refusal}
      preview={preview}
      onConfirm={() => void save()}
      onCancel={onClose}
    >
      <FormField label={careStrings.purpose} description={careStrings.purposeHint} stretch>
        <Textarea value={purpose} onChange={({ detail }) => setPurpose(detail.value)} />
      </FormField>
    </Dialog>
  );
}
