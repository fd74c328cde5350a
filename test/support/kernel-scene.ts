// A real API server with managers in front of it whose network can be broken, and a world they keep in step with the notes.

import pino from 'pino';
import { Registry } from 'prom-client';
import { expect, vi } from 'vitest';
import { type ControlPlane, startControlPlane } from '../../hack/control-plane/control-plane.ts';
import { type Clock, systemClock } from '../../operator/kernel/clock.ts';
import { type Credentials, kubeconfigCredentials } from '../../operator/kernel/client/credentials.ts';
import { HttpKubeApi } from '../../operator/kernel/client/http-kube-api.ts';
import { installContractKind, note, type Note, noteKind } from '../../operator/kernel/testing/kube-api-contract.ts';
import { isKubeError } from '../../operator/kernel/client/kube-api.ts';
import { objectKey, parseObjectKey } from '../../operator/kernel/kind.ts';
import { Manager, type ManagerOptions } from '../../operator/kernel/runtime/manager.ts';
import { type ControllerDefinition, done, type Watch } from '../../operator/kernel/runtime/reconciler.ts';
import { Proxy } from './kernel-proxy.ts';

export const namespace = 'kernel';
const finalizer = 'kernel.test/echo';
const log = pino({ level: 'silent' });
export const patience = { timeout: 60_000, interval: 100 };

const notes: Watch<Note> = { kind: noteKind, mapToRequests: ({ metadata }) => [{ key: objectKey(metadata) }] };

export class KernelScene {
  readonly plane: ControlPlane;
  /** The test's own connection, which nothing disturbs. */
  readonly api: HttpKubeApi;
  readonly credentials: Credentials;
  readonly #cleanUps: (() => Promise<unknown>)[] = [];

  private constructor(plane: ControlPlane, credentials: Credentials) {
    this.plane = plane;
    this.credentials = credentials;
    this.api = new HttpKubeApi({ credentials });
  }

  static async start(): Promise<KernelScene> {
    const plane = await startControlPlane();
    const scene = new KernelScene(plane, await kubeconfigCredentials(plane.kubeconfigPath));
    await installContractKind(scene.api, namespace);
    return scene;
  }

  /** Ends all managers and removes all notes. */
  async clear(): Promise<void> {
    for (const cleanUp of this.#cleanUps.splice(0).reverse()) await cleanUp();
    for (const { metadata } of (await this.api.list(noteKind, { namespace })).items) {
      await this.api.patch(noteKind, metadata, { type: 'merge', body: { metadata: { finalizers: null } } });
      try {
        await this.api.delete(noteKind, metadata);
      } catch (error) {
        if (!isKubeError(error, 'NotFound')) throw error;
      }
    }
  }

  async stop(): Promise<void> {
    await this.api.close();
    await this.plane.stop();
  }

  async run(options: { clock?: Clock; world?: Map<string, string>; manager?: Partial<ManagerOptions> } = {}) {
    const proxy = await Proxy.before(this.plane.url);
    const clock = options.clock ?? systemClock;
    const api = new HttpKubeApi({ credentials: proxy.through(this.credentials), clock });
    const registry = new Registry();
    const manager = new Manager({ api, log, registry, clock, name: 'kernel-e2e', identity: 'one', ...options.manager });
    const world = options.world ?? new Map<string, string>();
    manager.add(echo(manager, world));
    const stop = new AbortController();
    const ended = manager.run(stop.signal).then(
      () => 'stopped',
      (error: unknown) => error,
    );
    this.#cleanUps.push(async () => {
      stop.abort();
      await proxy.close();
      await api.close();
      await ended;
    });
    const failures = async (event: string) => {
      const { values } = (await registry.getSingleMetric('kernel_reflector_total')?.get()) ?? { values: [] };
      return values.find(({ labels }) => labels['event'] === event)?.value ?? 0;
    };
    return { manager, proxy, world, stop, ended, failures };
  }

  /** Everything at rest: each note echoed, the world just what the notes are, the store just what the server has. */
  async expectConvergence(manager: Manager, world: Map<string, string>): Promise<void> {
    await vi.waitFor(async () => {
      const { items } = await this.api.list(noteKind, { namespace });
      for (const { status, spec, metadata } of items)
        expect(status).toEqual({
          observedGeneration: metadata.generation,
          ...(spec?.text ? { phase: spec.text } : {}),
        });
      expect(world).toEqual(new Map(items.map(({ metadata, spec }) => [metadata.uid, spec?.text])));
      const version = ({ metadata }: Note) => `${metadata.name} ${metadata.uid} ${metadata.resourceVersion}`;
      expect(manager.stores.get(noteKind).list().map(version).sort()).toEqual(items.map(version).sort());
    }, patience);
  }

  /** Creates, edits, deletes and recreates notes; the same names over and over. */
  async churn(rounds: number, between: (round: number) => Promise<void> | void): Promise<void> {
    const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
    for (let round = 0; round < rounds; round++) {
      for (const [index, name] of names.entries()) {
        // The finalizer is there from the start: a DELETE that read the object before a PATCH adds one takes no notice of it, a race of
        // the API server itself that this test found (its registry deletes without comparing resource versions).
        const object = note(namespace, name, {
          spec: { text: `${name}-${round}` },
          metadata: { finalizers: [finalizer] },
        });
        if ((round + index) % 4 === 3) await this.api.delete(noteKind, object.metadata).catch(() => {});
        else await this.api.apply(noteKind, object, { fieldManager: 'person', force: true }).catch(() => {});
      }
      await between(round);
    }
  }
}

/** Copies spec.text to status.phase, and keeps a world of its own that must be cleaned before a note may go. */
function echo(manager: Manager, world: Map<string, string>): ControllerDefinition {
  return {
    name: 'echo',
    watches: [notes],
    backoff: { baseMs: 50, maxMs: 1_000 },
    async reconcile(key, { writer, isLeader }) {
      const { namespace, name } = parseObjectKey(key);
      const object = manager.stores.get(noteKind).get(namespace, name);
      if (!object || !isLeader()) return done;
      if (object.metadata.deletionTimestamp !== undefined) {
        world.delete(object.metadata.uid);
        await writer.removeFinalizer(noteKind, object, finalizer);
        return done;
      }
      const guarded = await writer.addFinalizer(noteKind, object, finalizer);
      world.set(object.metadata.uid, object.spec?.text ?? '');
      const { generation } = guarded.metadata;
      await writer.status(noteKind, guarded, { observedGeneration: generation, phase: guarded.spec?.text });
      return done;
    },
  };
}
