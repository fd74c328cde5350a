// The world in which permissions are tried by GraphQL: that of authority-scene.ts with a share, on a real API server and a real PostgreSQL
// that the indexer has filled; people ask the schema in process, and the API server as whom the gateway's ServiceAccount impersonates.

import pino from 'pino';
import { gatewaySchema } from '../../api/graphql/schema.ts';
import { modules } from '../../api/modules.ts';
import { shippedFeatures } from '../../operator/features/shipped.ts';
import type { Database } from '../../api/read-model/database.ts';
import { Changes } from '../../api/live/changes.ts';
import { Following } from '../../api/live/following.ts';
import { staticDirectory } from '../../api/identity/group-directory/static-directory.ts';
import { graphqlServer } from '../../api/server/graphql-server.ts';
import { serverSettings } from '../../api/server/settings.ts';
import { type ContextParts, requestContext } from '../../api/server/request-context.ts';
import { systemClock } from '../../operator/kernel/clock.ts';
import { kubeConfigCredentials } from '../../operator/kernel/client/credentials.ts';
import type { Identity, KubeApi } from '../../operator/kernel/client/kube-api.ts';
import { HttpKubeApi } from '../../operator/kernel/client/http-kube-api.ts';
import { GATEWAY_SERVICE_ACCOUNT } from '../../operator/resources/authority/gateway-role.ts';
import { defaultInstallation } from '../../operator/resources/authority/installation.ts';
import { projections } from '../../api/read-model/projections.ts';
import { kinds } from '../../operator/resources/kinds.ts';
import { dump } from './read-model.ts';
import { kindOf } from './authority-actor.ts';
import { people, startScene, type Scene } from './authority-scene.ts';
import { sceneDatabase } from './database.ts';
import { untilIndexed } from './gateway-scene.ts';
import { runIndexer } from './index-scene.ts';
import { startPermissionOperator } from './permission-operator.ts';
import { furnish, recordMore } from './permission-world.ts';

export type Asker = keyof typeof people;

export const askers = Object.keys(people) as readonly Asker[];

/** Class and message of an error. */
export interface Refusal {
  readonly code: string;
  readonly message: string;
}

/** What a client is told. */
export interface Answer {
  /** Null where the operation was refused. */
  readonly data: Readonly<Record<string, unknown>> | null;
  /** Of the operation itself. */
  readonly refusal?: Refusal;
  /** Of fields of the answer. */
  readonly within: readonly Refusal[];
  /** How often the database and the API server were asked for it. */
  readonly asked: { readonly statements: number; readonly requests: number };
}

export interface PermissionScene {
  readonly scene: Scene;
  readonly database: Database;
  readonly ask: (who: Asker, document: string, variables: object) => Promise<Answer>;
  readonly stop: () => Promise<void>;
}

const log = pino({ level: process.env['LOG_LEVEL'] ?? 'silent' });
/** Documents of the walk ask for everything that there is. */
const limits = {
  ...serverSettings.parse({}).limits,
  depth: 20,
  tokens: 100_000,
  complexity: 100_000_000,
};

export async function startPermissionScene(): Promise<PermissionScene> {
  await using started = new AsyncDisposableStack();
  const scene = started.adopt(await startScene(), (it) => it.stop());
  const { database } = await sceneDatabase(started);
  await furnish(scene);
  const config = await scene.harness.controlPlane.serviceAccount(
    defaultInstallation.namespace,
    GATEWAY_SERVICE_ACCOUNT,
  );
  const api = started.adopt(new HttpKubeApi({ credentials: kubeConfigCredentials(config) }), (it) => it.close());
  const indexer = started.adopt(runIndexer(scene.as.root.api, database), (it) => it.stop());
  await untilIndexed(api, database);
  await recordMore(database);
  // The database stays as it is: a dry run that writes into it is seen.
  await indexer.stop();
  const server = graphqlServer(gatewaySchema(modules, shippedFeatures()), { limits, introspection: false }, log, []);
  const prefixes = { userPrefix: '', groupPrefix: '' };
  const { operator, templateLinks } = started.use(await startPermissionOperator(scene));
  const groupDirectory = staticDirectory([]);
  const features = shippedFeatures();
  const parts = { api, database, log, prefixes, groupDirectory, features, operator, templateLinks };
  const kept = started.move();
  return {
    scene,
    database,
    ask: async (who, query, variables) => {
      const identity = {
        user: who,
        groups: [people[who]],
        email: who,
        authenticatedAt: Date.now() / 1_000,
        signIn: 'bearer-token',
      } as const;
      // A subscription is tried as it is asked for the first time, and again whenever something changes.
      const isLive = query.startsWith('subscription');
      const following = isLive ? { following: new Following(new Changes(), systemClock) } : {};
      const counted = counting(parts);
      const contextValue = requestContext(counted.parts, { identity, requestId: 'test', ...following });
      const { body } = await server.executeOperation({ query, variables: { ...variables } }, { contextValue });
      if (body.kind !== 'single') throw new Error('the answer comes in parts');
      const { data, errors = [] } = body.singleResult;
      const refusals = errors.map(({ path = [], extensions, message }) => ({
        isOfField: path.length > 1,
        refusal: { code: String(extensions?.['code']), message },
      }));
      const refusal = refusals.find(({ isOfField }) => !isOfField)?.refusal;
      return {
        data: JSON.parse(JSON.stringify(data ?? null)) as Answer['data'],
        within: refusals.filter(({ isOfField }) => isOfField).map((one) => one.refusal),
        asked: counted.asked,
        ...(refusal && { refusal }),
      };
    },
    stop: () => kept.disposeAsync(),
  };
}

/** What is asked through these parts, of which each request has its own, is counted. */
function counting<P extends Pick<ContextParts, 'api' | 'database'>>(parts: P) {
  const asked = { statements: 0, requests: 0 };
  const database = parts.database.withPlugin({
    transformQuery: ({ node }) => {
      asked.statements++;
      return node;
    },
    transformResult: async ({ result }) => result,
  });
  const counted = (api: KubeApi): KubeApi =>
    new Proxy(api, {
      get: (target, name) => {
        if (name === 'as') return (identity: Identity) => counted(target.as(identity));
        const member: unknown = Reflect.get(target, name);
        if (typeof member !== 'function') return member;
        asked.requests++;
        return member.bind(target) as unknown;
      },
    });
  return { asked, parts: { ...parts, database, api: counted(parts.api) } };
}

/** Everything that there is, in Kubernetes and in the read model. */
export async function stateOf({ scene, database }: PermissionScene): Promise<object> {
  const lists = await Promise.all(kinds.map(async (kind) => scene.as.root.api.list(kindOf(kind))));
  const tables = projections.map(({ table }) => table);
  return {
    objects: lists.map(({ items }) => items),
    rows: await dump(database, ...tables, 'notification', 'notification_read'),
  };
}
