// The copy of the catalogue in OpenSearch: what it has not confirmed is sent again, and it is made anew when documents lie otherwise or somebody
// asks for it.

import { sql } from 'kysely';
import type { Logger } from 'pino';
import type { Database } from '../../read-model/database.ts';
import type { CatalogDocument } from '../catalog-document.ts';
import type { VersionedDocument } from '../catalog-search.ts';
import type { CatalogIndex, CatalogSource } from '../opensearch/catalog-index.ts';
import type { OpenSearchSearch } from '../opensearch/opensearch-search.ts';

/** Documents of one request. */
const DOCUMENTS = 500;

interface CatalogCopyOptions {
  readonly database: Database;
  readonly search: OpenSearchSearch;
  readonly index: CatalogIndex;
  readonly log: Logger;
}

interface StoredDocument {
  readonly id: string;
  readonly version: string;
  readonly terms: readonly string[];
  readonly source: CatalogDocument;
}

export class CatalogCopy {
  readonly #options: CatalogCopyOptions;

  constructor(options: CatalogCopyOptions) {
    this.#options = options;
  }

  async catchUp(): Promise<void> {
    const { database, index, log } = this.#options;
    const { wanted, done } = await database
      .selectFrom('catalog_rebuild')
      .select(['wanted', 'done'])
      .executeTakeFirstOrThrow();
    if (wanted !== done || !(await index.isCurrent())) {
      const name = await index.rebuild(catalogSource(database));
      await database.updateTable('catalog_rebuild').set({ done: wanted }).execute();
      log.info({ index: name }, 'the catalogue is copied to a new index');
    }
    while ((await this.#sendDocuments()) > 0);
    while ((await this.#sendRemovals()) > 0);
  }

  async #sendDocuments(): Promise<number> {
    const { database, search } = this.#options;
    const { rows } = await sql<StoredDocument>`
      select id, version, terms, source from catalog_document where sent is null order by version, id limit ${DOCUMENTS}`.execute(
      database,
    );
    await search.index(rows.map(documentOf));
    await confirm(database, 'catalog_document', rows);
    return rows.length;
  }

  async #sendRemovals(): Promise<number> {
    const { database, search } = this.#options;
    const { rows } = await sql<{ id: string; version: string }>`
      select id, version from catalog_removal where sent is null order by version, id limit ${DOCUMENTS}`.execute(
      database,
    );
    await search.remove(rows.map(({ id, version }) => ({ id, version: Number(version) })));
    await confirm(database, 'catalog_removal', rows);
    return rows.length;
  }
}

/** What has changed since waits again. */
const confirm = async (
  database: Database,
  table: 'catalog_document' | 'catalog_removal',
  sent: readonly { readonly id: string; readonly version: string }[],
): Promise<unknown> =>
  sql`
    update ${sql.table(table)} as stored set sent = stored.version
    from json_to_recordset(${JSON.stringify(sent.map(({ id, version }) => ({ id, version })))}::json) as given (id text, version bigint)
    where stored.id = given.id and stored.version = given.version`.execute(database);

/** What PostgreSQL has. */
export const catalogSource = (database: Database): CatalogSource => ({
  version: async () => {
    const { rows } = await sql<{ last_value: string }>`select last_value from catalog_version`.execute(database);
    // What is being written now may bear this one.
    return Number(rows[0]?.last_value ?? 1) - 1;
  },
  count: async () => {
    const { rows } = await sql<{ count: string }>`select count(*) from catalog_document`.execute(database);
    return Number(rows[0]?.count ?? 0);
  },
  async *all() {
    for (let after = ''; ;) {
      const { rows } = await sql<StoredDocument>`
        select id, version, terms, source from catalog_document where id > ${after} order by id limit ${DOCUMENTS}`.execute(
        database,
      );
      const last = rows.at(-1);
      if (last === undefined) return;
      yield rows.map(documentOf);
      after = last.id;
    }
  },
  since: async (version) => {
    const { rows } = await sql<StoredDocument>`
      select id, version, terms, source from catalog_document where version > ${version} order by version`.execute(
      database,
    );
    const removed = await sql<{ id: string; version: string }>`
      select id, version from catalog_removal where version > ${version} order by version`.execute(database);
    return {
      documents: rows.map(documentOf),
      removed: removed.rows.map(({ id, version: at }) => ({ id, version: Number(at) })),
    };
  },
});

const AUDIENCE = 'audience=';

const documentOf = ({ id, version, terms, source }: StoredDocument): VersionedDocument => ({
  id,
  version: Number(version),
  audience: terms.filter((term) => term.startsWith(AUDIENCE)).map((term) => term.slice(AUDIENCE.length)),
  source,
});

/** The leading indexer makes all documents, and a copy of them, anew. What is there is searched meanwhile. */
export async function requestReindex(database: Database): Promise<void> {
  await database.transaction().execute(async (writing) => {
    await sql`update catalog_rebuild set wanted = wanted + 1`.execute(writing);
    await sql`insert into catalog_change (dataset_uri) select uri from dataset union select dataset_uri from catalog_document`.execute(
      writing,
    );
  });
}
