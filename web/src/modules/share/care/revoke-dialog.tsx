// Asks before items are taken back, and says who loses what by it.

import { Box, KeyValuePairs } from '@cloudscape-design/components';
import { useAct } from '../../../ui/act.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { Time } from '../../../ui/time.tsx';
import { RevokeItemsDocument } from '../operations.ts';
import type { Item } from '../share-items.tsx';
import type { Share } from '../share-page.tsx';
import { describeItem, shareStrings } from '../strings.ts';
import { careStrings } from './strings.ts';

interface RevokeDialogProps {
  readonly share: Share;
  readonly items: readonly Item[];
  readonly onDone: () => void;
  readonly onClose: () => void;
}

export function RevokeDialog({ share, items, onDone, onClose }: RevokeDialogProps) {
  const { act, isBusy, refusal, preview } = useAct(RevokeItemsDocument);
  const revoke = async (): Promise<void> => {
    const itemUris = items.flatMap(({ shareItemUri }) => shareItemUri ?? []);
    if ((await act({ shareUri: share.shareUri ?? '', itemUris }, shareStrings.revoked)) === undefined) return;
    onDone();
    onClose();
  };
  const granted = share.timeline.find(({ step }) => step === 'Granted');
  const { principal } = share;
  const names = [principal?.principalName, principal?.principalRoleName, share.consumerAccount];
  return (
    <Dialog
      title={shareStrings.revokeTitle}
      action={shareStrings.revoke}
      isBusy={isBusy}
      refusal={refusal}
      preview={preview}
      onConfirm={() => void revoke()}
      onCancel={onClose}
    >
      <Box>{shareStrings.revokeText(principal?.principalName ?? '')}</Box>
      <KeyValuePairs
        columns={2}
        items={[
          {
            label: careStrings.impact,
            value: items.map(({ itemName, dataFilters }) => describeItem(itemName, dataFilters)).join(', '),
          },
          {
            label: careStrings.impactReader,
            value: [...new Set(names.filter((name) => name !== null && name !== undefined))].join(', '),
          },
          { label: careStrings.impactTeam, value: share.group },
          { label: careStrings.impactSince, value: <Time at={granted?.at} /> },
          { label: careStrings.impactOthers, value: careStrings.impactOthersText },
        ]}
      />
    </Dialog>
  );
}
