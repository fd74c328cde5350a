// Where a share stands, as a word with its colour.

import { StatusIndicator } from '@cloudscape-design/components';
import type { ShareSummaryFragment } from './operations.ts';
import { standingOf } from './standing.ts';

export const ShareState = ({ status, timeline }: Pick<ShareSummaryFragment, 'status' | 'timeline'>) => {
  const { type, text } = standingOf(status, timeline);
  return <StatusIndicator type={type}>{text}</StatusIndicator>;
};
