// An API server in memory, an indexer that follows it, and the database that it fills.

import pino from 'pino';
import { Registry } from 'prom-client';
import { onTestFinished } from 'vitest';
import { Indexer, type IndexerOptions } from '../../api/read-model/indexer/indexer.ts';
import type { Database } from '../../api/read-model/database.ts';
import type { KubeApi } from '../../operator/kernel/client/kube-api.ts';
import { MemoryKubeApi } from '../../operator/kernel/testing/memory-kube-api.ts';
import type { Kind, KubeObject, ObjectName, Stored } from '../../operator/kernel/kind.ts';
import { apiVersion, type KindDefinition } from '../../operator/resources/kind.ts';
import { quickClock } from './quick-clock.ts';

/** Pauses of seconds pass in milliseconds. */
const SPEED = 50;

export interface RunningIndexer {
  readonly registry: Registry;
  /** Ends it as a process ends that is asked to. */
  stop(): Promise<void>;
}

/** With namespace kube-system, by whose UID a cluster is known. */
export async function memoryCluster(): Promise<MemoryKubeApi> {
  const api = new MemoryKubeApi({
    clock: quickClock(1, () => 0.5),
    defaults: (kind, object) => {
      if (kind.group === 'dataall.io') object['status'] = { observedGeneration: -1 };
    },
  });
  await api.create(
    { group: '', version: 'v1', plural: 'namespaces', kind: 'Namespace', scope: 'Cluster' },
    {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: 'kube-system' },
    },
  );
  return api;
}

/** Begins to follow; ends with the test at the latest. */
export function startIndexer(api: KubeApi, database: Database, options: Partial<IndexerOptions> = {}): RunningIndexer {
  const stop = new AbortController();
  const registry = new Registry();
  const log = pino({ level: process.env['LOG_LEVEL'] ?? 'silent' });
  const clock = quickClock(SPEED, () => 0.5);
  const running = new Indexer({ api, database, registry, log, clock, ...options }).run(stop.signal);
  const indexer = {
    registry,
    stop: async () => {
      stop.abort();
      await running;
    },
  };
  onTestFinished(indexer.stop);
  return indexer;
}

/** Writes an object with what its spec says, and its status if one is given. */
export async function put(
  api: KubeApi,
  kind: KindDefinition,
  name: ObjectName,
  spec: object,
  status?: object,
): Promise<Stored> {
  const known = kind as unknown as Kind;
  const object = { apiVersion, kind: kind.kind, metadata: name } as KubeObject;
  const manager = { fieldManager: 'test', force: true };
  const written = await api.apply(known, { ...object, spec }, manager);
  if (status === undefined) return written;
  return api.apply(
    known,
    { ...object, status: { observedGeneration: 1, ...status } },
    { ...manager, subresource: 'status' },
  );
}

/** Its namespace is there: rights in it follow. */
export const READY_NAMESPACE = { namespace: { origin: 'Created', uid: 'n' } };

export const organization = (owner: string, invited: readonly string[] = []): object => ({
  label: 'ACME',
  owner,
  teams: invited.map((group) => ({ group, permissions: [] })),
});

export const environment = (owner: string, of = 'acme'): object => ({
  organization: of,
  label: 'Sales',
  owner,
  account: { id: '111111111111', region: 'eu-west-1' },
  resourcePrefix: 'dataall',
});
