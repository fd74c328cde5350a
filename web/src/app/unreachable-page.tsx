// What is shown while the gateway does not answer at all.

import { Box, Button, SpaceBetween } from '@cloudscape-design/components';
import { appStrings } from './strings.ts';

export const UnreachablePage = () => (
  <Box margin="xxxl" textAlign="center">
    <SpaceBetween size="m">
      <Box variant="h1">{appStrings.unreachable}</Box>
      <Box variant="p">{appStrings.unreachableText}</Box>
      <Button onClick={() => globalThis.location.reload()}>{appStrings.tryAgain}</Button>
    </SpaceBetween>
  </Box>
);
