// Which index of OpenSearch is read and written. One whose documents lie otherwise is replaced by a new one without a gap: readers and
// writers know aliases only.

import { setTimeout as delay } from 'node:timers/promises';
import { type Client, errors } from '@opensearch-project/opensearch';
import type { VersionedDocument } from '../catalog-search.ts';
import { indexBody, SCHEMA } from './index-schema.ts';
import { type OpenSearchSearch, READ_ALIAS, WRITE_ALIAS } from './opensearch-search.ts';

/** The documents that the copy is made of. */
export interface CatalogSource {
  /** Grows with each change. */
  version(): Promise<number>;
  count(): Promise<number>;
  /** All of them, some at a time. */
  all(): AsyncIterable<readonly VersionedDocument[]>;
  /** What has changed after a version, and what was removed. */
  since(version: number): Promise<{
    readonly documents: readonly VersionedDocument[];
    readonly removed: readonly { readonly id: string; readonly version: number }[];
  }>;
}

const PREFIX = 'dataall-catalog';
const NAME = new RegExp(`^${PREFIX}-([0-9a-f]{8})-(\\d+)$`);
/** Changes come in while counts are compared. */
const ATTEMPTS = 5;
/** Serverless shows what was written after 10 s, or up to a minute: it is asked for two. */
const SERVERLESS_ATTEMPTS = 60;
const SERVERLESS_POLL_MS = 2_000;

export class CatalogIndex {
  readonly #client: Client;
  readonly #search: OpenSearchSearch;
  readonly #serverlessPollMs: number;

  constructor(client: Client, search: OpenSearchSearch, serverlessPollMs = SERVERLESS_POLL_MS) {
    this.#client = client;
    this.#search = search;
    this.#serverlessPollMs = serverlessPollMs;
  }

  /** Whether what is read lies as this version has it. */
  async isCurrent(): Promise<boolean> {
    const { body: isThere } = await this.#client.indices.existsAlias({ name: READ_ALIAS });
    if (!isThere) return false;
    const { body } = await this.#client.indices.getAlias({ name: READ_ALIAS });
    return Object.keys(body).every((name) => NAME.exec(name)?.[1] === SCHEMA);
  }

  /**
   * A new index with all documents, then with what changed meanwhile; read and written once it holds as many as it should.
   * @throws Error when it does not come to that: what is read stays
   */
  async rebuild(source: CatalogSource): Promise<string> {
    const former = await this.#indices();
    const number = Math.max(0, ...former.map((name) => Number(NAME.exec(name)?.[2]))) + 1;
    const index = `${PREFIX}-${SCHEMA}-${number}`;
    const start = await source.version();
    await this.#client.indices.create({ index, body: indexBody });
    try {
      for await (const documents of source.all()) await this.#search.index(documents, index);
      await this.#complete(source, index, start);
    } catch (error) {
      await this.#client.indices.delete({ index });
      throw error;
    }
    await this.#swap(index, former);
    // What another process wrote to the former index between the last look and now.
    await this.#replay(source, index, start);
    if (former.length > 0) await this.#client.indices.delete({ index: former });
    return index;
  }

  async #complete(source: CatalogSource, index: string, start: number): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      await this.#replay(source, index, start);
      const isRefreshed = await this.#refresh(index);
      const { body } = await this.#client.count({ index });
      const [has, should] = [body.count, await source.count()];
      if (has === should) return;
      if (attempt === (isRefreshed ? ATTEMPTS : SERVERLESS_ATTEMPTS))
        throw new Error(`${index} has ${has} documents and should have ${should}`);
      if (!isRefreshed) await delay(this.#serverlessPollMs);
    }
  }

  /** False for OpenSearch Serverless, which knows no `_refresh`: what was written is counted when it comes to that by itself. */
  async #refresh(index: string): Promise<boolean> {
    try {
      await this.#client.indices.refresh({ index });
      return true;
    } catch (error) {
      if (error instanceof errors.ResponseError && error.statusCode === 404) return false;
      throw error;
    }
  }

  async #replay(source: CatalogSource, index: string, start: number): Promise<void> {
    const { documents, removed } = await source.since(start);
    await this.#search.index(documents, index);
    await this.#search.remove(removed, index);
  }

  async #swap(index: string, former: readonly string[]): Promise<void> {
    const aliases = [READ_ALIAS, WRITE_ALIAS];
    await this.#client.indices.updateAliases({
      body: {
        actions: [
          ...former.flatMap((name) => aliases.map((alias) => ({ remove: { index: name, alias, must_exist: false } }))),
          ...aliases.map((alias) => ({ add: { index, alias } })),
        ],
      },
    });
  }

  /** Those that we made. */
  async #indices(): Promise<string[]> {
    const { body } = await this.#client.indices.get({ index: `${PREFIX}-*` });
    return Object.keys(body).filter((name) => NAME.test(name));
  }
}
