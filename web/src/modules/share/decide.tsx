// What somebody may do about a share as a whole: submit it, approve it or reject it.

import { Button, SpaceBetween } from '@cloudscape-design/components';
import { useState } from 'react';
import { ActButton } from '../../ui/act.tsx';
import { later } from '../../ui/later.tsx';
import { SubmitShareDocument } from './operations.ts';
import type { Share } from './share-page.tsx';
import { shareStrings } from './strings.ts';

const DecisionDialog = later(async () => (await import('./decision-dialog.tsx')).DecisionDialog);

interface DecideProps {
  readonly share: Share;
  readonly onDone: () => void;
}

/** Whether there is anything for them to do about it. */
export const mayAct = (share: Share): boolean => maySubmit(share) || mayDecide(share);

const maySubmit = ({ userRoleForShareObject: role, status }: Share): boolean =>
  status === 'Draft' && (role === 'Requesters' || role === 'ApproversAndRequesters');

const mayDecide = ({ userRoleForShareObject: role, status }: Share): boolean =>
  status === 'Submitted' && (role === 'Approvers' || role === 'ApproversAndRequesters');

export function Decide({ share, onDone }: DecideProps) {
  const [decision, setDecision] = useState<'approve' | 'reject'>();
  const close = (): void => {
    setDecision(undefined);
    onDone();
  };
  return (
    <>
      {maySubmit(share) && (
        <ActButton
          variant="primary"
          document={SubmitShareDocument}
          variables={{ shareUri: share.shareUri ?? '' }}
          done={shareStrings.submitted}
          onDone={onDone}
        >
          {shareStrings.submit}
        </ActButton>
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
