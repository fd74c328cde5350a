// Approves or rejects what waits of a share, with a note to the other side. What is consented to stands there, item by item.

import { Box, FormField, Textarea } from '@cloudscape-design/components';
import { useState } from 'react';
import { useAct } from '../../ui/act.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { ApproveShareDocument, RejectShareDocument } from './operations.ts';
import type { Share } from './share-page.tsx';
import { describeItem, shareStrings } from './strings.ts';

interface DecisionDialogProps {
  readonly decision: 'approve' | 'reject';
  readonly share: Share;
  readonly onClose: () => void;
}

export function DecisionDialog({ decision, share, onClose }: DecisionDialogProps) {
  const [note, setNote] = useState('');
  const approval = useAct(ApproveShareDocument);
  const rejection = useAct(RejectShareDocument);
  const isApproval = decision === 'approve';
  const { isBusy, refusal } = isApproval ? approval : rejection;
  const items = share.items?.nodes?.filter((item) => item?.status === 'PendingApproval') ?? [];
  const decide = async (): Promise<void> => {
    const shareUri = share.shareUri ?? '';
    const done = isApproval
      ? await approval.act({ shareUri, note, withNote: note !== '' }, shareStrings.approved)
      : await rejection.act({ shareUri, reason: note }, shareStrings.rejected);
    if (done !== undefined) onClose();
  };
  return (
    <Dialog
      title={isApproval ? shareStrings.approveTitle : shareStrings.rejectTitle}
      action={isApproval ? shareStrings.approve : shareStrings.reject}
      isBusy={isBusy}
      refusal={refusal}
      onConfirm={() => void decide()}
      onCancel={onClose}
    >
      <Box>
        {isApproval
          ? shareStrings.approveText(share.principal?.principalName ?? '', items.length)
          : shareStrings.rejectText}
      </Box>
      <ul>
        {items.map((item) => (
          <li key={item?.shareItemUri}>{describeItem(item?.itemName, item?.dataFilters)}</li>
        ))}
      </ul>
      <FormField label={shareStrings.note} description={shareStrings.noteHint} stretch>
        <Textarea value={note} onChange={({ detail }) => setNote(detail.value)} />
      </FormField>
    </Dialog>
  );
}
