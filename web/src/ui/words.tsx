// Words that something is found by.

import { Badge, SpaceBetween } from '@cloudscape-design/components';
import { uiStrings } from './strings.ts';

export const Words = ({ words }: { readonly words: readonly string[] }) =>
  words.length === 0 ? (
    uiStrings.unknown
  ) : (
    <SpaceBetween direction="horizontal" size="xxs">
      {words.map((word) => (
        <Badge key={word}>{word}</Badge>
      ))}
    </SpaceBetween>
  );
