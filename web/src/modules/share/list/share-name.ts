// What a share is called: what of, and for whom.

import type { ShareSummaryFragment } from '../operations.ts';
import { listStrings } from './strings.ts';

export const nameOf = ({ dataset, principal }: Pick<ShareSummaryFragment, 'dataset' | 'principal'>): string =>
  listStrings.of(dataset?.datasetName ?? '', principal?.principalName ?? '');
