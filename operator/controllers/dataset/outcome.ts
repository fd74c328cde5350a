// What one run of the Dataset controller found out, in the words of its conditions. Pure.
import { KEY_ACTIONS } from '../../aws/denied-advice.ts';
import { isFault } from '../../aws/fault.ts';
import type { ConditionInput } from '../../kernel/conditions.ts';
import { done, requeueAfter, stalled, transient, type Result } from '../../kernel/runtime/reconciler.ts';
import type { ReasonFor } from '../../resources/conditions.ts';
import type { DatasetStatus } from '../../resources/dataset-status.ts';
import type { ImportRefusal } from './import-rules.ts';
import type { DatasetStack } from './stack.ts';
import { faultReason } from '../reconcile/fault-reason.ts';

type Reason = ReasonFor<'Dataset', 'Ready'>;

/** What one run found out; what it did not find out stays as it was. */
export interface Finding {
  readonly outcome: {
    readonly type: 'Ready' | 'Reconciling' | 'Stalled' | 'Waiting';
    readonly reason: Reason;
    readonly message: string;
  };
  readonly status?: Partial<DatasetStatus>;
  readonly storage?: ConditionInput;
  readonly catalog?: ConditionInput;
  readonly stack?: ConditionInput;
  readonly result: Result;
}

export const waiting = (reason: Reason, message: string): Finding => ({
  outcome: { type: 'Waiting', reason, message },
  result: done,
});

export const refused = ({ reason, message, part }: ImportRefusal, status: Partial<DatasetStatus> = {}): Finding => {
  const condition: ConditionInput = {
    type: part === 'Storage' ? 'StorageReady' : 'CatalogReady',
    status: 'False',
    reason,
    message,
  };
  return {
    outcome: { type: 'Stalled', reason, message },
    status,
    ...(part === 'Storage' ? { storage: condition } : { catalog: condition }),
    // What is wrong is in AWS and nobody tells us when it is mended.
    result: requeueAfter(60_000),
  };
};

export const underWay = (message: string, status: Partial<DatasetStatus>, ms: number): Finding => ({
  outcome: { type: 'Reconciling', reason: 'Progressing', message },
  status,
  result: requeueAfter(ms),
});

export const inStack = (stack: Exclude<DatasetStack, { state: 'Deployed' }>, id: string): Finding => {
  const failed = stack.state === 'Failed';
  const reason = failed ? 'StackFailed' : 'Progressing';
  return {
    outcome: { type: failed ? 'Stalled' : 'Reconciling', reason, message: stack.message },
    status: { id, stack: stack.status },
    stack: { type: 'StackDeployed', status: 'False', reason, message: stack.message },
    result: failed ? stalled('StackFailed', stack.message) : requeueAfter(stack.requeueMs),
  };
};

export const stackEnding = (stack: DatasetStack): Finding => ({
  outcome: {
    type: 'Reconciling',
    reason: 'Deleting',
    message: stack.state === 'Deployed' ? 'its stack is being deleted' : stack.message,
  },
  status: { stack: stack.status },
  result: requeueAfter(stack.state === 'Deployed' ? 1_000 : stack.requeueMs),
});

/** @param pivotRoleArn whom a key's policy has to let in */
export const fromFault = (error: unknown, pivotRoleArn?: string): Finding => {
  if (error instanceof RangeError) return waiting('QuotaExceeded', error.message);
  if (!isFault(error)) throw error;
  const reason = faultReason(error);
  const isKeyClosed = error.service === 'kms' && error.kind === 'AccessDenied' && pivotRoleArn !== undefined;
  const advice = isKeyClosed
    ? `Add to the key's policy a statement that lets ${pivotRoleArn} do ${KEY_ACTIONS.join(', ')}`
    : error.advice;
  const message = `${error.message}. ${advice}`;
  return {
    outcome: {
      type: 'Reconciling',
      reason: reason === 'PivotRoleUnreachable' ? 'EnvironmentNotReady' : reason,
      message,
    },
    result: transient(reason, message),
  };
};

export const isReason = (reason: string): reason is 'Throttled' | 'AccessDenied' | 'QuotaExceeded' | 'AwsError' =>
  ['Throttled', 'AccessDenied', 'QuotaExceeded', 'AwsError'].includes(reason);
