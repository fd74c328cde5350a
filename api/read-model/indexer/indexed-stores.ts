// All objects that become rows, as the API server has them: followed from the time on that this process leads.

import type { Logger } from 'pino';
import { Reflector } from '../../../operator/kernel/cache/reflector.ts';
import { Store, type StoreChange } from '../../../operator/kernel/cache/store.ts';
import type { KubeApi } from '../../../operator/kernel/client/kube-api.ts';
import type { Clock } from '../../../operator/kernel/clock.ts';
import type { Kind, KubeObject, Stored } from '../../../operator/kernel/kind.ts';
import type { ProjectedObject } from '../object-columns.ts';
import { projections } from '../projections.ts';
import type { Projection } from '../projection.ts';
import type { Rulers, RuledDataset, RuledEnvironment, RuledOrganization, RuledTeam } from '../viewers.ts';

type Indexed = KubeObject & ProjectedObject;
export type IndexedObject = Stored<Indexed>;
export type IndexedChange = StoreChange<Indexed>;

interface FollowedKind {
  readonly projection: Projection;
  readonly store: Store<Indexed>;
  readonly reflector: Reflector<Indexed>;
}

interface IndexedStoresOptions {
  readonly api: KubeApi;
  readonly clock: Clock;
  readonly log: Logger;
  /** The store of the kind shows a change. */
  readonly changed: (projection: Projection, change: IndexedChange, resourceVersion: string) => void;
  /** The store of the kind was filled anew by a list. */
  readonly listed: (projection: Projection) => void;
}

/** By kind: indexes beside that of namespaces. */
const indexers: Readonly<Record<string, Readonly<Record<string, (object: Indexed) => readonly string[]>>>> = {
  Environment: { organization: ({ spec }) => [(spec as { organization: string }).organization] },
  ShareRequest: {
    dataset: ({ spec }) => {
      const { namespace, name } = (spec as { datasetRef: { namespace: string; name: string } }).datasetRef;
      return [`${namespace}/${name}`];
    },
  },
};

/** After a failure, how long a watch must last to be believed. */
const LASTS_MS = 10_000;

export class IndexedStores implements Rulers {
  readonly #clock: Clock;
  /** From when on we hear of the changes of a kind, by the monotonic clock; no entry: we do not. */
  readonly #heard = new Map<string, number>();
  readonly #kinds: ReadonlyMap<string, FollowedKind>;

  constructor({ api, clock, log, changed, listed }: IndexedStoresOptions) {
    this.#clock = clock;
    this.#kinds = new Map(
      projections.map((projection) => {
        const store = new Store<Indexed>(withoutFieldSets);
        for (const [name, indexer] of Object.entries(indexers[projection.kind.kind] ?? {}))
          store.addIndexer(name, indexer);
        store.subscribe((change) => changed(projection, change, store.resourceVersion));
        const { kind } = projection.kind;
        const observer = {
          listed: () => {
            this.#heard.set(kind, clock.monotonic());
            listed(projection);
          },
          // Told before the server has answered: it counts once it has lasted.
          watched: () => {
            if (!this.#heard.has(kind)) this.#heard.set(kind, clock.monotonic() + LASTS_MS);
          },
          failed: () => void this.#heard.delete(kind),
        };
        const reflector = new Reflector<Indexed>({
          api,
          kind: projection.kind as unknown as Kind<Indexed>,
          store,
          clock,
          log,
          observer,
        });
        return [kind, { projection, store, reflector }];
      }),
    );
  }

  /** Resolves when all stores are complete. */
  async synced(): Promise<void> {
    await Promise.all([...this.#kinds.values()].map(({ reflector }) => reflector.synced));
  }

  /** Whether changes of all kinds are heard of. */
  get follows(): boolean {
    const now = this.#clock.monotonic();
    return this.#heard.size === projections.length && [...this.#heard.values()].every((since) => since <= now);
  }

  /** Until the signal aborts. */
  async run(signal: AbortSignal): Promise<void> {
    await Promise.all([...this.#kinds.values()].map(async ({ reflector }) => reflector.run(signal)));
  }

  store({ kind }: Pick<Projection, 'kind'>): Store<Indexed> {
    const followed = this.#kinds.get(kind.kind);
    if (followed === undefined) throw new Error(`${kind.kind} is not followed`);
    return followed.store;
  }

  byIndex(kind: string, index: string, value: string): readonly IndexedObject[] {
    return this.#kinds.get(kind)?.store.byIndex(index, value) ?? [];
  }

  inNamespace(kind: string, namespace: string): readonly IndexedObject[] {
    return this.#kinds.get(kind)?.store.list(namespace) ?? [];
  }

  organization(name: string): RuledOrganization | undefined {
    return this.#get<RuledOrganization>('Organization', name);
  }

  environment(name: string): RuledEnvironment | undefined {
    return this.#get<RuledEnvironment>('Environment', name);
  }

  teams(namespace: string): readonly RuledTeam[] {
    return this.inNamespace('Team', namespace) as unknown as readonly RuledTeam[];
  }

  datasets(namespace: string): readonly RuledDataset[] {
    return this.inNamespace('Dataset', namespace) as unknown as readonly RuledDataset[];
  }

  #get<T>(kind: string, name: string): T | undefined {
    return this.#kinds.get(kind)?.store.get(undefined, name) as unknown as T | undefined;
  }
}

/** Of managedFields who wrote when; which fields is what makes them large. */
function withoutFieldSets(object: IndexedObject): IndexedObject {
  for (const entry of (object.metadata.managedFields ?? []) as { fieldsV1?: unknown }[]) delete entry.fieldsV1;
  return object;
}
