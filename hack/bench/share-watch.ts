// Follows all ShareRequests by one watch, as a user would, and tells when each came to a state.
import { EventEmitter, once } from 'node:events';
import { isTrue } from '../../operator/kernel/conditions.ts';
import type { Stored } from '../../operator/kernel/kind.ts';
import type { KubeApi } from '../../operator/kernel/client/kube-api.ts';
import { shareRequestKind, type ShareRequest } from '../../operator/resources/share-request.ts';

interface Seen {
  readonly request: ShareRequest;
  /** Milliseconds since the epoch at which Ready was first seen True. */
  readonly readyAt: number | undefined;
}

export class ShareWatch implements AsyncDisposable {
  readonly #seen = new Map<string, Seen>();
  readonly #changes = new EventEmitter();
  readonly #end = new AbortController();
  readonly #running: Promise<void>;

  constructor(api: KubeApi) {
    this.#changes.setMaxListeners(0);
    this.#running = this.#follow(api);
  }

  /** Waits until `holds`, which is asked after every change. Throws with `describe()` when that takes longer than `patienceMs`. */
  async until(holds: () => boolean, patienceMs: number, describe: () => string): Promise<void> {
    const patience = AbortSignal.timeout(patienceMs);
    while (!holds()) {
      try {
        await once(this.#changes, 'change', { signal: patience });
      } catch (error) {
        if (!patience.aborted) throw error;
        throw new Error(`not so after ${patienceMs / 1000} s: ${describe()}`, { cause: error });
      }
    }
  }

  get(key: string): ShareRequest | undefined {
    return this.#seen.get(key)?.request;
  }

  readyAt(key: string): number | undefined {
    return this.#seen.get(key)?.readyAt;
  }

  /** Number of requests whose Ready was True at some time. */
  get ready(): number {
    return [...this.#seen.values()].filter(({ readyAt }) => readyAt !== undefined).length;
  }

  /** When each became ready, milliseconds since the epoch, the earliest first. */
  readyTimes(): readonly number[] {
    return [...this.#seen.values()].flatMap(({ readyAt }) => readyAt ?? []).toSorted((a, b) => a - b);
  }

  /** How many requests stand where, by phase. */
  phases(): Readonly<Record<string, number>> {
    const phases: Record<string, number> = {};
    for (const { request } of this.#seen.values()) {
      const phase = request.status.phase ?? 'none';
      phases[phase] = (phases[phase] ?? 0) + 1;
    }
    return phases;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#end.abort();
    await this.#running;
  }

  async #follow(api: KubeApi): Promise<void> {
    const { signal } = this.#end;
    while (!signal.aborted)
      try {
        for await (const event of api.watch(shareRequestKind, { signal, sendInitialEvents: true }))
          if (event.type !== 'BOOKMARK') this.#see(event.object, event.type === 'DELETED');
      } catch (error) {
        if (!signal.aborted) throw error;
      }
  }

  #see(request: Stored<ShareRequest>, isDeleted: boolean): void {
    const key = `${request.metadata.namespace}/${request.metadata.name}`;
    if (isDeleted) this.#seen.delete(key);
    else {
      const readyAt = isTrue(request.status.conditions, 'Ready') ? Date.now() : undefined;
      this.#seen.set(key, { request, readyAt: this.#seen.get(key)?.readyAt ?? readyAt });
    }
    this.#changes.emit('change');
  }
}
