// What reconcilers of our kinds have in common, written once: fetch the object, look after it or after its end, say in its status what was
// found, let the finalizer fall. After controller-runtime's `reconcile.AsReconciler`.
import { mergeConditions, readyConditions, type ConditionInput, type Outcome } from '../../kernel/conditions.ts';
import { parseObjectKey, type Kind, type KubeObject, type Stored } from '../../kernel/kind.ts';
import {
  done,
  type ControllerDefinition,
  type ReconcileContext,
  type Result,
} from '../../kernel/runtime/reconciler.ts';
import type { Stores } from '../../kernel/cache/store.ts';
import { FINALIZER, requestedAtOf } from '../../resources/annotations.ts';
import { reconcilingReason } from '../../resources/reasons.ts';
import { workOn } from './object-work.ts';
import type { Platform } from './platform.ts';
import { recordReadyEvent } from './ready-event.ts';
import type { ReconciledObject, ReconcileOutcome } from './reconcile-outcome.ts';
import { endingOf } from './removals.ts';

/** What every kind has: an object is looked after while it is wanted, and from its deletion until its finalizer falls. */
export interface ObjectPhases<T extends KubeObject> {
  readonly kind: Kind<T>;

  /** One step towards what the spec asks for. */
  reconcile(object: Stored<T>, context: ReconcileContext): Promise<Result>;

  /** One step towards the end of the object. @returns undefined once nothing is left that its finalizer is for */
  finalize(object: Stored<T>, context: ReconcileContext): Promise<Result | undefined>;

  /** The finalizer has fallen: forgets what this process remembers of the end. */
  finalized?(object: Stored<T>): void;

  /** Forgets what this process remembers of an object that is gone. */
  forget?(key: string): void;
}

/** All of a status but what every kind has, which is written here. None may be forgotten: what is not named is taken away. */
export type StatusFields<T extends ReconciledObject> = {
  readonly [Field in Exclude<keyof T['status'], keyof ReconciledObject['status']>]: Readonly<T['status'][Field]>;
};

type Found<T extends ReconciledObject> = ReconcileOutcome<T> | undefined;

/** What is peculiar to a kind whose status follows from an outcome. */
export interface ObjectReconciler<T extends ReconciledObject> {
  readonly kind: Kind<T>;

  /** One step towards what the spec asks for. @returns undefined once the object itself was deleted */
  reconcile(object: Stored<T>, context: ReconcileContext): Found<T> | Promise<Found<T>>;

  /** One step towards the end of the object. @returns undefined once nothing is left that its finalizer is for */
  finalize(object: Stored<T>, context: ReconcileContext): Found<T> | Promise<Found<T>>;

  /** What an error of either means; of kinds that ask AWS nothing, nothing. @throws what is no fault of AWS */
  failed?(error: unknown, object: Stored<T>): ReconcileOutcome<T>;

  /** @param now milliseconds since the epoch */
  statusOf(object: Stored<T>, outcome: ReconcileOutcome<T>, now: number): StatusFields<T> | Promise<StatusFields<T>>;

  /** Conditions beside Ready. */
  conditionsOf?(object: Stored<T>, outcome: ReconcileOutcome<T>): readonly ConditionInput[];

  /** The outcome as it is for people, where others have to do their part before the object is of use. */
  adjustOutcome?(object: Stored<T>, outcome: Outcome, now: number): Outcome;

  /** Whether an Event tells when it comes to be Ready, and why it is not. */
  readonly recordsReadyEvent?: boolean;

  /** What reads the status from the store can begin. */
  onStatusWritten?(object: Stored<T>, outcome: ReconcileOutcome<T>, context: ReconcileContext): void;

  /** Forgets what this process remembers of an object that is gone. */
  forget?(key: string): void;
}

/** For a controller whose keys name objects of this kind, which write their status themselves. */
export const inPhases =
  <T extends KubeObject>(stores: Stores, phases: ObjectPhases<T>): ControllerDefinition['reconcile'] =>
  async (key, context) => {
    const { namespace, name } = parseObjectKey(key);
    const object = stores.get(phases.kind).get(namespace, name);
    if (object === undefined) {
      phases.forget?.(key);
      return done;
    }
    if (object.metadata.deletionTimestamp === undefined) return phases.reconcile(object, context);
    const result = await phases.finalize(object, context);
    if (result !== undefined) return result;
    await context.writer.removeFinalizer(phases.kind, object, FINALIZER);
    phases.finalized?.(object);
    return done;
  };

/** For one of a kind whose status follows from an outcome. */
export const asReconciler = <T extends ReconciledObject>(
  platform: Platform,
  reconciler: ObjectReconciler<T>,
): ControllerDefinition['reconcile'] => {
  const { kind } = reconciler;
  const step = async (
    phase: 'reconcile' | 'finalize',
    object: Stored<T>,
    context: ReconcileContext,
  ): Promise<Result | undefined> => {
    const outcome = await workOn(kind, object, context, async () => {
      try {
        return await reconciler[phase](object, context);
      } catch (error) {
        if (reconciler.failed === undefined) throw error;
        return reconciler.failed(error, object);
      }
    });
    if (outcome === undefined) return undefined;
    await writeStatus(reconciler, object, outcome, context);
    reconciler.onStatusWritten?.(object, outcome, context);
    return outcome.result;
  };
  return inPhases(platform.stores, {
    kind,
    reconcile: async (object, context) => (await step('reconcile', object, context)) ?? done,
    finalize: async (object, context) => step('finalize', object, context),
    finalized: (object) => platform.removals.forget(endingOf(object)),
    forget: (key) => reconciler.forget?.(key),
  });
};

const writeStatus = async <T extends ReconciledObject>(
  reconciler: ObjectReconciler<T>,
  object: Stored<T>,
  outcome: ReconcileOutcome<T>,
  context: ReconcileContext,
): Promise<void> => {
  const { metadata, status } = object;
  const now = context.now();
  const told = reconciler.adjustOutcome?.(object, outcome, now) ?? outcome;
  if (reconciler.recordsReadyEvent === true) recordReadyEvent(context, object, told);
  const conditions = [
    ...readyConditions(told, reconcilingReason),
    ...(outcome.conditions ?? []),
    ...(reconciler.conditionsOf?.(object, outcome) ?? []),
  ];
  const fields = await reconciler.statusOf(object, outcome, now);
  await context.writer.status(reconciler.kind, object, {
    ...fields,
    observedGeneration: metadata.generation,
    conditions: mergeConditions(status.conditions, conditions, metadata.generation, now),
    lastHandledAt: requestedAtOf(metadata) ?? status.lastHandledAt,
  });
};
