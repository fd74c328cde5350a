// What the copy of the catalogue in OpenSearch must survive. Part of the file that has an OpenSearch, since one takes ten seconds to start.

import { Client, errors } from '@opensearch-project/opensearch';
import pino from 'pino';
import { describe, expect, it } from 'vitest';
import type { Database } from '../../api/read-model/database.ts';
import { CatalogCopy, catalogSource, requestReindex } from '../../api/search/indexing/catalog-copy.ts';
import { CatalogIndexer } from '../../api/search/indexing/catalog-indexer.ts';
import { CatalogIndex } from '../../api/search/opensearch/catalog-index.ts';
import { OpenSearchSearch, READ_ALIAS } from '../../api/search/opensearch/opensearch-search.ts';
import { systemClock } from '../../operator/kernel/clock.ts';
import { datasetKind } from '../../operator/resources/dataset.ts';
import { asked, document, openSearchPlace, postgresPlace, somebody } from './catalog-scene.ts';
import type { DatabaseServer } from './database.ts';
import { dataset, memoryCluster, populate, put, startIndexer } from './index-scene.ts';

const log = pino({ level: process.env['LOG_LEVEL'] ?? 'silent' });
const copyTo = (client: Client, database: Database) => {
  const search = new OpenSearchSearch(client);
  const index = new CatalogIndex(client, search);
  return { search, index, copy: new CatalogCopy({ database, search, index, log }) };
};
const read = async (client: Client): Promise<string[]> =>
  Object.keys((await client.indices.getAlias({ name: READ_ALIAS })).body);
const ids = async (client: Client): Promise<string[]> => {
  await client.indices.refresh({ index: READ_ALIAS });
  const { hits } = await new OpenSearchSearch(client).search(asked({ kind: 'everything' }), somebody);
  return hits.map(({ id }) => id).toSorted();
};

/** As OpenSearch Serverless answers, which knows no `_refresh`. */
const serverless = (client: Client): Client => {
  const refresh = async () => {
    const answer = { statusCode: 404, body: {}, headers: {}, warnings: null, meta: {} };
    throw new errors.ResponseError(answer as never);
  };
  const indices = new Proxy(client.indices, {
    get: (target, name) => (name === 'refresh' ? refresh : Reflect.get(target, name)),
  });
  return new Proxy(client, { get: (target, name) => (name === 'indices' ? indices : Reflect.get(target, name)) });
};

export const catalogCopyCases = (openSearch: () => Client, postgres: DatabaseServer): void => {
  describe('The copy of the catalogue in OpenSearch', () => {
    it('follows what is made and deleted', async () => {
      const client = openSearch();
      await openSearchPlace(client);
      const [api, { database }] = await Promise.all([memoryCluster(), postgres.fresh()]);
      await populate(api);
      const { copy } = copyTo(client, database);
      startIndexer(api, database, { followers: [new CatalogIndexer({ database, clock: systemClock, log, copy })] });
      await expect.poll(() => ids(client)).toHaveLength(3);
      await put(api, datasetKind, { namespace: 'sales-prod', name: 'clicks' }, dataset('sales'));
      await expect.poll(() => ids(client)).toHaveLength(5);
      await api.delete(datasetKind, { namespace: 'sales-prod', name: 'orders' });
      await expect.poll(() => ids(client)).toHaveLength(2);
    });

    it('catches up with what changed and what went while OpenSearch was away', async () => {
      const client = openSearch();
      await openSearchPlace(client);
      const { database } = await postgres.fresh();
      const { search } = postgresPlace(database);
      await search.index([document('a'), document('b')]);
      const { copy } = copyTo(client, database);
      await copy.catchUp();
      expect(await ids(client)).toEqual(['a', 'b']);

      await search.index([document('a', { label: 'changed' }, { version: 2 }), document('c', {}, { version: 2 })]);
      await search.remove([{ id: 'b', version: 2 }]);
      await database.insertInto('catalog_removal').values({ id: 'b', version: '2' }).execute();
      const away = copyTo(new Client({ node: 'http://127.0.0.1:9', maxRetries: 0 }), database);
      await expect(away.copy.catchUp()).rejects.toThrow('ECONNREFUSED');
      expect(await ids(client)).toEqual(['a', 'b']);
      await copy.catchUp();
      expect(await ids(client)).toEqual(['a', 'c']);
      const unsent = await database.selectFrom('catalog_document').select('id').where('sent', 'is', null).execute();
      expect(unsent).toEqual([]);
    });

    it('is made anew without a gap when it is asked for, or documents lie otherwise in it', async () => {
      const client = openSearch();
      await openSearchPlace(client);
      const { database } = await postgres.fresh();
      await postgresPlace(database).search.index([document('a'), document('b')]);
      const { copy } = copyTo(client, database);
      await copy.catchUp();
      const before = await read(client);
      await requestReindex(database);
      const rebuilt = new AbortController();
      const rebuilding = copy.catchUp().finally(() => rebuilt.abort());
      const seen = new Set<string>();
      do seen.add((await ids(client)).join());
      while (!rebuilt.signal.aborted);
      await rebuilding;
      expect([...seen]).toEqual(['a,b']);
      const [after] = await read(client);
      expect([after]).not.toEqual(before);
      const { body: left } = await client.indices.get({ index: 'dataall-catalog-*' });
      expect(Object.keys(left)).toEqual([after]);

      const other = 'dataall-catalog-00000000-7';
      await client.indices.create({ index: other, body: { aliases: { [READ_ALIAS]: {} } } });
      await client.indices.delete({ index: after ?? '' });
      await copy.catchUp();
      expect(await read(client)).toEqual([expect.stringMatching(/^dataall-catalog-(?!00000000)[0-9a-f]{8}-8$/)]);
      expect(await ids(client)).toEqual(['a', 'b']);
    });

    it('brings into a new index what changes and goes while that is being made, and leaves what is read until it is whole', async () => {
      const client = openSearch();
      await openSearchPlace(client);
      const { database } = await postgres.fresh();
      const place = postgresPlace(database).search;
      await place.index([document('a'), document('b')]);
      const { index } = copyTo(client, database);
      const source = catalogSource(database);
      const before = await read(client);
      await expect(index.rebuild({ ...source, count: async () => 3 })).rejects.toThrow(
        'has 2 documents and should have 3',
      );
      expect(await read(client)).toEqual(before);

      await index.rebuild({
        ...source,
        version: async () => 1,
        async *all() {
          yield* source.all();
          await place.index([document('c', {}, { version: 2 })]);
          await place.remove([{ id: 'b', version: 2 }]);
          await database.insertInto('catalog_removal').values({ id: 'b', version: '2' }).execute();
        },
      });
      expect(await ids(client)).toEqual(['a', 'c']);
    });

    it('is made anew in OpenSearch Serverless, too, which shows what was written when it comes to that', async () => {
      const client = openSearch();
      await openSearchPlace(client);
      const { database } = await postgres.fresh();
      await postgresPlace(database).search.index([document('a'), document('b')]);
      const index = new CatalogIndex(serverless(client), new OpenSearchSearch(client), 100);
      const made = await index.rebuild(catalogSource(database));
      expect(await read(client)).toEqual([made]);
      expect(await ids(client)).toEqual(['a', 'b']);
    });
  });
};
