// What is shown while something is on its way.

import { Box, Spinner } from '@cloudscape-design/components';
import { uiStrings } from './strings.ts';

export const Loading = () => (
  <Box padding="xxl" textAlign="center" color="text-status-inactive">
    <Spinner /> {uiStrings.loading}
  </Box>
);
