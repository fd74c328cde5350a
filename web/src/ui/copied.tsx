// A name of something elsewhere (an ARN, a bucket, a command), to be copied.

import { Box, CopyToClipboard } from '@cloudscape-design/components';
import { uiStrings } from './strings.ts';

interface CopiedProps {
  readonly text: string | null | undefined;
  /** What it is, for who does not see where it stands. */
  readonly label: string;
}

export const Copied = ({ text, label }: CopiedProps) =>
  text === null || text === undefined || text === '' ? (
    uiStrings.unknown
  ) : (
    <CopyToClipboard
      variant="inline"
      textToCopy={text}
      copyButtonAriaLabel={uiStrings.copy(label)}
      copySuccessText={uiStrings.copied}
      copyErrorText={uiStrings.notCopied}
      textToDisplay={text}
    />
  );

/** A command or keys: lines of their own, with the button beside them. */
export const CopiedBlock = ({ text, label }: { readonly text: string; readonly label: string }) => (
  <Box>
    <CopyToClipboard
      copyButtonText={uiStrings.copy(label)}
      textToCopy={text}
      copySuccessText={uiStrings.copied}
      copyErrorText={uiStrings.notCopied}
    />
    <Box variant="code" display="block" margin={{ top: 'xs' }}>
      <span className="code-block">{text}</span>
    </Box>
  </Box>
);
