// Where a share stands, in one word and one colour: the furthest step that it has come to, or the one that fails.

import type { StatusIndicatorProps } from '@cloudscape-design/components';
import type { ShareItemStatus, ShareObjectStatus, ShareStepName, ShareStepState } from './operations.ts';
import { refusals, shareStatusNames, stepNames, stepTexts } from './strings.ts';

export type IndicatorType = NonNullable<StatusIndicatorProps['type']>;

export interface Step {
  readonly step: ShareStepName;
  readonly state: ShareStepState;
  /** As docs/conditions.md has them. */
  readonly reason: string | null;
}

export interface Standing {
  readonly type: IndicatorType;
  readonly text: string;
}

/** What stands still as somebody wants it, and is not to be looked after. */
export const isOver = (status: ShareItemStatus | null): boolean =>
  status === 'Revoke_Succeeded' || status === 'Share_Rejected' || status === 'Deleted';

const stepIndicators: Readonly<Record<ShareStepState, IndicatorType>> = {
  Done: 'success',
  InProgress: 'in-progress',
  Failed: 'error',
  Waiting: 'pending',
};

/** That somebody does not consent is no fault. */
export const indicatorOf = ({ step, state }: Pick<Step, 'step' | 'state'>): IndicatorType =>
  step === 'Approved' && state === 'Failed' ? 'stopped' : stepIndicators[state];

/** What a step means where it stands. */
export const textOf = ({ step, state, reason }: Step): string =>
  (step === 'Approved' && state === 'Failed' ? refusals[reason ?? ''] : undefined) ?? stepTexts[step][state];

/** Those that say more than the steps do. */
const OWN_WORDS: ReadonlySet<ShareObjectStatus> = new Set([
  'Draft',
  'Submitted_For_Extension',
  'Extension_Rejected',
  'Revoked',
  'Revoke_In_Progress',
  'Deleted',
]);

/** @param timeline in its order */
export function standingOf(status: ShareObjectStatus | null, timeline: readonly Step[]): Standing {
  if (status !== null && OWN_WORDS.has(status)) return { type: 'pending', text: shareStatusNames[status] };
  if (status === 'Rejected') return { type: 'stopped', text: shareStatusNames.Rejected };
  const failed = timeline.find(({ state }) => state === 'Failed');
  if (failed !== undefined) return { type: indicatorOf(failed), text: textOf(failed) };
  const current = timeline.find(({ state }) => state === 'InProgress');
  if (current !== undefined)
    return { type: current.step === 'Approved' ? 'pending' : 'in-progress', text: stepTexts[current.step].InProgress };
  const last = timeline.findLast(({ state }) => state === 'Done');
  return last === undefined ? { type: 'pending', text: '' } : { type: 'success', text: stepNames[last.step] };
}

export const itemIndicators: Readonly<Record<ShareItemStatus, IndicatorType>> = {
  PendingApproval: 'pending',
  PendingExtension: 'success',
  Share_Approved: 'in-progress',
  Share_In_Progress: 'in-progress',
  Share_Succeeded: 'success',
  Share_Failed: 'error',
  Share_Rejected: 'stopped',
  Revoke_Approved: 'in-progress',
  Revoke_In_Progress: 'in-progress',
  Revoke_Failed: 'error',
  Revoke_Succeeded: 'stopped',
  Deleted: 'stopped',
};

/** What can be taken back. */
export const isRevokable = (status: ShareItemStatus | null): boolean =>
  status === 'Share_Succeeded' || status === 'PendingExtension' || status === 'Revoke_Failed';
