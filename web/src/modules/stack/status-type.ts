// What a status of CloudFormation means to people.

import type { StatusIndicatorProps } from '@cloudscape-design/components';

/** Of UPDATE_ROLLBACK_COMPLETE, say: what was tried did not come about. */
export function statusType(status: string): StatusIndicatorProps.Type {
  if (status.endsWith('_FAILED') || status.includes('ROLLBACK')) return 'error';
  if (status.endsWith('_IN_PROGRESS')) return 'in-progress';
  if (status.endsWith('_COMPLETE')) return 'success';
  return 'pending';
}
