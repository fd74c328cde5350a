// Writes a controller makes to API objects: skipped when nothing would change, remembered until the stores show them.

import type { Applied } from './kube-api.ts';
import type { Kind, KubeObject, Stored } from './kind.ts';

export interface ObjectWriter {
  /**
   * Server-side apply of `status` fields. Name *every* field this controller owns in every call, `undefined` where it should be absent.
   * Skipped (returns `object`) when the stored object shows just these values.
   */
  status<T extends KubeObject>(
    kind: Kind<T>,
    object: Stored<T>,
    status: Readonly<Record<string, unknown>>,
  ): Promise<Stored<T>>;

  /** Server-side apply of an object we own (RBAC, namespaces, approvals); skipped when the store shows every given field. */
  apply<T extends KubeObject>(kind: Kind<T>, object: Applied): Promise<Stored<T>>;

  /** Adds the finalizer to exactly this object (uid and resourceVersion are tested); nothing when it is there. */
  addFinalizer<T extends KubeObject>(kind: Kind<T>, object: Stored<T>, finalizer: string): Promise<Stored<T>>;

  /** Removes the finalizer from exactly this object; nothing when it is not there or the object is gone. */
  removeFinalizer<T extends KubeObject>(kind: Kind<T>, object: Stored<T>, finalizer: string): Promise<void>;

  /** Merge-patches annotations of exactly this object; `null` removes. Skipped when nothing would change. */
  annotate<T extends KubeObject>(
    kind: Kind<T>,
    object: Stored<T>,
    annotations: Readonly<Record<string, string | null>>,
  ): Promise<Stored<T>>;

  /** Tells of a write made another way, so that the next run waits for it. */
  wrote<T extends KubeObject>(kind: Kind<T>, object: Stored<T>): void;
}
