// The gateway in one process, for tests of its modules: every schema and resolver, on a real PostgreSQL that a real indexer fills from an API
// server in memory, which asks RBAC. People ask as they do over HTTP; a question takes milliseconds.

import type { DocumentNode } from 'graphql';
import pino from 'pino';
import { expect, vi } from 'vitest';
import { gatewaySchema } from '../../api/graphql/schema.ts';
import { modules } from '../../api/modules.ts';
import { Viewers } from '../../api/read-model/viewers.ts';
import type { Projection } from '../../api/read-model/projection.ts';
import { staticDirectory } from '../../api/identity/group-directory/static-directory.ts';
import { projections } from '../../api/read-model/projections.ts';
import type { Database } from '../../api/read-model/database.ts';
import { graphqlServer } from '../../api/server/graphql-server.ts';
import { requestContext, type ContextParts } from '../../api/server/request-context.ts';
import { serverSettings } from '../../api/server/settings.ts';
import { shippedFeatures } from '../../operator/features/shipped.ts';
import type { KubeApi } from '../../operator/kernel/client/kube-api.ts';
import type { Kind, KubeObject, ObjectName, Stored } from '../../operator/kernel/kind.ts';
import type { MemoryKubeApi } from '../../operator/kernel/testing/memory-kube-api.ts';
import { datasetKind } from '../../operator/resources/dataset.ts';
import type { ObjectOf } from '../../operator/resources/define-kind.ts';
import { environmentKind } from '../../operator/resources/environment.ts';
import { organizationKind } from '../../operator/resources/organization.ts';
import { teamKind } from '../../operator/resources/team.ts';
import type { KindDefinition } from '../../operator/resources/kind.ts';
import type { DatabaseServer } from './database.ts';
import { memoryCluster, put, startIndexer } from './index-scene.ts';
import { rbacKubeApi } from './rbac-kube-api.ts';

type Variables = Readonly<Record<string, unknown>>;
type Document = string | DocumentNode;

/** What a client learns of an error. */
export interface Refusal {
  /** Class, e.g. `UnauthorizedOperation`. */
  readonly code: string;
  readonly message: string;
}

/** Somebody who is signed in. */
export interface Person {
  /** The answer's data, as plain JSON, of the shape that the document asks for; fails the test where there is an error. */
  readonly ask: <Data = Record<string, unknown>>(document: Document, variables?: Variables) => Promise<Data>;
  /** Data and errors, each error with the field that it is of. */
  readonly answered: (
    document: Document,
    variables?: Variables,
  ) => Promise<{ readonly data: unknown; readonly errors: readonly (Refusal & { readonly path: unknown })[] }>;
  /** The first error; fails the test where there is none. */
  readonly refused: (document: Document, variables?: Variables) => Promise<Refusal>;
  /** What a dry run would write, as YAML; undefined where that is nothing. */
  readonly manifest: (document: Document, variables?: Variables) => Promise<string | undefined>;
}

export interface GatewayScene {
  readonly api: MemoryKubeApi;
  readonly database: Database;
  readonly as: (user: string, ...groups: readonly string[]) => Person;
  /** Writes an object past RBAC, and waits until it can be seen. */
  readonly put: (kind: KindDefinition, name: ObjectName, spec: object, status?: object) => Promise<Stored>;
  /** The object as the API server has it; undefined where there is none. */
  readonly stored: <K extends KindDefinition>(kind: K, name: ObjectName) => Promise<ObjectOf<K> | undefined>;
  /** Waits until everything that the API server has is in the database, and nothing else. */
  readonly indexed: () => Promise<void>;
}

/** Before the first question, everything that `furnish` has put is indexed. @param parts in place of the scene's own */
export async function gatewayScene(
  postgres: DatabaseServer,
  furnish: (api: MemoryKubeApi) => Promise<unknown>,
  parts: Partial<ContextParts> = {},
): Promise<GatewayScene> {
  const [api, { database }] = await Promise.all([memoryCluster(), postgres.fresh()]);
  await furnish(api);
  startIndexer(api, database);
  const indexed = (): Promise<void> => untilIndexed(api, database);
  await indexed();
  return {
    api,
    database,
    as: peopleOf({ api: rbacKubeApi(api), database, ...parts }),
    put: async (kind, name, spec, status) => {
      const object = await put(api, kind, name, spec, status);
      await indexed();
      return object;
    },
    stored: async (kind, name) => {
      const { items } = await api.list(kind as unknown as Kind);
      return items.find(
        ({ metadata }) => metadata.name === name.name && (metadata.namespace ?? '') === (name.namespace ?? ''),
      );
    },
    indexed,
  };
}

/** Lets people ask: of an API server and a database of the test's own. */
export function peopleOf(parts: Pick<ContextParts, 'api' | 'database'> & Partial<ContextParts>): GatewayScene['as'] {
  const log = pino({ level: process.env['LOG_LEVEL'] ?? 'silent' });
  const { limits, introspection } = serverSettings.parse({});
  const prefixes = { userPrefix: '', groupPrefix: '' };
  const whole: ContextParts = {
    log,
    prefixes,
    groupDirectory: staticDirectory([]),
    features: shippedFeatures(),
    operator: undefined,
    ...parts,
  };
  const apollo = graphqlServer(gatewaySchema(modules, whole.features), { limits, introspection }, log, []);
  return (user, ...groups) => personOf(apollo, whole, user, groups);
}

function personOf(
  apollo: ReturnType<typeof graphqlServer>,
  parts: ContextParts,
  user: string,
  groups: readonly string[],
): Person {
  const execute = async (query: Document, variables: Variables = {}) => {
    const identity = {
      user,
      groups,
      email: user,
      authenticatedAt: Date.now() / 1_000,
      signIn: 'bearer-token',
    } as const;
    const contextValue = requestContext(parts, { identity, requestId: 'test' });
    const { body } = await apollo.executeOperation({ query, variables }, { contextValue });
    if (body.kind !== 'single') throw new Error('the answer comes in parts');
    // As it travels: without prototypes.
    return JSON.parse(JSON.stringify(body.singleResult)) as typeof body.singleResult;
  };
  return {
    ask: async (document, variables) => {
      const { data, errors } = await execute(document, variables);
      expect(errors).toBeUndefined();
      return data as never;
    },
    answered: async (document, variables) => {
      const { data, errors = [] } = await execute(document, variables);
      const told = errors.map(({ path, message, extensions }) => ({
        path,
        message,
        code: String(extensions?.['code']),
      }));
      return { data, errors: told };
    },
    manifest: async (document, variables) => {
      const { errors, extensions } = await execute(document, variables);
      expect(errors).toBeUndefined();
      return extensions?.['manifest'] as string | undefined;
    },
    refused: async (document, variables) => {
      const { data, errors } = await execute(document, variables);
      const [error] = errors ?? [];
      if (error === undefined) throw new Error(`answered, and not refused: ${JSON.stringify(data)}`);
      return { code: String(error.extensions?.['code']), message: error.message };
    },
  };
}

/** Every object is a row that its readers may see, and there is no other row. */
export async function untilIndexed(api: KubeApi, database: Database): Promise<void> {
  const all = async <K extends KindDefinition>(kind: K): Promise<Stored<KubeObject & ObjectOf<K>>[]> =>
    (await api.list(kind as unknown as Kind<KubeObject & ObjectOf<K>>)).items;
  const [organizations, environments, teams, datasets] = [
    await all(organizationKind),
    await all(environmentKind),
    await all(teamKind),
    await all(datasetKind),
  ];
  const readers = new Viewers({
    organization: (name) => organizations.find(({ metadata }) => metadata.name === name),
    environment: (name) => environments.find(({ metadata }) => metadata.name === name),
    teams: (namespace) => teams.filter(({ metadata }) => metadata.namespace === namespace),
    datasets: (namespace) => datasets.filter(({ metadata }) => metadata.namespace === namespace),
  });
  for (const projection of projections) {
    const wanted = (await all(projection.kind)).map((object) => {
      const groups = readers.of(projection, object);
      return `${object.metadata.uid} ${object.metadata.resourceVersion} ${groups.join()}`;
    });
    const hasThem = async () =>
      expect((await rowsOf(database, projection)).toSorted(byText)).toEqual(wanted.toSorted(byText));
    await vi.waitFor(hasThem, { interval: 10, timeout: 10_000 });
  }
}

async function rowsOf(database: Database, { table }: Projection): Promise<string[]> {
  const columns = ['uid', 'resource_version', 'viewers'] as const;
  // The tables of all kinds have these columns.
  const rows = await database
    .selectFrom(table as 'environment')
    .select(columns)
    .execute();
  const groups = await database.selectFrom('identity_group').select(['id', 'name']).execute();
  const names = new Map(groups.map(({ id, name }) => [id, name]));
  return rows.map(({ uid, resource_version, viewers }) => {
    const seenBy = viewers.map((id) => names.get(id) ?? '').toSorted(byText);
    return `${uid} ${resource_version} ${seenBy.join()}`;
  });
}

const byText = (one: string, other: string): number => (one < other ? -1 : Number(one > other));
