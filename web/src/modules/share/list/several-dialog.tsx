// The same done to several shares, with a note where there is somebody to read it; what became of each stands beside it.

import { Box, FormField, SpaceBetween, Textarea } from '@cloudscape-design/components';
import { useState, type ReactNode } from 'react';
import type { AnyVariables, TypedDocumentNode } from 'urql';
import { Dialog } from '../../../ui/dialog.tsx';
import { useEach } from '../../../ui/each.ts';
import { OutcomeOf } from '../../../ui/outcome.tsx';
import {
  DecideShareDocument,
  RepairShareDocument,
  VerifyShareDocument,
  type ShareSummaryFragment,
} from '../operations.ts';
import { nameOf } from './share-name.ts';
import { listStrings } from './strings.ts';

export type SeveralAct = 'approve' | 'reject' | 'verify' | 'repair';

interface SeveralDialogProps {
  readonly act: SeveralAct;
  readonly shares: readonly ShareSummaryFragment[];
  readonly onClose: () => void;
}

export function SeveralDialog({ act, shares: now, onClose }: SeveralDialogProps) {
  // They are as they were chosen, whatever becomes of the list behind.
  const [shares] = useState(now);
  switch (act) {
    case 'approve':
    case 'reject':
      return <Decide verdict={act === 'approve' ? 'Approve' : 'Reject'} shares={shares} onClose={onClose} />;
    case 'verify':
      return (
        <EachOfThem
          document={VerifyShareDocument}
          variablesOf={whole}
          title={listStrings.verifyTitle(shares.length)}
          text={listStrings.verifyText}
          action={listStrings.verify}
          shares={shares}
          onClose={onClose}
        />
      );
    case 'repair':
      return (
        <EachOfThem
          document={RepairShareDocument}
          variablesOf={whole}
          title={listStrings.repairTitle(shares.length)}
          text={listStrings.repairText}
          action={listStrings.repair}
          shares={shares}
          onClose={onClose}
        />
      );
  }
}

/** All items of a share are looked at, whichever are named. */
const whole = (shareUri: string) => ({ shareUri, itemUris: [] });

type DecideProps = Omit<SeveralDialogProps, 'act'> & { readonly verdict: 'Approve' | 'Reject' };

function Decide({ verdict, shares, onClose }: DecideProps) {
  const [note, setNote] = useState('');
  const isApproval = verdict === 'Approve';
  return (
    <EachOfThem
      document={DecideShareDocument}
      variablesOf={(shareUri, asked) => ({ input: { shareUri, verdict, note, ...(isApproval && { asked }) } })}
      isForGit
      title={isApproval ? listStrings.approveTitle(shares.length) : listStrings.rejectTitle(shares.length)}
      text={isApproval ? listStrings.approveText : listStrings.rejectText}
      action={isApproval ? listStrings.approve(shares.length) : listStrings.reject(shares.length)}
      shares={shares}
      onClose={onClose}
    >
      <FormField label={listStrings.note} description={listStrings.noteHint} stretch>
        <Textarea value={note} onChange={({ detail }) => setNote(detail.value)} />
      </FormField>
    </EachOfThem>
  );
}

interface EachOfThemProps<Data, Variables> extends Omit<SeveralDialogProps, 'act'> {
  readonly document: TypedDocumentNode<Data, Variables>;
  /** @param asked what was asked for when the shares were chosen */
  readonly variablesOf: (shareUri: string, asked: string) => Variables;
  /** What it writes can stand in Git. */
  readonly isForGit?: boolean;
  readonly title: string;
  readonly text: string;
  readonly action: string;
  readonly children?: ReactNode;
}

function EachOfThem<Data, Variables extends AnyVariables>(props: EachOfThemProps<Data, Variables>) {
  const { document, variablesOf, isForGit = false, title, text, action, shares, onClose, children } = props;
  const { outcomes, isBusy, isDone, refusal, preview, run } = useEach(document);
  const confirm = (): void => {
    if (isDone) onClose();
    else void run(new Map(shares.map(({ shareUri, asked }) => [shareUri ?? '', variablesOf(shareUri ?? '', asked)])));
  };
  const isTried = outcomes.size > 0 && !isBusy;
  return (
    <Dialog
      title={title}
      action={isDone ? listStrings.close : isTried ? listStrings.again : action}
      isBusy={isBusy}
      refusal={refusal}
      {...(isForGit && !isDone && { preview })}
      onConfirm={confirm}
      onCancel={onClose}
    >
      <Box>{text}</Box>
      <ul>
        {shares.map((share) => (
          <li key={share.shareUri}>
            <SpaceBetween direction="horizontal" size="xs">
              {nameOf(share)}
              <OutcomeOf outcome={outcomes.get(share.shareUri ?? '')} />
            </SpaceBetween>
          </li>
        ))}
      </ul>
      {outcomes.size === 0 && children}
    </Dialog>
  );
}
