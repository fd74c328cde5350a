// The button of a form that shows what it would write.

import { Button } from '@cloudscape-design/components';
import { later } from './later.tsx';
import type { Preview } from './preview.ts';
import { uiStrings } from './strings.ts';

const DraftManifestDialog = later(async () => (await import('./manifest-dialog.tsx')).DraftManifestDialog);

interface ShowDraftProps {
  readonly preview: Preview;
  readonly onSend: () => void;
}

export const ShowDraft = ({ preview, onSend }: ShowDraftProps) => (
  <>
    <Button formAction="none" loading={preview.isBusy} onClick={() => preview.ask(onSend)}>
      {uiStrings.showYaml}
    </Button>
    {preview.manifest !== undefined && <DraftManifestDialog manifest={preview.manifest} onClose={preview.close} />}
  </>
);
