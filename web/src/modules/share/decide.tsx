// What somebody may do about a share as a whole: submit it, approve it or reject it, with a note to the other side.

import { Button, FormField, SpaceBetween, Textarea } from '@cloudscape-design/components';
import { useState } from 'react';
import { useMutation, type CombinedError } from 'urql';
import { Confirm } from '../../ui/confirm.tsx';
import { messageOf } from '../../ui/failure.tsx';
import { useFlash } from '../../ui/flash.ts';
import { ApproveShareDocument, RejectShareDocument, SubmitShareDocument } from './operations.ts';
import type { Share } from './share-page.tsx';
import { describeItem, shareStrings } from './strings.ts';

interface DecideProps {
  readonly share: Share;
  readonly onDone: () => void;
}

type Decision = 'approve' | 'reject';

/** Whether there is anything for them to do about it. */
export const mayAct = (share: Share): boolean => maySubmit(share) || mayDecide(share);

const maySubmit = ({ userRoleForShareObject: role, status }: Share): boolean =>
  status === 'Draft' && (role === 'Requesters' || role === 'ApproversAndRequesters');

const mayDecide = ({ userRoleForShareObject: role, status }: Share): boolean =>
  status === 'Submitted' && (role === 'Approvers' || role === 'ApproversAndRequesters');

export function Decide({ share, onDone }: DecideProps) {
  const [decision, setDecision] = useState<Decision>();
  const { submit, isBusy } = useSubmit(share, onDone);
  const close = (): void => {
    setDecision(undefined);
    onDone();
  };
  return (
    <>
      {maySubmit(share) && (
        <Button variant="primary" loading={isBusy} onClick={() => void submit()}>
          {shareStrings.submit}
        </Button>
      )}
      {mayDecide(share) && (
        <SpaceBetween direction="horizontal" size="xs">
          <Button onClick={() => setDecision('reject')}>{shareStrings.reject}</Button>
          <Button variant="primary" onClick={() => setDecision('approve')}>
            {shareStrings.approve}
          </Button>
        </SpaceBetween>
      )}
      {decision !== undefined && <DecisionDialog decision={decision} share={share} onClose={close} />}
    </>
  );
}

function useSubmit({ shareUri }: Share, onDone: () => void) {
  const [{ fetching }, submit] = useMutation(SubmitShareDocument);
  const tell = useTell();
  return {
    isBusy: fetching,
    submit: async () => {
      const { error } = await submit({ shareUri: shareUri ?? '' });
      tell(error, shareStrings.submitted);
      onDone();
    },
  };
}

function useTell() {
  const flash = useFlash();
  return (error: CombinedError | undefined, done: string): void =>
    error === undefined ? flash('success', done) : flash('error', messageOf(error));
}

interface DialogProps {
  readonly decision: Decision;
  readonly share: Share;
  readonly onClose: () => void;
}

function DecisionDialog({ decision, share, onClose }: DialogProps) {
  const [note, setNote] = useState('');
  const { act, isBusy } = useDecision(share);
  const items = share.items?.nodes?.filter((item) => item?.status === 'PendingApproval') ?? [];
  const isApproval = decision === 'approve';
  return (
    <Confirm
      title={isApproval ? shareStrings.approveTitle : shareStrings.rejectTitle}
      text={
        isApproval
          ? shareStrings.approveText(share.principal?.principalName ?? '', items.length)
          : shareStrings.rejectText
      }
      action={isApproval ? shareStrings.approve : shareStrings.reject}
      isBusy={isBusy}
      onCancel={onClose}
      onConfirm={async () => {
        await act(decision, note);
        onClose();
      }}
    >
      <ul>
        {items.map((item) => (
          <li key={item?.shareItemUri}>{describeItem(item?.itemName, item?.dataFilters)}</li>
        ))}
      </ul>
      <FormField label={shareStrings.note} description={shareStrings.noteHint} stretch>
        <Textarea value={note} onChange={({ detail }) => setNote(detail.value)} />
      </FormField>
    </Confirm>
  );
}

function useDecision({ shareUri }: Share) {
  const [approving, approve] = useMutation(ApproveShareDocument);
  const [rejecting, reject] = useMutation(RejectShareDocument);
  const tell = useTell();
  return {
    isBusy: approving.fetching || rejecting.fetching,
    act: async (decision: Decision, note: string): Promise<void> => {
      const uri = shareUri ?? '';
      if (decision === 'approve') {
        const { error } = await approve({ shareUri: uri, note, withNote: note !== '' });
        tell(error, shareStrings.approved);
      } else {
        const { error } = await reject({ shareUri: uri, reason: note });
        tell(error, shareStrings.rejected);
      }
    },
  };
}
