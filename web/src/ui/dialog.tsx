// A dialog with one thing to do: what it will do, the fields that it takes, and why it was refused.

import { Alert, Box, Button, FormField, Input, Modal, SpaceBetween } from '@cloudscape-design/components';
import { useState, type ReactNode, type SubmitEvent } from 'react';
import type { Preview } from './preview.ts';
import { ShowDraft } from './show-draft.tsx';
import { uiStrings } from './strings.ts';

interface DialogProps {
  readonly title: string;
  /** On the button. */
  readonly action: string;
  readonly isBusy: boolean;
  readonly isDisabled?: boolean;
  readonly size?: 'medium' | 'large';
  readonly refusal: string | undefined;
  readonly onConfirm: () => void;
  /** What it would write can be looked at. */
  readonly preview?: Preview;
  readonly onCancel: () => void;
  readonly children?: ReactNode;
}

const FORM = 'dialog-form';

export function Dialog(props: DialogProps) {
  const { title, action, isBusy, isDisabled = false, size = 'medium', refusal, children } = props;
  const { onConfirm, onCancel, preview } = props;
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    if (!isDisabled && !isBusy) onConfirm();
  };
  return (
    <Modal
      visible
      size={size}
      header={title}
      onDismiss={onCancel}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" onClick={onCancel}>
              {uiStrings.cancel}
            </Button>
            {preview !== undefined && !isDisabled && <ShowDraft preview={preview} onSend={onConfirm} />}
            <Button variant="primary" form={FORM} loading={isBusy} disabled={isDisabled}>
              {action}
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      <form id={FORM} onSubmit={submit}>
        <SpaceBetween size="m">
          {children}
          {refusal !== undefined && <Alert type="error">{refusal}</Alert>}
        </SpaceBetween>
      </form>
    </Modal>
  );
}

type DeleteDialogProps = Omit<DialogProps, 'isDisabled'> & {
  /** Has to be typed: nobody deletes the wrong one by a click too many. */
  readonly name: string;
};

export function DeleteDialog({ name, children, ...dialog }: DeleteDialogProps) {
  const [typed, setTyped] = useState('');
  return (
    <Dialog {...dialog} isDisabled={typed.trim() !== name}>
      {children}
      <FormField label={uiStrings.typeName(name)}>
        <Input value={typed} onChange={({ detail }) => setTyped(detail.value)} autoFocus />
      </FormField>
    </Dialog>
  );
}
