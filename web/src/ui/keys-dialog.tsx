// Keys of a session in AWS, shown once, as a shell takes them.

import { Box, Button, Modal, SpaceBetween } from '@cloudscape-design/components';
import { CopiedBlock } from './copied.tsx';
import { uiStrings } from './strings.ts';

export const KeysDialog = ({ keys, onClose }: { readonly keys: string; readonly onClose: () => void }) => (
  <Modal
    visible
    header={uiStrings.keysTitle}
    onDismiss={onClose}
    footer={
      <Box float="right">
        <Button variant="primary" onClick={onClose}>
          {uiStrings.close}
        </Button>
      </Box>
    }
  >
    <SpaceBetween size="m">
      <Box>{uiStrings.keysText}</Box>
      <CopiedBlock text={asShell(keys)} label={uiStrings.keys} />
    </SpaceBetween>
  </Modal>
);

/** @param keys JSON, as the gateway answers them */
function asShell(keys: string): string {
  const { AccessKey, SessionKey, sessionToken } = JSON.parse(keys) as Readonly<Record<string, string>>;
  return [
    `export AWS_ACCESS_KEY_ID=${AccessKey}`,
    `export AWS_SECRET_ACCESS_KEY=${SessionKey}`,
    `export AWS_SESSION_TOKEN=${sessionToken}`,
  ].join('\n');
}
