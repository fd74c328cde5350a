// Words that something is found by. People's words stand in a <bdi>, here and in its neighbours: those of a script that runs from right to left
// would put what stands beside them in another order.

import { Badge, SpaceBetween } from '@cloudscape-design/components';
import { uiStrings } from './strings.ts';

export const Words = ({ words }: { readonly words: readonly string[] }) =>
  words.length === 0 ? (
    uiStrings.unknown
  ) : (
    <SpaceBetween direction="horizontal" size="xxs">
      {words.map((word) => (
        <Badge key={word}>
          <bdi>{word}</bdi>
        </Badge>
      ))}
    </SpaceBetween>
  );
