// What somebody may decide about a share as a whole: submit it, or answer what waits of it.

import { Button, SpaceBetween } from '@cloudscape-design/components';
import { useState } from 'react';
import { ActButton } from '../../../ui/act.tsx';
import { later } from '../../../ui/later.tsx';
import { SubmitShareDocument } from '../operations.ts';
import { decides, requests } from '../side.ts';
import type { Share } from '../share-page.tsx';
import { shareStrings } from '../strings.ts';

const DecisionDialog = later(async () => (await import('./decision-dialog.tsx')).DecisionDialog);

interface DecideProps {
  readonly share: Share;
  readonly onDone: () => void;
}

const maySubmit = (share: Share): boolean => share.status === 'Draft' && requests(share);

/** What of a draft is put together waits for nobody. */
const mayDecide = (share: Share): boolean =>
  decides(share) &&
  share.status !== 'Draft' &&
  (share.status === 'Submitted_For_Extension' ||
    (share.items?.nodes ?? []).some((item) => item?.status === 'PendingApproval'));

export function Decide({ share, onDone }: DecideProps) {
  const [verdict, setVerdict] = useState<'Approve' | 'Reject'>();
  const close = (): void => {
    setVerdict(undefined);
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
          <Button onClick={() => setVerdict('Reject')}>{shareStrings.reject}</Button>
          <Button variant="primary" onClick={() => setVerdict('Approve')}>
            {shareStrings.approve}
          </Button>
        </SpaceBetween>
      )}
      {verdict !== undefined && <DecisionDialog verdict={verdict} share={share} onClose={close} />}
    </>
  );
}
