// Asks before something is done to a share that takes no more than a yes.

import { Box } from '@cloudscape-design/components';
import type { TypedDocumentNode } from 'urql';
import { useAct } from '../../../ui/act.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import {
  CancelExtensionDocument,
  DeleteShareDocument,
  RepairShareDocument,
  VerifyShareDocument,
} from '../operations.ts';
import type { Share } from '../share-page.tsx';
import { careStrings } from './strings.ts';

type CareAction = keyof typeof careStrings.texts;

interface CareDialogProps {
  readonly action: CareAction;
  readonly share: Share;
  readonly onClose: () => void;
  /** Where the share is gone then; without, it is closed. */
  readonly onGone?: () => void;
}

export function CareDialog(props: CareDialogProps) {
  const shareUri = props.share.shareUri ?? '';
  switch (props.action) {
    case 'verify':
      return <Asked {...props} document={VerifyShareDocument} variables={{ shareUri, itemUris: [] }} />;
    case 'repair':
      return <Asked {...props} document={RepairShareDocument} variables={{ shareUri, itemUris: [] }} />;
    case 'cancel-extension':
      return <Asked {...props} document={CancelExtensionDocument} variables={{ shareUri }} />;
    case 'delete':
      return <Asked {...props} document={DeleteShareDocument} variables={{ shareUri }} />;
  }
}

interface AskedProps<Data, Variables> extends CareDialogProps {
  readonly document: TypedDocumentNode<Data, Variables>;
  readonly variables: Variables;
}

function Asked<Data, Variables extends object>(props: AskedProps<Data, Variables>) {
  const { action, document, variables, onClose, onGone = onClose } = props;
  const { act, isBusy, refusal } = useAct(document);
  const confirm = async (): Promise<void> => {
    if ((await act(variables, careStrings.done[action])) !== undefined) onGone();
  };
  return (
    <Dialog
      title={`${careStrings.actions[action]}?`}
      action={careStrings.actions[action]}
      isBusy={isBusy}
      refusal={refusal}
      onConfirm={() => void confirm()}
      onCancel={onClose}
    >
      <Box>{careStrings.texts[action]}</Box>
    </Dialog>
  );
}
