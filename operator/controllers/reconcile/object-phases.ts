// The two phases of an object's life, as every reconciler of a kind meets them: while it is wanted, and from its deletion until the
// finalizer falls.
import { parseObjectKey, type Kind, type KubeObject, type Stored } from '../../kernel/kind.ts';
import {
  done,
  type ControllerDefinition,
  type ReconcileContext,
  type Result,
} from '../../kernel/runtime/reconciler.ts';
import type { Stores } from '../../kernel/cache/store.ts';
import { FINALIZER } from '../../resources/annotations.ts';

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

/** For a controller whose keys name objects of this kind. */
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
    await context.write.removeFinalizer(phases.kind, object, FINALIZER);
    phases.finalized?.(object);
    return done;
  };
