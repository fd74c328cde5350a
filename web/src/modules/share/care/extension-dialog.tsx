// Asks for a later end of a share, within what its dataset allows.

import { Box, FormField, Textarea } from '@cloudscape-design/components';
import { useState } from 'react';
import { useQuery } from 'urql';
import { useAct } from '../../../ui/act.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { Time } from '../../../ui/time.tsx';
import { ExtendShareDocument, ExtensionBoundsDocument } from '../operations.ts';
import { EMPTY_PART, partProblemsOf, periodOf } from '../request/form.ts';
import { PeriodField } from '../request/period-field.tsx';
import type { Share } from '../share-page.tsx';
import { careStrings } from './strings.ts';

interface ExtensionDialogProps {
  readonly share: Share;
  readonly onClose: () => void;
}

export function ExtensionDialog({ share, onClose }: ExtensionDialogProps) {
  const [wish, setWish] = useState({ period: '', noEnd: false });
  const [reason, setReason] = useState('');
  const [isTried, setTried] = useState(false);
  const variables = { datasetUri: share.dataset?.datasetUri ?? '' };
  const [{ data }] = useQuery({ query: ExtensionBoundsDocument, variables });
  const { act, isBusy, refusal, preview } = useAct(ExtendShareDocument);
  const bounds = data?.getDataset ? periodOf(data.getDataset) : undefined;
  const { period: problem } = partProblemsOf({ ...EMPTY_PART, ...wish }, bounds);
  const extend = async (): Promise<void> => {
    setTried(true);
    if (problem !== undefined) return;
    // A dataset whose shares need not end lets them go on without an end.
    const noEnd = wish.noEnd || bounds === undefined;
    const periods = noEnd ? null : Number(wish.period);
    const asked = { shareUri: share.shareUri ?? '', reason, noEnd, periods };
    if ((await act(asked, careStrings.extended)) !== undefined) onClose();
  };
  return (
    <Dialog
      title={careStrings.extendTitle}
      action={careStrings.actions.extend}
      isBusy={isBusy}
      isDisabled={data === undefined}
      refusal={refusal}
      preview={preview}
      onConfirm={() => void extend()}
      onCancel={onClose}
    >
      <Box>
        {careStrings.endsNow} <Time at={share.expiryDate} />. {careStrings.extendText(share.deciders.join(', '))}
      </Box>
      {bounds !== undefined && (
        <PeriodField
          value={wish}
          problem={isTried ? problem : undefined}
          onChange={(changes) => setWish((before) => ({ ...before, ...changes }))}
          bounds={bounds}
          setting={data?.getDataset?.expirySetting ?? ''}
        />
      )}
      <FormField label={careStrings.reason} stretch>
        <Textarea value={reason} onChange={({ detail }) => setReason(detail.value)} />
      </FormField>
    </Dialog>
  );
}
