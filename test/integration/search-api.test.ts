// POST /search/api as data.all's front end and other clients use it: from an object that kubectl writes to an answer over HTTP.

import { staticDirectory } from '../../api/identity/group-directory/static-directory.ts';
import { sql } from 'kysely';
import pino from 'pino';
import { Registry } from 'prom-client';
import { describe, expect, it, onTestFinished } from 'vitest';
import { gatewaySchema } from '../../api/graphql/schema.ts';
import { AuthenticationFailure } from '../../api/identity/authentication-failure.ts';
import type { Authentication } from '../../api/identity/authentication.ts';
import { modules } from '../../api/modules.ts';
import { readConfigJson } from '../../operator/features/config-json.ts';
import { shippedFeatures } from '../../operator/features/shipped.ts';
import { featuresWith } from '../../operator/features/testing/features-with.ts';
import type { Database } from '../../api/read-model/database.ts';
import { CatalogIndexer } from '../../api/search/indexing/catalog-indexer.ts';
import { catalogSearchOf } from '../../api/search/backend.ts';
import { type SearchSettings, searchSettings } from '../../api/search/opensearch/settings.ts';
import { recordedBodies } from '../../api/search/testing/reactivesearch.ts';
import { requestContext } from '../../api/server/request-context.ts';
import { Changes } from '../../api/live/changes.ts';
import { RateLimiter } from '../../api/server/rate-limit.ts';
import { gatewayServer } from '../../api/server/server.ts';
import { serverSettings } from '../../api/server/settings.ts';
import { type Clock, systemClock } from '../../operator/kernel/clock.ts';
import type { KubeApi } from '../../operator/kernel/client/kube-api.ts';
import { datasetKind } from '../../operator/resources/dataset.ts';
import { datasetTableKind } from '../../operator/resources/dataset-table.ts';
import { environmentKind } from '../../operator/resources/environment.ts';
import { organizationKind } from '../../operator/resources/organization.ts';
import { tenantKind } from '../../operator/resources/tenant.ts';
import { databaseServer } from '../support/database.ts';
import { dataset, environment, memoryCluster, populate, put, startIndexer } from '../support/index-scene.ts';

const postgres = databaseServer();
const log = pino({ level: process.env['LOG_LEVEL'] ?? 'silent' });

/** On it no time passes: what is found was not come upon by looking now and then. */
const stillClock: Clock = { ...systemClock, after: () => () => undefined };

interface Found {
  readonly hits: {
    readonly total: { readonly value: number; readonly relation: string };
    readonly hits: readonly { readonly _id: string; readonly _source: Readonly<Record<string, unknown>> }[];
  };
  readonly aggregations?: Readonly<Record<string, { readonly buckets: readonly { key: string; doc_count: number }[] }>>;
}

/** Whoever says `Bearer GROUP` is signed in. */
const authentication = {
  authenticate: async ({ headers }: { headers: { authorization?: string | undefined } }) => {
    const group = headers.authorization?.replace('Bearer ', '');
    if (group === undefined) return undefined;
    if (group === 'expired') throw new AuthenticationFailure('TokenExpired', 'expired');
    return { user: group, groups: [group], authenticatedAt: 0, signIn: 'bearer-token' };
  },
  register: async () => undefined,
} as unknown as Authentication;

async function listening(
  api: KubeApi,
  database: Database,
  settings: SearchSettings = { backend: 'postgres' },
  features = shippedFeatures(),
) {
  const server = await gatewayServer({
    web: { guide: false, topics: [] },
    persisted: new Map(),
    settings: serverSettings.parse({}),
    schema: gatewaySchema(modules, features),
    features,
    authentication,
    origins: new Set(['https://portal.example.com']),
    rateLimiter: new RateLimiter(database, { user: 1_000, address: 1_000 }, log),
    reauthentication: { operations: new Set(), ttlMinutes: 5 },
    contextFor: (request) =>
      requestContext(
        {
          api,
          database,
          log,
          prefixes: { userPrefix: '', groupPrefix: '' },
          groupDirectory: staticDirectory([]),
          features,
          operator: undefined,
        },
        request,
      ),
    search: catalogSearchOf({ settings, database, clock: systemClock, log }),
    changes: new Changes(),
    ready: async () => undefined,
    registry: new Registry(),
    log,
  });
  onTestFinished(async () => server.close());
  const url = await server.listen({ host: '127.0.0.1', port: 0 });
  const post = async (body: string | object, group: string | undefined = 'marketing', type = 'application/json') =>
    fetch(`${url}/search/api`, {
      method: 'POST',
      headers: { 'content-type': type, ...(group !== '' && { authorization: `Bearer ${group}` }) },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
  const search = async (body: string | object): Promise<Found> => {
    const response = await post(body);
    expect(response.status).toBe(200);
    return (await response.json()) as Found;
  };
  const ids = async (body: string | object) => (await search(body)).hits.hits.map(({ _id }) => _id).toSorted();
  return { url, post, search, ids };
}

/** What `populate` makes, followed by an indexer and its catalogue. */
async function scene(settings?: SearchSettings) {
  const api = await memoryCluster();
  await populate(api);
  const { database } = await postgres.fresh();
  const follower = new CatalogIndexer({ database, clock: stillClock, log });
  const indexer = startIndexer(api, database, { followers: [follower] });
  const client = await listening(api, database, settings);
  const kinds = async () =>
    (await client.search({ size: 100 })).hits.hits
      .map(({ _source: { resourceKind, name } }) => `${String(resourceKind)} ${String(name)}`)
      .toSorted();
  await expect.poll(kinds).toEqual(['dataset orders', 'folder raw', 'table orders']);
  return { api, database, indexer, ...client };
}

const words = (query: string): object => ({
  query: { multi_match: { query, fields: ['label', 'name', 'description', 'tags'] } },
});

describe('The search API', () => {
  it('finds a dataset as soon as the indexer has seen it, with the fields that data.all shows of it', async () => {
    const { api, search } = await scene();
    const made = {
      ...dataset('sales'),
      label: 'Web clicks',
      catalogTags: ['web', 'clickstream'],
      topics: ['Sites'],
      terms: ['web/click'],
    };
    await put(api, datasetKind, { namespace: 'sales-prod', name: 'clicks' }, made);
    await expect.poll(async () => (await search(words('clickstream'))).hits.total.value).toBe(1);
    const { hits } = await search(words('clicks'));
    expect(hits.hits).toHaveLength(1);
    expect(hits.hits[0]?._source).toMatchObject({
      resourceKind: 'dataset',
      name: 'clicks',
      label: 'Web clicks',
      owner: 'sales',
      admins: 'sales',
      tags: ['web', 'clickstream'],
      topics: ['Sites'],
      glossary: ['web/click'],
      classification: 'Official',
      region: 'eu-west-1',
      datasetUri: hits.hits[0]?._id,
      datasetLabel: hits.hits[0]?._source.label,
      environmentName: 'Sales',
      organizationName: 'ACME',
      folders: 1,
      upvotes: 0,
      deleted: null,
    });
  });

  it('answers every body that ReactiveSearch posts, whatever it calls its type', async () => {
    const { api, post, ids } = await scene();
    const named = {
      ...dataset('sales'),
      label: 'Order items',
      catalogTags: ['sales', 'crm'],
      terms: ['finance/order'],
    };
    await put(api, datasetKind, { namespace: 'sales-prod', name: 'items' }, named);
    await expect.poll(() => ids({ query: { term: { glossary: 'finance/order' } } })).toHaveLength(1);
    const totals: number[] = [];
    for (const { body } of recordedBodies)
      for (const type of ['text/plain;charset=UTF-8', 'application/x-ndjson', 'application/json']) {
        const response = await post(body, 'marketing', type);
        expect(response.status).toBe(200);
        const answer = (await response.json()) as Found;
        if (type === 'application/json') totals.push(answer.hits.total.value);
      }
    // All five things; then what has `order` in it, or begins so; then what was ticked besides.
    expect(totals).toEqual([5, 5, 5, 5, 5, 5, 5, 1, 1, 1, 1, 1, 1, 1]);
    const kinds = (await (await post(recordedBodies[0]?.body ?? '')).json()) as Found;
    expect(kinds.aggregations?.['resourceKind']?.buckets).toEqual([
      { key: 'dataset', doc_count: 2 },
      { key: 'folder', doc_count: 2 },
      { key: 'table', doc_count: 1 },
    ]);
  });

  it('follows what is written of tables, and the names of environments and organizations, and forgets what is deleted', async () => {
    const { api, search, ids } = await scene();
    const [table] = await ids({ query: { term: { resourceKind: 'table' } } });
    expect(await ids(words('all'))).toEqual([table]);
    const about = {
      datasetRef: { name: 'orders' },
      table: 'orders',
      description: 'Orders of shops',
      terms: ['finance/order'],
    };
    await put(api, datasetTableKind, { namespace: 'sales-prod', name: 'orders' }, about);
    await expect.poll(() => ids({ query: { term: { glossary: 'finance/order' } } })).toEqual([table]);
    expect(await ids(words('all'))).toEqual([]);

    await put(api, environmentKind, { name: 'sales-prod' }, { ...environment('sales'), label: 'Sales Europe' });
    await expect.poll(() => ids({ query: { term: { environmentName: 'Sales Europe' } } })).toHaveLength(3);
    await put(api, organizationKind, { name: 'acme' }, { label: 'ACME Corporation', owner: 'platform' });
    await expect.poll(() => ids({ query: { term: { organizationName: 'ACME Corporation' } } })).toHaveLength(3);

    await api.delete(datasetKind, { namespace: 'sales-prod', name: 'orders' });
    await expect.poll(async () => (await search({})).hits.total.value).toBe(0);
  });

  it('is not touched by what is only reported of a dataset, again and again', async () => {
    const { api, database, ids } = await scene();
    const versions = async () =>
      database.selectFrom('catalog_document').select(['id', 'version']).orderBy('id').execute();
    const before = await versions();
    for (let pending = 1; pending <= 3; pending++)
      await put(api, datasetKind, { namespace: 'sales-prod', name: 'orders' }, dataset('sales', ['stewards']), {
        bucket: 'acme-orders',
        tables: { count: 1, names: ['orders'], syncedAt: '2026-11-30T12:00:00Z' },
        requests: { pending },
        inUse: pending,
      });
    await expect.poll(() => database.selectFrom('dataset').select('in_use').execute()).toEqual([{ in_use: 3 }]);
    // Whatever those had caused would have been written before this.
    await put(api, datasetKind, { namespace: 'sales-prod', name: 'later' }, { ...dataset('sales'), label: 'Later' });
    await expect.poll(() => ids(words('later'))).toHaveLength(1);
    expect(await versions()).toEqual(expect.arrayContaining(before));
  });

  it('answers nobody who is not signed in, and nobody but administrators while all doors are closed', async () => {
    const { api, post } = await scene();
    expect((await post({}, '')).status).toBe(401);
    expect((await post({}, 'expired')).status).toBe(401);
    await put(
      api,
      tenantKind,
      { name: 'default' },
      { administrators: ['admins'], maintenance: { mode: 'NoAccess', message: 'until noon' } },
    );
    await expect.poll(async () => (await post({})).status).toBe(401);
    expect(await (await post({})).json()).toMatchObject({
      error: { type: 'maintenance', reason: 'until noon' },
      status: 401,
    });
    expect((await post({}, 'admins')).status).toBe(200);
  });

  it('does not answer where config.json has no catalogue, says its text in maintenance, and tells pages what is on', async () => {
    const api = await memoryCluster();
    const maintenance = { administrators: ['admins'], maintenance: { mode: 'NoAccess' } };
    await put(api, tenantKind, { name: 'default' }, maintenance);
    const { database } = await postgres.fresh();
    startIndexer(api, database);
    const text = { maintenance: { custom_maintenance_text: 'We move house' } };
    const moving = await listening(api, database, undefined, featuresWith({ modules: text }));
    await expect.poll(async () => (await moving.post({})).status).toBe(401);
    expect(await (await moving.post({})).json()).toMatchObject({ error: { reason: 'We move house' } });
    const asked = await fetch(`${moving.url}/graphql/api`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: 'Bearer marketing' },
      body: JSON.stringify({ query: '{ listOrganizations { count } }' }),
    });
    expect(await asked.json()).toMatchObject({ errors: [{ message: 'We move house' }] });

    const bare = await listening(api, database, undefined, readConfigJson({ modules: { maintenance: {} } }));
    const refused = await bare.post({}, 'admins');
    expect(refused.status).toBe(403);
    expect(await refused.json()).toMatchObject({
      error: { type: 'disabled_by_config', reason: expect.stringContaining('Disabled by config modules.catalog') },
    });
    const headers = { authorization: 'Bearer marketing' };
    const told = await (await fetch(`${bare.url}/config.json`, { headers })).json();
    expect(told).toMatchObject({
      modules: {
        catalog: { active: false, inThisVersion: true },
        maintenance: { active: true },
        s3_datasets: { active: false, features: { file_actions: true, show_stack_logs: 'enabled' } },
        notebooks: { active: false, inThisVersion: false },
      },
      core: { features: { env_aws_actions: true }, log_query_period_days: 1 },
    });
    expect((await fetch(`${bare.url}/config.json`)).status).toBe(401);
  });

  it('refuses what it does not offer in the words of OpenSearch, and 10 MB before they are read', async () => {
    const { post } = await scene();
    const refused = await post({ query: { query_string: { query: 'audience:*' } } });
    expect(refused.status).toBe(400);
    expect(await refused.json()).toMatchObject({
      status: 400,
      error: {
        type: 'illegal_argument_exception',
        reason: expect.stringContaining('query_string is not offered here'),
      },
    });
    const big = await post('x'.repeat(10 * 1_024 * 1_024)).then(
      ({ status }) => status,
      () => 'cut off',
    );
    expect([413, 'cut off']).toContain(big);
    expect((await post({})).status).toBe(200);
  });

  it('says that the catalogue does not answer while the database is away, and nothing of why', async () => {
    const { database, post } = await scene();
    await database.schema.alterTable('catalog_document').renameTo('away').execute();
    const response = await post({});
    expect(response.status).toBe(503);
    expect(await response.json()).toMatchObject({
      error: { type: 'service_unavailable', reason: 'The catalogue does not answer; try again' },
    });
  });

  it('says what somebody may have meant whose words are nowhere, of what they may discover', async () => {
    const { database, post } = await scene();
    const kept = sql`update catalog_document set terms = array['audience=group stewards'] where id = (select uri from dataset)`;
    const suggested = async (group: string) => {
      const { suggest } = (await (await post(words('ordres'), group)).json()) as { suggest?: { didYouMean: unknown } };
      return suggest?.didYouMean;
    };
    const said = (...options: string[]) => [
      { text: 'ordres', offset: 0, length: 6, options: options.map((text) => ({ text, score: expect.any(Number) })) },
    ];
    expect(await suggested('marketing')).toEqual(said('orders'));
    await database
      .deleteFrom('catalog_document')
      .where('source', '@>', { resourceKind: 'table' } as never)
      .execute();
    await kept.execute(database);
    expect(await suggested('marketing')).toEqual(said());
    expect(await suggested('stewards')).toEqual(said('orders'));
  });

  it('answers from PostgreSQL while OpenSearch does not, and says so', async () => {
    const settings = searchSettings.parse({ backend: 'opensearch', opensearch: { url: 'http://127.0.0.1:9' } });
    const { post } = await scene(settings);
    for (let n = 0; n < 2; n++) {
      const response = await post(words('orders'));
      expect(response.status).toBe(200);
      expect(response.headers.get('dataall-search-degraded')).toContain('PostgreSQL answered');
      expect(((await response.json()) as Found).hits.total.value).toBe(2);
    }
  });
});
