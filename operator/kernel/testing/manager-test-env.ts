// A manager in this process on a clock of its own, for tests of managers and of their controllers.

import pino from 'pino';
import { Registry } from 'prom-client';
import type { KubeApi } from '../client/kube-api.ts';
import { objectKey } from '../kind.ts';
import { Manager, type ManagerOptions } from '../runtime/manager.ts';
import type { ControllerDefinition, ReconcileContext, Result, Watch } from '../runtime/reconciler.ts';
import type { FakeClock } from './fake-clock.ts';
import { type Note, noteKind } from './kube-api-contract.ts';

const log = pino({ level: 'silent' });
const running: { stop: AbortController; clock: FakeClock }[] = [];

/** After each test. */
export async function stopManagers(): Promise<void> {
  for (const { stop, clock } of running.splice(0)) {
    stop.abort();
    await clock.advance(60_000);
  }
}

export const notes: Watch<Note> = { kind: noteKind, mapToRequests: ({ metadata }) => [{ key: objectKey(metadata) }] };

export function makeManager(api: KubeApi, clock: FakeClock, options: Partial<ManagerOptions> = {}) {
  const registry = new Registry();
  const manager = new Manager({ api, clock, log, registry, name: 'kernel-test', identity: 'one', ...options });
  const start = (...controllers: ControllerDefinition[]) => {
    for (const controller of controllers) manager.add(controller);
    const stop = new AbortController();
    running.push({ stop, clock });
    const ended = manager.run(stop.signal).then(
      () => 'stopped',
      (error: unknown) => error,
    );
    return { stop, ended };
  };
  const counted = async (metric: string, labels: Record<string, string> = {}) => {
    const { values } = (await registry.getSingleMetric(metric)?.get()) ?? { values: [] };
    return (
      values.find((value) => Object.entries(labels).every(([key, label]) => value.labels[key] === label))?.value ?? 0
    );
  };
  return { manager, start, counted };
}

export function controller(
  reconcile: (key: string, context: ReconcileContext) => Promise<Result> | Result,
  rest: Partial<ControllerDefinition> = {},
): ControllerDefinition {
  return { name: 'notes', watches: [notes], ...rest, reconcile: async (key, context) => reconcile(key, context) };
}

/** Resolves when the signal of a run aborts. */
export const untilAborted = (signal: AbortSignal) =>
  new Promise<never>((_, reject) =>
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true }),
  );
