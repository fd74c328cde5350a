// Asks before items are taken back.

import { Box } from '@cloudscape-design/components';
import { useAct } from '../../ui/act.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { RevokeItemsDocument } from './operations.ts';
import type { Item } from './share-items.tsx';
import type { Share } from './share-page.tsx';
import { describeItem, shareStrings } from './strings.ts';

interface RevokeDialogProps {
  readonly share: Share;
  readonly items: readonly Item[];
  readonly onDone: () => void;
  readonly onClose: () => void;
}

export function RevokeDialog({ share, items, onDone, onClose }: RevokeDialogProps) {
  const { act, isBusy, refusal } = useAct(RevokeItemsDocument);
  const revoke = async (): Promise<void> => {
    const itemUris = items.flatMap(({ shareItemUri }) => shareItemUri ?? []);
    if ((await act({ shareUri: share.shareUri ?? '', itemUris }, shareStrings.revoked)) === undefined) return;
    onDone();
    onClose();
  };
  return (
    <Dialog
      title={shareStrings.revokeTitle}
      action={shareStrings.revoke}
      isBusy={isBusy}
      refusal={refusal}
      onConfirm={() => void revoke()}
      onCancel={onClose}
    >
      <Box>{shareStrings.revokeText(share.principal?.principalName ?? '')}</Box>
      <ul>
        {items.map(({ shareItemUri, itemName, dataFilters }) => (
          <li key={shareItemUri}>{describeItem(itemName, dataFilters)}</li>
        ))}
      </ul>
    </Dialog>
  );
}
