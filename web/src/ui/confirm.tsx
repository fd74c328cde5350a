// A question before something is done, with what it will do.

import { Box, Button, Modal, SpaceBetween } from '@cloudscape-design/components';
import type { ReactNode } from 'react';
import { uiStrings } from './strings.ts';

interface ConfirmProps {
  readonly title: string;
  readonly text: ReactNode;
  /** On the button. */
  readonly action: string;
  readonly isBusy: boolean;
  readonly onConfirm: () => Promise<void>;
  readonly onCancel: () => void;
  readonly children?: ReactNode;
}

export const Confirm = ({ title, text, action, isBusy, onConfirm, onCancel, children }: ConfirmProps) => (
  <Modal
    visible
    header={title}
    onDismiss={onCancel}
    footer={
      <Box float="right">
        <SpaceBetween direction="horizontal" size="xs">
          <Button variant="link" onClick={onCancel}>
            {uiStrings.cancel}
          </Button>
          <Button variant="primary" loading={isBusy} onClick={() => void onConfirm()}>
            {action}
          </Button>
        </SpaceBetween>
      </Box>
    }
  >
    <SpaceBetween size="m">
      <Box>{text}</Box>
      {children}
    </SpaceBetween>
  </Modal>
);
