// Writes what the stores hold into the database: batches of changes, and whole kinds after a list.

import type { Logger } from 'pino';
import { compareAge } from '../../../operator/resources/age.ts';
import { objectKey, parseObjectKey } from '../../../operator/kernel/kind.ts';
import { Turns } from '../../../operator/kernel/turns.ts';
import type { Database } from '../database.ts';
import { projections } from '../projections.ts';
import type { Projection } from '../projection.ts';
import { type Projected, projected } from '../rows.ts';
import type { Gone } from '../row-writer.ts';
import { removeObjects, writeObjects } from '../write-objects.ts';
import { Viewers } from '../viewers.ts';
import { advanceKind, type ClusterHistory } from './cluster-history.ts';
import { storedVersions, type StoredVersions } from './stored-versions.ts';
import type { IndexedObject, IndexedStores } from './indexed-stores.ts';
import type { IndexerMetrics } from './indexer-metrics.ts';
import type { Batch } from './pending-changes.ts';

/** Objects that are written in one transaction. */
export const BATCH = 500;
/** Of what one transaction writes: a share may have 500 items, a dataset as many tables. */
const MOST_BYTES = 1_000_000;
/** That are projected in one turn of the event loop: some 3 ms of work. */
const BYTES_A_TURN = 200_000;
/** SQLSTATE classes of data that the database does not take, whoever else's is beside it: https://www.postgresql.org/docs/current/errcodes-appendix.html */
const REFUSED = new Set(['22', '23', '54']);

interface IndexWriterOptions {
  readonly database: Database;
  readonly stores: IndexedStores;
  readonly history: ClusterHistory;
  readonly metrics: IndexerMetrics;
  readonly log: Logger;
  /** Told of an object whose row the database does not take now. */
  readonly refused: (projection: Projection, key: string) => void;
}

export class IndexWriter {
  readonly #options: IndexWriterOptions;

  constructor(options: IndexWriterOptions) {
    this.#options = options;
  }

  /** What changed, as the stores have it now. */
  async writeBatch({ table, keys, gone }: Batch): Promise<void> {
    const projection = projections.find((one) => one.table === table);
    if (projection === undefined) return;
    const { database, stores, metrics } = this.#options;
    const store = stores.store(projection);
    const seen = store.resourceVersion;
    const objects = keys.flatMap((key) => {
      const { namespace, name } = parseObjectKey(key);
      return store.get(namespace, name) ?? [];
    });
    await removeObjects(database, projection, gone);
    await this.#write(projection, objects);
    await advanceKind(database, table, seen);
    metrics.holds(table, store.size);
  }

  /**
   * Makes the rows of a kind equal to the store, which a list has filled: writes what differs, and sweeps what the list did not show. What
   * came after the list is left to the changes that tell of it.
   * @throws HistoryChanged when the rows are of another history of the cluster; then all kinds are to be looked at anew
   */
  async reconcileKind(projection: Projection): Promise<void> {
    const { database, stores, history, metrics } = this.#options;
    const store = stores.store(projection);
    const [objects, listedAt] = [store.list(), store.resourceVersion];
    const stored = await storedVersions(database, projection.table);
    await history.check(projection, objects, listedAt, stored);
    const viewers = new Viewers(stores);
    const turns = new Turns(BYTES_A_TURN);
    const different: IndexedObject[] = [];
    for (const object of objects) {
      const known = stored.rows.get(object.metadata.uid);
      const { digest, size } = projected(projection, object, viewers.of(projection, object));
      if (known?.epoch !== stored.epoch || known.digest !== digest) different.push(object);
      await turns.piece(size);
    }
    for (let at = 0; at < different.length; at += BATCH) await this.#write(projection, different.slice(at, at + BATCH));
    const unseen = unseenIn(objects, listedAt, stored);
    for (let at = 0; at < unseen.length; at += BATCH)
      await removeObjects(database, projection, unseen.slice(at, at + BATCH));
    await advanceKind(database, projection.table, listedAt, 'listed');
    metrics.holds(projection.table, objects.length);
  }

  async #write(projection: Projection, objects: readonly IndexedObject[]): Promise<void> {
    const viewers = new Viewers(this.#options.stores);
    const turns = new Turns(BYTES_A_TURN);
    let together: Projected[] = [];
    let bytes = 0;
    // Of two that claim one id the older one has it.
    for (const object of objects.toSorted(compareAged)) {
      const one = projected(projection, object, viewers.of(projection, object));
      together.push(one);
      bytes += one.size;
      if (bytes >= MOST_BYTES) {
        await this.#writeTogether(projection, together);
        [together, bytes] = [[], 0];
      }
      await turns.piece(one.size);
    }
    await this.#writeTogether(projection, together);
  }

  /** One transaction; where the database refuses one of them, each by itself, so that the others get through. */
  async #writeTogether(projection: Projection, together: readonly Projected[]): Promise<void> {
    const { database, metrics, log } = this.#options;
    try {
      metrics.wrote(projection.table, await writeObjects(database, projection, together, { as: 'seen' }));
    } catch (error) {
      if (!isRefused(error)) throw error;
      if (together.length > 1) {
        for (const one of together) await this.#writeTogether(projection, [one]);
        return;
      }
      metrics.failed('refused');
      const [refused] = together.map(({ row }) => ({ uid: row.uid, namespace: row['namespace'], name: row['name'] }));
      log.error({ err: error, table: projection.table, ...refused }, 'the database refuses the row of an object');
      for (const { object } of together) this.#options.refused(projection, objectKey(object.metadata));
    }
  }
}

const compareAged = (a: IndexedObject, b: IndexedObject): number => compareAge(a, b);

/** Rows of objects that the list would have shown: those that are younger than it are not judged. */
function unseenIn(
  objects: readonly IndexedObject[],
  listedAt: string,
  { rows, epoch }: StoredVersions,
): readonly Gone[] {
  const seen = new Set(objects.map(({ metadata }) => metadata.uid));
  return [...rows]
    .filter(([uid, row]) => !seen.has(uid) && (row.epoch < epoch || BigInt(row.resourceVersion) <= BigInt(listedAt)))
    .map(([uid]) => ({ uid, resourceVersion: listedAt }));
}

const isRefused = (error: unknown): boolean => {
  const { code } = error as { code?: unknown };
  return typeof code === 'string' && REFUSED.has(code.slice(0, 2));
};
