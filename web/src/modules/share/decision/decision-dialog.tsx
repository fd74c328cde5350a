// Approves or rejects what waits of a share, with a note to the other side. What is consented to stands there, item by item, and can be less
// than what is asked for.

import { Box, Checkbox, FormField, SpaceBetween, Textarea } from '@cloudscape-design/components';
import { useState } from 'react';
import { useAct } from '../../../ui/act.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { Time } from '../../../ui/time.tsx';
import { DecideShareDocument } from '../operations.ts';
import type { Item } from '../share-items.tsx';
import type { Share } from '../share-page.tsx';
import { describeItem, itemTypeNames, shareStrings } from '../strings.ts';
import { approvalOf, type Choice } from './choice.ts';
import { FilterChoice } from './filter-choice.tsx';

interface DecisionDialogProps {
  readonly verdict: 'Approve' | 'Reject';
  readonly share: Share;
  readonly onClose: () => void;
}

export function DecisionDialog({ verdict, share, onClose }: DecisionDialogProps) {
  const [note, setNote] = useState('');
  // What is shown goes on to follow what is asked for; what was read when this opened is consented to.
  const [{ asked }] = useState(share);
  const { act, isBusy, refusal, preview } = useAct(DecideShareDocument);
  const isApproval = verdict === 'Approve';
  const items = share.items?.nodes?.flatMap((item) => (item?.status === 'PendingApproval' ? [item] : [])) ?? [];
  const [choices, setChoices] = useState<readonly Choice[]>(() =>
    items.map(({ shareItemUri }) => ({ shareItemUri: shareItemUri ?? '', isGiven: true, filters: undefined })),
  );
  const given = choices.filter(({ isGiven }) => isGiven).length;
  const decide = async (): Promise<void> => {
    const shareUri = share.shareUri ?? '';
    const input = isApproval ? approvalOf({ shareUri, asked }, choices, note) : { shareUri, verdict, note };
    const done = await act({ input }, isApproval ? shareStrings.approved : shareStrings.rejected);
    if (done !== undefined) onClose();
  };
  const change = (uri: string | null, changes: Partial<Choice>): void =>
    setChoices((before) => before.map((one) => (one.shareItemUri === uri ? { ...one, ...changes } : one)));
  return (
    <Dialog
      title={isApproval ? shareStrings.approveTitle : shareStrings.rejectTitle}
      action={isApproval ? shareStrings.approve : shareStrings.reject}
      isBusy={isBusy}
      isDisabled={isApproval && items.length > 0 && given === 0}
      refusal={refusal}
      preview={preview}
      onConfirm={() => void decide()}
      onCancel={onClose}
    >
      <Extension share={share} isApproval={isApproval} />
      {items.length > 0 && (
        <Box>
          {isApproval ? shareStrings.approveText(share.principal?.principalName ?? '', given) : shareStrings.rejectText}
        </Box>
      )}
      {isApproval ? (
        <SpaceBetween size="s">
          {items.map((item) => (
            <ItemChoice
              key={item.shareItemUri}
              item={item}
              choice={choices.find(({ shareItemUri }) => shareItemUri === item.shareItemUri)}
              onChange={(changes) => change(item.shareItemUri, changes)}
            />
          ))}
          {given < items.length && <Box>{shareStrings.othersRejected(items.length - given)}</Box>}
        </SpaceBetween>
      ) : (
        <Refused items={items} />
      )}
      <FormField label={shareStrings.note} description={shareStrings.noteHint} stretch>
        <Textarea value={note} onChange={({ detail }) => setNote(detail.value)} />
      </FormField>
    </Dialog>
  );
}

const Refused = ({ items }: { readonly items: readonly Item[] }) => (
  <ul>
    {items.map(({ shareItemUri, itemName, dataFilters }) => (
      <li key={shareItemUri}>{describeItem(itemName, dataFilters)}</li>
    ))}
  </ul>
);

interface ItemChoiceProps {
  readonly item: Item;
  readonly choice: Choice | undefined;
  readonly onChange: (changes: Partial<Choice>) => void;
}

const ItemChoice = ({ item, choice, onChange }: ItemChoiceProps) => (
  <>
    <Checkbox
      checked={choice?.isGiven ?? true}
      description={item.itemType === null ? undefined : itemTypeNames[item.itemType]}
      onChange={({ detail }) => onChange({ isGiven: detail.checked })}
    >
      {describeItem(item.itemName, choice?.filters ?? item.dataFilters)}
    </Checkbox>
    {item.itemType === 'Table' && choice?.isGiven === true && (
      <Box margin={{ left: 'l' }}>
        <FilterChoice
          item={item}
          filters={choice.filters ?? item.dataFilters}
          onChange={(filters) => onChange({ filters })}
        />
      </Box>
    )}
  </>
);

/** The wish for a later end, where there is one. */
const Extension = ({ share, isApproval }: { readonly share: Share; readonly isApproval: boolean }) =>
  share.status === 'Submitted_For_Extension' && (
    <Box>
      {isApproval ? shareStrings.extensionApproved : shareStrings.extensionRejected}{' '}
      {share.requestedExpiryDate === null ? shareStrings.neverExpires : <Time at={share.requestedExpiryDate} />}
      {share.extensionReason !== null && ` (${share.extensionReason})`}
    </Box>
  );
