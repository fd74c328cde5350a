// Waits for objects of a real API server, as they are stored.
import { getIfPresent, type KubeApi } from '../../operator/kernel/client/kube-api.ts';
import type { Kind, KubeObject, ObjectName, Stored } from '../../operator/kernel/kind.ts';
import { checkConditions } from '../../operator/kernel/testing/condition-checks.ts';

export const PATIENCE_MS = 90_000;
export const POLL_MS = 50;

export interface ObjectWaits {
  /** Waits until `holds` is true of the object as it is stored; fails with what it last was. Its conditions obey Flux's rules meanwhile. */
  until<T extends KubeObject>(
    kind: Kind<T>,
    name: ObjectName,
    holds: (object: Stored<T>) => boolean,
  ): Promise<Stored<T>>;
  gone(kind: Kind, name: ObjectName): Promise<void>;
}

export const objectWaits = (api: KubeApi): ObjectWaits => ({
  until: async <T extends KubeObject>(kind: Kind<T>, name: ObjectName, holds: (object: Stored<T>) => boolean) =>
    await untilRead(
      'not so',
      async () => await getIfPresent(api, kind, name),
      (object): object is Stored<T> => {
        if (object === undefined) return false;
        checkSeen(kind, object);
        return holds(object);
      },
    ),
  gone: async (kind, name) => {
    const read = async () => await getIfPresent(api, kind, name);
    await untilRead('still there', read, (object): object is undefined => object === undefined);
  },
});

/** Reads until it holds; fails with what it read last. */
export const untilRead = async <T, Held extends T>(
  complaint: string,
  read: () => T | Promise<T>,
  holds: (value: T) => value is Held,
): Promise<Held> => {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const value = await read();
    if (holds(value)) return value;
    if (Date.now() > deadline)
      throw new Error(`${complaint} after ${PATIENCE_MS} ms: ${JSON.stringify(value, undefined, 1)}`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
};

/** Before the operator has seen a change, the status is of the generation before. */
const checkSeen = (kind: Kind, object: Stored & { status?: { observedGeneration?: number } }): void => {
  if (object.status?.observedGeneration !== object.metadata.generation) return;
  const broken = checkConditions(object);
  if (broken.length > 0) throw new Error(`${kind.kind} ${object.metadata.name}: ${broken.join('; ')}`);
};
