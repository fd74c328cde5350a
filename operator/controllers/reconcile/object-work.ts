import { reconcilingReason } from '../../resources/reasons.ts';
// Work in AWS for one object of ours. While AWS does not answer a call of it, the object itself says which: else people see nothing move
// for a minute, and take it for our silence.
import type { AwsCall } from '../../aws/call.ts';
import { withCallContext, unanswered } from '../../aws/call-context.ts';
import {
  findCondition,
  isTrue,
  mergeConditions,
  type Condition,
  type ConditionInput,
} from '../../kernel/conditions.ts';
import { objectKey, type Kind, type KubeObject, type Stored } from '../../kernel/kind.ts';
import type { ReconcileContext } from '../../kernel/runtime/reconciler.ts';

interface WithConditions extends KubeObject {
  status: { readonly observedGeneration?: number | undefined; readonly conditions?: readonly Condition[] | undefined };
}

/** Runs `body` so that its calls belong to this object, and tells in its conditions what AWS does not answer. */
export const workOn = async <T extends WithConditions, Answer>(
  kind: Kind<T>,
  object: Stored<T>,
  context: ReconcileContext,
  body: () => Promise<Answer>,
): Promise<Answer> => {
  const { reconcileId, priority, signal, log } = context;
  let telling = Promise.resolve();
  let isOver = false;
  const tell = async (call: AwsCall): Promise<void> => {
    const { metadata, status } = object;
    const conditions = mergeConditions(
      status.conditions,
      whileUnanswered(object, unanswered(call)),
      metadata.generation ?? 0,
      context.now(),
    );
    try {
      await context.writer.status(kind, object, { ...status, observedGeneration: metadata.generation, conditions });
    } catch (error) {
      log.warn({ err: error }, 'what AWS does not answer could not be told');
    }
  };
  const onSlow = (call: AwsCall): void => {
    // A call beside one that has failed may be left over; what the run found is told by then.
    if (!isOver && !isTold(object)) telling = telling.then(async () => tell(call));
  };
  const item = `${kind.kind.toLowerCase()} ${objectKey(object.metadata)}`;
  try {
    return await withCallContext({ item, reconcileId, priority, signal, onSlow }, body);
  } finally {
    isOver = true;
    await telling;
  }
};

/** The last look has failed: to tell of each call of the next ones would be news that wake the object for another look, without a pause. */
const isTold = <T extends WithConditions>({ metadata, status }: Stored<T>): boolean => {
  const ready = findCondition(status.conditions, 'Ready');
  return status.observedGeneration === metadata.generation && ready?.status === 'False' && ready.reason === 'AwsError';
};

/**
 * What is known stays, for nothing speaks against it: who was Ready is not taken from those who rely on it, and says what it waits for.
 * Whatever else is under way waits for the answer.
 */
const whileUnanswered = <T extends WithConditions>(
  { metadata, status }: Stored<T>,
  message: string,
): readonly ConditionInput[] => {
  const others = (status.conditions ?? []).filter(({ type }) => !['Ready', 'Reconciling', 'Stalled'].includes(type));
  if (status.observedGeneration === metadata.generation && isTrue(status.conditions, 'Ready'))
    return [...others, { type: 'Ready', status: 'True', reason: 'Succeeded', message }];
  const reason = metadata.deletionTimestamp === undefined ? 'AwsError' : 'Deleting';
  return [
    ...others,
    { type: 'Ready', status: 'False', reason, message },
    { type: 'Reconciling', status: 'True', reason: reconcilingReason(reason), message },
  ];
};
