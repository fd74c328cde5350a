// What one run of the Dataset controller found out, in the words of its conditions. Pure.
import { KEY_ACTIONS } from '../../aws/denied-advice.ts';
import { isFault } from '../../aws/fault.ts';
import { stalled as stalledUntilChanged } from '../../kernel/runtime/reconciler.ts';
import type { Dataset } from '../../resources/dataset.ts';
import type { DatasetStatus } from '../../resources/dataset-status.ts';
import {
  blocked,
  deleting,
  progressing,
  retryable,
  stalled,
  type ReconcileOutcome,
} from '../reconcile/reconcile-outcome.ts';
import type { ImportRefusal } from './import-rules.ts';
import type { DatasetStack } from './stack.ts';

export type DatasetOutcome = ReconcileOutcome<Dataset>;

/** What is wrong is in AWS and nobody tells us when it is mended. */
const LOOK_AGAIN_MS = 60_000;

export const rejected = (
  { reason, message, part }: ImportRefusal,
  status: Partial<DatasetStatus> = {},
): DatasetOutcome => ({
  ...stalled(reason, message, { status, lookAgainMs: LOOK_AGAIN_MS }),
  conditions: [{ type: part === 'Storage' ? 'StorageReady' : 'CatalogReady', status: 'False', reason, message }],
});

export const stackProgressing = (stack: Exclude<DatasetStack, { state: 'Deployed' }>, id: string): DatasetOutcome => {
  const { message, requeueMs } = stack;
  const status = { id, stack: stack.status };
  const outcome: DatasetOutcome =
    stack.state === 'Failed'
      ? { ...stalled('StackFailed', message, { status }), result: stalledUntilChanged('StackFailed', message) }
      : progressing(message, status, requeueMs);
  return { ...outcome, conditions: [{ type: 'StackDeployed', status: 'False', reason: outcome.reason, message }] };
};

export const stackDeleting = (stack: DatasetStack): DatasetOutcome => ({
  ...(stack.state === 'Deployed'
    ? deleting<Dataset>('its stack is being deleted')
    : deleting<Dataset>(stack.message, stack.requeueMs)),
  status: { stack: stack.status },
});

/** @param pivotRoleArn whom a key's policy has to let in */
export const failed = (error: unknown, pivotRoleArn: string | undefined): DatasetOutcome => {
  if (error instanceof RangeError) return blocked('QuotaExceeded', error.message);
  const outcome = retryable<Dataset>(error, (reason) =>
    reason === 'PivotRoleUnreachable' ? 'EnvironmentNotReady' : reason,
  );
  const isKeyClosed = isFault(error, 'AccessDenied') && error.service === 'kms' && pivotRoleArn !== undefined;
  if (!isKeyClosed) return outcome;
  const advice = `Add to the key's policy a statement that lets ${pivotRoleArn} do ${KEY_ACTIONS.join(', ')}`;
  return { ...outcome, message: `${error.message}. ${advice}` };
};
