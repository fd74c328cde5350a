// Status conditions the way kstatus and Flux read them: Ready always, Reconciling and Stalled only while they hold.

/** metav1.Condition. */
export interface Condition {
  type: string;
  status: 'True' | 'False' | 'Unknown';
  reason: string;
  message: string;
  /** RFC 3339, whole seconds: when `status` last changed. */
  lastTransitionTime: string;
  observedGeneration: number;
}

export type ConditionInput = Pick<Condition, 'type' | 'status' | 'reason'> & { message?: string };

/** metav1.Condition allows 32,768 bytes; ours are read in a terminal, and status is stored once a write. */
const longestMessage = 1_024;

/**
 * The conditions after `wanted`, sorted by type. Kept: lastTransitionTime where the status is the same, and the whole condition where
 * nothing changed but the generation is as before. Types not in `wanted` are gone: name all you own.
 * @param now milliseconds since the epoch
 */
export function mergeConditions(
  current: readonly Condition[] | undefined,
  wanted: readonly ConditionInput[],
  generation: number,
  now: number,
): Condition[] {
  const before = new Map((current ?? []).map((condition) => [condition.type, condition]));
  return wanted
    .map(({ type, status, reason, message = '' }) => {
      const old = before.get(type);
      const lastTransitionTime = old?.status === status ? old.lastTransitionTime : timestamp(now);
      return { type, status, reason, message: shortened(message), lastTransitionTime, observedGeneration: generation };
    })
    .sort((a, b) => (a.type < b.type ? -1 : 1));
}

/**
 * The standard conditions of an outcome; other types go beside them.
 * @param reconcilingReason the reason of Reconciling for one of Ready; default: the same
 */
export function readyConditions(
  { type, reason, message = '' }: Outcome,
  reconcilingReason = (reason: string): string => reason,
): ConditionInput[] {
  const ready: ConditionInput = { type: 'Ready', status: type === 'Ready' ? 'True' : 'False', reason, message };
  if (type === 'Reconciling') return [ready, { type, status: 'True', reason: reconcilingReason(reason), message }];
  return type === 'Stalled' ? [ready, { type, status: 'True', reason, message }] : [ready];
}

/**
 * `Ready`: the world is as the spec asks. `Reconciling`: we are on it, or will try again. `Stalled`: nothing will happen until someone
 * changes something. `Waiting`: not ready, by no fault and without work for us, e.g. an approval is pending.
 */
export interface Outcome {
  type: 'Ready' | 'Reconciling' | 'Stalled' | 'Waiting';
  reason: string;
  message?: string;
}

export function findCondition(conditions: readonly Condition[] | undefined, type: string): Condition | undefined {
  return conditions?.find((condition) => condition.type === type);
}

export function isTrue(conditions: readonly Condition[] | undefined, type: string): boolean {
  return findCondition(conditions, type)?.status === 'True';
}

/** metav1.Time: whole seconds. */
export function timestamp(now: number): string {
  return new Date(now).toISOString().replace(/\.\d+Z$/, 'Z');
}

function shortened(message: string): string {
  return message.length <= longestMessage ? message : `${message.slice(0, longestMessage - 1)}…`;
}
