// What stands between the person and the page: a session that has ended, an act that asks for a fresh sign-in.

import { Box, Button, Modal, SpaceBetween } from '@cloudscape-design/components';
import { interruptions, signIn, type Interruption } from './session.ts';
import { appStrings } from './strings.ts';

type Interrupting = Exclude<Interruption, { readonly kind: 'Maintenance' }>;

export function InterruptionModal(interruption: Interrupting) {
  const { header, text } = describe(interruption);
  return (
    <Modal visible header={header} onDismiss={interruptions.end} footer={<Actions {...interruption} />}>
      {text}
    </Modal>
  );
}

const describe = (interruption: Interrupting): { readonly header: string; readonly text: string } => {
  switch (interruption.kind) {
    case 'Ended':
      return { header: appStrings.sessionEnded, text: appStrings.sessionEndedText };
    case 'Reauthenticate':
      return { header: appStrings.reauthenticate, text: appStrings.reauthenticateText(interruption.operation) };
  }
};

const Actions = ({ kind }: Pick<Interrupting, 'kind'>) => (
  <Box float="right">
    <SpaceBetween direction="horizontal" size="xs">
      <Button variant="link" onClick={interruptions.end}>
        {appStrings.cancel}
      </Button>
      <Button variant="primary" onClick={() => signIn({ fresh: kind === 'Reauthenticate' })}>
        {appStrings.signIn}
      </Button>
    </SpaceBetween>
  </Box>
);
