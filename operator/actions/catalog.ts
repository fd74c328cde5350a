// Catalogue snapshots. A snapshot is good until the operator has seen tables come or go, and for `intervals.tablesSyncMinutes` at most; to
// ask for one that is good costs no call of AWS.

import { withCallContext } from '../aws/call-context.ts';
import { Priority } from '../kernel/runtime/reconciler.ts';
import type { Dataset } from '../resources/dataset.ts';
import { defineAction, type Action, type ActionContext } from './action.ts';
import { pageOf, readCatalog, type CatalogSnapshot } from './catalog-snapshot.ts';
import { catalogRoute } from './contract/catalog.ts';
import { environmentOf, existing, notReady, sessionIn } from './objects.ts';
import { Problem } from './problem.ts';

/** Of all snapshots together; those that were not asked for go first. */
const MOST_BYTES = 64 * 1024 * 1024;
/** A read goes on when who asked for it has gone, for who asks next. */
const READ_MS = 180_000;

interface Entry {
  readonly snapshot: CatalogSnapshot;
  /** What it is of: another is read where any of it is another. */
  readonly of: string;
  readonly goodUntil: number;
}

class Catalogs {
  /** By the dataset's UID, the one that was asked for least lately first. */
  readonly #entries = new Map<string, Entry>();
  readonly #reads = new Map<string, Promise<CatalogSnapshot>>();

  async snapshotOf(context: ActionContext, dataset: Dataset): Promise<CatalogSnapshot> {
    const { uid } = dataset.metadata;
    const of = sourceOf(dataset);
    const entry = this.#entries.get(uid);
    if (entry !== undefined && entry.of === of && entry.goodUntil > context.now()) {
      this.#entries.delete(uid);
      this.#entries.set(uid, entry);
      return entry.snapshot;
    }
    const key = `${uid} ${of}`;
    const read = this.#reads.get(key) ?? this.#read(context, dataset, of).finally(() => this.#reads.delete(key));
    this.#reads.set(key, read);
    return await read;
  }

  async #read(context: ActionContext, dataset: Dataset, of: string): Promise<CatalogSnapshot> {
    const { platform, object, requestId } = context;
    const { bucket, glueDatabase: database } = dataset.status;
    if (bucket === undefined || database === undefined) throw notReady(dataset);
    const aws = sessionIn(platform, environmentOf(platform, object));
    const work = {
      item: `Action:catalog:datasets/${object.namespace}/${object.name}`,
      reconcileId: requestId,
      // Nobody's access waits for it.
      priority: Priority.backlog,
      signal: AbortSignal.timeout(READ_MS),
    };
    const snapshot = await context.inAccount(aws.account, () =>
      withCallContext(work, () => readCatalog(aws, { database, bucket }, context.now)),
    );
    if (snapshot === undefined)
      throw new Problem('not-ready', `Glue database ${database} is not in account ${aws.account} ${aws.region}.`);
    const goodForMs = platform.config.intervals.tablesSyncMinutes * 60_000;
    this.#keep(dataset.metadata.uid, { snapshot, of, goodUntil: context.now() + goodForMs });
    return snapshot;
  }

  #keep(uid: string, entry: Entry): void {
    this.#entries.delete(uid);
    this.#entries.set(uid, entry);
    let bytes = 0;
    for (const { snapshot } of this.#entries.values()) bytes += snapshot.bytes;
    for (const [oldest, { snapshot }] of this.#entries) {
      if (bytes <= MOST_BYTES || oldest === uid) break;
      bytes -= snapshot.bytes;
      this.#entries.delete(oldest);
    }
  }
}

/** `syncedAt` changes when the controller of the dataset finds that tables came or went, by event or by poll, on whichever replica. */
const sourceOf = ({ status: { account, region, bucket, glueDatabase, tables } }: Dataset): string =>
  JSON.stringify([account, region, bucket, glueDatabase, tables?.syncedAt]);

/** With a memory of its own. */
export const catalogAction = (): Action<typeof catalogRoute.input, typeof catalogRoute.answer> => {
  const catalogs = new Catalogs();
  return defineAction({
    route: catalogRoute,
    limits: { milliseconds: 60_000, bytes: 16_000_000 },
    run: async (context, { limit, after, snapshot: expected }) => {
      const { object, platform } = context;
      const dataset = existing(platform.specs.dataset(object.namespace ?? '', object.name), object);
      const snapshot = await catalogs.snapshotOf(context, dataset);
      if (expected !== undefined && expected !== snapshot.etag)
        throw new Problem('changed', 'The catalogue has changed since the page before: begin with the first one.');
      return { etag: snapshot.etag, json: () => pageOf(snapshot, { limit, after }) };
    },
  });
};
